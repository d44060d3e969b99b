import {
  type EntityManager,
  In,
  IsNull,
  type ObjectLiteral,
  type QueryRunner,
  type SelectQueryBuilder,
} from 'typeorm';
import { BULK } from '../../database/chunks.js';
import { oneAtATimeSteps } from '../../database/one-at-a-time.js';
import { stepOf, together } from '../../database/together.js';
import { ExecutedObsUnitStatus, RawDataFile, RawDataPackage } from '../../entities/index.js';
import { assertNumber, assertWhole } from '../../values/arguments.js';
import { type NewId, newUuid } from './new-id.js';
import { type Draft, divided, type Unpackaged } from './package-drafts.js';
import { writeDrafts } from './write-drafts.js';

/** Which packages are planned, and how. */
export interface PackagePlan {
  /** Only files that were born at this location; all where left out. */
  readonly sourceLocationId?: number;
  /** Files larger than this together are divided into parts [byte]; by default 50 GB. */
  readonly maxBytes?: number;
  /** Makes the keys; by default UUIDs of version 7. */
  readonly newId?: NewId;
}

/**
 * Plans the packages of executions that have ended: the files of each execution and module that are in no package yet,
 * in the order of their paths. Files of which somebody said that they come from no execution have packages of their own; files of
 * which the execution is not known yet wait. What is planned already is left alone, so that it can be called as often as one likes.
 * @returns the UUIDs of the packages that were planned
 * @throws OpsDbError `filing_conflict` when a file has got another package meanwhile: plan again; `filing_refused` when the
 *   database does not take a package. Nothing is planned then
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import { fileRawDataFiles, planPackages, RawDataFile, RawDataPackage } from 'ccat-ops-db';
 *
 * const { executedObsUnitId, instrumentModuleId, sourceLocationId } = await session.findOneByOrFail(
 *   RawDataFile,
 *   { instrumentModule: { name: 'HFA' } },
 * );
 * const origin = { executedObsUnitId, instrumentModuleId, sourceLocationId };
 * const late = { ...origin, id: randomUUID(), relativePath: 'late/1.fits', sizeBytes: 2880 };
 * await fileRawDataFiles(session, [late]);
 *
 * for (const id of await planPackages(session)) {
 *   const { partNumber, fileCount } = await session.findOneByOrFail(RawDataPackage, { id });
 *   console.log({ partNumber, fileCount }); // { partNumber: 2, fileCount: 1 }
 * }
 * console.log(await planPackages(session)); // []
 */
export function planPackages(
  manager: EntityManager,
  { sourceLocationId, maxBytes = 50e9, newId = newUuid }: PackagePlan = {},
): Promise<string[]> {
  if (sourceLocationId !== undefined) assertWhole('sourceLocationId', sourceLocationId, 1);
  assertNumber('maxBytes', maxBytes);
  return manager.transaction(async (nested) => {
    const planned: string[] = [];
    for (const batch of inBatches(await waiting(nested, sourceLocationId)))
      planned.push(...(await planBatch(nested, batch, { sourceLocationId, maxBytes, newId })));
    return planned;
  });
}

/** How many files of an execution wait for a package; null stands for those of no execution. */
interface Waiting {
  readonly execution: string | null;
  readonly files: number | string;
}

/** Who reads them waits for others that plan packages. */
async function waiting(manager: EntityManager, sourceLocationId?: number): Promise<Waiting[]> {
  const query = unpackaged(manager, sourceLocationId)
    .leftJoin('file.executedObsUnit', 'execution')
    .select('file.executedObsUnitId', 'execution')
    .addSelect('count(*)', 'files')
    .andWhere('(execution.status <> :running OR file.ofNoExecution = :yes)', {
      running: ExecutedObsUnitStatus.RUNNING,
      yes: true,
    })
    .groupBy('file.executedObsUnitId')
    .orderBy('file.executedObsUnitId');
  const steps = [...oneAtATimeSteps(manager, 'packages'), stepOf(query)];
  const rows = (await together(manager.queryRunner as QueryRunner, steps)).at(-1) ?? [];
  return rows.map(([execution, files]) => ({ execution, files }) as Waiting);
}

function unpackaged(manager: EntityManager, sourceLocationId?: number): SelectQueryBuilder<RawDataFile> {
  const query = manager.createQueryBuilder(RawDataFile, 'file').where('file.rawDataPackageId IS NULL');
  return sourceLocationId === undefined ? query : query.andWhere({ sourceLocationId });
}

/** Executions that are read together: their files fit into one list, or it is a single one. */
type Batch = readonly (string | null)[];

function* inBatches(all: readonly Waiting[]): Generator<Batch> {
  let batch: (string | null)[] = [];
  let room = BULK;
  for (const { execution, files } of all) {
    const isFull = Number(files) > room || execution === null || batch[0] === null;
    if (batch.length > 0 && isFull) {
      yield batch;
      batch = [];
      room = BULK;
    }
    batch.push(execution);
    room -= Number(files);
  }
  if (batch.length > 0) yield batch;
}

/** Plans the packages of some executions, a list of files at a time; what has got its package is not read again. */
async function planBatch(
  manager: EntityManager,
  batch: Batch,
  { sourceLocationId, maxBytes, newId }: Required<Omit<PackagePlan, 'sourceLocationId'>> & PackagePlan,
): Promise<string[]> {
  const planned: string[] = [];
  const list = filesOf(manager, batch, sourceLocationId);
  const [parts = [], first = []] = await read(manager, [lastParts(manager, batch), list]);
  const taken = new Map(parts.map(([execution, module, part]) => [`${execution}/${module}`, Number(part)]));
  const nextPart = (group: string) => {
    const part = (taken.get(group) ?? 0) + 1;
    taken.set(group, part);
    return part;
  };
  let files = first.map(asUnpackaged);
  for (let last: Draft | undefined; ; ) {
    const drafts = [...divided(files, { maxBytes, newId, nextPart, last })];
    await writeDrafts(manager, drafts);
    for (const { id, isNew } of drafts) if (isNew) planned.push(id);
    if (files.length < BULK) return planned;
    last = drafts.at(-1);
    files = ((await read(manager, [list]))[0] ?? []).map(asUnpackaged);
  }
}

/** Reads in one round trip. */
function read(manager: EntityManager, queries: readonly SelectQueryBuilder<ObjectLiteral>[]) {
  return together(manager.queryRunner as QueryRunner, queries.map(stepOf));
}

function asUnpackaged([id, size, execution, module, source]: readonly unknown[]): Unpackaged {
  return { id, size, execution, module, source } as Unpackaged;
}

function filesOf(manager: EntityManager, batch: Batch, sourceLocationId?: number) {
  const query = unpackaged(manager, sourceLocationId)
    .andWhere(ofBatch(batch))
    .select('file.id', 'id')
    .addSelect('file.sizeBytes', 'size')
    .addSelect('file.executedObsUnitId', 'execution')
    .addSelect('file.instrumentModuleId', 'module')
    .addSelect('file.sourceLocationId', 'source');
  if (batch[0] === null) query.andWhere({ ofNoExecution: true });
  for (const column of ['executedObsUnitId', 'instrumentModuleId', 'sourceLocationId', 'relativePath', 'id'])
    query.addOrderBy(`file.${column}`);
  return query.limit(BULK);
}

/** The number of the last part of each execution and module that have packages already. */
function lastParts(manager: EntityManager, batch: Batch) {
  return manager
    .createQueryBuilder(RawDataPackage, 'it')
    .select('it.executedObsUnitId', 'execution')
    .addSelect('it.instrumentModuleId', 'module')
    .addSelect('max(it.partNumber)', 'part')
    .where(ofBatch(batch))
    .groupBy('it.executedObsUnitId')
    .addGroupBy('it.instrumentModuleId');
}

function ofBatch(batch: Batch) {
  return { executedObsUnitId: batch[0] === null ? IsNull() : In([...batch]) };
}
