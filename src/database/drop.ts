import path from 'node:path';
import type { DataSource, EntityMetadata, QueryRunner } from 'typeorm';
import { OpsDbError } from '../errors.js';
import type { Settings } from '../settings/index.js';
import { dialectOf } from './dialect.js';
import { MIGRATION_TABLE, ownTables } from './own-tables.js';
import { triggerFunctions } from './triggers.js';
import { dropViews } from './views.js';

/**
 * Drops in production only what is named.
 *
 * @throws OpsDbError `drop_refused` when the active environment is a production one and the database is not
 *   named, and when another one is
 */
export function assertDropAllowed(settings: Settings, confirmDrop?: string): void {
  const { databaseType, sqlite, postgresql } = settings;
  const name = databaseType === 'sqlite' ? sqlite.database : postgresql.database;
  const names = databaseType === 'sqlite' ? [name, path.basename(name)] : [name];
  const production = settings.environment.find((environment) => environment.startsWith('prod'));
  if (confirmDrop === undefined && production)
    throw new OpsDbError(
      'drop_refused',
      `the environment is ${production} (ENV_FOR_DYNACONF), where nothing is dropped by mistake: ` +
        `to drop tables with all their rows, pass the name of the database, ${name}, as confirmDrop (--confirm-drop)`,
    );
  if (confirmDrop !== undefined && !names.includes(confirmDrop))
    throw new OpsDbError(
      'drop_refused',
      `confirmDrop is ${confirmDrop}, but the database is ${name}: nothing was dropped`,
    );
}

/**
 * Drops the views, tables and enum types of this package, and nothing else, within the transaction of the query runner.
 *
 * @throws OpsDbError `drop_refused` when something else depends on them
 */
export async function dropOwnTables(dataSource: DataSource, runner: QueryRunner): Promise<void> {
  const tables = ownTables(dataSource);
  await dropViews(runner);
  if (dialectOf(dataSource).hasServer) await dropOnPostgresql(dataSource, runner, tables);
  else await dropOnSqlite(runner, tables);
}

async function dropOnPostgresql(
  dataSource: DataSource,
  runner: QueryRunner,
  tables: EntityMetadata[],
): Promise<void> {
  const inSchema = (name: string) => `"${dataSource.driver.schema}"."${name}"`;
  const types = tables.flatMap((table) =>
    table.columns
      .filter((column) => column.enum)
      .map((column) => column.enumName ?? `${table.tableName}_${column.databaseName}_enum`),
  );
  const names = [...tables.map(({ tableName }) => tableName), MIGRATION_TABLE];
  try {
    await runner.query(`DROP TABLE IF EXISTS ${names.map(inSchema).join(', ')}`);
    const functions = triggerFunctions.map(inSchema);
    await runner.query(`DROP FUNCTION IF EXISTS ${functions.join(', ')}`);
    if (types.length > 0) await runner.query(`DROP TYPE IF EXISTS ${types.map(inSchema).join(', ')}`);
  } catch (error) {
    const { code, detail } = error as { code?: string; detail?: string };
    if (code === '2BP01') throw stillUsed((detail ?? '').split('\n'), error);
    throw error;
  }
}

async function dropOnSqlite(runner: QueryRunner, tables: EntityMetadata[]): Promise<void> {
  const names = new Set([...tables.map(({ tableName }) => tableName), MIGRATION_TABLE]);
  const references: { from: string; to: string }[] = await runner.query(
    `SELECT m.name AS "from", f."table" AS "to" FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'`,
  );
  const foreign = references.filter(({ from, to }) => names.has(to) && !names.has(from));
  if (foreign.length > 0)
    throw stillUsed(foreign.map(({ from, to }) => `a foreign key of table ${from} depends on table ${to}`));
  for (const name of names) await runner.query(`DROP TABLE IF EXISTS "${name}"`);
}

function stillUsed(users: string[], cause?: unknown): OpsDbError {
  const list = users.map((user) => `\n  ${user}`).join('');
  return new OpsDbError(
    'drop_refused',
    `nothing was dropped, for other objects depend on the tables of ccat-ops-db; drop or move them first:${list}`,
    { cause },
  );
}
