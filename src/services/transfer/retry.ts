import {
  type EntityManager,
  type FindOptionsWhere,
  IsNull,
  Not,
  type ObjectLiteral,
  type SelectQueryBuilder,
} from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import { atOnce, doneOrCarefully, type Step, stepOf, writeStepOf } from '../../database/together.js';
import { CopyRepair, PhysicalCopyStatus, Status } from '../../entities/index.js';
import type { Work } from '../../entities/work.js';
import { effectsOf } from '../../lifecycle/effects.js';
import { mayBeTriedAgain } from '../../lifecycle/failed-work.js';
import { type EntityClass, lifecycleOf } from '../../lifecycle/index.js';
import { moveStep } from '../../lifecycle/move.js';
import { assertOptions, assertText, assertWhole } from '../../values/arguments.js';

/** Which work is tried again. */
export interface Retry<E> {
  /** Conditions on the rows; all where left out. */
  readonly where?: FindOptionsWhere<E>;
  /** How many more tries work gets that has failed for good; by default 3. */
  readonly tries?: number;
  /** Operator or service, for the history. */
  readonly by: string;
}

/**
 * What an operator does once the cause of failures is mended: work that waits for its next try is due at once, and work
 * that has failed for good is pending again, with more tries. What was given up (`giveUpWork`) is not, nor
 * what other work has taken the place of, and no repair whose good copy is gone: they stay failed. Of several for the same place, such as
 * repairs of one copy, the last is tried again.
 * @returns how many rows of each kind there were
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import {
 *   claim,
 *   DataLocation,
 *   fail,
 *   RawDataPackage,
 *   requestStaging,
 *   retryWork,
 *   StagingJob,
 * } from 'ccat-ops-db';
 *
 * const place = await session.findOneByOrFail(DataLocation, { name: 'ramses_processing' });
 * const packageIds = (await session.find(RawDataPackage)).map(({ id }) => id);
 * await requestStaging(session, { id: randomUUID(), destinationLocationId: place.id, packageIds });
 *
 * const worker = 'stager-1';
 * for (const { id } of await claim(session, StagingJob, { limit: 1, worker }))
 *   await fail(session, StagingJob, id, { worker, error: 'the disk is full', retryable: false });
 *
 * console.log(await retryWork(session, StagingJob, { by: 'operator' })); // { waiting: 0, failed: 1 }
 * console.log((await claim(session, StagingJob, { limit: 1, worker })).length); // 1
 */
export async function retryWork<E extends Work & ObjectLiteral>(
  manager: EntityManager,
  entity: EntityClass<E>,
  { where = {} as FindOptionsWhere<E>, tries = 3, by }: Retry<E>,
): Promise<{ readonly waiting: number; readonly failed: number }> {
  assertOptions('where', where);
  assertWhole('tries', tries, 1);
  assertText('by', by);
  const waiting = manager
    .createQueryBuilder()
    .update(entity)
    .set({ nextRetryAt: null } as never)
    .where({ ...where, status: Status.PENDING, nextRetryAt: Not(IsNull()) });
  const metadata = manager.dataSource.getMetadata(entity);
  const failed = { ...where, status: Status.FAILED, givenUpAt: IsNull() } as FindOptionsWhere<E>;
  const move = {
    lifecycle: lifecycleOf(entity),
    to: Status.PENDING,
    set: {
      ...effectsOf(manager.dataSource, lifecycleOf(entity), Status.PENDING),
      maxRetries: () => `"retry_count" + ${tries}`,
      nextRetryAt: null,
      finishedAt: null,
    },
    by,
    reason: 'tried again',
  };
  const steps = [
    ...(isRepair(entity) ? holdBadCopies(manager, failed) : []),
    writeStepOf(waiting),
    moveStep(metadata, retriable(manager, entity, failed), move),
  ];
  const retried = async (on: EntityManager) => {
    const [due = [], moved = []] = (await atOnce(on, steps)).slice(-2);
    return { waiting: due.length, failed: moved.length };
  };
  // A unique violation means that other work was added concurrently; the second attempt sees it.
  return doneOrCarefully(manager, () => retried(manager), retried);
}

/** Selects the failed work that can be retried now; of several rows that compete under a unique index, the last. */
function retriable<E extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityClass<E>,
  failed: FindOptionsWhere<E>,
): SelectQueryBuilder<ObjectLiteral> {
  const { tablePath, indices } = manager.dataSource.getMetadata(entity);
  const pick = manager
    .createQueryBuilder<ObjectLiteral>(entity, 'it')
    .where(failed)
    .andWhere(mayBeTriedAgain(tablePath, 'it'));
  if (isRepair(entity)) pick.andWhere(HAS_SOURCE);
  const places = indices.filter(({ isUnique, where }) => isUnique && where);
  for (const { columns, where } of places) {
    const same = columns.map(({ databaseName }) => `other."${databaseName}" = "it"."${databaseName}"`);
    pick.andWhere(`NOT EXISTS (SELECT 1 FROM "${tablePath}" other WHERE ${same.join(' AND ')} AND ${where})`);
  }
  for (const { columns } of places) {
    const place = columns.map(({ propertyName }) => `it.${propertyName}`);
    const ranked = pick
      .clone()
      .select('it.id', 'id')
      .addSelect(
        `row_number() OVER (PARTITION BY ${place.join(', ')} ORDER BY it.createdAt DESC, it.id DESC)`,
        'rank',
      );
    pick.andWhere(`it.id IN (SELECT id FROM (${ranked.getQuery()}) ranked WHERE rank = 1)`);
  }
  // In one order, so that two who move the same rows do not wait for each other.
  return pick.orderBy('it.id');
}

/** The good copy of a failed repair `it` is still there: it is not protected while the bad copy is present again. */
const HAS_SOURCE = `EXISTS (SELECT 1 FROM physical_copy good WHERE good.id = it.source_copy_id AND good.status = 'present')`;

function isRepair(entity: unknown): boolean {
  return entity === CopyRepair;
}

/** Locks the bad copies, since recording one again ends the protection of the good copy. SQLite has one writer at a time. */
function holdBadCopies<E extends ObjectLiteral>(manager: EntityManager, failed: FindOptionsWhere<E>): Step[] {
  if (!dialectOf(manager).hasServer) return [];
  const held = manager
    .createQueryBuilder<ObjectLiteral>(CopyRepair, 'it')
    .innerJoin('it.physicalCopy', 'bad')
    .select('bad.id', 'id')
    .where(failed)
    .andWhere(`bad.status = '${PhysicalCopyStatus.BAD}'`)
    .orderBy('bad.id')
    .setLock('pessimistic_read', undefined, ['bad']);
  return [stepOf(held)];
}
