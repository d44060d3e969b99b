import type { DataSource, EntityManager } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import { MIGRATION_TABLE } from '../../database/own-tables.js';
import { assertNothingForeign } from '../../database/ownership.js';
import { OpsDbError } from '../../errors.js';
import { excessRights, type SecretColumn } from './excess-rights.js';

/** Options of {@link grantRead}. */
export interface GrantReadOptions {
  /** Creates the role, which may log in but has no password yet, where it is not there. */
  readonly create?: boolean;
  /** Changes nothing, and says what would be done. */
  readonly dryRun?: boolean;
}

/** Result of {@link grantRead}. */
export interface GrantedRead {
  /** The role that may read now. */
  readonly role: string;
  /** Whether the role was not there before. */
  readonly created: boolean;
  /** Whether nothing was changed. */
  readonly dryRun: boolean;
  /** The SQL, in its order. */
  readonly statements: readonly string[];
}

/**
 * Lets a role of PostgreSQL read every table and view of this package but the hashes of tokens, and nothing else. Call
 * it again after a migration: tables and columns that a migration adds are not granted by default, since they may hold
 * a secret.
 *
 * @param dataSource of the owner of the tables
 * @param role its name; it must be there unless `create` says so
 * @throws OpsDbError `grant_refused` when the role is not there, when it could do more than read, by itself or as any
 *   role that it can become, or when the login may not grant; nothing is granted then. `schema_mismatch` when the
 *   tables are not there; `database_unsupported` on SQLite
 *
 * @example
 * import { initCcatOpsDb } from 'ccat-ops-db';
 * import { grantRead } from 'ccat-ops-db/grant-read';
 *
 * const { dataSource } = await initCcatOpsDb();
 * // Without dryRun the role is there afterwards, and may read.
 * const begins = await grantRead(dataSource, 'night_dashboard', { create: true, dryRun: true }).then(
 *   ({ statements }) => statements[0],
 *   ({ code }) => code,
 * );
 * const onServer = dataSource.options.type === 'postgres';
 * console.log(begins === (onServer ? 'CREATE ROLE night_dashboard LOGIN' : 'database_unsupported')); // true
 * await dataSource.destroy();
 */
export async function grantRead(
  dataSource: DataSource,
  role: string,
  options: GrantReadOptions = {},
): Promise<GrantedRead> {
  if (!dialectOf(dataSource).hasServer)
    throw new OpsDbError(
      'database_unsupported',
      'SQLite has no roles: who may read its file reads all of it, hashes of tokens included. Set ' +
        'CCAT_OPS_DB_DATABASE_TYPE to postgresql, or give a dashboard a copy of the file without the table api_token',
    );
  return dataSource.transaction((manager) => grantReadWithin(manager, role, options));
}

/** @param manager of a transaction, which is to be rolled back when this throws */
export async function grantReadWithin(
  manager: EntityManager,
  role: string,
  { create = false, dryRun = false }: GrantReadOptions = {},
): Promise<GrantedRead> {
  const created = !(await isRole(manager, role));
  if (created && !create)
    throw new OpsDbError(
      'grant_refused',
      `there is no role ${role}: create it (--create, or CREATE ROLE as an administrator), or name another`,
    );
  await assertNothingForeign(manager.dataSource, 'nothing was granted', { runner: manager.queryRunner });
  const statements = await statementsFor(manager, role, created);
  if (!dryRun) for (const statement of statements) await manager.query(statement).catch(refused);
  await assertReadsOnly(manager, role, !dryRun);
  return { role, created, dryRun, statements };
}

async function isRole(manager: EntityManager, role: string): Promise<boolean> {
  const rows = await manager.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  return rows.length > 0;
}

interface Readable {
  readonly name: string;
  /** The columns that may be read, where some may not. */
  readonly columns?: readonly string[];
}

/** The tables, junction tables and views of the model, and the one that says of which revision they are. */
function readables({ dataSource }: EntityManager): Readable[] {
  const own = dataSource.entityMetadatas
    .filter(({ tableType }) => tableType !== 'entity-child')
    .map(({ tableName, columns }) => {
      const open = columns.filter(({ isSelect }) => isSelect).map(({ databaseName }) => databaseName);
      return open.length < columns.length ? { name: tableName, columns: open } : { name: tableName };
    });
  return [...own, { name: MIGRATION_TABLE }];
}

async function statementsFor(manager: EntityManager, role: string, isNew: boolean): Promise<string[]> {
  const found = readables(manager);
  const [{ to, database, schema, missing }] = await manager.query(
    `SELECT quote_ident($1) AS "to", quote_ident(current_database()) AS database, quote_ident(current_schema()) AS schema,
       (SELECT string_agg(name, ', ') FROM unnest($2::text[]) AS name WHERE to_regclass(quote_ident(name)) IS NULL) AS missing`,
    [role, found.map(({ name }) => name)],
  );
  if (missing)
    throw new OpsDbError(
      'schema_mismatch',
      `the database lacks ${missing}: run opsdb migrate first, or opsdb init on an empty database`,
    );
  return [
    ...(isNew ? [`CREATE ROLE ${to} LOGIN`] : []),
    `GRANT CONNECT ON DATABASE ${database} TO ${to}`,
    `GRANT USAGE ON SCHEMA ${schema} TO ${to}`,
    ...found.flatMap(({ name, columns }) => {
      const table = `${schema}."${name}"`;
      if (!columns) return [`GRANT SELECT ON ${table} TO ${to}`];
      const list = columns.map((column) => `"${column}"`).join(', ');
      return [`REVOKE SELECT ON ${table} FROM ${to}`, `GRANT SELECT (${list}) ON ${table} TO ${to}`];
    }),
  ];
}

/**
 * @param replaced whether rights count that the statements take away from the role itself, before these are run
 */
async function assertReadsOnly(manager: EntityManager, role: string, replaced: boolean): Promise<void> {
  const [{ schema }] = await manager.query('SELECT current_schema() AS schema');
  const relations = readables(manager).map(({ name }) => name);
  const found = await excessRights(manager, { role, schema, relations, secrets: secretColumns(manager) });
  const rights = found.filter(({ isReplaced }) => replaced || !isReplaced).map(({ right }) => right);
  if (rights.length === 0) return;
  const some = rights.slice(0, SHOWN).join(', ');
  const more = rights.length > SHOWN ? `, and ${rights.length - SHOWN} more` : '';
  throw new OpsDbError(
    'grant_refused',
    `nothing was granted, since the role ${role} may ${some}${more}: take that back (REVOKE, ALTER ROLE), or choose a role ` +
      'that owns nothing, is a member of no role and has no rights but to log in',
  );
}

function secretColumns({ dataSource }: EntityManager): SecretColumn[] {
  return dataSource.entityMetadatas.flatMap(({ tableName, columns }) =>
    columns
      .filter(({ isSelect }) => !isSelect)
      .map(({ databaseName }) => ({ table: tableName, column: databaseName })),
  );
}

const SHOWN = 3;

function refused(cause: { code?: string; message: string }): never {
  if (cause.code !== '42501') throw cause;
  throw new OpsDbError(
    'grant_refused',
    `the login may not do that (${cause.message}): use that of the owner of the tables, and for --create one that may ` +
      'create roles (database_postgresql_user, CCAT_OPS_DB_DATABASE_POSTGRESQL_USER)',
    { cause },
  );
}
