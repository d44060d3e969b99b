import { Subtype, Text } from '../columns.js';
import { DataLocation } from './data-location.js';
import { StorageType } from './enums.js';

/** A tape library. */
@Subtype(StorageType.TAPE)
export class TapeDataLocation extends DataLocation {
  @Text({ comment: 'Name or address of the tape library' })
  libraryName!: string;

  @Text({ comment: 'Pool of tapes within the library', null: 'the default pool' })
  poolName!: string | null;
}
