/**
 * When a row was changed last is kept by the database, whoever changes it. A statement that gives `updated_at` a new value keeps
 * it: TypeORM does, and an import may.
 */
import type { DataSource } from 'typeorm';
import { ownTables } from './own-tables.js';

/** Bodies of functions in PL/pgSQL, by name. */
export const UPDATE_FUNCTIONS: Readonly<Record<string, string>> = {
  ccat_ops_db_note_update: `
BEGIN
  NEW.updated_at := pg_catalog.statement_timestamp();
  RETURN NEW;
END`,
};

/** The triggers on PostgreSQL. */
export function updateTriggers(dataSource: DataSource) {
  return tablesOf(dataSource).map((table) => ({
    name: nameOf(table),
    table,
    event: `BEFORE UPDATE ON "${table}" FOR EACH ROW WHEN (NEW."updated_at" IS NOT DISTINCT FROM OLD."updated_at")`,
    function: 'ccat_ops_db_note_update',
  }));
}

/** Columns that triggers of SQLite fill in by an update of their own, after the row was written. */
const FILLED_IN: Readonly<Record<string, readonly string[]>> = {
  source: ['sky_cell'],
  executed_obs_unit: ['sky_cell', 'telescope_id', 'instrument_id'],
  pre_scheduled_slot: ['telescope_id', 'instrument_id'],
};

/** Statements that make the triggers of SQLite, by the name of the trigger. */
export function updateTriggersOnSqlite(dataSource: DataSource): Readonly<Record<string, string>> {
  const entries = tablesOf(dataSource).map((table) => [
    nameOf(table),
    `AFTER UPDATE${ofColumns(dataSource, table)} ON "${table}" WHEN NEW."updated_at" IS OLD."updated_at" BEGIN
  UPDATE "${table}" SET "updated_at" = strftime('%Y-%m-%d %H:%M:%f','now') WHERE rowid = NEW.rowid;
END`,
  ]);
  return Object.fromEntries(entries);
}

/** Only what others write: a row that is inserted keeps the time that it was given. */
function ofColumns(dataSource: DataSource, table: string): string {
  const filledIn = FILLED_IN[table];
  if (!filledIn) return '';
  const columns = ownTables(dataSource).find(({ tableName }) => tableName === table)?.columns ?? [];
  const written = columns.map(({ databaseName }) => databaseName).filter((name) => !filledIn.includes(name));
  return ` OF ${[...new Set(written)].map((name) => `"${name}"`).join(', ')}`;
}

function tablesOf(dataSource: DataSource): string[] {
  return ownTables(dataSource)
    .filter(({ updateDateColumn }) => updateDateColumn)
    .map(({ tableName }) => tableName);
}

function nameOf(table: string): string {
  return `tr_${table}__updated`;
}
