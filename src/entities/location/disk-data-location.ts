import { Text } from '../columns.js';
import { Subtype } from '../subtype.js';
import { DataLocation } from './data-location.js';
import { StorageType } from './enums.js';

/**
 * A file system, on this computer or on another one, such as `telescope.ccat.cl:/data/fyst`.
 *
 * @example
 * import { DiskDataLocation, LocationAvailability, LocationType } from 'ccat-ops-db';
 *
 * const buffer = await session.findOneOrFail(DiskDataLocation, {
 *   where: { active: true, locationType: LocationType.BUFFER, site: { shortName: 'cologne' } },
 *   order: { priority: 'ASC' },
 * });
 * console.log(`${buffer.host}:${buffer.path}`); // input-node-1.example:/data/buffer
 * const why = { availabilityReason: 'nearly full', availabilitySince: new Date() };
 * Object.assign(buffer, { availability: LocationAvailability.READ_ONLY, ...why });
 * await session.save(buffer);
 */
@Subtype('DiskDataLocation', StorageType.DISK)
export class DiskDataLocation extends DataLocation {
  /** Computer that has the file system; null: every computer that works with the location. */
  @Text({ comment: 'Computer that has the file system', null: 'every computer that works with the location' })
  host!: string | null;

  /** User for work on that computer; null: the user that the service runs as. */
  @Text({ comment: 'User for work on that computer', null: 'the user that the service runs as' })
  remoteUser!: string | null;

  /** Absolute path of the root of the location. */
  @Text({ comment: 'Absolute path of the root of the location' })
  path!: string;
}
