import { type EntityManager, In, Not, QueryFailedError, Raw } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { inChunks } from '../../database/chunks.js';
import { dialectOf } from '../../database/dialect.js';
import { oneOf } from '../../database/one-of.js';
import {
  type DataGrouping,
  DataProduct,
  DataProductPhysicalCopy,
  ExecutedReductionStep,
  PhysicalCopyStatus,
  Pipeline,
  type ReductionSoftwareVersion,
  type ReductionStep,
  RunStatus,
} from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import { holdAgainstDeletion } from '../../lifecycle/deletion-lock.js';
import { keyOf } from '../../lifecycle/move.js';
import { type Division, divisionsOf } from './divisions.js';
import { contentHash, inputSet } from './input-set.js';
import { dimsOfKey } from './sub-group-key.js';
import { resolveVersion } from './versions.js';

/** A run that is to be created. */
export interface NewRun extends Division {
  /** The step that is to be run. */
  readonly step: ReductionStep;
  /** The version of the software to run it with. */
  readonly version: ReductionSoftwareVersion;
  /** Priority of the run, higher first; by default 50. */
  readonly priority?: number;
}

const LIVE = { status: Not(In([RunStatus.FAILED, RunStatus.CANCELLED])) };

/**
 * The runs that a step lacks: one for each division whose present input was not run yet with the present version of the
 * software. Nothing is written; {@link createRun} takes what comes out.
 *
 * A division for which a run was created less than the cooldown of the step ago is left out until then.
 * @param options `again`: also runs that failed for good or were cancelled, which otherwise rest until their input or
 *   the version changes
 * @param step with its key; what belongs to it is read anew
 * @throws InvalidInputError `filter_rule_invalid` when the grouping cannot be used; OpsDbError `reduction_version_missing` when no version of the software
 *   fits the policy of the step
 *
 * @example
 * import { createRun, missingRuns, ReductionSoftwareVersion, ReductionStep } from 'ccat-ops-db';
 *
 * const pipeline = { name: 'chai-co43' };
 * const step = await session.findOneByOrFail(ReductionStep, { name: 'calibration', pipeline });
 * console.log((await missingRuns(session, step)).length); // 0
 *
 * // A new version of its software has everything run again, here without a cooldown.
 * const { reductionSoftwareId } = step;
 * const release = { version: '1.1.0', image: 'registry.example/chai-calibration:1.1.0' };
 * await session.insert(ReductionSoftwareVersion, { reductionSoftwareId, ...release });
 * const runs = await missingRuns(session, { ...step, cooldownSeconds: 0 });
 * console.log(runs.length); // 1
 * for (const run of runs) await createRun(session, run);
 * console.log((await missingRuns(session, { ...step, cooldownSeconds: 0 })).length); // 0
 */
export async function missingRuns(
  manager: EntityManager,
  step: ReductionStep,
  { again = false }: { readonly again?: boolean } = {},
): Promise<NewRun[]> {
  const version = await resolveVersion(manager, step);
  if (!version)
    throw new OpsDbError(
      'reduction_version_missing',
      `No version of the software fits the policy ${step.versionPolicy} of reduction step ${step.id}: release one, or change the policy of the step`,
    );
  const { dataGrouping, priority } = await manager.findOneOrFail(Pipeline, {
    where: { id: step.pipelineId },
    relations: { dataGrouping: true },
  });
  const missing: Division[] = [];
  for await (const divisions of inChunks(await divisionsOf(manager, step, dataGrouping as DataGrouping)))
    missing.push(...(await notRun(manager, step, version, divisions, again)));
  return missing.map((division) => ({ ...division, step, version, priority }));
}

/** The divisions without a run on what they hold now, but for those whose last run is too young. */
async function notRun(
  manager: EntityManager,
  step: ReductionStep,
  version: ReductionSoftwareVersion,
  divisions: readonly Division[],
  again: boolean,
): Promise<Division[]> {
  const keys = divisions.map(({ subGroupKey }) => subGroupKey);
  const ofDivisions = { reductionStepId: step.id, subGroupKey: oneOf(manager, keys) };
  const runs = await manager.find(ExecutedReductionStep, {
    select: { id: true, subGroupKey: true, inputSet: { contentHash: true } },
    where: { ...ofDivisions, reductionSoftwareVersionId: version.id, ...(again && LIVE) },
    relations: { inputSet: true },
  });
  const earliest = dialectOf(manager).nowPlus('-1 * :cooldown');
  const recent = await manager.find(ExecutedReductionStep, {
    select: { id: true, subGroupKey: true },
    where: {
      ...ofDivisions,
      createdAt: Raw((createdAt) => `${createdAt} > ${earliest}`, { cooldown: step.cooldownSeconds }),
    },
  });
  const done = new Set(runs.map(({ subGroupKey, inputSet: read }) => `${subGroupKey} ${read?.contentHash}`));
  const resting = new Set(recent.map(({ subGroupKey }) => subGroupKey));
  return divisions.filter(
    ({ subGroupKey, members }) =>
      !resting.has(subGroupKey) && !done.has(`${subGroupKey} ${contentHash(members)}`),
  );
}

/**
 * Creates a pending run. While a run on the same division with the same input and version is live, which means neither
 * failed nor cancelled, it gives that one; so it can be called twice, also at once.
 * @throws OpsDbError `filing_refused` when a product has no copy any more; OpsDbError or QueryFailedError as
 *   {@link inputSet} does. Nothing is written then
 *
 * @example
 * import { createRun, RawDataPackage, ReductionStep, resolveVersion } from 'ccat-ops-db';
 *
 * // By hand, where a service takes what missingRuns gives.
 * const step = await session.findOneByOrFail(ReductionStep, { name: 'mapmaking' });
 * const version = await resolveVersion(session, step);
 * if (!version) throw new Error('no version is released');
 * const { id } = await session.findOneByOrFail(RawDataPackage, { instrumentModule: { name: '280 GHz' } });
 *
 * const order = { step, version, subGroupKey: 'source=Mars', members: { packageIds: [id] } };
 * const { run, created } = await createRun(session, order);
 * console.log(run.status, created); // pending true
 * console.log((await createRun(session, order)).created); // false
 */
export function createRun(manager: EntityManager, run: NewRun): Promise<CreatedRun> {
  return manager.transaction((nested) => create(nested, run));
}

/** A run, and whether it is new. */
interface CreatedRun {
  readonly run: ExecutedReductionStep;
  readonly created: boolean;
}

async function create(
  manager: EntityManager,
  { step, subGroupKey, dims, members, version, priority }: NewRun,
): Promise<CreatedRun> {
  const productIds = [...new Set(members.productIds)].map(keyOf);
  await holdAgainstDeletion(manager, DataProduct, productIds);
  const { id: inputSetId } = await inputSet(manager, members);
  const division = {
    reductionStepId: step.id,
    subGroupKey,
    inputSetId,
    reductionSoftwareVersionId: version.id,
  };
  const live = () => manager.findOneBy(ExecutedReductionStep, { ...division, ...LIVE });
  const known = await live();
  if (known) return { run: known, created: false };
  await assertCopies(manager, productIds);
  const id = uuidv7();
  const row = {
    id,
    ...division,
    dims: dims ?? dimsOfKey(subGroupKey) ?? {},
    priority,
    maxRetries: step.maxRetries,
  };
  try {
    await manager.transaction((nested) => nested.insert(ExecutedReductionStep, row));
  } catch (error) {
    // Somebody else may have created the run in the meantime.
    const other = error instanceof QueryFailedError && (await live());
    if (!other) throw error;
    return { run: other, created: false };
  }
  return { run: await manager.findOneByOrFail(ExecutedReductionStep, { id }), created: true };
}

/** Deletion may have been faster than the run that was to read the products. */
async function assertCopies(manager: EntityManager, productIds: readonly string[]): Promise<void> {
  if (productIds.length === 0) return;
  const { isAnyOf, listParameter } = dialectOf(manager);
  const present = await manager
    .createQueryBuilder(DataProductPhysicalCopy, 'copy')
    .select('copy.dataProductId', 'id')
    .distinct()
    .where(isAnyOf('copy.dataProductId', ':productIds'), { productIds: listParameter(productIds) })
    .andWhere({ status: PhysicalCopyStatus.PRESENT })
    .getRawMany<{ id: string }>();
  const held = new Set(present.map(({ id }) => id));
  const gone = productIds.filter((id) => !held.has(id));
  if (gone.length === 0) return;
  throw new OpsDbError(
    'filing_refused',
    `${gone.length} of ${productIds.length} products that the run is to read have no present copy, such as ${gone[0]}: ` +
      'have them made again, and create the run from what missingRuns gives then',
  );
}
