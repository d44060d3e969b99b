/**
 * `npm run bench:cone [-- --sources 1000000 --cones 100 --runs 3]`: the time of `sourcesWithin` among so many sources on both
 * databases, compared with the PostgreSQL extension q3c on the same table. Requires Debian's postgresql-15 and postgresql-15-q3c and
 * names the missing packages. Exits with 1 if a cone search exceeds its time limit.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { program } from 'commander';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { FixedSource } from '../../src/entities/index.js';
import { type Cone, sourcesWithin } from '../../src/services/sky/index.js';
import { table } from '../../src/tools/cli/table.js';
import { openDatabase } from '../support/database.js';
import { faultsAsExitCode } from '../support/faults-as-exit-code.js';
import { median } from '../support/median.js';
import { positive } from '../support/options.js';
import { missing, withQ3cServer } from './q3c-server.js';
import { conesOf, fillSky } from './sky-full.js';

interface Options {
  readonly sources: number;
  readonly cones: number;
  readonly runs: number;
}

const RADII_DEG = [0.1, 0.5, 1, 2, 5];
/** Up to this radius the limits hold: wider cones hold many hundreds of sources, which have to be read [deg]. */
const JUDGED_DEG = 1;
const LIMIT_MS = 5;
const LIMIT_RATIO = 1.5;

/** Finds the keys of the fixed sources of a cone. */
type Search = (cone: Cone) => Promise<number[]>;
type Contenders = Readonly<Record<string, Search>>;

const OURS = 'ccat-ops-db';

faultsAsExitCode<Options>(
  program
    .option('--sources <n>', 'sources on the sky', positive, 1_000_000)
    .option('--cones <n>', 'cones of each radius', positive, 100)
    .option('--runs <n>', 'how often each cone is searched', positive, 3),
  main,
);

async function main(options: Options): Promise<string[]> {
  const lacking = missing();
  if (lacking.length > 0) return lacking;
  const folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-bench-'));
  try {
    const onSqlite = await withSky(path.join(folder, 'sky.sqlite'), options, (ours) =>
      compare('SQLite', { [OURS]: ours }, options),
    );
    const onPostgresql = await withQ3cServer((url) =>
      withSky(url, options, async (ours) => {
        const client = new Client({ connectionString: url });
        await client.connect();
        try {
          await client.query('CREATE EXTENSION q3c');
          await client.query('CREATE INDEX ix_bench__q3c ON source (q3c_ang2ipix(ra_deg, dec_deg))');
          await client.query('VACUUM ANALYZE source');
          const contenders = {
            [OURS]: ours,
            q3c: byQ3c(client, 'prepared'),
            'q3c, planned anew': byQ3c(client),
          };
          return await compare('PostgreSQL', contenders, options);
        } finally {
          await client.end();
        }
      }),
    );
    return [...onSqlite, ...onPostgresql];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function withSky<T>(
  database: string,
  { sources }: Options,
  work: (ours: Search) => Promise<T>,
): Promise<T> {
  const dataSource: DataSource = await openDatabase(database);
  try {
    await fillSky(dataSource, sources);
    return await work(async (cone) => {
      const found = await sourcesWithin(dataSource.manager, cone);
      return found.filter(({ source }) => source instanceof FixedSource).map(({ source }) => source.id);
    });
  } finally {
    await dataSource.destroy();
  }
}

/** All columns of the sources and their distances, the nearest first, as rows of the driver. */
function byQ3c(client: Client, name?: string): Search {
  const text = `SELECT it.*, q3c_dist(it.ra_deg, it.dec_deg, $1, $2) AS distance_deg FROM source it
    WHERE q3c_radial_query(it.ra_deg, it.dec_deg, $1, $2, $3) ORDER BY distance_deg, it.id`;
  return async ({ raDeg, decDeg, radiusDeg }) => {
    const { rows } = await client.query({ name, text, values: [raDeg, decDeg, radiusDeg] });
    return rows.map(({ id }) => id as number);
  };
}

/** Searches each cone with all contenders in turn. @returns what took too long, or found something else */
async function compare(
  database: string,
  contenders: Contenders,
  { cones, runs, sources }: Options,
): Promise<string[]> {
  const faults: string[] = [];
  const rows: string[][] = [];
  for (const radiusDeg of RADII_DEG) {
    const times = new Map(Object.keys(contenders).map((name) => [name, [] as number[]]));
    let found = 0;
    // One run more for warming up.
    for (let run = 0; run <= runs; run++)
      for (const cone of conesOf(radiusDeg, cones)) {
        const answers = new Map<string, string>();
        for (const [name, search] of Object.entries(contenders)) {
          const start = performance.now();
          const ids = await search(cone);
          if (run > 0) times.get(name)?.push(performance.now() - start);
          if (run > 0 && name === OURS) found += ids.length;
          answers.set(name, String([...ids].sort((one, other) => one - other)));
        }
        if (new Set(answers.values()).size > 1) faults.push(`they differ in ${JSON.stringify(cone)}`);
      }
    const medians = [...times.values()].map(median);
    const [ours = Number.NaN, ...others] = medians;
    const ratio = ours / Math.min(...others);
    const cell = [
      radiusDeg.toString(),
      (found / (runs * cones)).toFixed(1),
      ...medians.map((ms) => ms.toFixed(2)),
    ];
    rows.push([...cell, ...(others.length > 0 ? [ratio.toFixed(2)] : [])]);
    if (radiusDeg > JUDGED_DEG) continue;
    if (!(ours <= LIMIT_MS)) faults.push(`${database}, ${radiusDeg} deg: more than ${LIMIT_MS} ms`);
    if (others.length > 0 && !(ratio <= LIMIT_RATIO))
      faults.push(`${database}, ${radiusDeg} deg: more than ${LIMIT_RATIO} times q3c`);
  }
  const names = Object.keys(contenders);
  console.log(`\n${database}: cones among ${sources} sources, medians in ms of ${cones} cones ${runs} times`);
  console.log(table(['radius, deg', 'found', ...names, ...(names.length > 1 ? ['ratio'] : [])], rows));
  return faults;
}
