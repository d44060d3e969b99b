/** Measures the fifteen queries that the services repeat, on a year of observations. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command, Option } from 'commander';
import { openDatabase } from '../support/database.js';
import { faultsAsExitCode } from '../support/faults-as-exit-code.js';
import { positive } from '../support/options.js';
import { explainerFor } from '../support/plans/explainer.js';
import { startServer } from '../support/server.js';
import { placesOf } from '../support/year/context.js';
import { countsInYear, fillYear, printProgress, yearIn, yearOfScale } from '../support/year/fill.js';
import { type Measured, type Measuring, measure } from './measure.js';
import { questions } from './questions.js';
import { answers, growing, growth, largeTables, sequentialReads, unused } from './report.js';

interface Options {
  readonly scale: number;
  readonly compare?: number;
  readonly database?: string;
  readonly sqlite?: boolean;
  readonly check?: boolean;
  readonly runs: number;
}

/** Filled in half a minute; five times as many nights are finished as are in progress. */
const CHECK_SCALE = 0.1;
/** Two fifths of the nights are finished, and as many are in progress. */
const CHECK_COMPARE = 0.05;

/**
 * At that scale the planner rightly reads and joins whole tables of a thousand rows, which have ten thousand in a year.
 * These settings show whether there are indexes for them.
 */
const CHECK_SETTINGS = ['seqscan', 'hashjoin', 'mergejoin'].map((way) => `SET LOCAL enable_${way} = off`);

const program = new Command('bench:queries')
  .description('fills a database with a year of observations and measures the fifteen queries on it')
  .option('--scale <number>', 'years of observations', positive, 1)
  .option('--compare <number>', 'a smaller scale to measure as well, to show what grows', positive)
  .addOption(
    new Option(
      '--database <url>',
      'an empty database, or one that was filled by this program; else one of its own',
    ).conflicts(['compare', 'check', 'sqlite']),
  )
  .option('--sqlite', 'a SQLite file of its own instead of a PostgreSQL server of its own')
  .option('--check', `in a minute: whether each query has its index, and none reads more when more rests`)
  .option('--runs <number>', 'how often each query is timed', positive, 7);

/** The URL of a database by its scale; the database is made on first use. */
type Databases = (scale: number) => Promise<string>;

async function main(given: Options): Promise<string[]> {
  const options = given.check ? { ...given, scale: CHECK_SCALE, compare: CHECK_COMPARE, runs: 1 } : given;
  const { scale, compare, check: isCheck = false } = options;
  const measuring = { runs: options.runs, settings: isCheck && !options.sqlite ? CHECK_SETTINGS : [] };
  return withDatabases(options, async (databases) => {
    const large = await measureAll(await databases(scale), scale, measuring, isCheck);
    if (compare === undefined) return large.faults;
    const small = await measureAll(await databases(compare), compare, measuring, isCheck);
    console.log(`\nFrom ${small.nights} to ${large.nights} nights:`);
    console.log(growth(small.measured, large.measured));
    return [...large.faults, ...growing(small.measured, large.measured)];
  });
}

async function withDatabases<T>(
  { database, sqlite }: Options,
  work: (databases: Databases) => Promise<T>,
): Promise<T> {
  if (database) return work(async () => database);
  if (sqlite) {
    const folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-bench-'));
    try {
      return await work(async (scale) => path.join(folder, `${scale}.sqlite`));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  const server = await startServer();
  try {
    return await work((scale) => server.create(`bench_${String(scale).replace('.', '_')}`));
  } finally {
    await server.stop();
  }
}

async function measureAll(
  database: string,
  scale: number,
  measuring: Measuring,
  isCheck: boolean,
): Promise<{ nights: number; measured: Measured[]; faults: string[] }> {
  const dataSource = await openDatabase(database);
  try {
    const year = (await yearIn(dataSource)) ?? yearOfScale(scale);
    if (!(await yearIn(dataSource))) await fillYear(dataSource, year, printProgress);
    const explainer = await explainerFor(dataSource);
    const inYear = largeTables(countsInYear(dataSource, explainer.counts, year));
    const isLarge = isCheck ? inYear : largeTables(explainer.counts);
    const asked = { year, ...(await placesOf(dataSource)) };
    const measured: Measured[] = [];
    for (const question of questions)
      measured.push(await measure(dataSource, explainer, question, asked, measuring));
    console.log(`\n${year.nights} nights, ${dataSource.options.type}:`);
    console.log(answers(measured, inYear));
    console.log(
      `\nIndexes of large tables that no query used: ${unused(measured, explainer.indexes, isLarge).join(', ')}`,
    );
    return { nights: year.nights, measured, faults: sequentialReads(measured, isLarge) };
  } finally {
    await dataSource.destroy();
  }
}

faultsAsExitCode<Options>(program, main);
