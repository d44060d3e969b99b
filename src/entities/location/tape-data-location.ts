import { Text } from '../columns.js';
import { Subtype } from '../subtype.js';
import { DataLocation } from './data-location.js';
import { StorageType } from './enums.js';

/**
 * A tape library.
 *
 * @example
 * import { DataLocation, LocationType, Site, StorageType, TapeDataLocation } from 'ccat-ops-db';
 *
 * const { id: siteId } = await session.findOneByOrFail(Site, { shortName: 'cologne' });
 * const { LONG_TERM_ARCHIVE: locationType } = LocationType;
 * await session.save(TapeDataLocation, { siteId, name: 'tape', locationType, libraryName: 'library-1' });
 * const [found] = await session.findBy(DataLocation, { storageType: StorageType.TAPE });
 * console.log(found instanceof TapeDataLocation, found?.availability); // true online
 */
@Subtype('TapeDataLocation', StorageType.TAPE)
export class TapeDataLocation extends DataLocation {
  /** Name or address of the tape library. */
  @Text({ comment: 'Name or address of the tape library' })
  libraryName!: string;

  /** Pool of tapes within the library; null: the default pool. */
  @Text({ comment: 'Pool of tapes within the library', null: 'the default pool' })
  poolName!: string | null;
}
