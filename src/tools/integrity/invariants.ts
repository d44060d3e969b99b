import type { EntityManager, ObjectLiteral } from 'typeorm';
import { USAGE_DIFFERENCE } from '../../database/usage-triggers.js';
import { RAW_DATA_AT_RISK } from '../../services/health/index.js';
import { IS_UNDER_REPAIR, READABLE_SOURCES } from '../../services/health/sources.js';
import { unitsOffTheirMode } from './scan-units.js';
import { IN_OTHER_CELL, sharedNames } from './sources.js';
import { isInArchive, isThere, list, ofAllWork, ofOriginal } from './sql.js';
import { executionsInFuture, OVERTAKEN, overlapping } from './telescope-times.js';

/** That a file has what tells its content, and an execution and module within which it is told apart. */
const IS_COMPARED = `executed_obs_unit_id IS NOT NULL AND instrument_module_id IS NOT NULL AND checksum IS NOT NULL AND size_bytes > 0`;

/** Condition: a copy `c` and its original `it` have checksums of the same algorithm. */
const HAS_SAME_ALGORITHM = 'CAST(it.checksum_algorithm AS text) = CAST(c.checksum_algorithm AS text)';

/** Condition: a file `f` of a package `p` belongs to another execution or module. */
const IS_OF_OTHER_ORIGIN = `(f.executed_obs_unit_id IS DISTINCT FROM p.executed_obs_unit_id
  OR f.instrument_module_id IS DISTINCT FROM p.instrument_module_id)`;

const WAITING = list(['pending', 'scheduled', 'in_progress']);

/** What an invariant's query is made with. */
export interface InvariantParameters {
  /** SQL of the instant before which something counts as silent. */
  readonly silentSince: string;
  /** SQL of the instant so many seconds from now, which are SQL, too. */
  readonly nowPlus: (seconds: string) => string;
  /** SQL of the condition that a column has one of the keys that {@link Invariant.keys} has selected. */
  readonly isKey: (column: string) => string;
}

/** Copies at places that can be read which are a day late to be verified again, by an instant of theirs. In the words of an index. */
function overdue(since: 'verified_at' | 'created_at', { nowPlus }: InvariantParameters): string {
  return `SELECT due.id, due.data_location_id, due.verified_at FROM data_location l
        JOIN physical_copy due ON due.data_location_id = l.id
        WHERE l.availability IN ('online', 'read_only') AND l.verify_after_days IS NOT NULL
          AND due.status = 'present' AND due.${since} < ${nowPlus('-86400 * (l.verify_after_days + 1)')}`;
}

/**
 * Packages that do not hold what they say: their number of files, their bytes, files of their own execution and module. Each file is
 * read once for the three invariants about it.
 */
const PACKAGES_OF_OTHER_FILES = `
  SELECT p.id FROM raw_data_package p LEFT JOIN raw_data_file f ON f.raw_data_package_id = p.id
  GROUP BY p.id, p.file_count, p.size_bytes
  HAVING count(f.id) <> p.file_count OR sum(f.size_bytes) > p.size_bytes OR count(CASE WHEN ${IS_OF_OTHER_ORIGIN} THEN 1 END) > 0`;

/** A condition that holds for every database, whatever state the services are in. */
export interface Invariant {
  /** Name for programs and for `opsdb check --only`. */
  readonly name: string;
  /** What holds, in one sentence. */
  readonly meaning: string;
  /** What to do when it does not. */
  readonly remedy: string;
  /** Holds only when all work is done; asked for on its own. */
  readonly whenSettled?: true;
  /** Which waiting calls of a spool may repair the row. */
  readonly spooled?: 'ends' | 'packages';
  /**
   * Selects as `id` what the rows can only belong to, where the database would take few for many. It is read first, and
   * `broken` gets the keys as a parameter.
   */
  readonly keys?: string;
  /** Selects the rows that break it: `id`, and what helps to understand them. The same SQL on both databases. */
  readonly broken?: (given: InvariantParameters) => string;
  /** Finds them where SQL cannot say it, ordered by their `id`. */
  readonly find?: (manager: EntityManager) => Promise<ObjectLiteral[]>;
}

/**
 * The invariants that {@link checkInvariants} checks, the most important first.
 *
 * @example
 * import { checkInvariants, invariants } from 'ccat-ops-db/integrity';
 *
 * const only = invariants.map(({ name }) => name).filter((name) => name.includes('archive'));
 * const results = await checkInvariants(session, { only });
 * console.log(results.length > 0, results.every(({ broken }) => broken === 0)); // true true
 */
export const invariants: readonly Invariant[] = [
  {
    name: 'file_is_kept',
    meaning: 'Each file is in an archive with a verified checksum, or still present where it was born.',
    remedy: 'Data are lost unless another copy is found: stop all deletions, look for the file by its path.',
    keys: `SELECT p.id FROM raw_data_package p WHERE NOT ${isInArchive('p')}`,
    broken: ({ isKey }) => `
      SELECT f.id, f.relative_path, f.source_location_id, f.raw_data_package_id FROM (
        SELECT * FROM raw_data_file WHERE raw_data_package_id IS NULL
        UNION ALL
        SELECT * FROM raw_data_file WHERE ${isKey('raw_data_package_id')}) f
      WHERE NOT EXISTS (
        SELECT 1 FROM physical_copy born WHERE born.raw_data_file_id = f.id
          AND born.data_location_id = f.source_location_id AND ${isThere('born')})`,
  },
  {
    name: 'archived_package_is_in_archive',
    meaning: 'A package that is marked archived has a verified copy in a long-term archive.',
    remedy: 'Verify the archive copy; if it is damaged or gone, archive the package anew from a buffer.',
    broken: () => `
      SELECT p.id, p.relative_path FROM raw_data_package p
      WHERE p.state = 'archived' AND NOT ${isInArchive('p')}`,
  },
  {
    name: 'archive_keeps_its_copies',
    meaning: 'No copy in a long-term archive is deleted or on its way to that.',
    remedy: 'Find out who deleted it (status_history), stop it, and restore the copy from another place.',
    keys: `SELECT id FROM data_location WHERE location_type = 'long_term_archive'`,
    broken: ({ isKey }) => `
      SELECT c.id, c.status, c.data_location_id, c.raw_data_package_id FROM physical_copy c
      WHERE ${isKey('c.data_location_id')} AND c.status NOT IN ('present', 'staged', 'bad')`,
  },
  {
    name: 'copy_has_the_checksum',
    meaning: 'A copy that was verified has the checksum of what it is a copy of.',
    remedy:
      'The copy is damaged, or the checksum of the original is wrong: verify both, replace the damaged one.',
    broken: () => `
      SELECT c.id, c.type, c.status, c.data_location_id FROM physical_copy c
      WHERE c.status <> 'deleted' AND c.verified_at IS NOT NULL AND c.checksum <> ${ofOriginal('c', 'it.checksum', HAS_SAME_ALGORITHM)}`,
  },
  {
    name: 'raw_data_has_a_good_copy',
    meaning: 'Raw data of which a copy is bad have a good copy somewhere, or are contained in one.',
    remedy:
      'Alarm: stop deletions, look for the data at every place by their path; they are never given up automatically.',
    broken: () => RAW_DATA_AT_RISK,
  },
  {
    name: 'bad_copy_is_repaired',
    meaning: 'A bad copy of which a good one can be read is repaired soon.',
    remedy:
      'See whether repairs are planned (planRepairs); what has failed for good opsdb retry tries again.',
    broken: ({ silentSince }) => `
      SELECT DISTINCT source.bad_id AS id, source.bad_place AS data_location_id, source.bad_since FROM (${READABLE_SOURCES}) source
      WHERE source.bad_since < ${silentSince} AND NOT ${IS_UNDER_REPAIR}`,
  },
  {
    name: 'copy_is_verified_again',
    meaning: 'The verification of a copy is planned within a day after it is due.',
    remedy: 'See whether verifications are planned for its location (planVerifications) and its workers run.',
    broken: (given) => `
      SELECT c.id, c.data_location_id, c.verified_at FROM (
        ${overdue('verified_at', given)} UNION ALL ${overdue('created_at', given)} AND due.verified_at IS NULL) c
      WHERE NOT EXISTS (SELECT 1 FROM copy_verification v WHERE v.physical_copy_id = c.id AND v.status IN ${WAITING})`,
  },
  {
    name: 'held_copy_stays',
    meaning: 'No copy was deleted while somebody held it.',
    remedy: 'Find out who deleted it (status_history), and bring it there again from another copy.',
    broken: () => `
      SELECT c.id, c.data_location_id, c.keep_until, c.kept_by FROM physical_copy c
      WHERE c.status = 'deleted' AND c.keep_until IS NOT NULL AND c.keep_until > c.deleted_at`,
  },
  {
    name: 'file_was_born_somewhere',
    meaning: 'Each file has the row of its copy at the location where it was born, if only as deleted.',
    remedy:
      'File the raw data file again, which adds the copy; if it is gone, restore the row from a backup.',
    broken: () => `
      SELECT f.id, f.relative_path, f.source_location_id FROM raw_data_file f
      WHERE NOT EXISTS (SELECT 1 FROM physical_copy born
        WHERE born.raw_data_file_id = f.id AND born.data_location_id = f.source_location_id)`,
  },
  {
    name: 'file_stands_once',
    meaning: 'No two files of an execution and module have the same content.',
    remedy: 'The instrument filed one file under two keys: keep the one that is in a package.',
    keys: `SELECT e.id FROM executed_obs_unit e WHERE EXISTS (
      SELECT 1 FROM raw_data_file f WHERE f.executed_obs_unit_id = e.id AND ${IS_COMPARED}
      GROUP BY f.checksum HAVING count(*) > 1)`,
    broken: ({ isKey }) => `
      SELECT f.id, f.relative_path, f.executed_obs_unit_id FROM (
        SELECT id, relative_path, executed_obs_unit_id, row_number() OVER (
          PARTITION BY executed_obs_unit_id, instrument_module_id, checksum, size_bytes ORDER BY id) AS place
        FROM raw_data_file WHERE ${isKey('executed_obs_unit_id')} AND ${IS_COMPARED}) f
      WHERE f.place > 1`,
  },
  {
    name: 'file_fits_its_package',
    meaning: 'The files of a package are of its execution and its module.',
    remedy: 'Take the file out of the package (raw_data_package_id null) and package it anew.',
    keys: PACKAGES_OF_OTHER_FILES,
    broken: ({ isKey }) => `
      SELECT f.id, f.relative_path, f.raw_data_package_id FROM raw_data_file f
      JOIN raw_data_package p ON p.id = f.raw_data_package_id
      WHERE ${isKey('p.id')} AND ${IS_OF_OTHER_ORIGIN}`,
  },
  {
    name: 'package_has_its_files',
    meaning: 'A package has as many files as it says.',
    remedy: 'Compare the listing of the tar with the files of the package.',
    keys: PACKAGES_OF_OTHER_FILES,
    broken: ({ isKey }) => `
      SELECT p.id, p.file_count, count(f.id) AS found FROM raw_data_package p
      LEFT JOIN raw_data_file f ON f.raw_data_package_id = p.id
      WHERE ${isKey('p.id')}
      GROUP BY p.id, p.file_count HAVING count(f.id) <> p.file_count`,
  },
  {
    name: 'package_holds_its_bytes',
    meaning: 'A built package is no smaller than its files together.',
    remedy: 'The tar is cut short: build it again while its files are at their source.',
    keys: PACKAGES_OF_OTHER_FILES,
    broken: ({ isKey }) => `
      SELECT p.id, p.size_bytes, sum(f.size_bytes) AS bytes_of_files FROM raw_data_package p
      JOIN raw_data_file f ON f.raw_data_package_id = p.id
      WHERE ${isKey('p.id')} AND p.status = 'completed' GROUP BY p.id, p.size_bytes HAVING sum(f.size_bytes) > p.size_bytes`,
  },
  {
    name: 'package_is_somewhere',
    meaning: 'A package that was built is present somewhere.',
    remedy: 'Build it again from its files; if these are gone, the package is lost.',
    broken: () => `
      SELECT p.id, p.state, p.relative_path FROM raw_data_package p
      WHERE p.status = 'completed' AND NOT EXISTS (
        SELECT 1 FROM physical_copy c WHERE c.raw_data_package_id = p.id AND ${isThere('c')})`,
  },
  {
    name: 'package_state_fits_its_bundle',
    meaning: 'A package waits as long as it is in no bundle, and is on its way once it is in one.',
    remedy: 'Set the state to what the bundle says: waiting without one, transferring with one.',
    broken: () => `
      SELECT p.id, p.state, p.data_transfer_package_id FROM raw_data_package p
      WHERE (p.state = 'waiting' AND p.data_transfer_package_id IS NOT NULL)
        OR (p.state = 'transferring' AND p.data_transfer_package_id IS NULL)`,
  },
  {
    name: 'archiving_marks_the_package',
    meaning: 'A package of which an archive transfer is completed is marked archived.',
    remedy: 'Verify the archive copy and set the state of the package to archived.',
    broken: () => `
      SELECT p.id, p.state, a.id AS long_term_archive_transfer_id FROM long_term_archive_transfer a
      JOIN raw_data_package p ON p.id = a.raw_data_package_id
      WHERE a.status = 'completed' AND p.state <> 'archived'`,
  },
  {
    name: 'bundle_has_its_packages',
    meaning: 'A bundle has as many packages as it says.',
    remedy: 'Compare the listing of the bundle with its packages; a package may have been bundled twice.',
    broken: () => `
      SELECT b.id, b.package_count, count(p.id) AS found FROM data_transfer_package b
      LEFT JOIN raw_data_package p ON p.data_transfer_package_id = b.id
      GROUP BY b.id, b.package_count HAVING count(p.id) <> b.package_count`,
  },
  {
    name: 'transfer_delivered',
    meaning:
      'A completed transfer has left a copy of its bundle at the destination, and its unpacking is planned.',
    remedy: 'See whether the bundle is there; then add what is missing, or transfer it again.',
    broken: () => `
      SELECT t.id, t.data_transfer_package_id, t.destination_location_id FROM data_transfer t
      WHERE t.status = 'completed' AND (
        NOT EXISTS (SELECT 1 FROM data_transfer_unpacking u WHERE u.data_transfer_id = t.id)
        OR NOT EXISTS (SELECT 1 FROM physical_copy c
          WHERE c.data_transfer_package_id = t.data_transfer_package_id
            AND c.data_location_id = t.destination_location_id))`,
  },
  {
    name: 'unpacking_delivered',
    meaning: 'After unpacking, each package of the bundle has a copy at the destination, if only as deleted.',
    remedy: 'Unpack the bundle again.',
    broken: () => `
      SELECT p.id, u.id AS data_transfer_unpacking_id, u.destination_location_id FROM data_transfer_unpacking u
      JOIN data_transfer t ON t.id = u.data_transfer_id
      JOIN raw_data_package p ON p.data_transfer_package_id = t.data_transfer_package_id
      WHERE u.status = 'completed' AND NOT EXISTS (SELECT 1 FROM physical_copy c
        WHERE c.raw_data_package_id = p.id AND c.data_location_id = u.destination_location_id)`,
  },
  {
    name: 'staging_delivered',
    meaning: 'While staged data are needed, they are at the processing location.',
    remedy: 'Release the staging job and request it anew.',
    broken: () => `
      SELECT j.id, s.raw_data_package_id, j.destination_location_id FROM staging_job j
      JOIN staging_job_raw_data_package s ON s.staging_job_id = j.id
      WHERE j.status = 'completed' AND j.active AND NOT EXISTS (SELECT 1 FROM physical_copy c
        WHERE c.raw_data_package_id = s.raw_data_package_id
          AND c.data_location_id = j.destination_location_id AND ${isThere('c')})`,
  },
  {
    name: 'waiting_work_has_its_source',
    meaning:
      'What waiting work starts from is there: the files, the package, the bundle, the good copy, the products that it reads.',
    remedy:
      'Find another copy and bring it to where the work starts from; else give the work up (giveUpWork) once it has failed.',
    broken: () => `
      SELECT a.id, 'long_term_archive_transfer' AS of_table, a.origin_location_id AS data_location_id
      FROM long_term_archive_transfer a
      WHERE a.status IN ${WAITING} AND NOT EXISTS (SELECT 1 FROM physical_copy c
        WHERE c.raw_data_package_id = a.raw_data_package_id
          AND c.data_location_id = a.origin_location_id AND ${isThere('c')})
      UNION ALL
      SELECT t.id, 'data_transfer', t.origin_location_id FROM data_transfer t
      WHERE t.status IN ${WAITING} AND NOT EXISTS (SELECT 1 FROM physical_copy c
        WHERE c.data_transfer_package_id = t.data_transfer_package_id
          AND c.data_location_id = t.origin_location_id AND ${isThere('c')})
      UNION ALL
      SELECT u.id, 'data_transfer_unpacking', u.destination_location_id FROM data_transfer_unpacking u
      JOIN data_transfer t ON t.id = u.data_transfer_id
      WHERE u.status IN ${WAITING} AND NOT EXISTS (SELECT 1 FROM physical_copy c
        WHERE c.data_transfer_package_id = t.data_transfer_package_id
          AND c.data_location_id = u.destination_location_id AND ${isThere('c')})
      UNION ALL
      SELECT v.id, 'copy_repair', v.origin_location_id FROM copy_repair v
      WHERE v.status IN ${WAITING} AND NOT EXISTS (SELECT 1 FROM physical_copy c
        WHERE c.id = v.source_copy_id AND ${isThere('c')})
      UNION ALL
      SELECT j.id, 'staging_job', j.destination_location_id FROM staging_job j
      WHERE j.status IN ${WAITING} AND j.active AND EXISTS (
        SELECT 1 FROM staging_job_raw_data_package s WHERE s.staging_job_id = j.id AND NOT EXISTS (
          SELECT 1 FROM physical_copy c WHERE c.raw_data_package_id = s.raw_data_package_id AND ${isThere('c')}))
      UNION ALL
      SELECT b.id, 'raw_data_package', b.source_location_id FROM raw_data_package b
      WHERE b.status IN ${WAITING} AND EXISTS (
        SELECT 1 FROM raw_data_file f WHERE f.raw_data_package_id = b.id AND NOT EXISTS (
          SELECT 1 FROM physical_copy c WHERE c.raw_data_file_id = f.id AND ${isThere('c')}))
      UNION ALL
      SELECT DISTINCT r.id, 'executed_reduction_step', CAST(NULL AS integer) FROM executed_reduction_step r
      JOIN input_set_member m ON m.input_set_id = r.input_set_id AND m.data_product_id IS NOT NULL
      WHERE r.status NOT IN ('completed', 'failed', 'cancelled') AND NOT EXISTS (SELECT 1 FROM physical_copy c
        WHERE c.data_product_id = m.data_product_id AND ${isThere('c')})`,
  },
  {
    name: 'usage_is_counted',
    meaning: 'What is counted of each location is what its copies say.',
    remedy:
      'Rows were written with triggers switched off: count anew (recountUsage), and see who writes that way.',
    broken: () => `
      SELECT d.data_location_id AS id, d.copy_type, d.copy_status, d.copies AS missing_copies, d.bytes AS missing_bytes
      FROM (${USAGE_DIFFERENCE}) AS d`,
  },
  {
    name: 'location_has_room',
    meaning: 'No more lies at a location than its capacity.',
    remedy:
      'Delete what may go (scheduleDeletions with early), or set capacity_bytes to what the storage really has.',
    broken: () => `
      SELECT l.id, l.name, l.capacity_bytes, sum(u.bytes) AS bytes FROM data_location l
      JOIN location_usage_entry u ON u.data_location_id = l.id
      GROUP BY l.id, l.name, l.capacity_bytes HAVING sum(u.bytes) > l.capacity_bytes`,
  },
  {
    name: 'result_is_somewhere',
    meaning: 'A product that is no intermediate is present somewhere once it had a copy.',
    remedy: 'Look for the file by its path; if it is gone, run its step again, or restore it from a backup.',
    keys: `SELECT d.id FROM data_product d WHERE d.type <> 'intermediate'
      AND NOT EXISTS (SELECT 1 FROM physical_copy c WHERE c.data_product_id = d.id AND ${isThere('c')})`,
    broken: ({ isKey }) => `
      SELECT d.id, d.type, d.relative_path, d.executed_reduction_step_id FROM data_product d
      WHERE ${isKey('d.id')} AND EXISTS (SELECT 1 FROM physical_copy c WHERE c.data_product_id = d.id)`,
  },
  {
    name: 'input_set_is_whole',
    meaning: 'An input set has as many members as it says.',
    remedy: 'Runs that read the set cannot be reproduced: restore its members from a backup.',
    broken: () => `
      SELECT s.id, s.member_count, count(m.id) AS found FROM input_set s
      LEFT JOIN input_set_member m ON m.input_set_id = s.id
      GROUP BY s.id, s.member_count HAVING count(m.id) <> s.member_count`,
  },
  {
    name: 'product_is_of_a_completed_run',
    meaning: 'A product is of a run that came to its end, and has the row of a copy.',
    remedy: 'Remove what a run left behind that did not come to its end, or file the copy of the product.',
    broken: () => `
      SELECT d.id, d.relative_path, d.executed_reduction_step_id FROM data_product d
      JOIN executed_reduction_step r ON r.id = d.executed_reduction_step_id
      WHERE r.status NOT IN ('completed', 'collecting_results')
      UNION ALL
      SELECT d.id, d.relative_path, d.executed_reduction_step_id FROM data_product d
      JOIN executed_reduction_step r ON r.id = d.executed_reduction_step_id
      WHERE r.status = 'completed' AND NOT EXISTS (SELECT 1 FROM physical_copy c WHERE c.data_product_id = d.id)`,
  },
  {
    name: 'unit_fits_its_mode',
    meaning: 'The scan parameters of a unit are such as the survey planner writes for its mode.',
    remedy:
      'Put them right in the planning files and load these; opsdb unit NAME shows what the dispatch makes of them.',
    find: unitsOffTheirMode,
  },
  {
    name: 'source_has_its_names',
    meaning: 'No two sources have a name or alias in common; blanks and capitals do not count.',
    remedy: 'Take the alias from one of them, or put the two sources together.',
    find: sharedNames,
  },
  {
    name: 'position_is_in_its_cell',
    meaning: 'Sources and executions have the cell of their position, by which they are found.',
    remedy:
      'Rows were written with triggers switched off: write their positions again, such as with SET ra_deg = ra_deg.',
    broken: () => IN_OTHER_CELL,
  },
  {
    name: 'execution_has_ended',
    spooled: 'ends',
    meaning: 'No execution of an earlier night is still running.',
    remedy: 'Its end was never filed: file it, with the status aborted when nothing is known.',
    broken: () => `
      SELECT e.id, e.obs_unit_id, e.start_time FROM executed_obs_unit e
      WHERE e.status = 'running'
        AND e.observing_night < (SELECT max(latest.observing_night) FROM executed_obs_unit latest)`,
  },
  {
    name: 'execution_has_the_telescope',
    meaning: 'No two executions of one telescope overlap, unless two instruments share the focal plane.',
    remedy:
      'Correct the times of one of them; where both observed at once, set shares_focal_plane of both units.',
    broken: () => overlapping('executed_obs_unit'),
  },
  {
    name: 'slot_has_the_telescope',
    meaning: 'No two slots of one telescope overlap, unless two instruments share the focal plane.',
    remedy:
      'Move or remove one of them; where both are to be observed at once, set shares_focal_plane of both units.',
    broken: () => overlapping('pre_scheduled_slot'),
  },
  {
    name: 'execution_ends_before_the_next',
    spooled: 'ends',
    meaning: 'No execution is still running when the next one of its night has begun on its telescope.',
    remedy: 'Its end was never filed: file it, with the status aborted when nothing is known.',
    broken: () => OVERTAKEN,
  },
  {
    name: 'execution_is_not_in_future',
    meaning: 'No execution has begun later than now.',
    remedy: 'The clock of its writer was wrong: set it, and correct the start of the execution.',
    find: executionsInFuture,
  },
  {
    name: 'work_has_a_worker',
    meaning: 'Work that is in hand says who has it; work that is not in hand says nobody.',
    remedy: 'Set it to pending, so that it is claimed again.',
    broken: () =>
      ofAllWork(
        (table, inHand) => `
      SELECT id, '${table}' AS of_table, CAST(status AS text) AS status, claimed_by FROM ${table}
      WHERE (status IN ${inHand}) <> (claimed_by IS NOT NULL)`,
      ),
  },
  {
    name: 'work_is_alive',
    meaning: 'The worker of work in hand has given a sign of life lately.',
    remedy: 'Its worker is gone: releaseStale gives the work to another one.',
    broken: ({ silentSince }) =>
      ofAllWork(
        (table, inHand) => `
      SELECT id, '${table}' AS of_table, CAST(status AS text) AS status, claimed_by, heartbeat_at FROM ${table}
      WHERE status IN ${inHand} AND (heartbeat_at IS NULL OR heartbeat_at < ${silentSince})`,
      ),
  },
  {
    name: 'deletion_is_alive',
    meaning: 'A deletion that has begun ends soon.',
    remedy: 'Its worker is gone: releaseStaleDeletions marks it as failed, and it is scheduled again.',
    broken: ({ silentSince }) => `
      SELECT c.id, c.type, c.data_location_id, c.updated_at FROM physical_copy c
      WHERE c.status = 'deletion_in_progress' AND c.updated_at < ${silentSince}`,
  },
  {
    name: 'file_gets_packaged',
    spooled: 'packages',
    meaning: 'The files of an execution that has ended are packaged soon.',
    remedy: 'See whether the packaging of the location runs (planPackages).',
    broken: ({ silentSince }) => `
      SELECT f.id, f.relative_path, f.executed_obs_unit_id FROM raw_data_file f
      JOIN executed_obs_unit e ON e.id = f.executed_obs_unit_id
      WHERE f.raw_data_package_id IS NULL AND e.status <> 'running'
        AND f.created_at < ${silentSince} AND e.updated_at < ${silentSince}`,
  },
  {
    name: 'file_finds_its_execution',
    meaning: 'A file that was filed before its execution was known finds it soon.',
    remedy: 'See whether assignExecutions runs; of a file that comes from none, say so (markOfNoExecution).',
    broken: ({ silentSince }) => `
      SELECT f.id, f.relative_path, f.instrument_module_id, f.recorded_at FROM raw_data_file f
      WHERE f.executed_obs_unit_id IS NULL AND f.of_no_execution = false AND f.created_at < ${silentSince}`,
  },
  {
    name: 'failed_work_was_replaced',
    meaning:
      'Nothing that data depend on has failed for good. A run that failed is an end and does not count.',
    remedy: 'Read last_error, mend the cause, and let it be tried again (opsdb retry).',
    broken: () => `
      SELECT id, 'raw_data_package' AS of_table, last_error FROM raw_data_package WHERE status = 'failed' OR state = 'failed'
      UNION ALL
      SELECT id, 'data_transfer_package', last_error FROM data_transfer_package WHERE status = 'failed'
      UNION ALL
      SELECT id, 'data_transfer_unpacking', last_error FROM data_transfer_unpacking WHERE status = 'failed'
      UNION ALL
      SELECT id, 'staging_job', last_error FROM staging_job WHERE status = 'failed' AND active
      UNION ALL
      SELECT id, 'copy_verification', last_error FROM copy_verification v WHERE status = 'failed' AND given_up_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM copy_verification other WHERE other.physical_copy_id = v.physical_copy_id
          AND other.created_at > v.created_at)
      UNION ALL
      SELECT id, 'copy_repair', last_error FROM copy_repair r WHERE status = 'failed' AND given_up_at IS NULL
        AND EXISTS (SELECT 1 FROM physical_copy c WHERE c.id = r.physical_copy_id AND c.status = 'bad')
      UNION ALL
      SELECT id, 'data_transfer', last_error FROM data_transfer t WHERE status = 'failed' AND NOT EXISTS (
        SELECT 1 FROM data_transfer other WHERE other.data_transfer_package_id = t.data_transfer_package_id
          AND other.destination_location_id = t.destination_location_id AND other.status <> 'failed')
      UNION ALL
      SELECT id, 'long_term_archive_transfer', last_error FROM long_term_archive_transfer t
      WHERE status = 'failed' AND NOT EXISTS (
        SELECT 1 FROM long_term_archive_transfer other WHERE other.raw_data_package_id = t.raw_data_package_id
          AND other.destination_location_id = t.destination_location_id AND other.status <> 'failed')`,
  },
  {
    name: 'settled_executions',
    spooled: 'ends',
    meaning: 'No execution is running.',
    remedy: 'Wait until it ends, or file its end.',
    whenSettled: true,
    broken: () => `SELECT id, obs_unit_id, start_time FROM executed_obs_unit WHERE status = 'running'`,
  },
  {
    name: 'settled_files',
    spooled: 'packages',
    meaning: 'Each file is in a package.',
    remedy: 'Let the packaging run.',
    whenSettled: true,
    broken: () =>
      'SELECT id, relative_path, executed_obs_unit_id FROM raw_data_file WHERE raw_data_package_id IS NULL',
  },
  {
    name: 'settled_packages',
    meaning: 'Each package is archived.',
    remedy: 'See what waits: opsdb status shows where and since when.',
    whenSettled: true,
    broken: () => `SELECT id, state, status FROM raw_data_package WHERE state <> 'archived'`,
  },
  {
    name: 'settled_work',
    meaning: 'No work is waiting or in hand.',
    remedy: 'See what waits: opsdb status shows where and since when.',
    whenSettled: true,
    broken: () =>
      ofAllWork(
        (table, inHand) => `
      SELECT id, '${table}' AS of_table, CAST(status AS text) AS status FROM ${table}
      WHERE status = 'pending' OR status IN ${inHand}`,
      ),
  },
  {
    name: 'settled_deletions',
    meaning: 'No copy waits for its deletion.',
    remedy: 'Let the deletion run.',
    whenSettled: true,
    broken: () => `
      SELECT id, type, status, data_location_id FROM physical_copy
      WHERE status IN ${list(['deletion_possible', 'deletion_scheduled', 'deletion_in_progress', 'deletion_failed'])}`,
  },
];
