import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import { OpsDbError } from '../../errors.js';

/** How long to wait for another process that changes the schema [ms]. */
const PATIENCE_MS = 15 * 60_000;
const POLL_MS = 250;

/**
 * Changes the schema under a lock that all processes of this package respect, on a connection of its own.
 * @throws OpsDbError `database_busy` when another process keeps at it too long
 */
export async function withSchemaLock<T>(
  dataSource: DataSource,
  work: (runner: QueryRunner) => Promise<T>,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    await lock(runner);
    try {
      return await work(runner);
    } finally {
      // The lock and the settings end with the connection; the caller gets the error that ended it.
      await unlock(runner).catch(() => undefined);
    }
  } finally {
    await runner.release();
  }
}

async function unlock(runner: QueryRunner): Promise<void> {
  await runner.query('RESET lock_timeout');
  await runner.query('RESET statement_timeout');
  await runner.query(`SELECT pg_advisory_unlock(hashtext('ccat-ops-db schema'))`);
}

/** Polls, because a statement that waits holds a snapshot, which an index built concurrently waits for in turn. */
async function lock(runner: QueryRunner): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(POLL_MS)) {
    const [{ locked }] = await runner.query(
      `SELECT pg_try_advisory_lock(hashtext('ccat-ops-db schema')) AS locked`,
    );
    if (locked) return;
  }
  throw new OpsDbError(
    'database_busy',
    `Another process has been changing the schema for ${PATIENCE_MS / 60_000} minutes: wait for it, or end it, and try again`,
  );
}
