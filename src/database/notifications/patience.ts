import { isRetryable } from '../retry.js';
import type { Subscription } from './index.js';
import { Wakeup } from './wakeup.js';

/** Polling interval with notifications, as a safeguard [ms]. */
const HEARING_MS = 300_000;
/** Polling interval without notifications: behind a pooler, on a replica, while the connection is lost [ms]. */
const DEAF_MS = 10_000;
/** The pauses while the database cannot be reached, each twice as long as the one before [ms]. */
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;

/** How long to wait for a notification before polling [ms]; with jitter, so that not all poll at once. */
export function patienceMs({ isHearing }: Subscription): number {
  return (isHearing ? HEARING_MS : DEAF_MS) * (0.9 + 0.2 * Math.random());
}

/**
 * Repeats a query while no server can be reached.
 * @param ask may be done twice without harm
 * @returns undefined when it was told to stop
 */
export async function patiently<T>(
  subscription: Subscription,
  signal: AbortSignal | undefined,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      return await ask();
    } catch (error) {
      if (!isRetryable(error, { idempotent: true })) throw error;
      subscription.reconnect();
      await new Wakeup().wait(pauseMs * (0.5 + Math.random() / 2), signal);
      if (signal?.aborted) return undefined;
    }
  }
}
