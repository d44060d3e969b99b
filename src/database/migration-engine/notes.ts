import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { executorOfOwn, ownMigrations } from './own-migrations.js';

/** The migrations of this version, the oldest first. */
export function knownMigrations(dataSource: DataSource): string[] {
  return ownMigrations(dataSource).map(migrationName);
}

/** The name that the database notes a migration under: that of its class. */
export function migrationName(migration: MigrationInterface): string {
  return migration.name ?? migration.constructor.name;
}

/** The migrations that the database has, the oldest first. */
export async function notedMigrations(dataSource: DataSource, runner?: QueryRunner): Promise<string[]> {
  const executed = await executorOfOwn(dataSource, runner).getExecutedMigrations();
  return executed.sort((a, b) => a.timestamp - b.timestamp).map(({ name }) => name);
}
