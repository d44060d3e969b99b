/** Parts of conditions that several invariants have in common, in SQL that both databases understand. */
import { COPY_SUBJECTS } from '../../database/usage-triggers.js';

/** The tables of work, with the statuses in which a row is claimed by a worker. */
export const WORK_TABLES: Readonly<Record<string, readonly string[]>> = {
  raw_data_package: ['scheduled', 'in_progress'],
  data_transfer_package: ['scheduled', 'in_progress'],
  data_transfer: ['scheduled', 'in_progress'],
  data_transfer_unpacking: ['scheduled', 'in_progress'],
  long_term_archive_transfer: ['scheduled', 'in_progress'],
  staging_job: ['scheduled', 'in_progress'],
  copy_verification: ['scheduled', 'in_progress'],
  copy_repair: ['scheduled', 'in_progress'],
  executed_reduction_step: ['staging_data', 'submitted', 'running', 'collecting_results'],
};

/** A list of texts, as `IN` takes it. */
export function list(values: readonly string[]): string {
  return `(${values.map((value) => `'${value}'`).join(', ')})`;
}

const THERE = list(['present', 'staged', 'deletion_possible', 'deletion_scheduled']);

/** The condition that a copy exists, also if it is scheduled for deletion, and is not known to be bad. */
export function isThere(copy: string): string {
  return `${copy}.status IN ${THERE} AND ${copy}.bad_since IS NULL`;
}

/** The union of one query for each table of work. */
export function ofAllWork(select: (table: string, inHand: string) => string): string {
  return Object.entries(WORK_TABLES)
    .map(([table, inHand]) => select(table, list(inHand)))
    .join(' UNION ALL ');
}

/** The condition that a long-term archive has a copy that was verified with the checksum of the package. */
export function isInArchive(rawDataPackage: string): string {
  return `EXISTS (
    SELECT 1 FROM physical_copy archived JOIN data_location archive ON archive.id = archived.data_location_id
    WHERE archived.raw_data_package_id = ${rawDataPackage}.id
      AND archive.location_type = 'long_term_archive'
      AND archived.status = 'present'
      AND archived.verified_at IS NOT NULL
      AND archived.checksum = ${rawDataPackage}.checksum
      AND CAST(archived.checksum_algorithm AS text) = CAST(${rawDataPackage}.checksum_algorithm AS text))`;
}

/**
 * A value of what a copy is a copy of, as `it`; null where the condition on it does not hold. It is looked up by key: a join
 * would read all files for the few copies that are held, since the planner takes types and statuses for independent.
 */
export function ofOriginal(copy: string, value: string, condition: string): string {
  const lookups = COPY_SUBJECTS.map(
    (table) =>
      `WHEN '${table}_physical_copy' THEN (SELECT ${value} FROM ${table} it WHERE it.id = ${copy}.${table}_id AND ${condition})`,
  );
  return `CASE ${copy}.type ${lookups.join(' ')} END`;
}
