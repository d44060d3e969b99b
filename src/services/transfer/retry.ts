import { type EntityManager, type FindOptionsWhere, IsNull, Not, type ObjectLiteral, Raw } from 'typeorm';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import { dialectOf } from '../../database/dialect.js';
import { Statement } from '../../database/statement.js';
import { atOnce, doneOrCarefully, type Step, writeStepOf } from '../../database/together.js';
import { CopyRepair, Status } from '../../entities/index.js';
import type { Work } from '../../entities/work.js';
import { mayBeTriedAgain } from '../../lifecycle/failed-work.js';
import type { EntityClass } from '../../lifecycle/index.js';
import { assertOptions, assertText, assertWhole } from '../../values/arguments.js';
import { moveManyStep } from './move-many.js';

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
 * what other work has taken the place of, and no repair whose good copy is gone: they stay failed.
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
  const again = {
    maxRetries: () => `"retry_count" + ${tries}`,
    nextRetryAt: null,
    finishedAt: null,
  };
  const step = { from: [Status.FAILED], to: Status.PENDING, set: again, by, reason: 'tried again' };
  const isRepair = (entity as unknown) === CopyRepair;
  const retriable = [isRetriable(manager.dataSource.getMetadata(entity)), ...(isRepair ? [HAS_SOURCE] : [])];
  const failed = moveManyStep(manager, entity, {
    where: { ...where, givenUpAt: Raw(() => retriable.join(' AND ')) } as FindOptionsWhere<E>,
    ...step,
  });
  const steps = [...(isRepair ? holdBadCopies(manager) : []), writeStepOf(waiting), failed];
  const retried = async (on: EntityManager) => {
    const [due = [], moved = []] = (await atOnce(on, steps)).slice(-2);
    return { waiting: due.length, failed: moved.length };
  };
  // Where it is refused, other work has just taken a place, and is seen the second time.
  return doneOrCarefully(manager, () => retried(manager), retried);
}

/** The condition on failed work `it` that it may be tried again now. */
function isRetriable({ tablePath, indices }: EntityMetadata): string {
  // Of several that have failed only the last one can have the place for which a unique index lets one row in.
  const last = `other.status = 'failed' AND other.given_up_at IS NULL AND (other.created_at, other.id) > (it.created_at, it.id)`;
  const places = indices.filter(({ isUnique, where }) => isUnique && where);
  const free = places.map(({ columns, where }) => {
    const same = columns.map(({ databaseName }) => `other."${databaseName}" = it."${databaseName}"`);
    return `NOT EXISTS (SELECT 1 FROM "${tablePath}" other
      WHERE ${same.join(' AND ')} AND other.id <> it.id AND (${where} OR ${last}))`;
  });
  return [mayBeTriedAgain(tablePath, 'it'), ...free].join(' AND ');
}

/** That the good copy of a failed repair `it` is there: it may have gone while the bad one was back, before that was bad again. */
const HAS_SOURCE = `EXISTS (SELECT 1 FROM physical_copy good WHERE good.id = it.source_copy_id AND good.status = 'present')`;

/** No bad copy comes back from elsewhere meanwhile, upon which the good one may go. SQLite lets nobody write meanwhile. */
function holdBadCopies(manager: EntityManager): Step[] {
  if (!dialectOf(manager).hasServer) return [];
  const held = `SELECT bad.id FROM physical_copy bad WHERE bad.status = 'bad' AND bad.id IN (
    SELECT physical_copy_id FROM copy_repair WHERE status = 'failed' AND given_up_at IS NULL) ORDER BY bad.id FOR SHARE OF bad`;
  return [[new Statement(held), []]];
}
