/**
 * `npm run bench:work`: how soon idle workers are notified of work, which statements they run meanwhile, whether a
 * follower keeps up, and the cost of notifications for filing. Starts a PostgreSQL server of its own.
 */
import { Command } from 'commander';
import { openDatabase } from '../support/database.js';
import { faultsAsExitCode } from '../support/faults-as-exit-code.js';
import { positive } from '../support/options.js';
import { startServer } from '../support/server.js';
import { costOfNotifying } from './filing.js';
import { keepingUp } from './following.js';
import { idleQueries } from './idle.js';
import { soonAfterCommit } from './latency.js';

interface Options {
  readonly commits: number;
  readonly seconds: number;
  readonly rate: number;
}

const program = new Command('bench:work')
  .description('measures waking, idling, following and what notifications cost')
  .option('--commits <number>', 'rows that become pending, one after the other', positive, 200)
  .option('--seconds <number>', 'how long workers idle, and changes are written', positive, 30)
  .option('--rate <number>', 'changes in a second', positive, 10_000);

async function main({ commits, seconds, rate }: Options): Promise<string[]> {
  const server = await startServer();
  const faults: string[] = [];
  try {
    for (const [name, measure] of [
      ['latency', (url: string) => soonAfterCommit(url, commits)],
      ['idle', (url: string) => idleQueries(url, seconds)],
      ['following', (url: string) => keepingUp(url, rate, seconds)],
      ['filing', (url: string) => costOfNotifying(url)],
    ] as const) {
      const url = await server.create(`work_${name}`);
      await (await openDatabase(url)).destroy();
      const { said, fault } = await measure(url);
      console.log(said);
      if (fault) faults.push(fault);
    }
    return faults;
  } finally {
    await server.stop();
  }
}

faultsAsExitCode<Options>(program, main);
