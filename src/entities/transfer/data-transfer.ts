import { Check, Entity, Index, ManyToOne } from 'typeorm';
import { ByteCount, Enum, ReferenceKey, UuidReference } from '../columns.js';
import { DataTransferPackage } from '../data/data-transfer-package.js';
import { DataLocation } from '../location/data-location.js';
import { Status } from '../status.js';
import { Work } from '../work.js';
import { DataTransferRoute } from './data-transfer-route.js';

/**
 * One transfer of a bundle from a buffer to another site's. Its work is moving the data; see DataTransferUnpacking.
 *
 * @example
 * import { DataTransfer, Status } from 'ccat-ops-db';
 *
 * const transfer = await session.findOneOrFail(DataTransfer, {
 *   where: { status: Status.COMPLETED, dataTransferRoute: { name: 'ccat_to_cologne' } },
 *   relations: { dataTransferPackage: true, destinationLocation: { site: true } },
 *   order: { transferredBytes: 'DESC' },
 * });
 * const { name, site } = transfer.destinationLocation ?? {};
 * console.log(site?.name, name); // Cologne input_buffer
 * console.log(transfer.transferredBytes === transfer.dataTransferPackage?.sizeBytes); // true
 */
@Entity({ comment: "One transfer of a data transfer package from a buffer to another site's." })
@Index('ix_data_transfer__pending', ['originLocationId', 'priority', 'createdAt'], {
  where: `"status" = 'pending'`,
})
@Index('ix_data_transfer__in_hand', ['heartbeatAt'], { where: `"status" IN ('scheduled', 'in_progress')` })
@Index('ix_data_transfer__failed', ['updatedAt'], { where: `"status" = 'failed'` })
@Index('ix_data_transfer__revivable', ['dataTransferPackageId'], {
  where: `"status" = 'failed' AND "given_up_at" IS NULL`,
})
@Index('uq_data_transfer__live', ['dataTransferPackageId', 'destinationLocationId'], {
  unique: true,
  where: `"status" <> 'failed'`,
})
@Check('ck_data_transfer__locations_differ', '"origin_location_id" <> "destination_location_id"')
export class DataTransfer extends Work {
  /** Bundle that is moved. */
  @UuidReference({ comment: 'Bundle that is moved' })
  dataTransferPackageId!: string;

  @ManyToOne(() => DataTransferPackage, { nullable: false, onDelete: 'RESTRICT' })
  dataTransferPackage?: DataTransferPackage;

  /** Route that the transfer takes; null: derived without a route. */
  @ReferenceKey({ comment: 'Route that the transfer takes', null: 'derived without a route' })
  dataTransferRouteId!: number | null;

  @ManyToOne(() => DataTransferRoute, { nullable: true, onDelete: 'SET NULL' })
  dataTransferRoute?: DataTransferRoute | null;

  /** Buffer that the data leaves. */
  @ReferenceKey({ comment: 'Buffer that the data leaves' })
  originLocationId!: number;

  @ManyToOne(() => DataLocation, { nullable: false, onDelete: 'RESTRICT' })
  originLocation?: DataLocation;

  /** Buffer that the data goes to. */
  @ReferenceKey({ comment: 'Buffer that the data goes to' })
  destinationLocationId!: number;

  @ManyToOne(() => DataLocation, { nullable: false, onDelete: 'RESTRICT' })
  destinationLocation?: DataLocation;

  /** Where the moving of the data stands. */
  @Enum(Status, { comment: 'Where the moving of the data stands', default: 'pending' })
  status!: Status;

  /** Bytes moved by the last try [byte]; null: not known. */
  @ByteCount({ comment: 'Bytes moved by the last try', null: 'not known' })
  transferredBytes!: number | null;
}
