import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { inChunks } from '../../database/chunks.js';
import { dialectOf } from '../../database/dialect.js';
import {
  atOnce,
  atOnceOrCarefully,
  type Step,
  stepOf,
  together,
  writeStepOf,
} from '../../database/together.js';
import {
  CopyVerification,
  PhysicalCopy,
  PhysicalCopyStatus,
  Status,
  VerificationResult,
} from '../../entities/index.js';
import { transition } from '../../lifecycle/index.js';
import { transitionStep } from '../../lifecycle/transition.js';
import { assertText, assertWhole, uuidOf } from '../../values/arguments.js';
import { COPY_KINDS } from '../transfer/copy-kinds.js';
import type { ComputedChecksum, NewId } from '../transfer/index.js';
import { newUuid } from '../transfer/new-id.js';
import { badSteps } from './bad-copies.js';
import { type CopyInHand, checksumOf, copyInHand, isAsExpected } from './expected.js';

/** Which copies are verified again. */
export interface VerificationPlan {
  /** Where the copies lie. */
  readonly dataLocationId: number;
  /** How many copies at most. */
  readonly limit: number;
  /** Whether copies are verified before their time, too; by default not. */
  readonly early?: boolean;
  /** Makes the keys; by default UUIDs of version 7. */
  readonly newId?: NewId;
}

const DAY_S = 86_400;

/**
 * Plans the verification of copies that were verified last more than `verify_after_days` of their location ago, those of longest ago
 * first. Before them come copies that were never verified and are as old.
 * @returns the UUIDs of the verifications that were planned
 * @throws OpsDbError `value_invalid` when the limit is no whole number from 0 on
 *
 * @example
 * import { DataLocation, planVerifications } from 'ccat-ops-db';
 *
 * const { id: dataLocationId } = await session.findOneByOrFail(DataLocation, { name: 'lta', active: true });
 * await session.update(DataLocation, dataLocationId, { verifyAfterDays: 180 });
 * const plan = { dataLocationId, limit: 100 };
 * console.log((await planVerifications(session, plan)).length); // 0
 * console.log((await planVerifications(session, { ...plan, early: true })).length); // 5
 */
export async function planVerifications(
  manager: EntityManager,
  { dataLocationId, limit, early = false, newId = newUuid }: VerificationPlan,
): Promise<string[]> {
  assertWhole('dataLocationId', dataLocationId, 1);
  assertWhole('limit', limit);
  const due = (column: 'createdAt' | 'verifiedAt') =>
    dueCopies(manager, dataLocationId, column, early).limit(limit);
  const never = due('createdAt').andWhere('it.verifiedAt IS NULL');
  const copies = (await atOnce(manager, [stepOf(never), stepOf(due('verifiedAt'))])).flat().slice(0, limit);
  const planned = copies.map(([copyId]) => {
    const physicalCopyId = String(copyId);
    return { id: newId(`verification/${physicalCopyId}`), physicalCopyId, dataLocationId };
  });
  for await (const chunk of inChunks(planned))
    await manager
      .createQueryBuilder()
      .insert()
      .into(CopyVerification)
      .values(chunk)
      // Somebody else may have planned it in the meantime.
      .orIgnore()
      .updateEntity(false)
      .execute();
  return planned.map(({ id }) => id);
}

/** Copies that may be read and have no verification under way, by an instant from which their age is counted. */
function dueCopies(
  manager: EntityManager,
  dataLocationId: number,
  column: 'createdAt' | 'verifiedAt',
  early: boolean,
): SelectQueryBuilder<PhysicalCopy> {
  const { nowPlus } = dialectOf(manager);
  const query = manager
    .createQueryBuilder(PhysicalCopy, 'it')
    .select('it.id', 'id')
    .innerJoin('it.dataLocation', 'place')
    .where({ dataLocationId })
    // In the words of an index.
    .andWhere(`it.status = 'present' AND it.${column} IS NOT NULL`)
    .andWhere(`place.availability IN ('online', 'read_only')`)
    .andWhere(
      `NOT EXISTS (SELECT 1 FROM copy_verification live
        WHERE live.physical_copy_id = it.id AND live.status IN ('pending', 'scheduled', 'in_progress'))`,
    )
    .orderBy(`it.${column}`)
    .addOrderBy('it.id');
  return early ? query : query.andWhere(`it.${column} <= ${nowPlus(`-${DAY_S} * place.verify_after_days`)}`);
}

/** What came of a verification. */
export interface Reverified extends Partial<ComputedChecksum> {
  /** The worker that has the verification. */
  readonly worker: string;
  /** Why no checksum could be computed, such as that the file is not there; left out where one was. */
  readonly unreadable?: string;
}

/**
 * Notes what was computed from a copy that was verified again. A copy with another checksum than it should have, or that could not be
 * read, is declared bad, see {@link declareBad}.
 * @param id UUID of the verification
 * @returns what was found; undefined when the worker does not have the verification any more, nothing was changed then
 * @throws OpsDbError `filing_refused` for another algorithm than that of the checksum to compare with; `value_invalid` where there is
 *   neither a checksum nor a reason. Nothing is written then
 *
 * @example
 * import {
 *   CopyVerification,
 *   claim,
 *   completeVerification,
 *   DataLocation,
 *   planVerifications,
 *   transition,
 * } from 'ccat-ops-db';
 *
 * const { id: dataLocationId } = await session.findOneByOrFail(DataLocation, { name: 'lta', active: true });
 * await planVerifications(session, { dataLocationId, limit: 1, early: true });
 *
 * const worker = 'verifier-1';
 * for (const { id } of await claim(session, CopyVerification, { limit: 1, worker })) {
 *   const step = { from: 'scheduled', to: 'in_progress', worker };
 *   await transition(session, CopyVerification, id, step);
 *   // Here the worker reads the copy and computes its checksum.
 *   const unreadable = 'input/output error';
 *   console.log(await completeVerification(session, id, { worker, unreadable })); // bad
 * }
 */
export async function completeVerification(
  manager: EntityManager,
  id: string,
  { worker, unreadable, ...computed }: Reverified,
): Promise<VerificationResult | undefined> {
  const key = uuidOf('id', id);
  assertText('worker', worker);
  if (unreadable !== undefined) assertText('unreadable', unreadable);
  const found = unreadable === undefined ? checksumOf(computed) : undefined;
  const copy = await copyInHand(manager, 'copy_verification', key, worker);
  if (!copy) return undefined;
  const result = resultOf(copy, found);
  const step = { from: Status.IN_PROGRESS, to: Status.COMPLETED, worker, set: { ...found, result } };
  const reason = unreadable ?? `its checksum is ${found?.checksum} instead of ${copy.checksum}`;
  const consequences = () => consequencesOf(manager, copy, { result, found, reason, worker });
  const steps = () => [
    transitionStep(manager, CopyVerification, key, step, { mustMove: true }),
    ...consequences(),
  ];
  return atOnceOrCarefully<VerificationResult | undefined>(manager, steps, result, async (nested) => {
    if (!(await transition(nested, CopyVerification, key, step))) return undefined;
    if (nested.queryRunner) await together(nested.queryRunner, consequences());
    return result;
  });
}

function resultOf(copy: CopyInHand, found: ComputedChecksum | undefined): VerificationResult {
  if (copy.status === PhysicalCopyStatus.BAD) return VerificationResult.BAD;
  if (copy.status !== PhysicalCopyStatus.PRESENT) return VerificationResult.GONE;
  return found && isAsExpected(copy, found) ? VerificationResult.GOOD : VerificationResult.BAD;
}

interface Finding {
  readonly result: VerificationResult;
  readonly found: ComputedChecksum | undefined;
  readonly reason: string;
  readonly worker: string;
}

/** What a finding does to the copy. */
function consequencesOf(
  manager: EntityManager,
  { id, type }: CopyInHand,
  { result, found, reason, worker }: Finding,
): Step[] {
  if (result === VerificationResult.BAD) return badSteps(manager, COPY_KINDS[type], [id], reason, worker);
  if (result === VerificationResult.GONE) return [];
  const verified = manager
    .createQueryBuilder()
    .update(PhysicalCopy)
    .set({ ...found, verifiedAt: () => dialectOf(manager).now })
    .where({ id, status: PhysicalCopyStatus.PRESENT });
  return [writeStepOf(verified)];
}
