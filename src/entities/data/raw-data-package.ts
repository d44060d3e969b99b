import { Check, Entity, Index, ManyToMany, ManyToOne, OneToMany, OneToOne, Unique } from 'typeorm';
import { ChecksumAlgorithm } from '../checksum.js';
import {
  ByteCount,
  Checksum,
  Enum,
  Instant,
  Int,
  ReferenceKey,
  RelativePath,
  UuidReference,
} from '../columns.js';
import { ExecutedObsUnit } from '../execution/executed-obs-unit.js';
import { DataLocation } from '../location/data-location.js';
import { InstrumentModule } from '../observatory/instrument-module.js';
import { Status } from '../status.js';
import type { StagingJob } from '../transfer/staging-job.js';
import { Work } from '../work.js';
import { DataTransferPackage } from './data-transfer-package.js';
import { PackageState } from './enums.js';
import type { RawDataFile } from './raw-data-file.js';
import type { RawDataPackageMetadata } from './raw-data-package-metadata.js';

/**
 * A tar of the raw data files of one execution and one module: the unit of storage, of at most about 50 GB. Files of no
 * execution or of several modules have packages of their own. Its work is building it.
 *
 * @example
 * import { PackageState, RawDataPackage } from 'ccat-ops-db';
 *
 * const [packages, count] = await session.findAndCount(RawDataPackage, {
 *   where: { state: PackageState.ARCHIVED, executedObsUnit: { observingNight: '2026-11-30' } },
 *   relations: { rawDataFiles: true, instrumentModule: { instrument: true } },
 *   order: { sizeBytes: 'DESC' },
 * });
 * const [largest] = packages;
 * console.log(count, largest?.sizeBytes, largest?.rawDataFiles?.length); // 5 6917667798 18
 * console.log(largest?.instrumentModule?.instrument?.name, largest?.instrumentModule?.name); // Prime-Cam 280 GHz
 */
@Entity({ comment: 'A tar of the raw data files of one execution and one module; its work is building it.' })
@Unique('uq_raw_data_package__part', ['executedObsUnitId', 'instrumentModuleId', 'partNumber'])
@Index('ix_raw_data_package__pending', ['sourceLocationId', 'priority', 'createdAt'], {
  where: `"status" = 'pending'`,
})
@Index('ix_raw_data_package__waiting', ['createdAt'], {
  where: `"state" = 'waiting' AND "data_transfer_package_id" IS NULL`,
})
@Index('ix_raw_data_package__in_hand', ['heartbeatAt'], { where: `"status" IN ('scheduled', 'in_progress')` })
@Index('ix_raw_data_package__failed', ['updatedAt'], { where: `"status" = 'failed'` })
@Index('ix_raw_data_package__listed', ['state', 'createdAt', 'id'])
@Index('ix_raw_data_package__data_transfer_package_id', ['dataTransferPackageId'], {
  where: '"data_transfer_package_id" IS NOT NULL',
})
@Check(
  'ck_raw_data_package__built_is_described',
  `"status" <> 'completed' OR ("relative_path" IS NOT NULL AND "size_bytes" IS NOT NULL AND "checksum" IS NOT NULL)`,
)
export class RawDataPackage extends Work {
  /** Execution that the files come from; null: no execution. */
  @UuidReference({ comment: 'Execution that the files come from', null: 'no execution' })
  executedObsUnitId!: string | null;

  @ManyToOne(() => ExecutedObsUnit, { nullable: true, onDelete: 'RESTRICT' })
  executedObsUnit?: ExecutedObsUnit | null;

  /** Module that wrote the files; null: several modules, or none. */
  @ReferenceKey({ comment: 'Module that wrote the files', null: 'several modules, or none' })
  instrumentModuleId!: number | null;

  @ManyToOne(() => InstrumentModule, { nullable: true, onDelete: 'RESTRICT' })
  instrumentModule?: InstrumentModule | null;

  /** Number of the part where one tar would be too large. */
  @Int({ comment: 'Number of the part where one tar would be too large', min: 1, default: 1 })
  partNumber!: number;

  /** Location where the files lie that it is built from. */
  @ReferenceKey({ comment: 'Location where the files lie that it is built from' })
  sourceLocationId!: number;

  @ManyToOne(() => DataLocation, { nullable: false, onDelete: 'RESTRICT' })
  sourceLocation?: DataLocation;

  /** Where the package stands on its way to the archive. */
  @Enum(PackageState, { comment: 'Where the package stands on its way to the archive', default: 'waiting' })
  state!: PackageState;

  /** Where the building of the package stands. */
  @Enum(Status, { comment: 'Where the building of the package stands', default: 'pending' })
  status!: Status;

  /** Bundle that carries the package; null: not bundled. */
  @UuidReference({ comment: 'Bundle that carries the package', null: 'not bundled' })
  dataTransferPackageId!: string | null;

  @ManyToOne(() => DataTransferPackage, { nullable: true, onDelete: 'SET NULL' })
  dataTransferPackage?: DataTransferPackage | null;

  /** Path of the tar below the root of a location; null: not built yet. */
  @RelativePath({ comment: 'Path of the tar below the root of a location', null: 'not built yet' })
  relativePath!: string | null;

  /** Number of files in the package. */
  @Int({ comment: 'Number of files in the package', min: 0, default: 0 })
  fileCount!: number;

  /** Size of the tar [byte]; null: not built yet. */
  @ByteCount({ comment: 'Size of the tar', null: 'not built yet' })
  sizeBytes!: number | null;

  /** Checksum of the tar, in hexadecimal digits; null: not built yet. */
  @Checksum({ comment: 'Checksum of the tar, in hexadecimal digits', null: 'not built yet' })
  checksum!: string | null;

  /** Algorithm of the checksum; null: not built yet. */
  @Enum(ChecksumAlgorithm, { comment: 'Algorithm of the checksum', null: 'not built yet' })
  checksumAlgorithm!: ChecksumAlgorithm | null;

  /** When the package was archived first, UTC; null: it is in no archive. */
  @Instant({ comment: 'When the package was archived first, UTC', null: 'it is in no archive' })
  archivedAt!: Date | null;

  @OneToMany('RawDataFile', 'rawDataPackage')
  rawDataFiles?: RawDataFile[];

  @OneToOne('RawDataPackageMetadata', 'rawDataPackage')
  packageMetadata?: RawDataPackageMetadata;

  /** Stands here for its onDelete: a package that was ever staged must not vanish. */
  @ManyToMany('StagingJob', 'rawDataPackages', { onDelete: 'RESTRICT' })
  stagingJobs?: StagingJob[];
}
