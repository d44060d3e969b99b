import { type DataSource, type QueryRunner, Table } from 'typeorm';
import { OpsDbError, type OpsDbErrorCode } from '../errors.js';
import { views } from '../views/index.js';
import { dialectOf, onDialect } from './dialect.js';
import { knownMigrations, notedMigrations } from './migration-engine/notes.js';
import { ownTables } from './own-tables.js';

/** The objects of a database that have a name of the model. */
export interface Ownership {
  /** Tables of this package. */
  readonly own: ReadonlySet<string>;
  /** Objects of another program, each with its kind, such as `table user`. */
  readonly foreign: readonly string[];
}

interface Found {
  readonly name: string;
  readonly kind: string;
  /** Whether it has a constraint that is named by the rule of this package: kind, table, two underscores, columns. */
  readonly marked: boolean | number;
}

const POSTGRESQL = `
  SELECT relname AS name,
    CASE WHEN relkind IN ('r', 'p') THEN 'table' WHEN relkind = 'v' THEN 'view' WHEN relkind IN ('i', 'I') THEN 'index' ELSE 'object' END AS kind,
    EXISTS (SELECT FROM pg_constraint WHERE conrelid = pg_class.oid AND strpos(conname, '_' || relname || '__') = 3) AS marked
  FROM pg_class
  WHERE relnamespace = to_regnamespace(quote_ident(current_schema())) AND relname = ANY ($1)
  UNION ALL
  SELECT typname, 'type', false
  FROM pg_type
  WHERE typnamespace = to_regnamespace(quote_ident(current_schema())) AND typname = ANY ($1) AND typtype IN ('e', 'd', 'b', 'r')
    AND typelem = 0
  ORDER BY 2, 1`;

const SQLITE = `
  SELECT name, type AS kind, type = 'table' AND instr(sql, '_' || name || '__') > 0 AS marked
  FROM sqlite_master WHERE name IN (SELECT value FROM json_each(?)) ORDER BY 2, 1`;

/**
 * Tells the objects of this package from those of another program that have the same names. A table is this package's when it has
 * constraints named by its rule, or when the database has its notes of migrations up to this version.
 */
export async function readOwnership(dataSource: DataSource, runner?: QueryRunner): Promise<Ownership> {
  const names = namesOf(dataSource);
  const found: Found[] = dialectOf(dataSource).hasServer
    ? await dataSource.query(POSTGRESQL, [[...names.tables, ...names.others]], runner)
    : await dataSource.query(SQLITE, [JSON.stringify([...names.tables, ...names.others])], runner);
  const applied = await notedMigrations(dataSource, runner);
  // Tables that a database of an earlier revision has already are not those that its migrations would make.
  const isComplete =
    applied.length > 0 && knownMigrations(dataSource).every((name) => applied.includes(name));
  const isOwn = ({ name, kind, marked }: Found) =>
    names.tables.has(name) && kind === 'table' && (isComplete || Boolean(marked));
  const own = new Set(found.filter(isOwn).map(({ name }) => name));
  const hasOwn = own.size > 0 || applied.length > 0;
  const isForeign = (object: Found) => (names.tables.has(object.name) ? !isOwn(object) : !hasOwn);
  return { own, foreign: found.filter(isForeign).map(({ kind, name }) => `${kind} ${name}`) };
}

/** Names of tables, and of what they bring with them: views, enum types, indexes. */
function namesOf(dataSource: DataSource) {
  const tables = ownTables(dataSource);
  const details = tables.flatMap((metadata) => {
    const { name, columns, indices, uniques } = Table.create(metadata, dataSource.driver);
    const enums = columns.filter((column) => column.enum).map((column) => `${name}_${column.name}_enum`);
    return [...enums, ...[...indices, ...uniques].map((object) => object.name ?? '')];
  });
  return {
    tables: new Set(tables.map(({ tableName }) => tableName)),
    others: new Set([...views.map(({ name }) => name), ...details]),
  };
}

/**
 * Refuses a database where another program has objects under names of the model.
 * @param consequence what was not done, such as "nothing was created or altered"
 * @throws OpsDbError with the code
 */
export async function assertNothingForeign(
  dataSource: DataSource,
  consequence: string,
  {
    runner,
    code = 'schema_mismatch',
  }: { readonly runner?: QueryRunner; readonly code?: OpsDbErrorCode } = {},
): Promise<void> {
  const { foreign } = await readOwnership(dataSource, runner);
  if (foreign.length === 0) return;
  const shown = foreign.slice(0, SHOWN).join(', ');
  const more = foreign.length > SHOWN ? ` and ${foreign.length - SHOWN} more` : '';
  throw new OpsDbError(
    code,
    `the database ${dataSource.options.database} has objects of another program under names that ccat-ops-db needs (${shown}${more}): ` +
      `${consequence}. ${onDialect(dataSource, ADVICE)}`,
  );
}

const SHOWN = 5;

const ADVICE = {
  postgresql:
    'Give this package a schema of its own, with database_postgresql_schema (CCAT_OPS_DB_DATABASE_POSTGRESQL_SCHEMA), or a database ' +
    'of its own, with database_postgresql_database (CCAT_OPS_DB_DATABASE_POSTGRESQL_DATABASE)',
  sqlite:
    'Give this package a file of its own, with database_sqlite_database (CCAT_OPS_DB_DATABASE_SQLITE_DATABASE)',
};
