import type { DataSource, Migration, MigrationInterface, QueryRunner } from 'typeorm';
import { MigrationExecutor } from 'typeorm/migration/MigrationExecutor.js';
import { OpsDbError } from '../errors.js';
import { assertMigratable } from './guards.js';
import { migrationName } from './revision.js';
import { withSchemaLock } from './schema-lock.js';

/** What was done, or is to be done, for one migration. */
export interface MigrationResult {
  readonly name: string;
  /** Time that it took [s]. */
  readonly seconds: number;
}

export interface MigrateOptions {
  /** Runs first when something is pending, such as a backup; when it throws nothing is migrated. */
  readonly before?: () => Promise<void>;
  /** Called before each migration. */
  readonly onStart?: (name: string, index: number, all: number) => void;
  /** How long a statement may wait for the lock of a table, so that services are not held up behind it [ms]. */
  readonly lockTimeoutMs?: number;
}

const LOCK_TIMEOUT_MS = 5_000;

/**
 * Brings the schema of a PostgreSQL database to the revision of this version, one migration after the other, each in a
 * transaction of its own. Of two that are started at once one waits for the other and then finds nothing to do.
 * @returns what was done; empty when nothing was pending
 * @throws OpsDbError `migration_refused` when the database cannot be migrated: the message says what to do;
 *   `migration_failed`: the database is as it was before the migration that failed
 */
export async function migrate(
  dataSource: DataSource,
  options: MigrateOptions = {},
): Promise<MigrationResult[]> {
  const { before, onStart, lockTimeoutMs = LOCK_TIMEOUT_MS } = options;
  await assertMigratable(dataSource);
  return withSchemaLock(dataSource, async (runner) => {
    // Another deploy may have changed the database while this one waited.
    await assertMigratable(dataSource);
    const executor = new MigrationExecutor(dataSource, runner);
    const pending = await executor.getPendingMigrations();
    if (pending.length > 0) await before?.();
    await runner.query(`SET lock_timeout = ${Number(lockTimeoutMs)}`);
    await runner.query('SET statement_timeout = 0');
    const results: MigrationResult[] = [];
    for (const migration of pending) {
      onStart?.(migration.name, results.length, pending.length);
      const start = performance.now();
      await apply(executor, runner, migration);
      results.push({ name: migration.name, seconds: (performance.now() - start) / 1000 });
    }
    return results;
  });
}

/**
 * A migration that runs outside a transaction, for indexes that are built concurrently, is taken back with its own `down`
 * when it fails: an index that was not finished would stay as an invalid one.
 */
async function apply(executor: MigrationExecutor, runner: QueryRunner, migration: Migration): Promise<void> {
  const instance = migration.instance as MigrationInterface;
  try {
    await inItsTransaction(runner, instance, () => executor.executeMigration(migration));
  } catch (cause) {
    if (!isTransactional(instance)) await instance.down(runner);
    throw new OpsDbError(
      'migration_failed',
      `${migration.name} failed and was taken back; the database is as it was before it: ${(cause as Error).message}`,
      { cause },
    );
  }
}

function isTransactional({ transaction }: MigrationInterface): boolean {
  return transaction !== false;
}

async function inItsTransaction(
  runner: QueryRunner,
  migration: MigrationInterface,
  work: () => Promise<unknown>,
): Promise<void> {
  if (!isTransactional(migration)) {
    await work();
    return;
  }
  await runner.startTransaction();
  try {
    await work();
    await runner.commitTransaction();
  } catch (error) {
    await runner.rollbackTransaction();
    throw error;
  }
}

/**
 * The statements that the pending migrations would run, without running them.
 * @throws OpsDbError `migration_refused` as {@link migrate} does
 */
export async function pendingStatements(dataSource: DataSource): Promise<string[]> {
  await assertMigratable(dataSource);
  const runner = dataSource.createQueryRunner();
  const statements: string[] = [];
  const recorder = Object.create(runner, {
    query: {
      value: async (statement: string) => {
        statements.push(statement);
        return [];
      },
    },
  }) as QueryRunner;
  try {
    for (const migration of await new MigrationExecutor(dataSource, runner).getPendingMigrations())
      await migration.instance?.up(recorder);
    return statements;
  } finally {
    await runner.release();
  }
}

/**
 * Takes the newest migration back.
 * @returns its name, or undefined when the database has none
 * @throws OpsDbError `migration_refused`, `migration_failed`
 */
export async function revertLast(dataSource: DataSource): Promise<string | undefined> {
  await assertMigratable(dataSource);
  return withSchemaLock(dataSource, async (runner) => {
    const executor = new MigrationExecutor(dataSource, runner);
    const executed = await executor.getExecutedMigrations();
    const last = executed.sort((a, b) => b.timestamp - a.timestamp)[0];
    const migration = dataSource.migrations.find((known) => migrationName(known) === last?.name);
    if (!last || !migration) return undefined;
    await inItsTransaction(runner, migration, async () => {
      await migration.down(runner);
      await executor.deleteMigration(last);
    });
    return last.name;
  });
}
