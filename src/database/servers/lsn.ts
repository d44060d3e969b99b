/** Positions in the write-ahead log: what is at or before one is on a replica that has replayed it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { OpsDbError } from '../../errors.js';
import { assertLsn, assertNumber } from '../../values/arguments.js';
import { dialectOf } from '../dialect.js';

/** How to wait for a replica. */
export interface WaitOptions {
  /** How long to wait [ms]; by default 30,000. */
  readonly timeoutMs?: number;
  /** How long to pause between two looks [ms]; by default 100. */
  readonly intervalMs?: number;
}

// A commit that does not wait for its record to be written is not in the part of the log that is.
const CURRENT = `
  SELECT CASE WHEN pg_is_in_recovery() THEN NULL
    WHEN current_setting('synchronous_commit') = 'off' THEN pg_current_wal_insert_lsn()
    ELSE pg_current_wal_lsn() END AS lsn`;

/**
 * Reads a position as PostgreSQL spells it, two hexadecimal numbers with a slash. As text `0/9` would be after `0/10`.
 *
 * @param text such as `16/B374D848`
 * @throws RangeError when it is no such position
 *
 * @example
 * import { parseLsn } from 'ccat-ops-db';
 *
 * console.log(parseLsn('16/B374D848')); // 97500059720n
 * console.log(parseLsn('0/9') < parseLsn('0/10')); // true
 */
export function parseLsn(text: string): bigint {
  const [, high, low] = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i.exec(text) ?? [];
  if (high === undefined || low === undefined)
    throw new RangeError(
      `${text} is no position in the write-ahead log; it must be two hexadecimal numbers, such as 16/B374D848`,
    );
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

/**
 * A position as PostgreSQL spells it, such as `16/B374D848`.
 * @param lsn a position of the log [byte]
 *
 * @example
 * import { formatLsn, parseLsn } from 'ccat-ops-db';
 *
 * console.log(formatLsn(0x16_b374_d848n)); // 16/B374D848
 * console.log(formatLsn(parseLsn('0/10') + 1n)); // 0/11
 */
export function formatLsn(lsn: bigint): string {
  assertLsn('lsn', lsn);
  const [high, low] = [lsn >> 32n, lsn & 0xffff_ffffn];
  return `${high.toString(16)}/${low.toString(16)}`.toUpperCase();
}

/**
 * Where the log of the primary ends: a replica that has replayed it has every transaction committed before the call.
 * Always 0 on SQLite.
 *
 * @param write the primary
 * @throws OpsDbError `database_read_only` when it is a replica; `connection_lost`, `database_unreachable`
 *
 * @example
 * import { currentLsn, initCcatOpsDb, Site, waitForLsn } from 'ccat-ops-db';
 *
 * const { write, read } = await initCcatOpsDb();
 * await write.manager.insert(Site, { name: 'Cologne office', shortName: 'office' });
 * const lsn = await currentLsn(write);
 * console.log(await waitForLsn(read, lsn)); // true
 * await write.destroy();
 */
export async function currentLsn(write: DataSource | EntityManager): Promise<bigint> {
  if (!dialectOf(write).hasServer) return 0n;
  const [{ lsn }] = await write.query(CURRENT);
  if (lsn !== null) return parseLsn(lsn);
  throw new OpsDbError(
    'database_read_only',
    'the server is a replica, which writes no log of its own: pass the write handle (replayLsn tells how far a replica is)',
  );
}

/**
 * How far a replica has replayed the log of its primary; null on a primary and on SQLite.
 *
 * @param read the read handle
 *
 * @example
 * import { isReplica, replayLsn } from 'ccat-ops-db';
 *
 * console.log(await isReplica(session)); // false
 * console.log(await replayLsn(session)); // null
 */
export async function replayLsn(read: DataSource | EntityManager): Promise<bigint | null> {
  if (!dialectOf(read).hasServer) return null;
  const [{ lsn }] = await read.query(
    'SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() END AS lsn',
  );
  return lsn === null ? null : parseLsn(lsn);
}

/**
 * Waits until a replica has replayed the log up to a position. A primary and SQLite have it at once. Where the handle
 * has several replicas this speaks of one of them; {@link withReadAfter} reads from the very one that it waited for.
 *
 * @param read the read handle
 * @param lsn from {@link currentLsn}
 * @returns whether it has; false when the time was up before
 * @throws OpsDbError `connection_lost`, `database_unreachable`
 *
 * @example
 * import { currentLsn, initCcatOpsDb, Instrument, waitForLsn } from 'ccat-ops-db';
 *
 * const { write, read } = await initCcatOpsDb();
 * const lsn = await currentLsn(write);
 * const { manager } = (await waitForLsn(read, lsn, { timeoutMs: 2000 })) ? read : write;
 * console.log(await manager.count(Instrument)); // 3
 * await write.destroy();
 */
export async function waitForLsn(
  read: DataSource | EntityManager,
  lsn: bigint,
  { timeoutMs = 30_000, intervalMs = 100 }: WaitOptions = {},
): Promise<boolean> {
  assertLsn('lsn', lsn);
  assertNumber('timeoutMs', timeoutMs);
  assertNumber('intervalMs', intervalMs);
  const end = performance.now() + timeoutMs;
  for (;;) {
    const replayed = await replayLsn(read);
    if (replayed === null || replayed >= lsn) return true;
    const rest = end - performance.now();
    if (rest <= 0) return false;
    await sleep(Math.min(intervalMs, rest));
  }
}
