/** TypeORM's own calls for migrations, which its command `typeorm migration:run` and `migrationsRun: true` make. */
import { type DataSource, type Migration, MigrationExecutor } from 'typeorm';
import { dialectOf } from '../dialect.js';
import { withSchemaLock } from '../migration-engine/schema-lock.js';

/** Whether a migration is a transaction; one that builds an index concurrently cannot be. */
export type TransactionOfMigration = 'each' | 'none';

/** Runs migrations while no other process of this package changes the schema. */
export function runLocked(dataSource: DataSource, run: () => Promise<Migration[]>): Promise<Migration[]> {
  return dialectOf(dataSource).hasServer ? withSchemaLock(dataSource, run) : run();
}

/** Takes the newest migration back in the way that it was run. */
export async function undoLocked(
  dataSource: DataSource,
  undo: (transaction: TransactionOfMigration) => Promise<void>,
): Promise<void> {
  if (!dialectOf(dataSource).hasServer) return undo('each');
  await withSchemaLock(dataSource, async (runner) => {
    const executed = await new MigrationExecutor(dataSource, runner).getExecutedMigrations();
    const [last] = executed.sort((one, other) => other.timestamp - one.timestamp);
    const migration = dataSource.migrations.find(
      (known) => (known.name ?? known.constructor.name) === last?.name,
    );
    return undo(migration?.transaction === false ? 'none' : 'each');
  });
}
