import { setTimeout as sleep } from 'node:timers/promises';
import { StagingJob } from '../../src/entities/index.js';
import { work } from '../../src/services/working/index.js';
import { openDatabase } from '../support/database.js';
import { median } from '../support/median.js';
import { type Outcome, outcomeOf } from './outcome.js';
import { addJob, fill } from './rows.js';

const WORKERS = 10;
const MEDIAN_MS = 50;
const LONGEST_MS = 250;

/** Time from the answer to the commit to the first line of the body, with idle workers in this process. */
export async function soonAfterCommit(url: string, commits: number): Promise<Outcome> {
  const dataSource = await openDatabase(url);
  const place = await fill(dataSource);
  const committed = new Map<string, number>();
  const taken = new Map<string, number>();
  const stop = new AbortController();
  const workers = Array.from({ length: WORKERS }, async (_, index) => {
    for await (const { id } of work(dataSource, StagingJob, { worker: `w${index}`, signal: stop.signal }))
      taken.set(id, performance.now());
  });
  await sleep(2000);
  for (let commit = 0; commit < commits; commit++) {
    const id = await addJob(dataSource, place);
    committed.set(id, performance.now());
    await sleep(50);
  }
  await sleep(1000);
  stop.abort();
  await Promise.all(workers);
  await dataSource.destroy();
  // A body may begin before the writer has its answer.
  const times = [...committed].map(([id, at]) =>
    Math.max(0, (taken.get(id) ?? Number.POSITIVE_INFINITY) - at),
  );
  const [middle, longest] = [median(times), Math.max(...times)];
  return outcomeOf(
    `From commit to body with ${WORKERS} idle workers: ${middle.toFixed(1)} ms in the median, ${longest.toFixed(1)} ms at most of ${commits}`,
    middle <= MEDIAN_MS && longest <= LONGEST_MS,
  );
}
