import { Index, ManyToOne } from 'typeorm';
import { Subtype, UuidReference } from '../columns.js';
import { RawDataFile } from '../data/raw-data-file.js';
import { PhysicalCopyType } from './enums.js';
import { PhysicalCopy } from './physical-copy.js';

/** A copy of a raw data file. */
@Subtype(PhysicalCopyType.RAW_DATA_FILE)
@Index('uq_physical_copy__file_at_location', ['rawDataFileId', 'dataLocationId'], {
  unique: true,
  where: '"raw_data_file_id" IS NOT NULL',
})
export class RawDataFilePhysicalCopy extends PhysicalCopy {
  @UuidReference({ comment: 'File that it is a copy of' })
  rawDataFileId!: string;

  @ManyToOne(
    () => RawDataFile,
    (rawDataFile) => rawDataFile.physicalCopies,
    { nullable: false, onDelete: 'RESTRICT' },
  )
  rawDataFile?: RawDataFile;
}
