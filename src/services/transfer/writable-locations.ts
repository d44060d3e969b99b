import type { EntityManager } from 'typeorm';
import { DataLocation, LocationAvailability, LocationType } from '../../entities/index.js';
import { assertWhole } from '../../values/arguments.js';

/** That a location may be written to. */
export const WRITABLE = { active: true, availability: LocationAvailability.ONLINE };

/**
 * The buffer of a site that new data go to: the first by priority of those that are active and online.
 * @param siteId key of the site
 * @returns null when the site has none
 *
 * @example
 * import { bufferOf, Site } from 'ccat-ops-db';
 *
 * const { id } = await session.findOneByOrFail(Site, { shortName: 'cologne' });
 * console.log((await bufferOf(session, id))?.name); // input_buffer
 */
export function bufferOf(manager: EntityManager, siteId: number): Promise<DataLocation | null> {
  assertWhole('siteId', siteId, 1);
  return manager.findOne(DataLocation, {
    where: { siteId, locationType: LocationType.BUFFER, ...WRITABLE },
    order: { priority: 'ASC', id: 'ASC' },
  });
}
