/**
 * `npm run trial:storage [-- --rounds 40 --packages 60]`: deleters, stagers, repairers and archivers at once on a PostgreSQL server of its
 * own, for longer than the tests do; the invariants are looked at all the time.
 */
import { Command } from 'commander';
import { openDatabase } from '../../bench/support/database.js';
import { faultsAsExitCode } from '../../bench/support/faults-as-exit-code.js';
import { positive } from '../../bench/support/options.js';
import { startServer } from '../../bench/support/server.js';
import { DataLocation } from '../../src/entities/index.js';
import { readSeedData, writeSeedData } from '../../src/seed/index.js';
import { interleave } from '../../test/support/storage-workers.js';

interface Options {
  readonly rounds: number;
  readonly packages: number;
}

const program = new Command('trial:storage')
  .description('tries that the deletion rule holds whoever is at work at once')
  .option('--rounds <number>', 'how often each worker works', positive, 40)
  .option('--packages <number>', 'packages that all of them work on', positive, 60);

async function main({ rounds, packages }: Options): Promise<string[]> {
  const server = await startServer();
  try {
    const dataSource = await openDatabase(await server.create('storage'));
    await writeSeedData(dataSource.manager, readSeedData(dataSource));
    await dataSource.manager.updateAll(DataLocation, { retentionDays: null });
    const { broken, ...done } = await interleave(dataSource, rounds, packages);
    await dataSource.destroy();
    console.log(JSON.stringify(done));
    return [...broken];
  } finally {
    await server.stop();
  }
}

faultsAsExitCode<Options>(program, main);
