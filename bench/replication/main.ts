/**
 * `npm run bench:replication [-- --runs 300 --files 1000]`: the cost of reading a replica after a write, and the
 * outcome of filings when the primary crashes and its replica is promoted. Starts servers of its own on loopback.
 */
import { parseArgs } from 'node:util';
import type { DataSource } from 'typeorm';
import { createDataSource, initCcatOpsDb, type OpsDb } from '../../src/datasource.js';
import { Site } from '../../src/entities/index.js';
import {
  currentLsn,
  replayLsn,
  replicationLag,
  waitForLsn,
  withReadAfter,
} from '../../src/services/replication/index.js';
import { table } from '../../src/tools/cli/table.js';
import { Cluster } from '../../test/services/replication/cluster.js';
import { fileThroughFailover, newFile, type Tally } from '../../test/services/replication/filing.js';
import { oneOfEach } from '../../test/support/one-of-each.js';
import { median } from '../support/median.js';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { runs: { type: 'string', default: '300' }, files: { type: 'string', default: '1000' } },
  });
  console.log(await withCluster((cluster, db) => waiting(cluster, db, Number(values.runs))));
  const tallies: [string, Tally][] = [];
  for (const standbys of ['*', ''])
    tallies.push([
      standbys ? 'commits wait for the replica' : 'commits do not wait',
      await withCluster((cluster, db) => failover(cluster, db, standbys, Number(values.files))),
    ]);
  console.log('\nThe primary crashes when 30 % are acknowledged, and its replica is promoted:');
  console.log(
    table(
      ['', ...Object.keys(tallies[0]?.[1] ?? {})],
      tallies.map(([name, tally]) => [name, ...Object.values(tally)]),
    ),
  );
}

async function withCluster<T>(work: (cluster: Cluster, db: OpsDb) => Promise<T>): Promise<T> {
  const cluster = await Cluster.start(1);
  try {
    const [readHosts, otherHosts] = [[cluster.at(1)], [cluster.at(1)]];
    const db = await initCcatOpsDb(cluster.options({ readHosts, otherHosts }));
    try {
      await waitForLsn(db.read, await currentLsn(db.write));
      return await work(cluster, db);
    } finally {
      await db.dataSource.destroy();
    }
  } finally {
    await cluster.end();
  }
}

/** Each step by itself, and three ways to read what has just been written, in turn. */
async function waiting(cluster: Cluster, db: OpsDb, runs: number): Promise<string> {
  const { write, read } = db;
  const plain = await createDataSource(cluster.options()).initialize();
  await write.manager.insert(Site, { name: 'site', shortName: 'site' });
  let number = 0;
  const change = () => write.manager.update(Site, { shortName: 'site' }, { name: `site ${number++}` });
  const look = (manager: { findOneBy: DataSource['manager']['findOneBy'] }) =>
    manager.findOneBy(Site, { shortName: 'site' });
  const readAfter = async (intervalMs: number) => {
    const lsn = await currentLsn(write);
    await withReadAfter(lsn, look, { read, write, timeoutMs: 10_000, intervalMs });
  };
  const steps: Readonly<Record<string, () => Promise<unknown>>> = {
    'change a row on the primary': change,
    currentLsn: () => currentLsn(write),
    replayLsn: () => replayLsn(read),
    replicationLag: () => replicationLag(read, write),
    'waitForLsn, there already': async () => waitForLsn(read, 0n),
    'query, a single server': () => plain.query('SELECT 1'),
    'query, a list of servers': () => write.query('SELECT 1'),
    'change, read on the primary': () => change().then(() => look(write.manager)),
    'change, read after on the replica, every 1 ms': () => change().then(() => readAfter(1)),
    'change, read after on the replica, every 100 ms': () => change().then(() => readAfter(100)),
  };
  const times = new Map(Object.keys(steps).map((name) => [name, [] as number[]]));
  for (let run = -10; run < runs; run += 1)
    for (const [name, step] of Object.entries(steps)) {
      const started = performance.now();
      await step();
      if (run >= 0) times.get(name)?.push(performance.now() - started);
    }
  await plain.destroy();
  return table(
    ['', 'median [ms]', '95 % below [ms]'],
    [...times].map(([name, list]) => [name, median(list).toFixed(2), quantile(list, 0.95).toFixed(2)]),
  );
}

async function failover(cluster: Cluster, { write }: OpsDb, standbys: string, count: number): Promise<Tally> {
  const rows = await oneOfEach(write.manager);
  await cluster.sql(0, `ALTER SYSTEM SET synchronous_standby_names = '${standbys}'`);
  await cluster.sql(0, 'SELECT pg_reload_conf()');
  return fileThroughFailover(
    cluster,
    write,
    Array.from({ length: count }, () => newFile(rows)),
  );
}

function quantile(numbers: readonly number[], part: number): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(part * numbers.length)] as number;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
