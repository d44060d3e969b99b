import { Check, Entity, ForeignKey, Index, JoinTable, ManyToMany, ManyToOne } from 'typeorm';
import { User } from '../access/user.js';
import { Enum, Flag, Instant, ReferenceKey } from '../columns.js';
import { RawDataPackage } from '../data/raw-data-package.js';
import { DataLocation } from '../location/data-location.js';
import { LocationType } from '../location/enums.js';
import { Status } from '../status.js';
import { Work } from '../work.js';

/**
 * A request to bring packages from the archive to a processing location. As long as it is active the staged data are
 * kept, also after the staging itself is done.
 *
 * @example
 * import { StagingJob, Status } from 'ccat-ops-db';
 *
 * const job = await session.findOneOrFail(StagingJob, {
 *   where: { status: Status.COMPLETED },
 *   relations: { rawDataPackages: true, destinationLocation: true, requestedByUser: true },
 * });
 * console.log(job.destinationLocation?.name, job.rawDataPackages?.length); // ramses_processing 1
 * console.log(job.requestedByUser?.username ?? 'a service'); // a service
 * console.log(job.active, job.releasedAt !== null); // false true
 */
@Entity({ comment: 'A request to bring packages from the archive to a processing location.' })
@Index('ix_staging_job__pending', ['destinationLocationId', 'priority', 'createdAt'], {
  where: `"status" = 'pending'`,
})
@Index('ix_staging_job__in_hand', ['heartbeatAt'], { where: `"status" IN ('scheduled', 'in_progress')` })
@Index('ix_staging_job__failed', ['updatedAt'], { where: `"status" = 'failed'` })
@Index('ix_staging_job__active', ['id'], { where: '"active"' })
@ForeignKey(() => DataLocation, ['destinationLocationId', 'destinationType'], ['id', 'locationType'], {
  name: 'fk_staging_job__destination_for_processing',
  onDelete: 'RESTRICT',
})
@Check('ck_staging_job__destination_is_for_processing', `"destination_type" = 'processing'`)
@Check('ck_staging_job__released_is_inactive', '"active" = ("released_at" IS NULL)')
export class StagingJob extends Work {
  /** Processing location that the data go to. */
  @ReferenceKey({ comment: 'Processing location that the data go to' })
  destinationLocationId!: number;

  // The foreign key is the one of two columns: the location must be for processing.
  @ManyToOne(() => DataLocation, { nullable: false, createForeignKeyConstraints: false })
  destinationLocation?: DataLocation;

  @Enum(LocationType, {
    comment: 'What the destination is for; always processing, so that the key leads to no other location',
    default: 'processing',
    typeOf: 'data_location_location_type',
  })
  readonly destinationType!: LocationType;

  /** User that asked for the data; null: a service on its own. */
  @ReferenceKey({ comment: 'User that asked for the data', null: 'a service on its own' })
  requestedByUserId!: number | null;

  @ManyToOne(() => User, { nullable: true, onDelete: 'SET NULL' })
  requestedByUser?: User | null;

  /** Where the staging stands. */
  @Enum(Status, { comment: 'Where the staging stands', default: 'pending' })
  status!: Status;

  /** Whether the staged data are still needed. */
  @Flag({ comment: 'Whether the staged data are still needed', default: true })
  active!: boolean;

  /** When the staged data were given free, UTC; null: they are needed. */
  @Instant({ comment: 'When the staged data were given free, UTC', null: 'they are needed' })
  releasedAt!: Date | null;

  @ManyToMany(
    () => RawDataPackage,
    (rawDataPackage) => rawDataPackage.stagingJobs,
    { onDelete: 'CASCADE' },
  )
  @JoinTable({ name: 'staging_job_raw_data_package' })
  rawDataPackages?: RawDataPackage[];
}
