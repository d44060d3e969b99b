import path from 'node:path';
import type { DataSource, EntityMetadata, QueryRunner } from 'typeorm';
import { OpsDbError } from '../errors.js';
import { environmentText, isForDevelopment, type Settings } from '../settings/index.js';
import { dialectOf } from './dialect.js';
import { MIGRATION_TABLE, ownTables } from './own-tables.js';
import { assertNothingForeign, readOwnership } from './ownership.js';
import { triggerFunctions } from './triggers.js';
import { dropViews } from './views.js';

/**
 * Drops without a question only where the environment is known to be for development.
 *
 * @throws OpsDbError `drop_refused` when the active environment is another one and the database is not named, and when
 *   another database is named
 */
export function assertDropAllowed(settings: Settings, confirmDrop?: string): void {
  const { databaseType, sqlite, postgresql, environment } = settings;
  const name = databaseType === 'sqlite' ? sqlite.database : postgresql.database;
  const names = databaseType === 'sqlite' ? [name, path.basename(name)] : [name];
  if (confirmDrop === undefined && !isForDevelopment(environment))
    throw new OpsDbError(
      'drop_refused',
      `the environment is ${environmentText(environment)} (ENV_FOR_DYNACONF), which is not known to be for development: ${toConfirm(name)}`,
    );
  if (confirmDrop !== undefined && !names.includes(confirmDrop))
    throw new OpsDbError(
      'drop_refused',
      `confirmDrop is ${confirmDrop}, but the database is ${name}: nothing was dropped`,
    );
}

/**
 * Drops executions only where the database is named, whatever the environment.
 *
 * @throws OpsDbError `drop_refused` when there are executions
 */
export async function assertNoExecutions(dataSource: DataSource, runner?: QueryRunner): Promise<void> {
  const { own } = await readOwnership(dataSource, runner);
  if (!own.has(EXECUTIONS)) return;
  const [found] = await dataSource.query(`SELECT 1 FROM "${EXECUTIONS}" LIMIT 1`, [], runner);
  if (!found) return;
  const name = String(dataSource.options.database);
  throw new OpsDbError(
    'drop_refused',
    `the database ${name} has executions, which cannot be made again: ${toConfirm(name)}`,
  );
}

const EXECUTIONS = 'executed_obs_unit';

function toConfirm(name: string): string {
  return `nothing was dropped. To drop tables with all their rows, pass the name of the database, ${name}, as confirmDrop (--confirm-drop)`;
}

/**
 * Drops the views, tables and enum types of this package, and nothing else, within the transaction of the query runner.
 *
 * @param isConfirmed whether executions may go, too
 * @throws OpsDbError `drop_refused` when something else depends on them, when another program has objects under their
 *   names, and when there are executions
 */
export async function dropOwnTables(
  dataSource: DataSource,
  runner: QueryRunner,
  isConfirmed: boolean,
): Promise<void> {
  await assertNothingForeign(dataSource, 'nothing was dropped', { runner, code: 'drop_refused' });
  if (!isConfirmed) await assertNoExecutions(dataSource, runner);
  const tables = ownTables(dataSource);
  const { schema } = dataSource.driver;
  const path = (name: string) => (schema ? `"${schema}"."${name}"` : `"${name}"`);
  await dropViews(runner, path);
  if (dialectOf(dataSource).hasServer) await dropOnPostgresql(runner, tables, path);
  else await dropOnSqlite(runner, tables);
}

async function dropOnPostgresql(
  runner: QueryRunner,
  tables: EntityMetadata[],
  path: (name: string) => string,
): Promise<void> {
  const enums = tables.flatMap((table) =>
    table.columns
      .filter((column) => column.enum)
      .map((column) => column.enumName ?? `${table.tableName}_${column.databaseName}_enum`),
  );
  const types = [...new Set(enums)];
  const names = [...tables.map(({ tableName }) => tableName), MIGRATION_TABLE];
  try {
    await runner.query(`DROP TABLE IF EXISTS ${names.map(path).join(', ')}`);
    const functions = triggerFunctions.map(path);
    await runner.query(`DROP FUNCTION IF EXISTS ${functions.join(', ')}`);
    if (types.length > 0) await runner.query(`DROP TYPE IF EXISTS ${types.map(path).join(', ')}`);
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
