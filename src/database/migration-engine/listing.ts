import type { DataSource, QueryRunner } from 'typeorm';
import { views } from '../../views/index.js';
import { ownTables } from '../own-tables.js';

const POSTGRESQL = `
  WITH own AS (
    SELECT oid, relname, relkind FROM pg_class
    WHERE relnamespace = to_regnamespace(quote_ident($1)) AND relkind IN ('r', 'p', 'v') AND relname = ANY ($2)
  )
  SELECT CASE relkind WHEN 'v' THEN 'view ' ELSE 'table ' END || relname
    || coalesce(' comment ' || obj_description(oid, 'pg_class'), '') AS object
  FROM own
  UNION ALL
  SELECT 'column ' || relname || '.' || attname || ' ' || format_type(atttypid, atttypmod)
    || CASE WHEN attnotnull THEN ' not null' ELSE '' END
    || coalesce(' default ' || pg_get_expr(adbin, adrelid), '')
    || coalesce(' comment ' || col_description(own.oid, attnum), '')
  FROM own JOIN pg_attribute ON attrelid = own.oid AND attnum > 0 AND NOT attisdropped
  LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
  UNION ALL
  SELECT 'definition of ' || relname || ' ' || pg_get_viewdef(oid) FROM own WHERE relkind = 'v'
  UNION ALL
  SELECT 'constraint ' || relname || '.' || conname || ' ' || pg_get_constraintdef(pg_constraint.oid, true)
  FROM own JOIN pg_constraint ON conrelid = own.oid
  UNION ALL
  SELECT 'index ' || relname || ' ' || pg_get_indexdef(indexrelid, 0, true)
    || CASE WHEN indisvalid THEN '' ELSE ' invalid' END
  FROM own JOIN pg_index ON indrelid = own.oid
  UNION ALL
  SELECT 'trigger ' || relname || ' ' || pg_get_triggerdef(pg_trigger.oid, true)
    || CASE WHEN tgenabled = 'D' THEN ' disabled' ELSE '' END
  FROM own JOIN pg_trigger ON tgrelid = own.oid AND NOT tgisinternal
  UNION ALL
  SELECT DISTINCT 'function ' || proname || ' ' || prosrc
  FROM own JOIN pg_trigger ON tgrelid = own.oid AND NOT tgisinternal JOIN pg_proc ON pg_proc.oid = tgfoid
  UNION ALL
  SELECT DISTINCT 'enum ' || typname || ' ' || (
    SELECT string_agg(enumlabel, ', ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = pg_type.oid
  )
  FROM own JOIN pg_attribute ON attrelid = own.oid JOIN pg_type ON pg_type.oid = atttypid AND typtype = 'e'
  ORDER BY 1`;

/** SQLite stores the CREATE statements of tables, indexes, views and triggers as text. */
const SQLITE = `
  SELECT type, tbl_name AS "table", sql FROM sqlite_master
  WHERE type IN ('table', 'index', 'view', 'trigger') AND sql IS NOT NULL AND tbl_name IN (SELECT value FROM json_each(?))`;

/**
 * Everything that the tables and views of this package consist of in a schema of PostgreSQL: columns with types, defaults and
 * comments, constraints, indexes, triggers, enums; one line each, sorted, so that two listings can be compared.
 */
export async function listSchema(
  dataSource: DataSource,
  runner: QueryRunner,
  schema: string,
): Promise<string[]> {
  await runner.startTransaction();
  try {
    return await listWithin(dataSource, runner, schema);
  } finally {
    await runner.rollbackTransaction();
  }
}

/** The same within a transaction of the caller, whose `search_path` leads to the schema afterwards. */
export async function listWithin(
  dataSource: DataSource,
  runner: QueryRunner,
  schema: string,
): Promise<string[]> {
  // Names are printed as they read from within the schema, so that those of two schemas are the same.
  await runner.query(`SELECT set_config('search_path', quote_ident($1), true)`, [schema]);
  const rows: { object: string }[] = await runner.query(POSTGRESQL, [schema, namesOf(dataSource)]);
  return rows.map(({ object }) => object);
}

/** The same of a SQLite database. */
export async function listSqlite(dataSource: DataSource): Promise<string[]> {
  const names = JSON.stringify(namesOf(dataSource));
  const rows: { type: string; table: string; sql: string }[] = await dataSource.query(SQLITE, [names]);
  const lines = rows.flatMap(({ type, table, sql }) =>
    type !== 'table'
      ? [`${type} ${table} ${sql}`]
      : [`table ${table}`, ...definitionsIn(sql).map((definition) => `${table}: ${definition}`)],
  );
  return lines.sort();
}

function namesOf(dataSource: DataSource): string[] {
  return [...ownTables(dataSource).map(({ tableName }) => tableName), ...views.map(({ name }) => name)];
}

/** The comma-separated parts of CREATE TABLE: columns and constraints. */
function definitionsIn(sql: string): string[] {
  const definitions: string[] = [];
  let [depth, start] = [0, 0];
  // Quoted texts are one token, so that brackets and commas in them do not count.
  for (const { 0: piece, index } of sql.matchAll(/'[^']*'|"[^"]*"|[(),]/g)) {
    if (piece === '(' && ++depth === 1) start = index + 1;
    if ((piece === ',' && depth === 1) || (piece === ')' && --depth === 0)) {
      definitions.push(sql.slice(start, index).trim());
      start = index + 1;
    }
  }
  return definitions;
}
