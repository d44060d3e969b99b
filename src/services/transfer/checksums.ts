import type { RawDataPackage } from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import type { ComputedChecksum, NewCopy } from './copies.js';

/** What was computed from a copy of a package. */
export interface Verified extends ComputedChecksum {
  /** UUID of the package. */
  readonly rawDataPackageId: string;
}

/**
 * Holds what was computed from copies of packages against what the packages had when they were built.
 * @throws OpsDbError `filing_refused` that names the packages that are missing or differ
 */
export function assertSameChecksums(
  expected: readonly RawDataPackage[],
  computed: readonly Verified[],
): NewCopy[] {
  const found = new Map(computed.map(({ rawDataPackageId, ...sum }) => [rawDataPackageId, sum]));
  const wrong = expected.filter(({ id, checksum, checksumAlgorithm }) => {
    const sum = found.get(id);
    return sum?.checksum !== checksum || sum?.checksumAlgorithm !== checksumAlgorithm;
  });
  if (wrong.length > 0)
    throw new OpsDbError(
      'filing_refused',
      `Not there, or with another checksum than when they were built: packages ${wrong.map(({ id }) => id).join(', ')}`,
    );
  return expected.map(({ id }) => ({ of: id, computed: found.get(id) }));
}
