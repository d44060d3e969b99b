import { createHash } from 'node:crypto';
import { type DataSource, type QueryRunner, Table } from 'typeorm';
import { views } from '../../views/index.js';
import { dialectOf } from '../dialect.js';
import { MIGRATION_TABLE, ownTables } from '../own-tables.js';
import { viewStatements } from '../views.js';

/**
 * Whether a listing of a schema is the one that was found to be as the entities say. Another model, another version of the server, or
 * any change of the schema is another fingerprint.
 * @param runner whose `search_path` leads to the schema
 */
export async function isKnownToFit(
  dataSource: DataSource,
  runner: QueryRunner,
  listing: readonly string[],
): Promise<boolean> {
  const [{ noted }] = await runner.query(
    `SELECT obj_description(to_regclass('${MIGRATION_TABLE}'), 'pg_class') AS noted`,
  );
  return noted !== null && noted === (await fingerprintOf(dataSource, runner, listing));
}

/** Notes the fingerprint of a listing that is as the entities say, as the comment on the table of migrations. */
export async function writeFingerprint(
  dataSource: DataSource,
  runner: QueryRunner,
  listing: readonly string[],
): Promise<void> {
  const fingerprint = await fingerprintOf(dataSource, runner, listing);
  await runner.query(`COMMENT ON TABLE "${MIGRATION_TABLE}" IS '${fingerprint}'`);
}

async function fingerprintOf(
  dataSource: DataSource,
  runner: QueryRunner,
  listing: readonly string[],
): Promise<string> {
  const [{ version }] = await runner.query(
    `SELECT current_setting('server_version_num')::int / 10000 AS version`,
  );
  const model = ownTables(dataSource).map((metadata) => Table.create(metadata, dataSource.driver));
  const statements = views.flatMap((view) => viewStatements(view, dialectOf(dataSource)));
  const content = JSON.stringify([version, model, statements, listing]);
  return `schema sha256:${createHash('sha256').update(content).digest('hex')}`;
}
