import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { MigrationExecutor } from 'typeorm/migration/MigrationExecutor.js';

/** The migrations of this version, the oldest first. */
export function knownMigrations(dataSource: DataSource): string[] {
  return dataSource.migrations.map(migrationName);
}

/** The name that the database notes a migration under: that of its class. */
export function migrationName(migration: MigrationInterface): string {
  return migration.name ?? migration.constructor.name;
}

/** The migrations that the database has, the oldest first. */
export async function notedMigrations(dataSource: DataSource, runner?: QueryRunner): Promise<string[]> {
  const executed = await new MigrationExecutor(dataSource, runner).getExecutedMigrations();
  return executed.sort((a, b) => a.timestamp - b.timestamp).map(({ name }) => name);
}
