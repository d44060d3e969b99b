/**
 * `npm run bench:partitioning [-- --scale 0.5 --partitions 60 --runs 7]`: files and copies in one table each, against
 * the same rows in partitions by time.
 */
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ExecutedObsUnit } from '../../src/entities/index.js';
import { fileRawDataFiles } from '../../src/services/filing/index.js';
import { table } from '../../src/tools/cli/table.js';
import { questions } from '../queries/questions.js';
import { openDatabase } from '../support/database.js';
import { median } from '../support/median.js';
import { startServer } from '../support/server.js';
import { statementsOf, undone } from '../support/statements.js';
import { type Places, placesOf } from '../support/year/context.js';
import { fillYear, yearOfScale } from '../support/year/fill.js';
import { uuidOf } from '../support/year/kinds.js';
import { FILES, type Year } from '../support/year/year.js';
import { bound, partition, partitionOf, TABLES } from './partition.js';

const WAYS = ['whole', 'in partitions'] as const;
type Way = (typeof WAYS)[number];

/** The database of each way. */
type Databases = Readonly<Record<Way, DataSource>>;

interface Options {
  readonly year: Year;
  readonly count: number;
  readonly runs: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      scale: { type: 'string', default: '0.5' },
      partitions: { type: 'string', default: '60' },
      runs: { type: 'string', default: '7' },
    },
  });
  const year = yearOfScale(Number(values.scale));
  const options = { year, count: Number(values.partitions), runs: Number(values.runs) };
  const server = await startServer();
  try {
    const url = await server.create('whole');
    const filled = await openDatabase(url);
    await fillYear(filled, year);
    await filled.destroy();
    // A database is copied only while nobody uses it.
    const copy = await copyOf(url);
    const databases = { whole: await openDatabase(url), 'in partitions': await openDatabase(copy) };
    await partition(databases['in partitions'], year, options.count);
    console.log(
      `${year.files} files, ${options.count} partitions, PostgreSQL, medians of ${options.runs} runs in turn`,
    );
    for (const measure of [sizes, asking, filing, changing, removing])
      console.log(`\n${await measure(databases, options)}`);
    for (const way of WAYS) await databases[way].destroy();
  } finally {
    await server.stop();
  }
}

async function copyOf(url: string): Promise<string> {
  const client = new Client({ connectionString: new URL('/postgres', url).href });
  await client.connect();
  await client.query(`CREATE DATABASE partitions TEMPLATE "${new URL(url).pathname.slice(1)}"`);
  await client.end();
  return new URL('/partitions', url).href;
}

async function sizes(databases: Databases): Promise<string> {
  const rows: (string | number)[][] = [];
  for (const name of TABLES)
    for (const way of WAYS) {
      const [{ heap, indexes }] = await databases[way].query(
        `SELECT sum(pg_table_size(relid)) / 1e6 AS heap, sum(pg_indexes_size(relid)) / 1e6 AS indexes
         FROM (SELECT oid AS relid FROM pg_class WHERE relkind = 'r' AND relname ~ ('^' || $1 || '(_p\\d+)?$')) AS part`,
        [name],
      );
      rows.push([name, way, Number(heap).toFixed(0), Number(indexes).toFixed(0)]);
    }
  return table(['table', '', 'rows [MB]', 'indexes [MB]'], rows);
}

/** The fifteen queries: how long they take, and how many partitions they read. */
async function asking(databases: Databases, { year, runs }: Options): Promise<string> {
  const asked = { year, ...(await placesOf(databases.whole)) };
  const rows: (string | number)[][] = [];
  for (const question of questions) {
    const times = await inTurn(databases, runs, (dataSource) =>
      undone(dataSource, (manager) => timed(() => question.ask(manager, asked))),
    );
    const dataSource = databases['in partitions'];
    const statements = await statementsOf(dataSource, (manager) => question.ask(manager, asked));
    const looked = await undone(dataSource, async (manager) => {
      let most = 0;
      for (const { sql, parameters } of statements) {
        const plan: object[] = await manager.query(
          `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) ${sql}`,
          parameters,
        );
        most = Math.max(most, partitionsIn(plan.map((line) => Object.values(line)[0] as string)));
      }
      return most;
    });
    rows.push([question.number, question.title, ...compared(times), looked || '-']);
  }
  return table(['', 'query', ...WAYS.map((way) => `${way} [ms]`), 'ratio', 'partitions looked into'], rows);
}

function partitionsIn(plan: readonly string[]): number {
  const scans = plan.filter((line) => !line.includes('never executed'));
  const names = scans.flatMap((line) => / on ((?:raw_data_file|physical_copy)_p\d+)/.exec(line)?.[1] ?? []);
  return new Set(names).size;
}

/** Five thousand files with their first copies, through the call of this package. */
async function filing(databases: Databases, { runs }: Options): Promise<string> {
  const places = await placesOf(databases.whole);
  const times = await inTurn(databases, runs, async (dataSource) => {
    const [execution] = await dataSource.manager.find(ExecutedObsUnit, { take: 1, order: { id: 'DESC' } });
    const files = [...newFiles(5000, places, execution?.id ?? '')];
    return timed(() => fileRawDataFiles(dataSource.manager, files));
  });
  return table(
    ['', ...WAYS.map((way) => `${way} [ms]`), 'ratio'],
    [['file 5,000 files', ...compared(times)]],
  );
}

function* newFiles(count: number, { modules, locations }: Places, executedObsUnitId: string) {
  for (let number = 0; number < count; number += 1) {
    const id = uuidv7();
    const instrumentModuleId = modules[0] as number;
    const sourceLocationId = locations.chaiSource;
    yield {
      id,
      executedObsUnitId,
      instrumentModuleId,
      sourceLocationId,
      relativePath: id,
      sizeBytes: 220_000_000,
    };
  }
}

/** The copies of a night go through four states; then VACUUM removes the dead rows. */
async function changing(databases: Databases, { year, runs }: Options): Promise<string> {
  const steps = ['deletion_possible', 'deletion_scheduled', 'deletion_in_progress', 'present'];
  const updates: Record<Way, number[]> = { whole: [], 'in partitions': [] };
  const vacuums: Record<Way, number[]> = { whole: [], 'in partitions': [] };
  const cleanups: Record<Way, number[]> = { whole: [], 'in partitions': [] };
  for (let run = 0; run < runs; run += 1) {
    const night = year.nights - 3 - run;
    const range = [uuidOf('fileCopy', night * 2 * FILES), uuidOf('fileCopy', (night + 1) * 2 * FILES)];
    const change = (dataSource: DataSource) =>
      timed(async () => {
        for (const status of steps)
          await dataSource.query(
            `UPDATE physical_copy SET status = $1, deleted_at = NULL
             WHERE id >= $2 AND id < $3 AND type = 'raw_data_file_physical_copy'`,
            [status, ...range],
          );
      });
    for (const way of WAYS) updates[way].push(await change(databases[way]));
    for (const way of WAYS)
      vacuums[way].push(await timed(() => databases[way].query('VACUUM physical_copy')));
    for (const way of WAYS) await change(databases[way]);
    for (const way of WAYS)
      cleanups[way].push(await timed(() => databases[way].query('VACUUM (INDEX_CLEANUP ON) physical_copy')));
  }
  return table(
    ['', ...WAYS.map((way) => `${way} [ms]`), 'ratio'],
    [
      ['change a night of copies four times', ...compared(updates)],
      ['vacuum', ...compared(vacuums)],
      ['vacuum that must clean the indexes', ...compared(cleanups)],
    ],
  );
}

/** The oldest part goes: rows are deleted, or a partition is detached and dropped. */
async function removing(
  { whole, 'in partitions': divided }: Databases,
  { year, count }: Options,
): Promise<string> {
  const end = bound(year, 1, count);
  const rows: (string | number)[][] = [];
  for (const name of [...TABLES].reverse()) {
    const part = partitionOf(name, 0);
    const deleted = await timed(() => whole.query(`DELETE FROM ${name} WHERE id < ${end}`));
    const vacuumed = await timed(() => whole.query(`VACUUM ${name}`));
    const detached = await timed(() => divided.query(`ALTER TABLE ${name} DETACH PARTITION ${part}`));
    // Detached copies still refer to their files, which then cannot be deleted.
    const dropped = await timed(() => divided.query(`DROP TABLE ${part}`));
    rows.push([name, ...[deleted, vacuumed, detached, dropped].map((time) => time.toFixed(0))]);
  }
  const heads = ['DELETE [ms]', 'VACUUM [ms]', 'DETACH [ms]', 'DROP [ms]'];
  return table(['remove the oldest part', ...heads], rows);
}

type Times = Readonly<Record<Way, number[]>>;

/** Once to warm up, then in turn, so that other load on the machine affects both alike. */
async function inTurn(
  databases: Databases,
  runs: number,
  measure: (dataSource: DataSource) => Promise<number>,
): Promise<Times> {
  const times: Times = { whole: [], 'in partitions': [] };
  for (let run = 0; run <= runs; run += 1)
    for (const way of WAYS) {
      const took = await measure(databases[way]);
      if (run > 0) times[way].push(took);
    }
  return times;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function compared(times: Times): string[] {
  const [whole, divided] = WAYS.map((way) => median(times[way])) as [number, number];
  return [whole.toFixed(1), divided.toFixed(1), (divided / whole).toFixed(2)];
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
