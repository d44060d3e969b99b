import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { isUnavailable } from '../../database/connection-loss.js';
import { dialectOf } from '../../database/dialect.js';
import { inOneState } from '../../database/read-runner.js';
import { waitForLsn } from '../../database/servers/lsn.js';
import { assertFunction, assertLsn, assertNumber } from '../../values/arguments.js';

/** Where to read, and how long to wait. */
export interface ReadAfterOptions {
  /** The replica, where one is caught up in time. */
  readonly read: DataSource;
  /** The primary, where none is. */
  readonly write: DataSource;
  /** How long to wait for the replica before the primary is read instead [ms]; 0 looks once. */
  readonly timeoutMs: number;
  /** How long to pause between two looks at the replica [ms]; by default 100. */
  readonly intervalMs?: number;
}

/**
 * Reads what has been written before: from a replica that has it, and from the primary where none has it in time or
 * none can be reached. `work` is run once, and must only read, which PostgreSQL holds it to.
 *
 * @param lsn where the log of the primary ended after the write, from {@link currentLsn}
 * @param work gets an entity manager on one connection to the server that was chosen
 * @returns what `work` returns
 * @throws what `work` throws; OpsDbError `connection_lost` when the server is lost during `work`,
 *   `database_unreachable` when the primary is needed and cannot be reached
 *
 * @example
 * import { currentLsn, initCcatOpsDb, Site, withReadAfter } from 'ccat-ops-db';
 *
 * const { write, read } = await initCcatOpsDb();
 * await write.manager.insert(Site, { name: 'Cologne office', shortName: 'office' });
 * const lsn = await currentLsn(write);
 *
 * const options = { read, write, timeoutMs: 2000 };
 * const site = await withReadAfter(
 *   lsn,
 *   (manager) => manager.findOneBy(Site, { shortName: 'office' }),
 *   options,
 * );
 * console.log(site?.name); // Cologne office
 * await write.destroy();
 */
export async function withReadAfter<T>(
  lsn: bigint,
  work: (manager: EntityManager) => Promise<T>,
  { read, write, timeoutMs, intervalMs }: ReadAfterOptions,
): Promise<T> {
  assertLsn('lsn', lsn);
  assertFunction('work', work);
  assertNumber('timeoutMs', timeoutMs);
  if (intervalMs !== undefined) assertNumber('intervalMs', intervalMs);
  if (read === write) return onPrimary(write, work);
  const runner = read.createQueryRunner();
  const waiting = waitForLsn(runner.manager, lsn, { timeoutMs, intervalMs }).catch((error) => {
    if (isUnavailable(error)) return false;
    throw error;
  });
  if (await inTime(waiting, timeoutMs)) return work(runner.manager).finally(() => runner.release());
  // A replica that hangs keeps its connection until it answers.
  void waiting.catch(() => {}).finally(() => runner.release());
  return onPrimary(write, work);
}

function onPrimary<T>(write: DataSource, work: (manager: EntityManager) => Promise<T>): Promise<T> {
  return dialectOf(write).hasServer
    ? inOneState(write.manager, (runner) => work(runner.manager))
    : work(write.manager);
}

/** The limit holds for connecting, too. */
async function inTime(waiting: Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const limit = new AbortController();
  const { signal } = limit;
  try {
    return await Promise.race([waiting, sleep(timeoutMs + GRACE_MS, false, { signal })]);
  } finally {
    limit.abort();
  }
}

/** Leaves a replica that answers the time for its last answer [ms]. */
const GRACE_MS = 1000;
