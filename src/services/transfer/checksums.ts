import type { EntityManager } from 'typeorm';
import { type BoundStatement, refuseIfAny } from '../../database/together.js';
import type { RawDataPackage } from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import { assertList, uuidOf } from '../../values/arguments.js';
import type { ComputedChecksum, NewCopy } from './copies.js';

/** What was computed from a copy of a package. */
export interface Verified extends ComputedChecksum {
  /** UUID of the package. */
  readonly rawDataPackageId: string;
}

/**
 * Holds what was computed from copies of packages against what the packages had when they were built.
 * @throws OpsDbError that names the packages: `filing_refused` when nothing was computed from some, `checksum_mismatch` when
 *   some differ
 */
export function assertSameChecksums(
  expected: readonly RawDataPackage[],
  computed: readonly Verified[],
): NewCopy[] {
  const found = byPackage(computed);
  const idsOf = (packages: readonly RawDataPackage[]) => packages.map(({ id }) => id).join(', ');
  const missing = expected.filter(({ id }) => !found.has(id));
  if (missing.length > 0)
    throw new OpsDbError('filing_refused', `Nothing was computed from the packages ${idsOf(missing)}`);
  const wrong = expected.filter(({ id, checksum, checksumAlgorithm }) => {
    const sum = found.get(id);
    return !sum || sum.checksum !== checksum?.toLowerCase() || sum.checksumAlgorithm !== checksumAlgorithm;
  });
  if (wrong.length > 0)
    throw new OpsDbError(
      'checksum_mismatch',
      `With another checksum than when they were built: packages ${idsOf(wrong)}`,
    );
  return expected.map(({ id }) => ({ of: id, computed: found.get(id) }));
}

/** In lower case, as the database has them: a checksum in capitals is the same one. */
function byPackage(computed: readonly Verified[]): Map<string, ComputedChecksum> {
  assertList('packages', computed);
  return new Map(
    computed.map(({ rawDataPackageId, checksum, checksumAlgorithm }) => [
      uuidOf('rawDataPackageId', rawDataPackageId),
      { checksum: String(checksum).toLowerCase(), checksumAlgorithm },
    ]),
  );
}

/**
 * As {@link assertSameChecksums} in one statement on PostgreSQL, which fails where a package differs or is missing.
 * @param packages SQL that selects the keys of the packages
 */
export function sameChecksumsStep(
  { dataSource }: EntityManager,
  packages: string,
  named: Readonly<Record<string, unknown>>,
  computed: readonly Verified[],
): BoundStatement {
  const found = [...byPackage(computed)];
  const other = `raw_data_package part WHERE part.id IN (${packages}) AND NOT EXISTS (
    SELECT 1 FROM unnest(CAST(:parts AS uuid[]), CAST(:checksums AS text[]), CAST(:algorithms AS text[]))
      AS computed (id, checksum, algorithm)
    WHERE computed.id = part.id AND computed.checksum = lower(part.checksum)
      AND computed.algorithm = CAST(part.checksum_algorithm AS text))`;
  return refuseIfAny(dataSource, other, {
    ...named,
    parts: found.map(([id]) => id),
    checksums: found.map(([, { checksum }]) => checksum),
    algorithms: found.map(([, { checksumAlgorithm }]) => checksumAlgorithm),
  });
}
