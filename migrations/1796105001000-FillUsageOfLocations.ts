import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Adds to what is counted what it lacks of the copies. One statement sees one moment, copies and what has been counted of them
 * alike, so that the services may go on.
 */
export class FillUsageOfLocations1796105001000 implements MigrationInterface {
  readonly name = 'FillUsageOfLocations1796105001000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(RECOUNT);
  }

  /** What is counted goes with its table. */
  async down(): Promise<void> {}
}

const RECOUNT = `INSERT INTO location_usage_entry (data_location_id, copy_type, copy_status, copies, bytes) SELECT data_location_id, copy_type, copy_status, sum(copies) AS copies, sum(bytes) AS bytes
  FROM (SELECT it.data_location_id, CAST(it.type AS text) AS copy_type, CAST(it.status AS text) AS copy_status,
    1 AS copies, CASE WHEN it.status = 'staged' THEN 0 ELSE coalesce(subject.size_bytes, 0) END AS bytes
  FROM physical_copy it JOIN raw_data_file subject ON subject.id = it.raw_data_file_id
  WHERE it.type = 'raw_data_file_physical_copy' AND it.status <> 'deleted' UNION ALL SELECT it.data_location_id, CAST(it.type AS text) AS copy_type, CAST(it.status AS text) AS copy_status,
    1 AS copies, CASE WHEN it.status = 'staged' THEN 0 ELSE coalesce(subject.size_bytes, 0) END AS bytes
  FROM physical_copy it JOIN raw_data_package subject ON subject.id = it.raw_data_package_id
  WHERE it.type = 'raw_data_package_physical_copy' AND it.status <> 'deleted' UNION ALL SELECT it.data_location_id, CAST(it.type AS text) AS copy_type, CAST(it.status AS text) AS copy_status,
    1 AS copies, CASE WHEN it.status = 'staged' THEN 0 ELSE coalesce(subject.size_bytes, 0) END AS bytes
  FROM physical_copy it JOIN data_transfer_package subject ON subject.id = it.data_transfer_package_id
  WHERE it.type = 'data_transfer_package_physical_copy' AND it.status <> 'deleted' UNION ALL SELECT it.data_location_id, CAST(it.type AS text) AS copy_type, CAST(it.status AS text) AS copy_status,
    1 AS copies, CASE WHEN it.status = 'staged' THEN 0 ELSE coalesce(subject.size_bytes, 0) END AS bytes
  FROM physical_copy it JOIN data_product subject ON subject.id = it.data_product_id
  WHERE it.type = 'data_product_physical_copy' AND it.status <> 'deleted' UNION ALL
  SELECT data_location_id, copy_type, copy_status, -copies, -bytes FROM location_usage_entry) AS changed GROUP BY data_location_id, copy_type, copy_status
  HAVING sum(copies) <> 0 OR sum(bytes) <> 0`;
