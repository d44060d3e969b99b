/** Migrations as a script for psql, which does what `migrate` does: lock, transactions, timeouts and notes. */
import type { DataSource, Migration } from 'typeorm';
import { MIGRATION_TABLE } from '../own-tables.js';
import { ModelDataSource } from '../typeorm/model-data-source.js';

const LOCK_TIMEOUT = `SET LOCAL lock_timeout = '5s'`;
const LOCK = `hashtext('ccat-ops-db schema')`;

/** What comes before the first migration. */
export function beginOfScript(dataSource: DataSource): string[] {
  const schema = dataSource instanceof ModelDataSource ? dataSource.handle.schema : undefined;
  return [
    ...(schema ? [`CREATE SCHEMA IF NOT EXISTS "${schema}"`, `SET search_path TO "${schema}"`] : []),
    'SET statement_timeout = 0',
    `SELECT pg_advisory_lock(${LOCK})`,
    `CREATE TABLE IF NOT EXISTS "${MIGRATION_TABLE}" ("id" SERIAL NOT NULL CONSTRAINT "pk_${MIGRATION_TABLE}" PRIMARY KEY, ` +
      '"timestamp" bigint NOT NULL, "name" character varying NOT NULL)',
  ];
}

/** What comes after the last one. */
export const END_OF_SCRIPT: readonly string[] = [`SELECT pg_advisory_unlock(${LOCK})`];

/** The statements of a migration within its transaction; the script stops where the database has it already. */
export function scriptOf({ name, timestamp, instance }: Migration, statements: readonly string[]): string[] {
  const note = `INSERT INTO "${MIGRATION_TABLE}" ("timestamp", "name") VALUES (${timestamp}, '${name}')`;
  const refuse =
    `DO $check$ BEGIN IF EXISTS (SELECT 1 FROM "${MIGRATION_TABLE}" WHERE "name" = '${name}') THEN ` +
    `RAISE EXCEPTION '${name} was applied since this script was made: make it anew'; END IF; END $check$`;
  const head = `-- ${name}\n${refuse}`;
  return instance?.transaction === false
    ? [head, ...statements, note]
    : ['BEGIN', LOCK_TIMEOUT, head, ...statements, note, 'COMMIT'];
}

/** A statement with its parameters written out. */
export function withValues(statement: string, parameters: readonly unknown[]): string {
  return statement.replace(/\$(\d+)/g, (placeholder, position) =>
    Number(position) <= parameters.length ? literal(parameters[Number(position) - 1]) : placeholder,
  );
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text =
    value instanceof Date
      ? value.toISOString()
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value);
  // Whatever standard_conforming_strings says.
  return `${text.includes('\\') ? ' E' : ''}'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
