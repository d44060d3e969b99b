/**
 * `npm run bench:link [-- NAME… --delay 220 --runs 3]`: how many round trips the calls take that services make over the
 * link to the primary, and what TypeORM's own calls take. A proxy on loopback delays all that is sent. Round trips are
 * the time that a call takes beyond that without a delay, divided by the delay.
 */
import { program } from 'commander';
import type { DataSource } from 'typeorm';
import { readSeedData, writeSeedData } from '../../src/seed/index.js';
import { table } from '../../src/tools/cli/table.js';
import { simulate } from '../../src/tools/simulate/index.js';
import { openDatabase } from '../support/database.js';
import { faultsAsExitCode } from '../support/faults-as-exit-code.js';
import { positive } from '../support/options.js';
import { type Server, startServer } from '../support/server.js';
import type { Call, Work } from './call.js';
import { calls } from './calls/index.js';
import { DelayingProxy } from './proxy.js';

interface Options {
  readonly delay: number;
  readonly runs: number;
}

faultsAsExitCode(
  program
    .argument('[names...]', 'the beginnings of the names of calls; all where left out')
    .option('--delay <ms>', 'time for the way to the server and back', positive, 220)
    .option('--runs <n>', 'times that each call is measured', positive, 3),
  main,
);

async function main(names: readonly string[]): Promise<string[]> {
  const chosen = calls.filter(
    ({ name }) => names.length === 0 || names.some((start) => name.startsWith(start)),
  );
  const server = await startServer();
  try {
    return await measureAll(server, chosen, program.opts<Options>());
  } finally {
    await server.stop();
  }
}

async function measureAll(
  server: Server,
  chosen: readonly Call[],
  { delay, runs }: Options,
): Promise<string[]> {
  const url = await server.create('link');
  const direct = await openDatabase(url);
  await direct.transaction((manager) => writeSeedData(manager, readSeedData(manager.dataSource)));
  await simulate({ database: url }, { firstNight: '2026-11-30', nights: 1, rate: 12, seed: '1' });
  const proxy = await DelayingProxy.start(url);
  const ends = { direct, proxy, delay, runs };
  const rows: string[][] = [];
  const faults: string[] = [];
  proxy.delayMs = delay;
  const connecting = await timeOf(() => openDatabase(proxy.url).then((dataSource) => dataSource.destroy()));
  proxy.delayMs = 0;
  const alone = await timeOf(() => openDatabase(proxy.url).then((dataSource) => dataSource.destroy()));
  rows.push(['initCcatOpsDb, its tables there', ((connecting - alone) / delay).toFixed(1), '', '', '']);
  const far = await openDatabase(proxy.url);
  try {
    for (const { name, atMost, prepare, typeorm } of chosen) {
      const { trips, ownMs } = await measure(ends, far, prepare);
      const theirs = typeorm && (await measure(ends, far, typeorm)).trips.toFixed(1);
      rows.push([name, trips.toFixed(1), String(atMost ?? ''), theirs ?? '', ownMs.toFixed(1)]);
      if (atMost !== undefined && trips >= atMost + 0.5)
        faults.push(`${name} takes ${trips.toFixed(1)} round trips, at most ${atMost} are allowed`);
    }
  } finally {
    await far.destroy();
    await direct.destroy();
    await proxy.stop();
  }
  console.log(table(['call', 'round trips', 'at most', 'TypeORM', 'without delay [ms]'], rows));
  return faults;
}

interface Ends {
  readonly direct: DataSource;
  readonly proxy: DelayingProxy;
  readonly delay: number;
  readonly runs: number;
}

/** The shortest of several runs, since other load on the machine only adds to the time. */
async function measure(
  { direct, proxy, delay, runs }: Ends,
  far: DataSource,
  prepare: Call['prepare'],
): Promise<{ trips: number; ownMs: number }> {
  const least = async (delayMs: number) => {
    const times: number[] = [];
    for (let run = 0; run <= runs; run++) {
      const work: Work = await prepare(direct.manager);
      proxy.delayMs = delayMs;
      times.push(await timeOf(() => work(far.manager)));
      proxy.delayMs = 0;
    }
    return Math.min(...times);
  };
  const ownMs = await least(0);
  return { trips: ((await least(delay)) - ownMs) / delay, ownMs };
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
