import { Entity, Index, JoinColumn, ManyToOne, OneToOne } from 'typeorm';
import { Enum, ReferenceKey, UuidReference } from '../columns.js';
import { DataLocation } from '../location/data-location.js';
import { Status } from '../status.js';
import { Work } from '../work.js';
import { DataTransfer } from './data-transfer.js';

/**
 * The unpacking and verifying of a bundle where a transfer has brought it: work of its own, so that it can be tried
 * again without moving the data again.
 *
 * @example
 * import { DataTransferUnpacking, retryWork } from 'ccat-ops-db';
 *
 * const unpacking = await session.findOneOrFail(DataTransferUnpacking, {
 *   where: { dataTransfer: { dataTransferPackage: { packageCount: 3 } } },
 *   relations: { destinationLocation: true },
 * });
 * console.log(unpacking.destinationLocation?.name, unpacking.status); // input_buffer completed
 * // What an operator does once the cause of failures is mended.
 * const again = await retryWork(session, DataTransferUnpacking, { by: 'operator' });
 * console.log(again); // { waiting: 0, failed: 0 }
 */
@Entity({ comment: 'The unpacking and verifying of a bundle at the end of a transfer.' })
@Index('ix_data_transfer_unpacking__pending', ['destinationLocationId', 'priority', 'createdAt'], {
  where: `"status" = 'pending'`,
})
@Index('ix_data_transfer_unpacking__in_hand', ['heartbeatAt'], {
  where: `"status" IN ('scheduled', 'in_progress')`,
})
@Index('ix_data_transfer_unpacking__failed', ['updatedAt'], { where: `"status" = 'failed'` })
@Index('ix_data_transfer_unpacking__revivable', ['dataTransferId'], {
  where: `"status" = 'failed' AND "given_up_at" IS NULL`,
})
export class DataTransferUnpacking extends Work {
  /** Transfer that brought the bundle. */
  @UuidReference({ comment: 'Transfer that brought the bundle' })
  dataTransferId!: string;

  @OneToOne(() => DataTransfer, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn()
  dataTransfer?: DataTransfer;

  /** Buffer where the bundle is unpacked. */
  @ReferenceKey({ comment: 'Buffer where the bundle is unpacked' })
  destinationLocationId!: number;

  @ManyToOne(() => DataLocation, { nullable: false, onDelete: 'RESTRICT' })
  destinationLocation?: DataLocation;

  /** Where the unpacking stands. */
  @Enum(Status, { comment: 'Where the unpacking stands', default: 'pending' })
  status!: Status;
}
