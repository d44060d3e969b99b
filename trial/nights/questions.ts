import { READABLE_SOURCES } from '../../src/services/health/sources.js';

/** Copies of the package `part` in archives. */
const packageCopies = (statuses: string) => `
  SELECT 1 FROM physical_copy archived JOIN data_location archive ON archive.id = archived.data_location_id
  WHERE archived.raw_data_package_id = part.id AND archive.location_type = 'long_term_archive'
    AND archived.status IN (${statuses})`;

const GONE = `('deletion_scheduled', 'deletion_in_progress', 'deletion_failed', 'deleted')`;

/** What must not be, as queries that count it. What has rotted in an archive was there all the same. */
export const QUESTIONS: Readonly<Record<string, string>> = {
  'files are in no archive': `SELECT count(*) AS count FROM raw_data_file file
    LEFT JOIN raw_data_package part ON part.id = file.raw_data_package_id
    WHERE NOT EXISTS (${packageCopies(`'present', 'bad'`)})`,
  'copies of raw data were deleted that are in no archive': `SELECT count(*) AS count FROM (
      SELECT copy.id, part.id AS part_id FROM physical_copy copy JOIN raw_data_file file ON file.id = copy.raw_data_file_id
      LEFT JOIN raw_data_package part ON part.id = file.raw_data_package_id WHERE copy.status IN ${GONE}
      UNION ALL
      SELECT copy.id, copy.raw_data_package_id FROM physical_copy copy
      WHERE copy.raw_data_package_id IS NOT NULL AND copy.status IN ${GONE}
      UNION ALL
      SELECT copy.id, part.id FROM physical_copy copy
      JOIN raw_data_package part ON part.data_transfer_package_id = copy.data_transfer_package_id WHERE copy.status IN ${GONE}
    ) gone LEFT JOIN raw_data_package part ON part.id = gone.part_id WHERE NOT EXISTS (${packageCopies(`'present', 'bad'`)})`,
  'bad copies are left of which there is a good one': `SELECT count(DISTINCT source.bad_id) AS count FROM (${READABLE_SOURCES}) source`,
  'good copies were deleted after another of the same was found bad for good': `SELECT count(*) AS count FROM physical_copy bad
    JOIN physical_copy gone ON gone.raw_data_package_id = bad.raw_data_package_id AND gone.id <> bad.id
    WHERE bad.status = 'bad' AND gone.status = 'deleted' AND gone.bad_since IS NULL AND gone.deleted_at > bad.bad_since`,
  'copies were repaired that were not found bad': `SELECT count(*) AS count FROM copy_repair repair WHERE NOT EXISTS (
      SELECT 1 FROM copy_verification found WHERE found.physical_copy_id = repair.physical_copy_id AND found.result = 'bad')`,
  'copies were declared bad that were not found so': `SELECT count(*) AS count FROM status_history noted
    WHERE noted.to_status = 'bad' AND noted.entity LIKE '%PhysicalCopy' AND NOT EXISTS (
      SELECT 1 FROM copy_verification found WHERE CAST(found.physical_copy_id AS text) = noted.row_id AND found.result = 'bad')`,
};
