import { type EntityManager, type FindOptionsWhere, IsNull, type ObjectLiteral } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import { Status } from '../../entities/index.js';
import type { Work } from '../../entities/work.js';
import type { EntityClass } from '../../lifecycle/index.js';
import { assertOptions, assertText } from '../../values/arguments.js';

/** Which failed work is given up. */
export interface GivingUp<E> {
  /** Conditions on the rows. */
  readonly where: FindOptionsWhere<E>;
  /** Who gives it up. */
  readonly by: string;
}

/**
 * Gives up work that has failed for good: it is never tried again, so that the copies that it would need may be deleted.
 * Until then the deletion rule keeps them, see {@link whereDeletable}.
 * @returns how many rows were given up; work that has not failed, or was given up before, is left as it is
 * @throws OpsDbError `value_invalid` for conditions that are none, so that not all work is given up, and for nobody
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import { claim, DataLocation, fail, giveUpWork, RawDataPackage, requestStaging, retryWork, StagingJob } from 'ccat-ops-db';
 *
 * const place = await session.findOneByOrFail(DataLocation, { name: 'ramses_processing' });
 * const packageIds = (await session.find(RawDataPackage)).map(({ id }) => id);
 * const id = randomUUID();
 * await requestStaging(session, { id, destinationLocationId: place.id, packageIds });
 *
 * const worker = 'stager-1';
 * for (const job of await claim(session, StagingJob, { limit: 1, worker }))
 *   await fail(session, StagingJob, job.id, { worker, error: 'nobody needs it', retryable: false });
 *
 * console.log(await giveUpWork(session, StagingJob, { where: { id }, by: 'operator' })); // 1
 * console.log(await retryWork(session, StagingJob, { by: 'operator' })); // { waiting: 0, failed: 0 }
 */
export async function giveUpWork<E extends Work & ObjectLiteral>(
  manager: EntityManager,
  entity: EntityClass<E>,
  { where, by }: GivingUp<E>,
): Promise<number> {
  assertOptions('where', where);
  assertText('by', by);
  const failed = { ...where, status: Status.FAILED, givenUpAt: IsNull() } as FindOptionsWhere<E>;
  const { affected } = await manager.update(entity, failed, {
    givenUpAt: () => dialectOf(manager).now,
    givenUpBy: by,
  } as never);
  return affected ?? 0;
}
