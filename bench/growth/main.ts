/**
 * `npm run bench:growth [-- --years 0.1,1,5]`: whether operations take longer when the archive has more finished
 * observations.
 */
import { Command } from 'commander';
import { DataGrouping, PhysicalCopy } from '../../src/entities/index.js';
import { packagesOf } from '../../src/services/reduction/index.js';
import { openDatabase } from '../support/database.js';
import { faultsAsExitCode } from '../support/faults-as-exit-code.js';
import { positive } from '../support/options.js';
import { type Server, startServer } from '../support/server.js';
import { GROUPING } from '../support/year/base-rows.js';
import { placesOf } from '../support/year/context.js';
import { fillYear, printProgress, yearOfScale } from '../support/year/fill.js';
import { type Grown, measureAt, type Size } from './measure.js';
import { operations } from './operations.js';
import { FLOOR_MS, LARGEST_RATIO, times, tooSlow } from './report.js';

interface Options {
  readonly years: readonly number[];
  readonly runs: number;
}

const program = new Command('bench:growth')
  .description('times the fifteen queries and filing on PostgreSQL databases of several sizes, side by side')
  .option('--years <numbers>', 'years of observations in each, the smallest first', list, [0.1, 1])
  .option('--runs <number>', 'how often each query is timed in each database', positive, 31);

async function main({ years, runs }: Options): Promise<string[]> {
  const server = await startServer();
  const sizes: Size[] = [];
  try {
    for (const size of years) sizes.push(await sizeOf(server, size));
    const grown: Grown[] = [];
    for (const operation of operations) grown.push(await measureAt(sizes, operation, runs));
    console.log(times(years, grown));
    console.log(`\nRatios from ${years[0]} to ${years.at(-1)} years; at most ${LARGEST_RATIO} is allowed.`);
    console.log(`Times below ${FLOOR_MS} ms count as ${FLOOR_MS} ms in them.`);
    return tooSlow(grown);
  } finally {
    await Promise.all(sizes.map(({ dataSource }) => dataSource.destroy()));
    await server.stop();
  }
}

async function sizeOf(server: Server, years: number): Promise<Size> {
  const year = yearOfScale(years);
  const dataSource = await openDatabase(await server.create(`nights_${year.nights}`));
  await fillYear(dataSource, year, printProgress);
  const { manager } = dataSource;
  const copies = await manager.count(PhysicalCopy);
  console.log(`${years} years: ${year.nights} nights, ${year.files} files, ${copies} copies`);
  const grouping = await manager.findOneByOrFail(DataGrouping, { name: GROUPING });
  const selected = await packagesOf(manager, grouping).getCount();
  return { years, dataSource, selected, asked: { year, ...(await placesOf(dataSource)) } };
}

function list(text: string): number[] {
  return text.split(',').map(positive);
}

faultsAsExitCode<Options>(program, main);
