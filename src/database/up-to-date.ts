import type { DataSource } from 'typeorm';
import { catalogOf, catalogStatement } from './catalog.js';
import { dialectOf } from './dialect.js';
import { knownMigrations } from './migration-engine/notes.js';
import { misfits } from './misfits.js';
import { MIGRATION_TABLE, ownTables } from './own-tables.js';
import { withRunner } from './read-runner.js';
import { Statement } from './statement.js';
import { together } from './together.js';
import { missingAmong, viewsStatement } from './views.js';

const UNDEFINED_TABLE = '42P01';

/**
 * Whether a PostgreSQL database has all tables, views and migrations of this version and no others, asked in one round
 * trip. Otherwise, or on another kind of database, the caller looks in detail.
 */
export async function isUpToDate(dataSource: DataSource): Promise<boolean> {
  if (!dialectOf(dataSource).hasServer) return false;
  const migrations = new Statement(`SELECT name FROM ${dataSource.driver.escape(MIGRATION_TABLE)}`, false);
  const steps = [catalogStatement(dataSource), viewsStatement(), [migrations, []] as const];
  try {
    const [columns = [], views = [], applied = []] = await withRunner(dataSource.manager, (runner) =>
      together(runner, steps),
    );
    const catalog = catalogOf(columns);
    const known = new Set(knownMigrations(dataSource));
    return (
      applied.length === known.size &&
      applied.every(([name]) => known.has(String(name))) &&
      missingAmong(views.map(([name]) => name)).length === 0 &&
      ownTables(dataSource).every((metadata) => misfits(dataSource, metadata, catalog).length === 0)
    );
  } catch (error) {
    const { code } = ((error as { driverError?: unknown }).driverError ?? error) as { code?: string };
    if (code === UNDEFINED_TABLE) return false;
    throw error;
  }
}
