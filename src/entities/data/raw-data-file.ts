import { Entity, Index, ManyToOne, OneToMany, Unique } from 'typeorm';
import { ChecksumAlgorithm } from '../checksum.js';
import {
  ByteCount,
  Checksum,
  Enum,
  Instant,
  ReferenceKey,
  RelativePath,
  Text,
  UuidReference,
} from '../columns.js';
import { ExecutedObsUnit } from '../execution/executed-obs-unit.js';
import { DataLocation } from '../location/data-location.js';
import type { RawDataFilePhysicalCopy } from '../location/raw-data-file-physical-copy.js';
import { InstrumentModule } from '../observatory/instrument-module.js';
import { UuidKeyed } from '../uuid-keyed.js';
import { RawDataPackage } from './raw-data-package.js';

/**
 * What the database knows of one file from one instrument module; the file itself lies where its copies say.
 *
 * @example
 * import { ChecksumAlgorithm, RawDataFile } from 'ccat-ops-db';
 *
 * const file = await session.findOneOrFail(RawDataFile, {
 *   where: { fileType: 'fits', executedObsUnit: { obsUnit: { source: { name: 'RScl' } } } },
 *   relations: { physicalCopies: { dataLocation: true } },
 *   order: { physicalCopies: { dataLocation: { id: 'ASC' } } },
 * });
 * console.log(file.sizeBytes, file.checksumAlgorithm === ChecksumAlgorithm.SHA256); // 4815457449 true
 * const places = file.physicalCopies?.map(({ dataLocation }) => dataLocation?.name);
 * console.log(places); // [ 'chai_raw_data', 'ramses_processing' ]
 * console.log(await session.sum(RawDataFile, 'sizeBytes', { fileType: 'fits' })); // 13439125350
 */
@Entity({ comment: 'One file from one instrument module.' })
@Unique(['executedObsUnitId', 'relativePath'])
@Index('ix_raw_data_file__unpackaged', ['sourceLocationId', 'executedObsUnitId', 'instrumentModuleId'], {
  where: '"raw_data_package_id" IS NULL',
})
@Index('ix_raw_data_file__raw_data_package_id', ['rawDataPackageId'], {
  where: '"raw_data_package_id" IS NOT NULL',
})
export class RawDataFile extends UuidKeyed {
  @UuidReference({ comment: 'Execution that the file comes from' })
  executedObsUnitId!: string;

  @ManyToOne(() => ExecutedObsUnit, { nullable: false, onDelete: 'RESTRICT' })
  executedObsUnit?: ExecutedObsUnit;

  @ReferenceKey({ comment: 'Module that wrote the file' })
  instrumentModuleId!: number;

  @ManyToOne(() => InstrumentModule, { nullable: false, onDelete: 'RESTRICT' })
  instrumentModule?: InstrumentModule;

  @ReferenceKey({ comment: 'Location where the file was born' })
  sourceLocationId!: number;

  @ManyToOne(() => DataLocation, { nullable: false, onDelete: 'RESTRICT' })
  sourceLocation?: DataLocation;

  @UuidReference({ comment: 'Package that holds the file', null: 'not packaged yet' })
  rawDataPackageId!: string | null;

  @ManyToOne(
    () => RawDataPackage,
    (rawDataPackage) => rawDataPackage.rawDataFiles,
    { nullable: true, onDelete: 'SET NULL' },
  )
  rawDataPackage?: RawDataPackage | null;

  @RelativePath({ comment: 'Path of the file below the root of its location' })
  relativePath!: string;

  @Text({ comment: 'Format of the file, by its usual ending', null: 'not known' })
  fileType!: string | null;

  @ByteCount({ comment: 'Size of the file' })
  sizeBytes!: number;

  @Checksum({ comment: 'Checksum of the content, in hexadecimal digits', null: 'not computed yet' })
  checksum!: string | null;

  @Enum(ChecksumAlgorithm, { comment: 'Algorithm of the checksum', null: 'not computed yet' })
  checksumAlgorithm!: ChecksumAlgorithm | null;

  @Instant({ comment: 'When the instrument finished the file, UTC', null: 'not known' })
  recordedAt!: Date | null;

  @OneToMany('RawDataFilePhysicalCopy', 'rawDataFile')
  physicalCopies?: RawDataFilePhysicalCopy[];
}
