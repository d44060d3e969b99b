/**
 * `npm run trial:pooler [-- NAME… --connections 3 --clients 8 --rounds 5]`: all calls of services through PgBouncer in
 * transaction mode, one by one and then filing by many clients at once on few connections. It needs the program
 * `pgbouncer` and ends with exit code 1 where a call fails.
 */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { program } from 'commander';
import type { DataSource } from 'typeorm';
import { initCcatOpsDb } from '../../src/datasource.js';
import { ObsUnit } from '../../src/entities/index.js';
import { readSeedData, writeSeedData } from '../../src/seed/index.js';
import { finishObservation, startObservation } from '../../src/services/filing/index.js';
import { readByKey } from '../../src/services/reading/index.js';
import { loadSettings } from '../../src/settings/index.js';
import { simulate } from '../../src/tools/simulate/index.js';
import { calls } from '../link/calls/index.js';
import { openDatabase } from '../support/database.js';
import { faultsAsExitCode } from '../support/faults-as-exit-code.js';
import { freeTime } from '../support/free-time.js';
import { positive } from '../support/options.js';
import { startServer } from '../support/server.js';
import { PgBouncer } from './pgbouncer.js';

interface Options {
  readonly connections: number;
  readonly clients: number;
  readonly rounds: number;
}

faultsAsExitCode(
  program
    .argument('[names...]', 'the beginnings of the names of calls; all where left out')
    .option('--connections <n>', 'from the pooler to the server', positive, 3)
    .option('--clients <n>', 'that file at once', positive, 8)
    .option('--rounds <n>', 'observations that each client files', positive, 5),
  main,
);

async function main(names: readonly string[]): Promise<string[]> {
  const { connections, clients, rounds } = program.opts<Options>();
  const server = await startServer();
  const url = await server.create('pooled');
  const near = await openDatabase(url);
  try {
    await near.transaction((manager) => writeSeedData(manager, readSeedData(near)));
    await simulate({ database: url }, { firstNight: '2026-11-30', nights: 1, rate: 4, seed: '1' });
    const pooler = await PgBouncer.start(url, connections);
    const far = await openThrough(pooler.url);
    try {
      return [...(await oneByOne(near, far, names)), ...(await atOnce(far, clients, rounds))];
    } finally {
      await far.destroy();
      await pooler.stop();
    }
  } finally {
    await near.destroy();
    await server.stop();
  }
}

async function openThrough(database: string): Promise<DataSource> {
  const settings = loadSettings({ cwd: path.parse(__dirname).root, env: {}, warn: () => {} });
  const postgresql = { ...settings.postgresql, pooler: 'transaction' as const };
  return (await initCcatOpsDb({ database, settings: { ...settings, postgresql } })).dataSource;
}

/** Each call three times, so that it runs on connections with and without its prepared statements. */
async function oneByOne(near: DataSource, far: DataSource, names: readonly string[]): Promise<string[]> {
  const chosen = calls.filter(
    ({ name }) => names.length === 0 || names.some((start) => name.startsWith(start)),
  );
  const faults: string[] = [];
  for (const { name, prepare } of chosen)
    for (let times = 0; times < 3; times++) {
      const work = await prepare(near.manager);
      await work(far.manager).catch((error) => faults.push(`${name}: ${error}`));
    }
  console.log(`${chosen.length} calls three times each: ${faults.length} failed`);
  return faults;
}

/** Observations of several clients at the same time. */
async function atOnce({ manager }: DataSource, clients: number, rounds: number): Promise<string[]> {
  const { id: obsUnitId } = await manager.findOneByOrFail(ObsUnit, { available: true });
  const observe = async () => {
    for (let round = 0; round < rounds; round++) {
      const id = randomUUID();
      const { startTime, endTime } = freeTime();
      await startObservation(manager, { id, obsUnitId, startTime });
      await readByKey(manager, ObsUnit, obsUnitId);
      await finishObservation(manager, { id, obsUnitId, endTime });
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: clients }, observe));
  const faults = ends.flatMap((end) => (end.status === 'rejected' ? [`filing at once: ${end.reason}`] : []));
  console.log(`${clients} clients at once, ${rounds} observations each: ${faults.length} clients failed`);
  return faults;
}
