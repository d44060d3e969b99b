/**
 * `npm run trial:nights [-- --nights 30 --rate 4 --workers 2]`: a month on a PostgreSQL server of its own, first with as much room at the
 * buffers as the data take, then with 20 % too little and full disks, then with copies that rot besides. At the end no place may have held
 * more than its capacity at any moment, nothing may have been deleted that was not safe, every file must be in an archive, each bad copy
 * must have been repaired of which there was a good one, and the time of each night must add up.
 */
import { Command } from 'commander';
import { openDatabase } from '../../bench/support/database.js';
import { faultsAsExitCode } from '../../bench/support/faults-as-exit-code.js';
import { positive } from '../../bench/support/options.js';
import { type Server, startServer } from '../../bench/support/server.js';
import { readSeedData, writeSeedData } from '../../src/seed/index.js';
import { type Faults, NO_FAULTS, type SimulationResult, simulate } from '../../src/tools/simulate/index.js';
import { accounts } from './accounts.js';
import { excess, noteExcess } from './excess.js';
import { QUESTIONS } from './questions.js';

interface Options {
  readonly nights: number;
  readonly rate: number;
  readonly workers: number;
  readonly seed: string;
}

const FIRST_NIGHT = '2026-11-30';
/** Of what lay at the buffers without a limit. */
const TOO_LITTLE = 0.8;
const FULL_DISKS: Faults = { ...NO_FAULTS, transfer: 0.05, diskFull: 0.1 };
const ROT: Faults = { ...FULL_DISKS, bitRot: 0.03 };
/** What breaks where the only copy that was left has rotted: nothing else may. */
const ALARMS = [
  'file_is_kept',
  'archived_package_is_in_archive',
  'raw_data_has_a_good_copy',
  'package_is_somewhere',
];

faultsAsExitCode<Options>(
  new Command('trial:nights')
    .description(
      'tries that a month with too little room and bad disks loses nothing, and that its hours add up',
    )
    .option('--nights <number>', 'nights', positive, 30)
    .option('--rate <number>', 'executions in a night', positive, 4)
    .option('--workers <number>', 'worker processes', positive, 2)
    .option('--seed <text>', 'of the simulation', '42'),
  main,
);

async function main(options: Options): Promise<string[]> {
  const server = await startServer();
  try {
    const { mostBytes } = await month(server, 'free', options, { faults: NO_FAULTS });
    const roomBytes = Math.floor(TOO_LITTLE * mostBytes);
    const tight = await month(server, 'tight', options, { faults: FULL_DISKS, roomBytes });
    const rotten = await month(server, 'rotten', options, { faults: ROT, roomBytes });
    return [...tight.faults, ...rotten.faults];
  } finally {
    await server.stop();
  }
}

interface Month {
  readonly mostBytes: number;
  readonly faults: readonly string[];
}

async function month(
  server: Server,
  name: string,
  { nights, rate, workers, seed }: Options,
  { faults, roomBytes }: { readonly faults: Faults; readonly roomBytes?: number },
): Promise<Month> {
  const url = await server.create(name);
  const dataSource = await openDatabase(url);
  const { manager } = dataSource;
  try {
    await manager.transaction((nested) => writeSeedData(nested, readSeedData(dataSource)));
    await noteExcess(manager);
    const simulated = { firstNight: FIRST_NIGHT, nights, rate, workers, seed, faults, roomBytes };
    const result = await simulate({ database: url }, simulated);
    const found = await excess(manager);
    if (roomBytes !== undefined && result.mostBytes > roomBytes)
      found.push(`${result.mostBytes} bytes lay at the buffers, ${roomBytes} fit`);
    for (const { name: invariant, broken } of result.check)
      if (broken > 0 && !(result.health.left > 0 && ALARMS.includes(invariant)))
        found.push(`${invariant} is broken by ${broken}`);
    for (const [what, query] of Object.entries(QUESTIONS)) {
      const [{ count }] = await manager.query(query);
      if (Number(count) > 0) found.push(`${count} ${what}`);
    }
    found.push(...(await accounts(manager, result.nights)));
    console.log(describe(name, result, roomBytes));
    return { mostBytes: result.mostBytes, faults: found.map((fault) => `${name}: ${fault}`) };
  } finally {
    await dataSource.destroy();
  }
}

function describe(name: string, result: SimulationResult, roomBytes: number | undefined): string {
  const { executions, files, rows, seconds, mostBytes, health, stages } = result;
  const failed = Object.values(stages).reduce((sum, tally) => sum + tally.failed, 0);
  const room = roomBytes === undefined ? 'no limit' : `room for ${gb(roomBytes)}`;
  return (
    `${name}: ${result.nights.length} nights, ${executions} executions, ${files} files, ${rows} rows in ${seconds.toFixed(0)} s; ` +
    `${room}, at most ${gb(mostBytes)} at the buffers; ${failed} tries failed; ` +
    `${health.verified} copies verified, ${health.bad} bad, ${health.repaired} repaired, ${health.left} left without a good copy`
  );
}

function gb(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
