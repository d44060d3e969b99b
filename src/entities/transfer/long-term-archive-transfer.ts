import { Check, Entity, Index, ManyToOne } from 'typeorm';
import { Enum, ReferenceKey, UuidReference } from '../columns.js';
import { RawDataPackage } from '../data/raw-data-package.js';
import { DataLocation } from '../location/data-location.js';
import { Status } from '../status.js';
import { Work } from '../work.js';

/**
 * The move of a raw data package from a buffer into a long-term archive.
 *
 * @example
 * import { LongTermArchiveTransfer, Status } from 'ccat-ops-db';
 *
 * const archiving = await session.findOneOrFail(LongTermArchiveTransfer, {
 *   where: { status: Status.COMPLETED, rawDataPackage: { instrumentModule: { name: 'HFA' } } },
 *   relations: { originLocation: true, destinationLocation: true, rawDataPackage: true },
 * });
 * console.log(archiving.originLocation?.name, archiving.destinationLocation?.name); // input_buffer lta
 * console.log(archiving.rawDataPackage?.state); // archived
 */
@Entity({ comment: 'The move of a raw data package from a buffer into a long-term archive.' })
@Index('ix_long_term_archive_transfer__pending', ['destinationLocationId', 'priority', 'createdAt'], {
  where: `"status" = 'pending'`,
})
@Index('ix_long_term_archive_transfer__in_hand', ['heartbeatAt'], {
  where: `"status" IN ('scheduled', 'in_progress')`,
})
@Index('ix_long_term_archive_transfer__failed', ['updatedAt'], { where: `"status" = 'failed'` })
@Index('ix_long_term_archive_transfer__revivable', ['rawDataPackageId'], {
  where: `"status" = 'failed' AND "given_up_at" IS NULL`,
})
@Index('uq_long_term_archive_transfer__live', ['rawDataPackageId', 'destinationLocationId'], {
  unique: true,
  where: `"status" <> 'failed'`,
})
@Check('ck_long_term_archive_transfer__locations_differ', '"origin_location_id" <> "destination_location_id"')
export class LongTermArchiveTransfer extends Work {
  /** Package that is archived. */
  @UuidReference({ comment: 'Package that is archived' })
  rawDataPackageId!: string;

  @ManyToOne(() => RawDataPackage, { nullable: false, onDelete: 'RESTRICT' })
  rawDataPackage?: RawDataPackage;

  /** Buffer that the package lies on. */
  @ReferenceKey({ comment: 'Buffer that the package lies on' })
  originLocationId!: number;

  @ManyToOne(() => DataLocation, { nullable: false, onDelete: 'RESTRICT' })
  originLocation?: DataLocation;

  /** Archive that the package goes to. */
  @ReferenceKey({ comment: 'Archive that the package goes to' })
  destinationLocationId!: number;

  @ManyToOne(() => DataLocation, { nullable: false, onDelete: 'RESTRICT' })
  destinationLocation?: DataLocation;

  /** Where the archiving stands. */
  @Enum(Status, { comment: 'Where the archiving stands', default: 'pending' })
  status!: Status;
}
