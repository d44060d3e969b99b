/**
 * `npm run trial:failover [-- NAME… --rounds 10 --mode synchronous]`: filings and work while servers of a cluster are
 * lost: three PostgreSQL under Patroni with etcd, each on a machine of its own, which is a network and PID namespace.
 * Installs nothing, and says what is missing. Linux only, as root.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Option, program } from 'commander';
import type { DataSource } from 'typeorm';
import { faultsAsExitCode } from '../../bench/support/faults-as-exit-code.js';
import { positive } from '../../bench/support/options.js';
import { initCcatOpsDb } from '../../src/datasource.js';
import { readSeedData, writeSeedData } from '../../src/seed/index.js';
import { table } from '../../src/tools/cli/table.js';
import { Cluster } from './cluster.js';
import { Load } from './load.js';
import { missing } from './programs.js';
import { SCENARIOS, type Scenario } from './scenarios.js';
import { Tally } from './tally.js';

interface Options {
  readonly rounds: number;
  readonly clients: number;
  readonly workers: number;
  readonly mode?: Mode;
}

type Mode = 'synchronous' | 'asynchronous';
const MODES: readonly Mode[] = ['synchronous', 'asynchronous'];

// The programs on the machines end with this process; their files and interfaces are removed when it exits.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

faultsAsExitCode(
  program
    .argument('[names...]', `any of ${SCENARIOS.map(({ name }) => name).join(', ')}; all where left out`)
    .option('--rounds <n>', 'how often each happens', positive, 2)
    .option('--clients <n>', 'clients that file', positive, 4)
    .option('--workers <n>', 'workers that claim', positive, 4)
    .addOption(new Option('--mode <mode>', 'only one of both modes').choices(MODES)),
  main,
);

async function main(names: readonly string[]): Promise<string[]> {
  const faults = missing();
  if (faults.length > 0) return faults;
  const options = program.opts<Options>();
  const chosen = SCENARIOS.filter(({ name }) => names.length === 0 || names.includes(name));
  for (const mode of options.mode ? [options.mode] : MODES) {
    console.log(`\n${mode} replication`);
    const tallies = await Cluster.run(mode === 'synchronous', (cluster) => tryAll(cluster, chosen, options));
    console.log(
      table(
        Tally.HEAD,
        tallies.map((tally) => tally.row),
      ),
    );
    const isWrong = (tally: Tally) => tally.doubled > 0 || (mode === 'synchronous' && tally.lost > 0);
    for (const tally of tallies.filter(isWrong))
      faults.push(`${mode}, ${tally.name}: ${tally.lost} lost, ${tally.doubled} doubled`);
  }
  return faults;
}

async function tryAll(
  cluster: Cluster,
  scenarios: readonly Scenario[],
  { rounds, clients, workers }: Options,
): Promise<Tally[]> {
  const { settings } = cluster;
  const { write } = await initCcatOpsDb({ settings });
  await write.transaction((manager) => writeSeedData(manager, readSeedData(manager.dataSource)));
  const load = await Load.start(settings, clients, workers);
  try {
    const tallies: Tally[] = [];
    for (const scenario of scenarios) tallies.push(await tryOne(scenario, { cluster, load, write, rounds }));
    return tallies;
  } finally {
    await load.end();
    await write.destroy();
  }
}

async function tryOne(
  { name, text, happens }: Scenario,
  { cluster, load, write, rounds }: { cluster: Cluster; load: Load; write: DataSource; rounds: number },
): Promise<Tally> {
  const tally = new Tally(name);
  for (let round = 1; round <= rounds; round++) {
    await cluster.isWhole();
    await load.filesAgain();
    load.take();
    await happens(cluster, load);
    await cluster.isWhole();
    await load.filesAgain();
    await sleep(1000);
    await tally.add(load.take(), write);
    console.log(`${new Date().toISOString().slice(11, 19)} ${text}, round ${round}: ${tally.lastRound}`);
  }
  return tally;
}
