import { randomUUID } from 'node:crypto';
import type { DataSource, QueryRunner } from 'typeorm';
import { OpsDbError } from '../../errors.js';
import { IN_MEMORY } from '../connection-settings.js';
import { onDialect } from '../dialect.js';
import { ModelDataSource } from '../model-data-source.js';
import { listSchema, listSqlite } from './listing.js';

/** One object of the schema that is not as the entities say. */
export interface Drift {
  /** `missing`: the entities have it, the database has not; `unexpected`: the other way round. */
  readonly kind: 'missing' | 'unexpected';
  /** The object with its definition, such as `column obs_unit.name text not null`. */
  readonly object: string;
}

interface Listings {
  readonly present: readonly string[];
  readonly wanted: readonly string[];
}

/**
 * Compares the schema of a database with what the entities of this version ask for, in every detail. For that it builds
 * the schema that should be: on PostgreSQL in a schema of its own within the database, which it drops again, on SQLite in
 * memory.
 * @returns what differs; empty when nothing does
 * @throws OpsDbError `database_not_writable`, `database_read_only` where no schema can be created in the database
 *
 * @example
 * import { initCcatOpsDb, schemaDrift } from 'ccat-ops-db';
 *
 * const { dataSource } = await initCcatOpsDb();
 * console.log(await schemaDrift(dataSource)); // []
 *
 * await dataSource.query('ALTER TABLE site ADD COLUMN nickname text');
 * const [drift] = await schemaDrift(dataSource);
 * console.log(drift?.kind, drift?.object.includes('nickname')); // unexpected true
 * await dataSource.destroy();
 */
export async function schemaDrift(dataSource: DataSource): Promise<Drift[]> {
  const { present, wanted } = await onDialect(dataSource, { postgresql: onPostgresql, sqlite: onSqlite })(
    dataSource,
  );
  return [
    ...wanted
      .filter((object) => !present.includes(object))
      .map((object) => ({ kind: 'missing' as const, object })),
    ...present
      .filter((object) => !wanted.includes(object))
      .map((object) => ({ kind: 'unexpected' as const, object })),
  ];
}

async function onPostgresql(dataSource: DataSource): Promise<Listings> {
  const reference = `ccat_ops_db_reference_${randomUUID().slice(0, 8)}`;
  const runner = dataSource.createQueryRunner();
  try {
    const [{ schema }] = await runner.query('SELECT current_schema() AS schema');
    await createSchema(runner, reference);
    try {
      const list = () => listSchema(dataSource, runner, reference);
      const wanted = await built(dataSource, { schema: reference }, list);
      return { present: await listSchema(dataSource, runner, schema), wanted };
    } finally {
      await runner.query(`DROP SCHEMA "${reference}" CASCADE`);
    }
  } finally {
    await runner.release();
  }
}

async function createSchema(runner: QueryRunner, name: string): Promise<void> {
  try {
    await runner.query(`CREATE SCHEMA "${name}"`);
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string };
    if (code !== '42501') throw cause;
    throw new OpsDbError(
      'database_not_writable',
      `the schema cannot be compared with the entities (${message}): for that the role needs to create a schema in the ` +
        'database, for a moment (GRANT CREATE ON DATABASE … TO …); or change database_postgresql_user ' +
        '(CCAT_OPS_DB_DATABASE_POSTGRESQL_USER)',
      { cause },
    );
  }
}

async function onSqlite(dataSource: DataSource): Promise<Listings> {
  const present = await listSqlite(dataSource);
  return { present, wanted: await built(dataSource, { database: IN_MEMORY }, listSqlite) };
}

/** Creates the tables of the entities elsewhere, and lists them. */
async function built(
  { options }: DataSource,
  elsewhere: { readonly schema: string } | { readonly database: string },
  list: (reference: DataSource) => Promise<string[]>,
): Promise<string[]> {
  const reference = await new ModelDataSource({
    ...options,
    ...elsewhere,
  } as DataSource['options']).initialize();
  try {
    await reference.synchronize();
    return await list(reference);
  } finally {
    await reference.destroy();
  }
}
