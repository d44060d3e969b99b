/**
 * `npm run trial:consumers [-- --kills 10 --jobs 400]`: workers and followers of changes are killed (-9) one after the other
 * while they work, and halfway the primary is crashed and its replica promoted. At the end each job must have been done
 * once and each change told. Starts two PostgreSQL servers of its own.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { program } from 'commander';
import { v7 as uuidv7 } from 'uuid';
import { faultsAsExitCode } from '../../bench/support/faults-as-exit-code.js';
import { positive } from '../../bench/support/options.js';
import { initCcatOpsDb, type OpsDb, withDbSession } from '../../src/datasource.js';
import { DataLocation, StagingJob, StatusHistory } from '../../src/entities/index.js';
import { readSeedData, writeSeedData } from '../../src/seed/index.js';
import { releaseStale } from '../../src/services/claiming/index.js';
import { fileRows } from '../../src/services/filing/index.js';
import { currentLsn, waitForLsn } from '../../src/services/replication/index.js';
import { table } from '../../src/tools/cli/table.js';
import { Cluster } from '../../test/services/replication/cluster.js';

interface Options {
  readonly kills: number;
  readonly jobs: number;
}

const PROCESSES = path.join(__dirname, '..', '..', 'test', 'services');
const WORKER = path.join(PROCESSES, 'working', 'worker-process.js');
const FOLLOWER = path.join(PROCESSES, 'changes', 'follower-process.js');
const WORKERS = 4;
const PATIENT = { attempts: 1000, maxDelayMs: 100, idempotent: true };
/** A worker that has given no sign of life for so long counts as dead [s]. */
const SILENT_S = 5;
/** From one kill to the next [ms]. */
const PAUSE_MS = 2000;

faultsAsExitCode(
  program
    .option('--kills <n>', 'how often a worker and the follower are killed', positive, 10)
    .option('--jobs <n>', 'jobs that are to be done', positive, 400),
  main,
);

async function main(options: Options): Promise<string[]> {
  const cluster = await Cluster.start(1);
  const folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-consumers-'));
  const consumers = new Consumers(cluster, folder);
  const db = await initCcatOpsDb(consumers.options);
  try {
    return await tryAll(options, cluster, consumers, db);
  } finally {
    await consumers.killAll();
    await db.dataSource.destroy();
    await cluster.end();
    rmSync(folder, { recursive: true });
  }
}

async function tryAll(
  { kills, jobs }: Options,
  cluster: Cluster,
  consumers: Consumers,
  db: OpsDb,
): Promise<string[]> {
  const { dataSource, session } = db;
  await dataSource.transaction((manager) => writeSeedData(manager, readSeedData(dataSource)));
  const place = await session.findOneByOrFail(DataLocation, { locationType: 'processing' });
  const ids: string[] = [];
  await waitForLsn(db.read, await currentLsn(db.write));
  // Commits wait for the replica.
  await cluster.sql(0, `ALTER SYSTEM SET synchronous_standby_names = '*'`);
  await cluster.sql(0, 'SELECT pg_reload_conf()');
  for (let worker = 0; worker < WORKERS; worker++) await consumers.startWorker();
  await consumers.startFollower();
  for (let kill = 1; kill <= kills; kill++) {
    const share = Math.ceil((jobs * kill) / kills) - ids.length;
    ids.push(...(await addJobs(db, place.id, share)));
    await sleep(Math.random() * PAUSE_MS);
    await Promise.all([consumers.replaceWorker(), consumers.replaceFollower()]);
    if (kill !== Math.ceil(kills / 2)) continue;
    await cluster.order(0, 'SIGQUIT');
    await cluster.sql(1, 'SELECT pg_promote()');
  }
  await finish(db, jobs);
  return report(db, consumers, ids, kills);
}

async function addJobs({ write }: OpsDb, destinationLocationId: number, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uuidv7());
  const rows = ids.map((id) => ({ id, destinationLocationId, maxRetries: 100 }));
  const retry = PATIENT;
  await withDbSession((manager) => fileRows(manager, StagingJob, rows), { dataSource: write, retry });
  return ids;
}

/** Releases the work of dead workers until all is done. */
async function finish({ write, session }: OpsDb, jobs: number): Promise<void> {
  const asked = <T>(ask: () => Promise<T>) => withDbSession(ask, { dataSource: write, retry: PATIENT });
  const left = async () => jobs - (await asked(() => session.countBy(StagingJob, { status: 'completed' })));
  while ((await left()) > 0) {
    await asked(() => releaseStale(session, StagingJob, SILENT_S, 'recovery'));
    await asked(() => session.update(StagingJob, { status: 'pending' }, { nextRetryAt: null }));
    await sleep(200);
  }
}

async function report(
  { session }: OpsDb,
  consumers: Consumers,
  ids: readonly string[],
  kills: number,
): Promise<string[]> {
  const history = await session.findBy(StatusHistory, { entity: 'StagingJob' });
  const steps = new Set(history.map(({ rowId, toStatus }) => `${rowId} ${toStatus}`));
  while (consumers.missed(steps) > 0 && consumers.isMoving()) await sleep(500);
  const ends = history.filter(({ toStatus }) => toStatus === 'completed').map(({ rowId }) => rowId);
  const done = consumers.done();
  const undone = ids.filter((id) => !ends.includes(id)).length;
  const twice = ends.length - new Set(ends).size + done.length - new Set(done).size;
  const missed = consumers.missed(steps);
  console.log(
    table(
      [
        'kills of a worker and of the follower',
        'promotions',
        'jobs',
        'undone',
        'done twice',
        'changes',
        'missed',
      ],
      [[kills, 1, ids.length, undone, twice, steps.size, missed].map(String)],
    ),
  );
  const faults = { undone, 'done twice': twice, 'changes missed': missed };
  return Object.entries(faults).flatMap(([what, count]) => (count > 0 ? [`${count} ${what}`] : []));
}

/** Workers and a follower of changes, each in a process of its own. */
class Consumers {
  private readonly workers: ChildProcess[] = [];
  private follower?: ChildProcess;
  private started = 0;
  private seen = { lines: -1, at: 0 };

  constructor(
    private readonly cluster: Cluster,
    private readonly folder: string,
  ) {}

  get options() {
    const hosts = { otherHosts: [this.cluster.at(1)], readHosts: [this.cluster.at(1)], checkIntervalMs: 20 };
    return this.cluster.options({ ...hosts, connectTimeoutMs: 30_000 });
  }

  async startWorker(): Promise<void> {
    const worker = `worker-${this.started++}`;
    this.workers.push(await this.start(WORKER, { worker, file: this.file('done') }));
  }

  async startFollower(): Promise<void> {
    this.follower = await this.start(FOLLOWER, { file: this.file('told') });
  }

  async replaceWorker(): Promise<void> {
    await kill(this.workers.shift());
    await this.startWorker();
  }

  async replaceFollower(): Promise<void> {
    await kill(this.follower);
    await this.startFollower();
  }

  async killAll(): Promise<void> {
    await Promise.all([...this.workers, this.follower].map(kill));
  }

  /** The jobs that workers have recorded as done. */
  done(): string[] {
    return this.linesOf('done');
  }

  /** How many of the changes the follower has missed. */
  missed(changes: ReadonlySet<string>): number {
    const told = new Set(this.linesOf('told'));
    return [...changes].filter((change) => !told.has(change)).length;
  }

  /** Whether the follower received a change within the last half minute. */
  isMoving(): boolean {
    const lines = this.linesOf('told').length;
    if (lines !== this.seen.lines) this.seen = { lines, at: Date.now() };
    return Date.now() - this.seen.at < 30_000;
  }

  private file(name: string): string {
    return path.join(this.folder, name);
  }

  private linesOf(name: string): string[] {
    if (!existsSync(this.file(name))) return [];
    return readFileSync(this.file(name), 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  }

  private async start(file: string, orders: object): Promise<ChildProcess> {
    const child = fork(file, { serialization: 'advanced' });
    child.send({ options: this.options, ...orders });
    await once(child, 'message');
    return child;
  }
}

async function kill(child?: ChildProcess): Promise<void> {
  if (!child || child.exitCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
