import { setTimeout as sleep } from 'node:timers/promises';
import { OpsDbError, type OpsDbErrorCode } from '../errors.js';
import { assertNumber, assertWhole } from '../values/arguments.js';
import { ConnectionLostError } from './connection-loss.js';

/** How often and when failed work is tried again. */
export interface RetryOptions {
  /** How often the work is tried in all; by default 5. */
  readonly attempts?: number;
  /** The longest pause before the second attempt [ms]; it doubles from one to the next. By default 100. */
  readonly minDelayMs?: number;
  /** The longest pause before any attempt [ms]; by default 5,000. */
  readonly maxDelayMs?: number;
  /**
   * Whether the work may be done twice without harm, as filing may: then it is also tried again where nobody knows
   * whether it was committed.
   */
  readonly idempotent?: boolean;
}

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK = '40P01';

/** Errors of work that got no connection, so that nothing of it was begun. */
const NOT_BEGUN: ReadonlySet<string> = new Set<OpsDbErrorCode>(['database_unreachable', 'database_busy']);

const USED_UP: OpsDbErrorCode = 'input_used_up';

/**
 * Whether work may be tried again: it failed for a passing cause (serialization failure, deadlock, connection lost, no
 * server reachable, no connection free), and has certainly not been committed, or may be done twice.
 *
 * @param error what the work threw; its causes count, too
 *
 * @example
 * import { ConnectionLostError, isRetryable, OpsDbError } from 'ccat-ops-db';
 *
 * console.log(isRetryable(new OpsDbError('database_unreachable', 'no server answers'))); // true
 * console.log(isRetryable(new OpsDbError('filing_conflict', 'the size differs'))); // false
 *
 * const handle = { role: 'write', servers: 'db:5432' } as const;
 * const lost = new ConnectionLostError(handle, 'unknown', new Error('reset'));
 * console.log(isRetryable(lost), isRetryable(lost, { idempotent: true })); // false true
 */
export function isRetryable(error: unknown, { idempotent = false }: RetryOptions = {}): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ConnectionLostError) return idempotent || cause.outcome === 'rolled_back';
    const { code = '' } = cause as { code?: string };
    if (code === USED_UP) return false;
    if (NOT_BEGUN.has(code) || code === SERIALIZATION_FAILURE || code === DEADLOCK) return true;
  }
  return false;
}

/**
 * Does work in one transaction, and again when it fails for a passing cause; with pauses that grow and vary, so that
 * those who got in each other's way do not meet again.
 *
 * @param work all of it is done again with each attempt
 * @returns what `work` returns
 * @throws what the last attempt threw
 */
export async function withRetry<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { attempts = 5, minDelayMs = 100, maxDelayMs = 5000 } = options;
  assertWhole('retry.attempts', attempts, 1);
  assertNumber('retry.minDelayMs', minDelayMs);
  assertNumber('retry.maxDelayMs', maxDelayMs);
  let first: Error | undefined;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt > 1 && (error as { code?: string }).code === USED_UP) throw usedUp(first);
      first ??= error as Error;
      if (attempt >= attempts || !isRetryable(error, options)) throw error;
      const longest = Math.min(maxDelayMs, minDelayMs * 2 ** (attempt - 1));
      await sleep((longest * (1 + Math.random())) / 2);
    }
  }
}

function usedUp(cause?: Error): OpsDbError {
  return new OpsDbError(
    USED_UP,
    `the work failed (${cause?.message}) and cannot be tried again: it reads an iterator or stream that is used up. ` +
      'Make it within the work, or give a list, or a function that makes it anew',
    { cause },
  );
}
