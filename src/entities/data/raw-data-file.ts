import { Check, Entity, Index, JoinTable, ManyToMany, ManyToOne, OneToMany, Unique } from 'typeorm';
import { ChecksumAlgorithm } from '../checksum.js';
import {
  ByteCount,
  Checksum,
  Enum,
  Flag,
  Instant,
  Json,
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
import { RawDataFileKind } from './enums.js';
import { RawDataPackage } from './raw-data-package.js';

/**
 * What the database knows of one raw data file; the file itself lies where its copies say. As a rule it comes from one module
 * and one execution. A file can be filed before its execution is known, come from no execution, or hold what several modules
 * have written.
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
@Entity({ comment: 'One file from one instrument module, from several, or from none.' })
@Unique(['executedObsUnitId', 'relativePath'])
@Index('uq_raw_data_file__path_without_execution', ['sourceLocationId', 'relativePath'], {
  unique: true,
  where: '"executed_obs_unit_id" IS NULL',
})
@Index('ix_raw_data_file__execution_unknown', ['recordedAt'], {
  where: '"executed_obs_unit_id" IS NULL AND "of_no_execution" = false',
})
@Check(
  'ck_raw_data_file__found_by_module_or_session',
  '"executed_obs_unit_id" IS NOT NULL OR "of_no_execution" = true OR ("recorded_at" IS NOT NULL AND ("instrument_module_id" IS NOT NULL OR "readout_session" IS NOT NULL))',
)
@Check(
  'ck_raw_data_file__of_one_execution_or_none',
  '"of_no_execution" = false OR "executed_obs_unit_id" IS NULL',
)
@Index('ix_raw_data_file__unpackaged', ['sourceLocationId', 'executedObsUnitId', 'instrumentModuleId'], {
  where: '"raw_data_package_id" IS NULL',
})
@Index('ix_raw_data_file__raw_data_package_id', ['rawDataPackageId'], {
  where: '"raw_data_package_id" IS NOT NULL',
})
export class RawDataFile extends UuidKeyed {
  /** Execution that the file comes from; null: not known yet, or of_no_execution. */
  @UuidReference({ comment: 'Execution that the file comes from', null: 'not known yet, or of_no_execution' })
  executedObsUnitId!: string | null;

  @ManyToOne(() => ExecutedObsUnit, { nullable: true, onDelete: 'RESTRICT' })
  executedObsUnit?: ExecutedObsUnit | null;

  /** Whether somebody said that the file comes from no execution. */
  @Flag({ comment: 'Whether somebody said that the file comes from no execution', default: false })
  ofNoExecution!: boolean;

  /** Module that wrote the file; null: several modules, or none. */
  @ReferenceKey({ comment: 'Module that wrote the file', null: 'several modules, or none' })
  instrumentModuleId!: number | null;

  @ManyToOne(() => InstrumentModule, { nullable: true, onDelete: 'RESTRICT' })
  instrumentModule?: InstrumentModule | null;

  /** The modules of a file of several; a file of one has it in `instrumentModule` only. */
  @ManyToMany(
    () => InstrumentModule,
    (instrumentModule) => instrumentModule.rawDataFilesOfSeveral,
    { onDelete: 'CASCADE' },
  )
  @JoinTable({ name: 'raw_data_file_instrument_module' })
  instrumentModules?: InstrumentModule[];

  /** What the file holds. */
  @Enum(RawDataFileKind, { comment: 'What the file holds', default: 'timestream' })
  kind!: RawDataFileKind;

  /**
   * Session of the readout that the file is of: its start in whole Unix seconds [s]; null: not of the
   * readout, or not known.
   */
  @ByteCount({
    comment: 'Session of the readout that the file is of: its start in whole Unix seconds',
    unit: 's',
    null: 'not of the readout, or not known',
  })
  readoutSession!: number | null;

  /** Location where the file was born. */
  @ReferenceKey({ comment: 'Location where the file was born' })
  sourceLocationId!: number;

  @ManyToOne(() => DataLocation, { nullable: false, onDelete: 'RESTRICT' })
  sourceLocation?: DataLocation;

  /** Package that holds the file; null: not packaged yet. */
  @UuidReference({ comment: 'Package that holds the file', null: 'not packaged yet' })
  rawDataPackageId!: string | null;

  @ManyToOne(
    () => RawDataPackage,
    (rawDataPackage) => rawDataPackage.rawDataFiles,
    { nullable: true, onDelete: 'SET NULL' },
  )
  rawDataPackage?: RawDataPackage | null;

  /** Path of the file below the root of its location. */
  @RelativePath({ comment: 'Path of the file below the root of its location' })
  relativePath!: string;

  /** Format of the file, by its usual ending; null: not known. */
  @Text({ comment: 'Format of the file, by its usual ending', null: 'not known' })
  fileType!: string | null;

  /** Size of the file [byte]. */
  @ByteCount({ comment: 'Size of the file' })
  sizeBytes!: number;

  /** Checksum of the content, in hexadecimal digits; null: not computed yet. */
  @Checksum({ comment: 'Checksum of the content, in hexadecimal digits', null: 'not computed yet' })
  checksum!: string | null;

  /** Algorithm of the checksum; null: not computed yet. */
  @Enum(ChecksumAlgorithm, { comment: 'Algorithm of the checksum', null: 'not computed yet' })
  checksumAlgorithm!: ChecksumAlgorithm | null;

  /** When the instrument finished the file, UTC; null: not known. */
  @Instant({ comment: 'When the instrument finished the file, UTC', null: 'not known' })
  recordedAt!: Date | null;

  /** What its writer says of the content, such as the index of the bookbinder; null: nothing. */
  @Json({
    comment: 'What its writer says of the content, such as the index of the bookbinder',
    null: 'nothing',
  })
  metadata!: Record<string, unknown> | null;

  @OneToMany('RawDataFilePhysicalCopy', 'rawDataFile')
  physicalCopies?: RawDataFilePhysicalCopy[];
}
