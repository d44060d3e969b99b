import { Index, ManyToOne } from 'typeorm';
import { UuidReference } from '../columns.js';
import { RawDataFile } from '../data/raw-data-file.js';
import { Subtype } from '../subtype.js';
import { PhysicalCopyType } from './enums.js';
import { PhysicalCopy } from './physical-copy.js';

/**
 * A copy of a raw data file.
 *
 * @example
 * import { PhysicalCopyStatus, RawDataFilePhysicalCopy } from 'ccat-ops-db';
 * import { Not } from 'typeorm';
 *
 * const { DELETED } = PhysicalCopyStatus;
 * const atTelescope = { dataLocation: { name: 'primecam_raw_data' } };
 * console.log(await session.countBy(RawDataFilePhysicalCopy, { ...atTelescope, status: DELETED })); // 18
 * console.log(await session.countBy(RawDataFilePhysicalCopy, { ...atTelescope, status: Not(DELETED) })); // 0
 */
@Subtype('RawDataFilePhysicalCopy', PhysicalCopyType.RAW_DATA_FILE)
@Index('uq_physical_copy__file_at_location', ['rawDataFileId', 'dataLocationId'], {
  unique: true,
  where: '"raw_data_file_id" IS NOT NULL',
})
export class RawDataFilePhysicalCopy extends PhysicalCopy {
  /** File that it is a copy of. */
  @UuidReference({ comment: 'File that it is a copy of' })
  rawDataFileId!: string;

  @ManyToOne(
    () => RawDataFile,
    (rawDataFile) => rawDataFile.physicalCopies,
    { nullable: false, onDelete: 'RESTRICT' },
  )
  rawDataFile?: RawDataFile;
}
