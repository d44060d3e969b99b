import { hostname } from 'node:os';
import type { Database } from 'better-sqlite3';
import { OpsDbError } from '../../errors.js';
import { sqliteDriver } from './driver.js';

/** How long one waits for somebody who only looks whether the lock is held [ms]. */
const PATIENCE_MS = 500;

/** Who forwards a spool. */
export interface Forwarder {
  /** Its process. */
  readonly pid: number;
  /** The machine that it runs on. */
  readonly host: string;
  /** Since when. */
  readonly since: string;
}

/**
 * Lets one forwarder at a time work on a spool: a lock of the operating system on a file beside it, which ends with the
 * process that holds it, however that ends.
 * @returns what lets the next one in
 * @throws OpsDbError `database_busy` when another one has it
 */
export function takeForwarderLock(spoolPath: string, holder: () => Forwarder | null): () => void {
  const lock = tryLock(spoolPath, PATIENCE_MS);
  if (lock) return () => lock.close();
  const other = holder();
  const who = other ? `, process ${other.pid} on ${other.host} since ${other.since}` : '';
  throw new OpsDbError(
    'database_busy',
    `the spool ${spoolPath} has a forwarder already${who}: leave the sending to it, or end it first`,
  );
}

/** Whether somebody forwards a spool now. */
export function isForwarded(spoolPath: string): boolean {
  const lock = tryLock(spoolPath, 0);
  lock?.close();
  return !lock;
}

/** Who asks. */
export function thisForwarder(): Forwarder {
  return { pid: process.pid, host: hostname(), since: new Date().toISOString() };
}

function tryLock(spoolPath: string, timeout: number): Database | undefined {
  const Driver = sqliteDriver();
  const lock = new Driver(`${spoolPath}-forwarder`, { timeout });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (String((error as { code?: string }).code).startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
}
