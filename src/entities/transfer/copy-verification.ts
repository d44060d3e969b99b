import { Check, Entity, Index, ManyToOne } from 'typeorm';
import { ChecksumAlgorithm } from '../checksum.js';
import { Checksum, Enum, ReferenceKey, UuidReference } from '../columns.js';
import { DataLocation } from '../location/data-location.js';
import { PhysicalCopy } from '../location/physical-copy.js';
import { Status } from '../status.js';
import { Work } from '../work.js';
import { VerificationResult } from './enums.js';

/**
 * A repeated checksum verification of a copy, due some days after the last one, or after the copy was recorded.
 * Each verification is a row of its own, so that the rows form the history of the results.
 *
 * @example
 * import { CopyVerification, VerificationResult } from 'ccat-ops-db';
 *
 * const bad = await session.find(CopyVerification, {
 *   where: { result: VerificationResult.BAD },
 *   relations: { physicalCopy: true, dataLocation: true },
 *   order: { finishedAt: 'DESC' },
 * });
 * console.log(bad.map(({ dataLocation }) => dataLocation?.name)); // []
 */
@Entity({ comment: 'The computing anew of the checksum of a copy.' })
@Index('ix_copy_verification__pending', ['dataLocationId', 'priority', 'createdAt'], {
  where: `"status" = 'pending'`,
})
@Index('ix_copy_verification__in_hand', ['heartbeatAt'], {
  where: `"status" IN ('scheduled', 'in_progress')`,
})
@Index('ix_copy_verification__failed', ['updatedAt'], { where: `"status" = 'failed'` })
@Index('uq_copy_verification__live', ['physicalCopyId'], {
  unique: true,
  where: `"status" IN ('pending', 'scheduled', 'in_progress')`,
})
@Check('ck_copy_verification__completed_has_result', `"status" <> 'completed' OR "result" IS NOT NULL`)
export class CopyVerification extends Work {
  /** Copy that is verified. */
  @UuidReference({ comment: 'Copy that is verified' })
  physicalCopyId!: string;

  @ManyToOne(() => PhysicalCopy, { nullable: false, onDelete: 'RESTRICT' })
  physicalCopy?: PhysicalCopy;

  /** Location where the copy lies. */
  @ReferenceKey({ comment: 'Location where the copy lies' })
  dataLocationId!: number;

  @ManyToOne(() => DataLocation, { nullable: false, onDelete: 'RESTRICT' })
  dataLocation?: DataLocation;

  /** Where the verification stands. */
  @Enum(Status, { comment: 'Where the verification stands', default: 'pending' })
  status!: Status;

  /** What was found; null: not yet known. */
  @Enum(VerificationResult, { comment: 'What was found', null: 'not yet known' })
  result!: VerificationResult | null;

  /**
   * Checksum that was computed, in hexadecimal digits; null: none, the copy could not be read or is not
   * verified yet.
   */
  @Checksum({
    comment: 'Checksum that was computed, in hexadecimal digits',
    null: 'none, the copy could not be read or is not verified yet',
  })
  checksum!: string | null;

  /** Algorithm of the checksum; null: none was computed. */
  @Enum(ChecksumAlgorithm, { comment: 'Algorithm of the checksum', null: 'none was computed' })
  checksumAlgorithm!: ChecksumAlgorithm | null;
}
