/**
 * `npm run bench:operators [-- --years 1]`: how long what operators and managers run takes on years of observations, and how much
 * memory it needs. Each runs in a process of its own, on a PostgreSQL server of its own.
 */
import path from 'node:path';
import { Command, Option } from 'commander';
import type { DataSource } from 'typeorm';
import { ExecutedObsUnit } from '../../src/entities/index.js';
import { packageRoot } from '../../src/package-root.js';
import { table } from '../../src/tools/cli/table.js';
import { openDatabase } from '../support/database.js';
import { environmentOf } from '../support/environment.js';
import { faultsAsExitCode } from '../support/faults-as-exit-code.js';
import { positive } from '../support/options.js';
import { startServer } from '../support/server.js';
import { fillYear, printProgress, yearIn, yearOfScale } from '../support/year/fill.js';
import { CALLS } from './plan.js';
import { run, type Took } from './run.js';
import { addUnpackaged } from './unpackaged.js';

interface Options {
  readonly years: number;
  readonly unpackaged: number;
  readonly dense: number;
  readonly bare?: boolean;
  readonly database?: string;
}

const program = new Command('bench:operators')
  .description('times the commands of operators and the calls of managers on years of observations')
  .option('--years <number>', 'years of observations', positive, 1)
  .addOption(
    new Option(
      '--database <url>',
      'an empty database, or one that was filled by this program; else one of its own',
    ).conflicts('bare'),
  )
  .option('--unpackaged <number>', 'files that wait for their packages', positive, 100_000)
  .option('--dense <number>', 'files in each execution of these', positive, 10_000)
  .option('--bare', 'leave the tables without statistics, as after the restore of a backup');

/** Limits of time [s] and memory [MB]. */
const LIMITS: Readonly<Record<string, readonly [seconds: number, peakMb: number]>> = {
  check: [60, 400],
  status: [5, 400],
};
const OTHERS = [60, 400] as const;
/** A program is ended after this multiple of its limit. */
const PATIENCE = 10;

async function main({ database, ...options }: Options): Promise<string[]> {
  if (database) return measure(database, options);
  const server = await startServer();
  try {
    return await measure(await server.create('operators'), options);
  } finally {
    await server.stop();
  }
}

async function measure(url: string, options: Options): Promise<string[]> {
  const taken: [name: string, took: Took][] = [];
  const night = await fill(url, options);
  const opsdb = path.join(packageRoot(), 'bin', 'opsdb.js');
  const commands = [
    'status',
    `night ${night}`,
    `report --html r.html --from ${night}`,
    'doctor',
    'check',
    'metrics',
  ];
  for (const command of commands) {
    const [name = ''] = command.split(' ');
    taken.push([
      name,
      await run([opsdb, ...command.split(' ')], environmentOf(url), limitOf(name) * PATIENCE),
    ]);
  }
  const plan = path.join(__dirname, 'plan.js');
  for (const name of Object.keys(CALLS))
    taken.push([name, await run([plan, name, url], {}, limitOf(name) * PATIENCE)]);
  console.log(
    table(
      ['', 'seconds', 'memory, MB', 'ended with', ''],
      taken.map(([name, { seconds, peakMb, code, printed }]) => [
        ...[name, seconds.toFixed(1), peakMb, code],
        name in CALLS ? printed.trim() : '',
      ]),
    ),
  );
  return taken.flatMap(([name, took]) => faultsOf(name, took));
}

/** @returns the last night of the year */
async function fill(url: string, { years, unpackaged, dense, bare }: Options): Promise<string> {
  const dataSource = await openDatabase(url);
  try {
    const isFilled = (await yearIn(dataSource)) !== undefined;
    if (!isFilled) await fillYear(dataSource, yearOfScale(years), printProgress);
    const last = await dataSource.manager.findOneOrFail(ExecutedObsUnit, {
      where: {},
      order: { observingNight: 'DESC' },
    });
    if (!isFilled) await addUnpackaged(dataSource, unpackaged, dense);
    if (bare) await forgetStatistics(dataSource);
    return last.observingNight;
  } finally {
    await dataSource.destroy();
  }
}

/** Resets the statistics, as on a server that was restored from a backup and not analysed yet. */
async function forgetStatistics(dataSource: DataSource): Promise<void> {
  await dataSource.query(`DELETE FROM pg_statistic WHERE starelid IN (
    SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)`);
}

function limitOf(name: string): number {
  return (LIMITS[name] ?? OTHERS)[0];
}

/** Exceeded limits; findings of `check` and `doctor` in the data of a bench do not count. */
function faultsOf(name: string, { seconds, peakMb, code, printed }: Took): string[] {
  const [most, mostMb] = LIMITS[name] ?? OTHERS;
  return [
    ...(seconds > most ? [`${name}: took ${seconds.toFixed(1)} s, more than ${most}`] : []),
    ...(peakMb > mostMb ? [`${name}: needed ${peakMb} MB, more than ${mostMb}`] : []),
    ...(code > 1 || code < 0 ? [`${name}: ended with ${code}: ${printed}`] : []),
  ];
}

faultsAsExitCode<Options>(program, main);
