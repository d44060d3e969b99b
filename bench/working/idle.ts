import { setTimeout as sleep } from 'node:timers/promises';
import { StagingJob } from '../../src/entities/index.js';
import { claim } from '../../src/services/claiming/index.js';
import { work } from '../../src/services/working/index.js';
import { openDatabase } from '../support/database.js';
import { type Outcome, outcomeOf } from './outcome.js';
import { fill } from './rows.js';

const WORKERS = 10;
/** Pause of a polling loop that found nothing. */
const POLL_MS = 10_000;
const LEAST_SAVED = 0.95;

/** Statements of idle workers that are notified, and of as many that poll every ten seconds. */
export async function idleQueries(url: string, seconds: number): Promise<Outcome> {
  const dataSource = await openDatabase(url);
  await fill(dataSource);
  let sent = 0;
  const logQuery = dataSource.logger.logQuery.bind(dataSource.logger);
  dataSource.logger.logQuery = (...given) => {
    sent += 1;
    logQuery(...given);
  };
  const count = async (worker: (name: string, signal: AbortSignal) => Promise<void>) => {
    const stop = new AbortController();
    const workers = Array.from({ length: WORKERS }, (_, index) => worker(`w${index}`, stop.signal));
    await sleep(2000);
    sent = 0;
    await sleep(seconds * 1000);
    stop.abort();
    const counted = sent;
    await Promise.all(workers);
    return counted;
  };
  const told = await count(async (worker, signal) => {
    for await (const _ of work(dataSource, StagingJob, { worker, signal }));
  });
  const polled = await count(async (worker, signal) => {
    while (!signal.aborted) {
      await claim(dataSource.manager, StagingJob, { worker, limit: 1 });
      await sleep(POLL_MS, undefined, { signal }).catch(() => {});
    }
  });
  await dataSource.destroy();
  return outcomeOf(
    `Statements of ${WORKERS} idle workers in ${seconds} s: ${told} where they are told, ${polled} where they poll`,
    told <= polled * (1 - LEAST_SAVED),
  );
}
