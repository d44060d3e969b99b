import { type EntityManager, type FindOptionsWhere, IsNull, Not, type ObjectLiteral } from 'typeorm';
import { atOnce, writeStepOf } from '../../database/together.js';
import { Status } from '../../entities/index.js';
import type { Work } from '../../entities/work.js';
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
 * that has failed for good is pending again, with more tries; what was given up (`giveUpWork`) is not.
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
  const revivable = { ...where, givenUpAt: IsNull() } as FindOptionsWhere<E>;
  const failed = moveManyStep(manager, entity, { where: revivable, ...step });
  const [due = [], moved = []] = await atOnce(manager, [writeStepOf(waiting), failed]);
  return { waiting: due.length, failed: moved.length };
}
