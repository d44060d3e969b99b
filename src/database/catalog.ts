import type { DataSource, QueryRunner } from 'typeorm';
import { dialectOf, onDialect } from './dialect.js';
import { ownTables } from './own-tables.js';
import { Statement } from './statement.js';
import type { BoundStatement } from './together.js';

/** A column of the database. */
export interface CatalogColumn {
  /** The type in the database's own spelling, `enum` for an enum. */
  readonly type: string;
  readonly nullable: boolean;
  /** The values of an enum; null for other types. */
  readonly values: readonly string[] | null;
}

/** The columns by table name and column name. */
export type Catalog = ReadonlyMap<string, ReadonlyMap<string, CatalogColumn>>;

interface Row {
  table: string;
  column: string;
  type: string;
  nullable: boolean | number;
  values: string[] | null;
  sql?: string;
}

const POSTGRESQL = `
  SELECT c.relname AS "table", a.attname AS "column", NOT a.attnotnull AS "nullable", e.values,
    format_type(a.atttypid, a.atttypmod) AS "type"
  FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN LATERAL (SELECT json_agg(enumlabel ORDER BY enumsortorder) AS values FROM pg_enum WHERE enumtypid = a.atttypid) e ON true
  WHERE c.relnamespace = to_regnamespace(quote_ident(current_schema()))
    AND c.relkind IN ('r', 'p') AND c.relname = ANY ($1)`;

const SQLITE = `
  SELECT m.name AS "table", c.name AS "column", lower(c.type) AS "type", c."notnull" = 0 AS "nullable",
    CASE WHEN lower(c.type) = 'varchar' THEN m.sql END AS "sql"
  FROM sqlite_master m, pragma_table_xinfo(m.name) c
  WHERE m.type = 'table' AND m.name IN (SELECT value FROM json_each(?))`;

/** Reads the columns of the existing tables of the model in one query. */
export async function readCatalog(dataSource: DataSource, runner?: QueryRunner): Promise<Catalog> {
  const names = ownTables(dataSource).map(({ tableName }) => tableName);
  const query = onDialect(dataSource, { postgresql: POSTGRESQL, sqlite: SQLITE });
  const rows: Row[] = await dataSource.query(query, [dialectOf(dataSource).listParameter(names)], runner);
  return catalogOfRows(rows);
}

function catalogOfRows(rows: readonly Row[]): Catalog {
  const catalog = new Map<string, Map<string, CatalogColumn>>();
  for (const { table, column, type, nullable, values, sql } of rows) {
    const columns = catalog.get(table) ?? new Map<string, CatalogColumn>();
    const listed = values ?? (sql ? checkedValues(sql, column) : null);
    columns.set(column, { type: listed ? 'enum' : type, nullable: Boolean(nullable), values: listed });
    catalog.set(table, columns);
  }
  return catalog;
}

/** The statement of {@link readCatalog} on PostgreSQL, to be sent together with others. */
export function catalogStatement(dataSource: DataSource): BoundStatement {
  return [new Statement(POSTGRESQL, false), [ownTables(dataSource).map(({ tableName }) => tableName)]];
}

/** The catalog of the rows of {@link catalogStatement}. */
export function catalogOf(rows: readonly (readonly unknown[])[]): Catalog {
  return catalogOfRows(
    rows.map(([table, column, nullable, values, type]) => ({ table, column, nullable, values, type }) as Row),
  );
}

/** The values that TypeORM's check of an enum column allows: `CHECK( "kind" IN ('a','b') )`. */
function checkedValues(sql: string, column: string): string[] | null {
  const [, list] = new RegExp(`CHECK\\(\\s*"${column}" IN \\(([^)]*)\\)`).exec(sql) ?? [];
  return list?.split(',').map((value) => value.trim().slice(1, -1)) ?? null;
}
