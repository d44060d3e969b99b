import { type DataSource, MigrationExecutor, type MigrationInterface, type QueryRunner } from 'typeorm';
import { migrations } from '../../../migrations/index.js';
import { OpsDbError } from '../../errors.js';
import { MIGRATION_TABLE } from '../own-tables.js';

/** The migrations of this package, the oldest first, whatever a service has beside them. */
export function ownMigrations(dataSource: DataSource): readonly MigrationInterface[] {
  return hasOwn(dataSource) ? dataSource.migrations : migrations.map((Migration) => new Migration());
}

/** TypeORM's executor for the migrations of this package and their table. */
export function executorOfOwn(dataSource: DataSource, runner?: QueryRunner): MigrationExecutor {
  if (hasOwn(dataSource)) return new MigrationExecutor(dataSource, runner);
  const options = { ...dataSource.options, migrationsTableName: MIGRATION_TABLE };
  const own = Object.create(dataSource, {
    options: { value: options },
    migrations: { value: ownMigrations(dataSource) },
  });
  return new MigrationExecutor(own, runner);
}

/**
 * Refuses migrations of a service that would be noted among those of this package: `opsdb` would take the database for one of a
 * later version.
 * @throws OpsDbError `settings_invalid`
 */
export function assertApart({
  migrations: given = [],
  migrationsTableName,
}: Pick<DataSource['options'], 'migrations' | 'migrationsTableName'>): void {
  const own = new Set<unknown>(migrations);
  const isForOwn = migrationsTableName === MIGRATION_TABLE;
  if (Object.values(given).every((each) => own.has(each) === isForOwn)) return;
  throw new OpsDbError(
    'settings_invalid',
    `the migrations of a service stand beside those of ccat-ops-db, which are noted in ${MIGRATION_TABLE}: give migrationsTableName, ` +
      'too, with the name of a table for them, and leave out those of dataSourceOptions',
  );
}

/** Whether the data source has the migrations of this package for its own; otherwise they are those of a service. */
function hasOwn({ options }: DataSource): boolean {
  return options.migrationsTableName === MIGRATION_TABLE;
}
