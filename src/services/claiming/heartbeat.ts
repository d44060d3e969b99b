import type { EntityManager } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import { oneOf } from '../../database/one-of.js';
import type { EntityClass } from '../../lifecycle/transition.js';
import { assertText, uuidsOf } from '../../values/arguments.js';
import { handlingOf, type Workable } from './handling.js';

/**
 * Says that a worker is still at its rows, copies that it deletes included, so that they are not taken from it.
 * @param ids keys of the rows
 * @param worker name of the worker, as it claimed them
 * @returns how many of the rows the worker still has
 * @throws OpsDbError `value_invalid` when a key is no UUID or the worker has no name; TypeError for a class that nobody works on
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import { claim, DataLocation, heartbeat, RawDataPackage, requestStaging, StagingJob } from 'ccat-ops-db';
 *
 * const { id: packageId } = await session.findOneByOrFail(RawDataPackage, { state: 'archived' });
 * const processing = await session.findOneByOrFail(DataLocation, { name: 'ramses_processing' });
 * const request = { id: randomUUID(), destinationLocationId: processing.id, packageIds: [packageId] };
 * await requestStaging(session, request);
 *
 * const jobs = await claim(session, StagingJob, { limit: 10, worker: 'stager-1' });
 * const ids = jobs.map(({ id }) => id);
 * console.log(await heartbeat(session, StagingJob, ids, 'stager-1')); // 1
 * console.log(await heartbeat(session, StagingJob, ids, 'stager-2')); // 0
 */
export async function heartbeat<E extends Workable>(
  manager: EntityManager,
  entity: EntityClass<E>,
  ids: readonly string[],
  worker: string,
): Promise<number> {
  assertText('worker', worker);
  const keys = uuidsOf('ids', ids);
  handlingOf(entity);
  const { affected } = await manager
    .createQueryBuilder()
    .update(entity)
    .set({ heartbeatAt: () => dialectOf(manager).now } as object)
    .where({ id: oneOf(manager, keys), claimedBy: worker })
    .execute();
  return affected ?? 0;
}
