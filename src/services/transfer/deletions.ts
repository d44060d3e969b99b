import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import { oneOf } from '../../database/one-of.js';
import { atOnce, doneOrCarefully, type Step } from '../../database/together.js';
import { bytesOfCopy } from '../../database/usage-triggers.js';
import { type PhysicalCopy, PhysicalCopyStatus } from '../../entities/index.js';
import { deletionLockSteps, IS_LOCKED } from '../../lifecycle/deletion-lock.js';
import { effectsOf } from '../../lifecycle/effects.js';
import { type EntityClass, lifecycleOf, whereDeletable } from '../../lifecycle/index.js';
import { type Assignments, movedOf, moveRows, moveStep } from '../../lifecycle/move.js';
import { isDue } from '../../lifecycle/retention.js';
import { assertText, assertWhole, uuidsOf } from '../../values/arguments.js';
import { releaseStale } from '../claiming/index.js';
import { nextTry, storable } from '../claiming/release.js';
import { bytesToLetGo, refuseUnderPressure } from '../storage/index.js';

/** Copies of one kind at one location that are deleted together. */
export interface DeletionBatch {
  /** Where the copies are. */
  readonly dataLocationId: number;
  /** How many copies at most. */
  readonly limit: number;
  /** Service or worker, for the history; a worker that begins deletions has the copies under this name. */
  readonly by: string;
}

const { PRESENT, STAGED, DELETION_POSSIBLE, DELETION_SCHEDULED } = PhysicalCopyStatus;
const { DELETION_IN_PROGRESS, DELETION_FAILED, DELETED, BAD } = PhysicalCopyStatus;

/** Copies whose deletion is scheduled together. */
export interface DeletionPlan extends DeletionBatch {
  /** Whether copies go before their time, too: a hold and the deletion rule hold all the same. By default not. */
  readonly early?: boolean;
}

/**
 * Schedules the deletion of copies that may go by the deletion rule and whose time has come, those unchanged for longest first:
 * - their retention has passed, by {@link RetentionPolicy} or that of the location,
 * - or nothing limits how long they are kept: the location has neither a retention nor a high watermark,
 * - or more lies at the location than its high watermark; then as many go as are needed to come down to the low one.
 *
 * What could not be deleted is scheduled, too; it waits all the same until its next try is due.
 * @returns the UUIDs of the copies that were scheduled
 * @throws OpsDbError `value_invalid` when the limit is no whole number from 0 on, or nobody schedules
 *
 * @example
 * import { DataLocation, DataProductPhysicalCopy, scheduleDeletions } from 'ccat-ops-db';
 *
 * // Nothing reads the intermediates of the night any more, and their runs could make them again.
 * const place = await session.findOneByOrFail(DataLocation, { name: 'ramses_processing' });
 * const batch = { dataLocationId: place.id, limit: 10, by: 'deletion-manager' };
 * console.log(place.retentionDays); // 30
 * console.log((await scheduleDeletions(session, DataProductPhysicalCopy, batch)).length); // 0
 * const plan = { ...batch, early: true };
 * console.log((await scheduleDeletions(session, DataProductPhysicalCopy, plan)).length); // 2
 */
export function scheduleDeletions(
  manager: EntityManager,
  entity: EntityClass<PhysicalCopy>,
  { early = false, ...batch }: DeletionPlan,
): Promise<string[]> {
  assertBatch(batch);
  const step = {
    from: [PRESENT, STAGED, DELETION_POSSIBLE, DELETION_FAILED, BAD],
    to: DELETION_SCHEDULED,
    set: {},
  };
  const timed = { ...step, isTimed: !early };
  if (early) return moveBatch(manager, entity, batch, timed);
  return doneOrCarefully(
    manager,
    // As a rule nothing has to go for want of room.
    () =>
      moveBatch(manager, entity, batch, timed, [
        refuseUnderPressure(manager.dataSource, batch.dataLocationId),
      ]),
    async (nested) => {
      const upToBytes = await bytesToLetGo(nested, batch.dataLocationId);
      return moveBatch(nested, entity, batch, upToBytes > 0 ? { ...step, upToBytes } : timed);
    },
  );
}

/**
 * Gives a worker copies whose deletion is scheduled, or has failed and is due again, and that still may go; each is given
 * to one worker only, which says with {@link heartbeat} that it is still at it. `work` does all of this for one copy at
 * a time.
 * @returns the UUIDs of the copies that the worker is to delete now
 *
 * @example
 * import { beginDeletions, DataLocation, DataProductPhysicalCopy, scheduleDeletions } from 'ccat-ops-db';
 *
 * const place = await session.findOneByOrFail(DataLocation, { name: 'ramses_processing' });
 * const batch = { dataLocationId: place.id, limit: 10 };
 * const plan = { ...batch, by: 'deletion-manager', early: true };
 * await scheduleDeletions(session, DataProductPhysicalCopy, plan);
 *
 * const mine = await beginDeletions(session, DataProductPhysicalCopy, { ...batch, by: 'deleter-1' });
 * console.log(mine.length); // 2
 * const rest = await beginDeletions(session, DataProductPhysicalCopy, { ...batch, by: 'deleter-2' });
 * console.log(rest.length); // 0
 */
export function beginDeletions(
  manager: EntityManager,
  entity: EntityClass<PhysicalCopy>,
  batch: DeletionBatch,
): Promise<string[]> {
  const from = [DELETION_SCHEDULED, DELETION_FAILED];
  return moveBatch(manager, entity, batch, { from, to: DELETION_IN_PROGRESS, set: { claimedBy: batch.by } });
}

/** How the deletion of copies ended. */
export interface DeletionEnd {
  /** UUIDs of the copies. */
  readonly ids: readonly string[];
  /** The worker that has the copies, as it began their deletion. */
  readonly by: string;
  /** What went wrong; left out when the copies are gone. */
  readonly error?: string;
}

/**
 * Notes that copies are gone, or could not be deleted: they are tried again after a pause that doubles with each try.
 * Their rows stay.
 * @returns how many rows were moved; fewer than given when some were taken from the worker in the meantime: these are
 *   left as they are
 *
 * @example
 * import {
 *   beginDeletions,
 *   DataLocation,
 *   DataProductPhysicalCopy,
 *   endDeletions,
 *   scheduleDeletions,
 * } from 'ccat-ops-db';
 *
 * const by = 'deleter-1';
 * const place = await session.findOneByOrFail(DataLocation, { name: 'ramses_processing' });
 * const batch = { dataLocationId: place.id, limit: 10, by };
 * await scheduleDeletions(session, DataProductPhysicalCopy, { ...batch, early: true });
 * const [kept = '', ...ids] = await beginDeletions(session, DataProductPhysicalCopy, batch);
 * // Here the worker deletes them, but for one.
 * console.log(await endDeletions(session, DataProductPhysicalCopy, { ids, by })); // 1
 * const failure = { ids: [kept], by, error: 'permission denied' };
 * console.log(await endDeletions(session, DataProductPhysicalCopy, failure)); // 1
 * console.log(await session.countBy(DataProductPhysicalCopy, { status: 'deletion_failed' })); // 1
 */
export async function endDeletions(
  manager: EntityManager,
  entity: EntityClass<PhysicalCopy>,
  { ids, by, error }: DeletionEnd,
): Promise<number> {
  const keys = uuidsOf('ids', ids);
  assertText('by', by);
  if (error !== undefined) assertText('error', error);
  if (keys.length === 0) return 0;
  const pick = manager
    .createQueryBuilder<ObjectLiteral>(entity, 'it')
    .where({ id: oneOf(manager, keys) })
    .andWhere('it.status = :from', { from: DELETION_IN_PROGRESS })
    // Nobody has what a version of this package began that noted no owner.
    .andWhere('(it.claimedBy = :by OR it.claimedBy IS NULL)', { by });
  const to = error === undefined ? DELETED : DELETION_FAILED;
  const lifecycle = lifecycleOf(entity);
  const { dataSource } = manager;
  const failure: Assignments =
    error === undefined ? {} : { ...nextTry(dataSource), lastError: storable(error) };
  const set = { ...effectsOf(dataSource, lifecycle, to), ...failure };
  const metadata = manager.dataSource.getMetadata(entity);
  const reason = failure.lastError ?? null;
  return (await moveRows(manager, metadata, pick, { lifecycle, to, set, by, reason })).length;
}

/**
 * Finds the copies whose workers have given no sign of life, and lets other workers delete them.
 * @param silentForS seconds without a {@link heartbeat} after which a worker counts as dead
 * @param by service or operator, for the history
 * @returns how many there were
 *
 * @example
 * import { In } from 'typeorm';
 * import {
 *   beginDeletions,
 *   DataLocation,
 *   DataProductPhysicalCopy,
 *   releaseStaleDeletions,
 *   scheduleDeletions,
 * } from 'ccat-ops-db';
 *
 * // A worker took copies to delete two hours ago, and was heard of no more.
 * const place = await session.findOneByOrFail(DataLocation, { name: 'ramses_processing' });
 * const batch = { dataLocationId: place.id, limit: 10, by: 'deleter-1' };
 * await scheduleDeletions(session, DataProductPhysicalCopy, { ...batch, early: true });
 * const ids = await beginDeletions(session, DataProductPhysicalCopy, batch);
 * const heartbeatAt = new Date(Date.now() - 7_200_000);
 * await session.update(DataProductPhysicalCopy, { id: In(ids) }, { heartbeatAt });
 *
 * const by = 'deletion-manager';
 * console.log(await releaseStaleDeletions(session, DataProductPhysicalCopy, 3600, by)); // 2
 * console.log(await releaseStaleDeletions(session, DataProductPhysicalCopy, 3600, by)); // 0
 */
export async function releaseStaleDeletions(
  manager: EntityManager,
  entity: EntityClass<PhysicalCopy>,
  silentForS: number,
  by: string,
): Promise<number> {
  return (await releaseStale(manager, entity, silentForS, by)).length;
}

/** A step of deletion that the copies of a batch take. */
interface DeletionStep {
  readonly from: readonly string[];
  readonly to: string;
  readonly set: Assignments;
  /** Only copies whose time has come. */
  readonly isTimed?: boolean;
  /** No more copies than are needed to free so many bytes. */
  readonly upToBytes?: number;
}

function assertBatch({ dataLocationId, limit, by }: DeletionBatch): void {
  assertWhole('dataLocationId', dataLocationId, 1);
  assertWhole('limit', limit);
  assertText('by', by);
}

/**
 * Locks what the copies are copies of and asks the rule again, see `deletion-lock.ts`; on PostgreSQL in one flush.
 * @param ahead what is sent in front of it
 */
async function moveBatch(
  manager: EntityManager,
  entity: EntityClass<PhysicalCopy>,
  batch: DeletionBatch,
  step: DeletionStep,
  ahead: readonly Step[] = [],
): Promise<string[]> {
  assertBatch(batch);
  const pick = allowed(manager, entity, batch, step);
  const locks = deletionLockSteps(entity, pick, { skipLocked: true });
  const locked = locks.length === 0 ? pick : pick.clone().andWhere(IS_LOCKED);
  const { upToBytes, to, set } = step;
  const chosen = upToBytes === undefined ? locked : firstOf(locked, upToBytes);
  const lifecycle = lifecycleOf(entity);
  const effects = effectsOf(manager.dataSource, lifecycle, to);
  const move = { lifecycle, to, set: { ...effects, ...set }, by: batch.by, reason: null, skipLocked: true };
  const moving = moveStep(manager.dataSource.getMetadata(entity), chosen, move);
  const rows = await atOnce(manager, [...ahead, ...locks, moving]);
  return movedOf(rows.at(-1) ?? []).map(({ id }) => String(id));
}

/** The first of some copies that free so many bytes together, or all of them. */
function firstOf(
  pick: SelectQueryBuilder<ObjectLiteral>,
  upToBytes: number,
): SelectQueryBuilder<ObjectLiteral> {
  const sized = pick
    .clone()
    .select('it.id', 'id')
    .addSelect('it.updatedAt', 'since')
    .addSelect(bytesOfCopy('"it"'), 'bytes');
  const inOrder = `SELECT id, sum(bytes) OVER (ORDER BY since, id) - bytes AS freed FROM (${sized.getQuery()}) sized`;
  return pick
    .clone()
    .andWhere(`it.id IN (SELECT id FROM (${inOrder}) first WHERE freed < :upToBytes)`, { upToBytes });
}

/** The copies of a batch that may go as things stand, those unchanged for longest first. */
function allowed(
  manager: EntityManager,
  entity: EntityClass<PhysicalCopy>,
  { dataLocationId, limit }: DeletionBatch,
  { from, to, isTimed = false }: DeletionStep,
): SelectQueryBuilder<ObjectLiteral> {
  const pick = manager
    .createQueryBuilder<ObjectLiteral>(entity, 'it')
    .where({ dataLocationId })
    .andWhere('it.status IN (:...from)', { from })
    .orderBy('it.updatedAt')
    .addOrderBy('it.id')
    .limit(limit);
  if (to === DELETION_IN_PROGRESS)
    pick.andWhere(`(it.nextRetryAt IS NULL OR it.nextRetryAt <= ${dialectOf(manager).now})`);
  if (isTimed) pick.andWhere(isDue(dialectOf(manager), entity, 'it'));
  return whereDeletable(pick, entity, 'it');
}
