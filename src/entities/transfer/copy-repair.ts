import { Check, Entity, Index, ManyToOne } from 'typeorm';
import { Enum, ReferenceKey, UuidReference } from '../columns.js';
import { DataLocation } from '../location/data-location.js';
import { PhysicalCopy } from '../location/physical-copy.js';
import { Status } from '../status.js';
import { Work } from '../work.js';

/**
 * The replacement of a bad copy by the content of a good one of the same thing, at the same place or elsewhere.
 *
 * @example
 * import { CopyRepair } from 'ccat-ops-db';
 *
 * const repairs = await session.find(CopyRepair, {
 *   where: { status: 'completed' },
 *   relations: { originLocation: true, destinationLocation: true },
 * });
 * console.log(repairs.map((one) => `${one.originLocation?.name} → ${one.destinationLocation?.name}`)); // []
 */
@Entity({ comment: 'The replacement of a bad copy by the content of a good one of the same thing.' })
@Index('ix_copy_repair__pending', ['destinationLocationId', 'priority', 'createdAt'], {
  where: `"status" = 'pending'`,
})
@Index('ix_copy_repair__in_hand', ['heartbeatAt'], { where: `"status" IN ('scheduled', 'in_progress')` })
@Index('ix_copy_repair__failed', ['updatedAt'], { where: `"status" = 'failed'` })
@Index('ix_copy_repair__source', ['sourceCopyId'], {
  where: `"status" <> 'completed' AND "given_up_at" IS NULL`,
})
@Index('uq_copy_repair__live', ['physicalCopyId'], {
  unique: true,
  where: `"status" IN ('pending', 'scheduled', 'in_progress')`,
})
@Check('ck_copy_repair__copies_differ', '"physical_copy_id" <> "source_copy_id"')
export class CopyRepair extends Work {
  /** Bad copy that is replaced. */
  @UuidReference({ comment: 'Bad copy that is replaced' })
  physicalCopyId!: string;

  @ManyToOne(() => PhysicalCopy, { nullable: false, onDelete: 'RESTRICT' })
  physicalCopy?: PhysicalCopy;

  /** Good copy that its content comes from. */
  @UuidReference({ comment: 'Good copy that its content comes from' })
  sourceCopyId!: string;

  @ManyToOne(() => PhysicalCopy, { nullable: false, onDelete: 'RESTRICT' })
  sourceCopy?: PhysicalCopy;

  /** Location where the good copy lies. */
  @ReferenceKey({ comment: 'Location where the good copy lies' })
  originLocationId!: number;

  @ManyToOne(() => DataLocation, { nullable: false, onDelete: 'RESTRICT' })
  originLocation?: DataLocation;

  /** Location where the bad copy lies. */
  @ReferenceKey({ comment: 'Location where the bad copy lies' })
  destinationLocationId!: number;

  @ManyToOne(() => DataLocation, { nullable: false, onDelete: 'RESTRICT' })
  destinationLocation?: DataLocation;

  /** Where the repair stands. */
  @Enum(Status, { comment: 'Where the repair stands', default: 'pending' })
  status!: Status;
}
