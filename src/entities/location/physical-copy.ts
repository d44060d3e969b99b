import { Check, Entity, Index, ManyToOne, TableInheritance } from 'typeorm';
import { ChecksumAlgorithm } from '../checksum.js';
import { Checksum, Enum, Instant, Int, ReferenceKey, RelativePath, Text } from '../columns.js';
import { UuidKeyed } from '../uuid-keyed.js';
import { DataLocation } from './data-location.js';
import { PhysicalCopyStatus, PhysicalCopyType } from './enums.js';

/**
 * One file, package or product at one location. A row stays when its copy is deleted: the copies are the record of
 * where everything has been.
 *
 * @example
 * import { DataProductPhysicalCopy, PhysicalCopy, PhysicalCopyStatus, PhysicalCopyType } from 'ccat-ops-db';
 *
 * const copies = await session.findBy(PhysicalCopy, {
 *   status: PhysicalCopyStatus.PRESENT,
 *   dataLocation: { site: { shortName: 'cologne' } },
 * });
 * const ofProducts = copies.filter((copy) => copy instanceof DataProductPhysicalCopy);
 * console.log(copies.length, ofProducts.length); // 15 10
 * console.log(await session.countBy(PhysicalCopy, { type: PhysicalCopyType.RAW_DATA_FILE })); // 41
 */
@Entity({ comment: 'One file, package or product at one place; a family told apart by type.' })
@TableInheritance({ column: 'type' })
@Index('ix_physical_copy__in_hand', ['dataLocationId', 'status', 'updatedAt'], {
  where: `"status" IN ('deletion_scheduled', 'deletion_in_progress', 'deletion_possible', 'deletion_failed')`,
})
@Index('ix_physical_copy__held', ['dataLocationId', 'type', 'updatedAt'], { where: `"status" <> 'deleted'` })
@Check('ck_physical_copy__verified_has_checksum', '"verified_at" IS NULL OR "checksum" IS NOT NULL')
@Check('ck_physical_copy__deleted_has_time', `("status" = 'deleted') = ("deleted_at" IS NOT NULL)`)
@Check(
  'ck_physical_copy__held_with_reason',
  '("keep_until" IS NULL) = ("keep_reason" IS NULL) AND ("keep_until" IS NULL) = ("kept_by" IS NULL)',
)
@Index('ix_physical_copy__kept', ['dataLocationId', 'keepUntil'], { where: '"keep_until" IS NOT NULL' })
@Index('ix_physical_copy__bad', ['badSince'], { where: `"status" = 'bad'` })
@Index('ix_physical_copy__verified', ['dataLocationId', 'verifiedAt', 'createdAt'], {
  where: `"status" = 'present'`,
})
@Check('ck_physical_copy__bad_has_reason', '("bad_since" IS NULL) = ("bad_reason" IS NULL)')
@Check(
  'ck_physical_copy__bad_never_counts',
  `("status" <> 'bad' OR "bad_since" IS NOT NULL) AND ("bad_since" IS NULL OR "status" NOT IN ('present', 'staged', 'deletion_possible'))`,
)
@Check(
  'ck_physical_copy__deletion_possible_only_unpacked',
  `"status" <> 'deletion_possible' OR "type" IN ('raw_data_file_physical_copy', 'data_product_physical_copy')`,
)
export abstract class PhysicalCopy extends UuidKeyed {
  @Enum(PhysicalCopyType, { comment: 'What it is a copy of' })
  readonly type!: PhysicalCopyType;

  /** Where the copy lies. */
  @ReferenceKey({ comment: 'Where the copy lies' })
  dataLocationId!: number;

  @ManyToOne(() => DataLocation, { nullable: false, onDelete: 'RESTRICT' })
  dataLocation?: DataLocation;

  /** Whether the copy is there and what becomes of it. */
  @Enum(PhysicalCopyStatus, {
    comment: 'Whether the copy is there and what becomes of it',
    default: 'present',
  })
  status!: PhysicalCopyStatus;

  /**
   * Path below the root of the location; null: the relative path of the thing itself, of a product in a
   * folder named by the key of its run.
   */
  @RelativePath({
    comment: 'Path below the root of the location',
    null: 'the relative path of the thing itself, of a product in a folder named by the key of its run',
  })
  path!: string | null;

  /** Checksum as computed from the copy, in hexadecimal digits; null: not verified. */
  @Checksum({ comment: 'Checksum as computed from the copy, in hexadecimal digits', null: 'not verified' })
  checksum!: string | null;

  /** Algorithm of the checksum; null: not verified. */
  @Enum(ChecksumAlgorithm, { comment: 'Algorithm of the checksum', null: 'not verified' })
  checksumAlgorithm!: ChecksumAlgorithm | null;

  /** When the checksum was last computed from the copy, UTC; null: never. */
  @Instant({ comment: 'When the checksum was last computed from the copy, UTC', null: 'never' })
  verifiedAt!: Date | null;

  /** When the copy was deleted, UTC; null: it was not. */
  @Instant({ comment: 'When the copy was deleted, UTC', null: 'it was not' })
  deletedAt!: Date | null;

  /** Worker that is deleting the copy; null: nobody. */
  @Text({ comment: 'Worker that is deleting the copy', null: 'nobody' })
  claimedBy!: string | null;

  /** Last sign of life of the worker that is deleting the copy, UTC; null: nobody is. */
  @Instant({ comment: 'Last sign of life of the worker that is deleting the copy, UTC', null: 'nobody is' })
  heartbeatAt!: Date | null;

  /** When the deletion was begun last, UTC; null: not yet. */
  @Instant({ comment: 'When the deletion was begun last, UTC', null: 'not yet' })
  startedAt!: Date | null;

  /** How often the deletion failed. */
  @Int({ comment: 'How often the deletion failed', min: 0, default: 0 })
  retryCount!: number;

  /** Earliest time of the next try to delete the copy, UTC; null: at once. */
  @Instant({ comment: 'Earliest time of the next try to delete the copy, UTC', null: 'at once' })
  nextRetryAt!: Date | null;

  /** Why the last try to delete the copy failed; null: none failed. */
  @Text({ comment: 'Why the last try to delete the copy failed', null: 'none failed' })
  lastError!: string | null;

  /** Until when somebody still needs the copy, UTC; null: nobody has said so. */
  @Instant({ comment: 'Until when somebody still needs the copy, UTC', null: 'nobody has said so' })
  keepUntil!: Date | null;

  /** Why the copy is needed; null: nobody has said that it is. */
  @Text({ comment: 'Why the copy is needed', null: 'nobody has said that it is' })
  keepReason!: string | null;

  /** Who needs the copy; null: nobody. */
  @Text({ comment: 'Who needs the copy', null: 'nobody' })
  keptBy!: string | null;

  /** Since when the copy is known to be damaged or lost, UTC; null: nothing is known against it. */
  @Instant({
    comment: 'Since when the copy is known to be damaged or lost, UTC',
    null: 'nothing is known against it',
  })
  badSince!: Date | null;

  /** What is wrong with the copy; null: nothing is known to be. */
  @Text({ comment: 'What is wrong with the copy', null: 'nothing is known to be' })
  badReason!: string | null;
}
