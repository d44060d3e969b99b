import { randomUUID } from 'node:crypto';
import type { DataSource, QueryRunner } from 'typeorm';
import { ModelDataSource } from '../database/model-data-source.js';
import { ownTables } from '../database/own-tables.js';
import { views } from '../views/index.js';

/** One object of the schema that is not as the entities say. */
export interface Drift {
  /** `missing`: the entities have it, the database has not; `unexpected`: the other way round. */
  readonly kind: 'missing' | 'unexpected';
  /** The object with its definition, such as `column obs_unit.name text not null`. */
  readonly object: string;
}

const LISTING = `
  WITH own AS (
    SELECT oid, relname, relkind FROM pg_class
    WHERE relnamespace = to_regnamespace($1) AND relkind IN ('r', 'p', 'v') AND relname = ANY ($2)
  )
  SELECT CASE relkind WHEN 'v' THEN 'view ' ELSE 'table ' END || relname || coalesce(' comment ' || obj_description(oid, 'pg_class'), '') AS object FROM own
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
  SELECT DISTINCT 'enum ' || typname || ' ' || (
    SELECT string_agg(enumlabel, ', ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = pg_type.oid
  )
  FROM own JOIN pg_attribute ON attrelid = own.oid JOIN pg_type ON pg_type.oid = atttypid AND typtype = 'e'
  ORDER BY 1`;

/**
 * Everything that the tables of this package consist of in a schema of PostgreSQL: columns with types, defaults and
 * comments, constraints, indexes, enums; one line each, sorted, so that two listings can be compared.
 */
export async function listSchema(
  dataSource: DataSource,
  runner: QueryRunner,
  schema: string,
): Promise<string[]> {
  const names = [
    ...ownTables(dataSource).map(({ tableName }) => tableName),
    ...views.map(({ name }) => name),
  ];
  await runner.startTransaction();
  try {
    // Names are printed as they read from within the schema, so that those of two schemas are the same.
    await runner.query(`SELECT set_config('search_path', quote_ident($1), true)`, [schema]);
    const rows: { object: string }[] = await runner.query(LISTING, [schema, names]);
    return rows.map(({ object }) => object);
  } finally {
    await runner.rollbackTransaction();
  }
}

/**
 * Compares the schema of a PostgreSQL database with what the entities of this version ask for, in every detail. For that it
 * builds the schema that should be in a schema of its own within the database, which it drops again; the role must
 * be allowed to create one.
 * @returns what differs; empty when nothing does
 */
export async function schemaDrift(dataSource: DataSource): Promise<Drift[]> {
  const reference = `ccat_ops_db_reference_${randomUUID().slice(0, 8)}`;
  const runner = dataSource.createQueryRunner();
  try {
    const [{ schema }] = await runner.query('SELECT current_schema() AS schema');
    await runner.query(`CREATE SCHEMA "${reference}"`);
    const present = await listSchema(dataSource, runner, schema);
    const wanted = await listReference(dataSource, runner, reference);
    return [
      ...wanted
        .filter((object) => !present.includes(object))
        .map((object) => ({ kind: 'missing' as const, object })),
      ...present
        .filter((object) => !wanted.includes(object))
        .map((object) => ({ kind: 'unexpected' as const, object })),
    ];
  } finally {
    await runner.query(`DROP SCHEMA IF EXISTS "${reference}" CASCADE`);
    await runner.release();
  }
}

async function listReference(dataSource: DataSource, runner: QueryRunner, schema: string): Promise<string[]> {
  const options = { ...dataSource.options, schema } as DataSource['options'];
  const reference = await new ModelDataSource(options).initialize();
  try {
    await reference.synchronize();
    return await listSchema(dataSource, runner, schema);
  } finally {
    await reference.destroy();
  }
}
