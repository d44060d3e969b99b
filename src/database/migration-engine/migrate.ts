import type { DataSource, Migration, MigrationInterface, QueryRunner } from 'typeorm';
import type { MigrationExecutor } from 'typeorm/migration/MigrationExecutor.js';
import { OpsDbError } from '../../errors.js';
import { isUnavailable } from '../connection-loss.js';
import { noteFingerprint } from './drift.js';
import { assertMigratable } from './guards.js';
import { migrationName } from './notes.js';
import { executorOfOwn, ownMigrations } from './own-migrations.js';
import { withSchemaLock } from './schema-lock.js';
import { beginOfScript, END_OF_SCRIPT, scriptOf, withValues } from './script.js';

/** What was done, or is to be done, for one migration. */
export interface MigrationResult {
  /** Name of the migration. */
  readonly name: string;
  /** Time that it took [s]. */
  readonly seconds: number;
}

/** How migrations are run. */
export interface MigrateOptions {
  /** Runs first when something is pending, such as a backup; when it throws nothing is migrated. */
  readonly before?: () => Promise<void>;
  /** Called before each migration. */
  readonly onStart?: (name: string, index: number, all: number) => void;
  /** How long a statement in a transaction may wait for a lock, so that services are not held up behind it [ms]. */
  readonly lockTimeoutMs?: number;
}

const LOCK_TIMEOUT_MS = 5_000;

/**
 * Brings the schema of a PostgreSQL database to the revision of this version, one migration after the other, each in a
 * transaction of its own. Of two that are started at once one waits for the other and then finds nothing to do.
 * @returns what was done; empty when nothing was pending
 * @throws OpsDbError `migration_refused` when the database cannot be migrated: the message says what to do;
 *   `migration_failed`: the database is as it was before the migration that failed
 *
 * @example
 * import { schemaRevision, initCcatOpsDb, migrate, revertLast } from 'ccat-ops-db';
 *
 * const { dataSource } = await initCcatOpsDb();
 * // A SQLite database is made anew instead.
 * if (dataSource.options.type === 'postgres') {
 *   // As the version before has left it.
 *   await revertLast(dataSource);
 *   await migrate(dataSource, { lockTimeoutMs: 2000 });
 * }
 * console.log((await schemaRevision(dataSource)).relation); // same
 * await dataSource.destroy();
 */
export async function migrate(
  dataSource: DataSource,
  options: MigrateOptions = {},
): Promise<MigrationResult[]> {
  const { before, onStart, lockTimeoutMs = LOCK_TIMEOUT_MS } = options;
  await assertMigratable(dataSource);
  return withSchemaLock(dataSource, async (runner) => {
    // Another deployment may have changed the database during the wait.
    await assertMigratable(dataSource, runner);
    const executor = executorOfOwn(dataSource, runner);
    const pending = await executor.getPendingMigrations();
    if (pending.length > 0) await before?.();
    const results: MigrationResult[] = [];
    for (const migration of pending) {
      onStart?.(migration.name, results.length, pending.length);
      const start = performance.now();
      await setTimeouts(runner, migration.instance as MigrationInterface, lockTimeoutMs);
      await apply(executor, runner, migration);
      results.push({ name: migration.name, seconds: (performance.now() - start) / 1000 });
    }
    await noteFingerprint(dataSource, runner);
    return results;
  });
}

/** An index that is built concurrently waits for older transactions without blocking anyone. */
async function setTimeouts(
  runner: QueryRunner,
  migration: MigrationInterface,
  lockTimeoutMs: number,
): Promise<void> {
  await runner.query(`SET lock_timeout = ${isTransactional(migration) ? Number(lockTimeoutMs) : 0}`);
  await runner.query('SET statement_timeout = 0');
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
    if (isTransactional(instance)) throw failed(migration.name, cause);
    throw failed(migration.name, cause, await errorOf(() => instance.down(runner)));
  }
}

/** @param left why it could not be taken back, where it could not */
function failed(name: string, cause: unknown, left?: Error): OpsDbError {
  const outcome = isUnavailable(cause)
    ? 'failed; `opsdb current` tells whether it was applied before the connection was lost'
    : left
      ? `failed half-way and could not be taken back (${left.message}); mend the cause and migrate again`
      : 'failed and was taken back; the database is as it was before it';
  const { message } = cause as Error;
  return new OpsDbError('migration_failed', `${name} ${outcome}: ${message}`, { cause });
}

async function errorOf(work: () => Promise<unknown>): Promise<Error | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error as Error;
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
    // On a lost connection the server has rolled back already; the error to report is the first one.
    await errorOf(() => runner.rollbackTransaction());
    throw error;
  }
}

/**
 * What the pending migrations would run, without running it: statements for psql, each transaction with its begin and end, the
 * notes of the migrations included, so that the database is of this version afterwards. What a migration does past
 * `queryRunner.query` meets a transaction that only reads.
 * @throws OpsDbError `migration_refused` where {@link migrate} refuses
 *
 * @example
 * import { pendingStatements } from 'ccat-ops-db';
 *
 * const { dataSource } = session;
 * // A SQLite database is made anew instead.
 * const isPostgresql = dataSource.options.type === 'postgres';
 * const statements = isPostgresql ? await pendingStatements(dataSource) : [];
 * console.log(statements); // []
 */
export async function pendingStatements(dataSource: DataSource): Promise<string[]> {
  await assertMigratable(dataSource);
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    await runner.query('SET TRANSACTION READ ONLY');
    const pending = await executorOfOwn(dataSource, runner).getPendingMigrations();
    const script: string[] = [];
    for (const migration of pending)
      script.push(...scriptOf(migration, await statementsOf(migration, runner)));
    return script.length === 0 ? [] : [...beginOfScript(dataSource), ...script, ...END_OF_SCRIPT];
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}

async function statementsOf({ instance }: Migration, runner: QueryRunner): Promise<string[]> {
  const statements: string[] = [];
  const query = async (statement: string, parameters: readonly unknown[] = []) => {
    statements.push(withValues(statement, parameters).trim());
    return [];
  };
  await instance?.up(Object.create(runner, { query: { value: query } }) as QueryRunner);
  return statements;
}

/**
 * Takes the newest migration back, with what it added.
 * @param options `lockTimeoutMs`: how long a statement may wait for the lock of a table [ms]
 * @returns its name, or undefined when the database has none
 * @throws OpsDbError `migration_refused`, `migration_failed`
 *
 * @example
 * import { schemaRevision, initCcatOpsDb, revertLast } from 'ccat-ops-db';
 *
 * const { dataSource } = await initCcatOpsDb();
 * const { code } = await schemaRevision(dataSource);
 * // A SQLite database is made anew instead.
 * const isPostgresql = dataSource.options.type === 'postgres';
 * console.log(isPostgresql ? (await revertLast(dataSource)) === code : true); // true
 * await dataSource.destroy();
 */
export async function revertLast(
  dataSource: DataSource,
  { lockTimeoutMs = LOCK_TIMEOUT_MS }: Pick<MigrateOptions, 'lockTimeoutMs'> = {},
): Promise<string | undefined> {
  await assertMigratable(dataSource);
  return withSchemaLock(dataSource, async (runner) => {
    await assertMigratable(dataSource, runner);
    const executor = executorOfOwn(dataSource, runner);
    const executed = await executor.getExecutedMigrations();
    const last = executed.sort((a, b) => b.timestamp - a.timestamp)[0];
    const migration = ownMigrations(dataSource).find((known) => migrationName(known) === last?.name);
    if (!last || !migration) return undefined;
    await setTimeouts(runner, migration, lockTimeoutMs);
    const down = async () => {
      await migration.down(runner);
      await executor.deleteMigration(last);
    };
    const error = await errorOf(() => inItsTransaction(runner, migration, down));
    if (!error) return last.name;
    throw new OpsDbError('migration_failed', `${last.name} could not be taken back: ${error.message}`, {
      cause: error,
    });
  });
}
