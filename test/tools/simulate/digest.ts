import type { DataSource, ObjectLiteral } from 'typeorm';

/** What must be the same whenever the same is simulated: everything but clocks and keys that functions give. */
const QUERIES: Readonly<Record<string, string>> = {
  executions: `SELECT id, obs_unit_id, status, observing_night, pwv_mm FROM executed_obs_unit ORDER BY id`,
  files: `SELECT id, executed_obs_unit_id, relative_path, size_bytes, checksum, raw_data_package_id
    FROM raw_data_file ORDER BY id`,
  packages: `SELECT id, state, status, retry_count, size_bytes, checksum, data_transfer_package_id
    FROM raw_data_package ORDER BY id`,
  bundles: `SELECT id, status, retry_count, package_count, size_bytes FROM data_transfer_package ORDER BY id`,
  transfers: `SELECT t.data_transfer_package_id, t.status, t.retry_count, u.status AS unpacked, u.retry_count AS again
    FROM data_transfer t JOIN data_transfer_unpacking u ON u.data_transfer_id = t.id
    ORDER BY t.data_transfer_package_id`,
  archiving: `SELECT raw_data_package_id, destination_location_id, status, retry_count
    FROM long_term_archive_transfer ORDER BY raw_data_package_id, destination_location_id`,
  runs: `SELECT r.reduction_step_id, r.sub_group_key, r.status, r.retry_count, s.content_hash
    FROM executed_reduction_step r JOIN input_set s ON s.id = r.input_set_id
    ORDER BY r.reduction_step_id, r.sub_group_key, s.content_hash`,
  products: 'SELECT id, relative_path, size_bytes, checksum FROM data_product ORDER BY id',
  copies: `SELECT type, data_location_id, status, checksum, verified_at IS NULL AS unverified,
      raw_data_file_id, raw_data_package_id, data_transfer_package_id, data_product_id FROM physical_copy
    ORDER BY type, data_location_id, raw_data_file_id, raw_data_package_id, data_transfer_package_id, data_product_id`,
};

/** What a simulation has left in a database, by table. */
export async function digest(dataSource: DataSource): Promise<Record<string, string[]>> {
  const tables: Record<string, string[]> = {};
  for (const [name, query] of Object.entries(QUERIES)) {
    const rows: ObjectLiteral[] = await dataSource.query(query);
    tables[name] = rows.map((row) => Object.values(row).map(plain).join(' '));
  }
  return tables;
}

/** The two drivers spell dates, truth and long numbers differently. */
function plain(value: unknown): string {
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  return typeof value === 'boolean' ? String(Number(value)) : String(value);
}
