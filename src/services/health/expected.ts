import type { EntityManager } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import { ChecksumAlgorithm, type PhysicalCopyStatus, type PhysicalCopyType } from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import { invalidArgument } from '../../values/arguments.js';
import type { ComputedChecksum } from '../transfer/index.js';

/** A copy that a worker has work on. */
export interface CopyInHand {
  readonly id: string;
  readonly type: PhysicalCopyType;
  readonly status: PhysicalCopyStatus;
  /** Checksum that its content should have: that of the thing, else the one of the copy when it was verified before; null: not known. */
  readonly checksum: string | null;
  readonly algorithm: ChecksumAlgorithm | null;
}

/**
 * Reads the copy that some work is about.
 * @param table of the work
 * @returns undefined when the worker does not have the work
 */
export async function copyInHand(
  manager: EntityManager,
  table: 'copy_verification' | 'copy_repair',
  id: string,
  worker: string,
): Promise<CopyInHand | undefined> {
  const { parameter } = dialectOf(manager);
  const [copy] = await manager.query(
    `SELECT it.id, CAST(it.type AS text) AS type, CAST(it.status AS text) AS status,
      coalesce(file.checksum, package.checksum, bundle.checksum, product.checksum, it.checksum) AS checksum,
      coalesce(CAST(file.checksum_algorithm AS text), CAST(package.checksum_algorithm AS text),
        CAST(bundle.checksum_algorithm AS text), CAST(product.checksum_algorithm AS text),
        CAST(it.checksum_algorithm AS text)) AS algorithm
    FROM ${table} work JOIN physical_copy it ON it.id = work.physical_copy_id
    LEFT JOIN raw_data_file file ON file.id = it.raw_data_file_id
    LEFT JOIN raw_data_package package ON package.id = it.raw_data_package_id
    LEFT JOIN data_transfer_package bundle ON bundle.id = it.data_transfer_package_id
    LEFT JOIN data_product product ON product.id = it.data_product_id
    WHERE work.id = ${parameter(1)} AND work.status = 'in_progress' AND work.claimed_by = ${parameter(2)}`,
    [id, worker],
  );
  return copy;
}

/** @throws OpsDbError `value_invalid` for what is no checksum */
export function checksumOf({ checksum, checksumAlgorithm }: Partial<ComputedChecksum>): ComputedChecksum {
  if (typeof checksum !== 'string' || checksum === '')
    throw invalidArgument('checksum', checksum, 'what was computed, in hexadecimal digits');
  const known = Object.values(ChecksumAlgorithm);
  if (!checksumAlgorithm || !known.includes(checksumAlgorithm))
    throw invalidArgument('checksumAlgorithm', checksumAlgorithm, `one of: ${known.join(', ')}`);
  return { checksum: checksum.toLowerCase(), checksumAlgorithm };
}

/**
 * Whether a checksum is the one that a copy should have.
 * @throws OpsDbError `filing_refused` where they cannot be compared
 */
export function isAsExpected(
  { id, checksum: expected, algorithm }: CopyInHand,
  { checksum, checksumAlgorithm }: ComputedChecksum,
): boolean {
  if (expected === null) return true;
  if (algorithm !== checksumAlgorithm)
    throw new OpsDbError(
      'filing_refused',
      `the copy ${id} has a checksum of ${algorithm}, and one of ${checksumAlgorithm} was computed: compute ${algorithm}`,
    );
  return expected.toLowerCase() === checksum;
}
