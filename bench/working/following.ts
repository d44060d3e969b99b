import { setTimeout as sleep } from 'node:timers/promises';
import { changes } from '../../src/services/changes/index.js';
import { openDatabase } from '../support/database.js';
import { type Outcome, outcomeOf } from './outcome.js';

const WRITERS = 4;
/** Transactions of one writer in a second. */
const TRANSACTIONS = 20;
/** Largest delay of a follower that keeps up [s]. */
const MOST_BEHIND_S = 1;

const WRITE = `
  INSERT INTO status_history (entity, row_id, field, from_status, to_status, changed_at)
  SELECT 'RawDataPackage', gen_random_uuid()::text, 'status', 'pending', 'scheduled', now() FROM generate_series(1, $1)`;

/** One follower of so many changes per second, written by several concurrent transactions. */
export async function keepingUp(url: string, rate: number, seconds: number): Promise<Outcome> {
  const dataSource = await openDatabase(url);
  let [written, told, furthestBehind] = [0, 0, 0];
  const stop = new AbortController();
  const follower = (async () => {
    for await (const _ of changes(dataSource, { since: 'beginning', signal: stop.signal })) told += 1;
  })();
  const size = Math.round(rate / (WRITERS * TRANSACTIONS));
  const start = performance.now();
  await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      for (let turn = 1; turn <= seconds * TRANSACTIONS; turn++) {
        await dataSource.query(WRITE, [size]);
        written += size;
        furthestBehind = Math.max(furthestBehind, written - told);
        const ahead = start + (turn * 1000) / TRANSACTIONS - performance.now();
        if (ahead > 0) await sleep(ahead);
      }
    }),
  );
  const took = (performance.now() - start) / 1000;
  await sleep(1000);
  stop.abort();
  await follower;
  await dataSource.destroy();
  const reached = Math.round(written / took);
  return outcomeOf(
    `Following ${reached} changes/s for ${took.toFixed(0)} s: ${told} of ${written} told, never more than ${furthestBehind} behind`,
    told === written && furthestBehind <= rate * MOST_BEHIND_S,
  );
}
