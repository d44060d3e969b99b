import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { initCcatOpsDb, type OpsDb, withDbSession } from '../../../src/datasource.js';
import { StagingJob, StatusHistory } from '../../../src/entities/index.js';
import { changes } from '../../../src/services/changes/index.js';
import { releaseStale } from '../../../src/services/claiming/index.js';
import { currentLsn, waitForLsn } from '../../../src/services/replication/index.js';
import { work } from '../../../src/services/working/index.js';
import { makeStagingJobs } from '../../support/staging-jobs.js';
import { Cluster, until } from '../replication/cluster.js';

const JOBS = 60;
const PATIENT = { attempts: 1000, maxDelayMs: 100, idempotent: true };

describe('a promotion', () => {
  let cluster: Cluster;
  let db: OpsDb;
  beforeAll(async () => {
    cluster = await Cluster.start(1);
    const hosts = { otherHosts: [cluster.at(1)], readHosts: [cluster.at(1)], checkIntervalMs: 20 };
    db = await initCcatOpsDb(cluster.options({ ...hosts, connectTimeoutMs: 30_000 }));
  }, 120_000);
  afterAll(async () => {
    await db?.dataSource.destroy();
    await cluster?.end();
  });

  it('ends neither work nor the following of changes: all is done once, and all is told', async () => {
    const { session: manager, write, read } = db;
    const ids = await makeStagingJobs(manager, JOBS);
    await waitForLsn(read, await currentLsn(write));
    // What is told is on the replica, too.
    await cluster.sql(0, `ALTER SYSTEM SET synchronous_standby_names = '*'`);
    await cluster.sql(0, 'SELECT pg_reload_conf()');

    const stop = new AbortController();
    const told: string[] = [];
    const follower = (async () => {
      const options = { entities: [StagingJob], since: 'beginning', signal: stop.signal };
      for await (const { id, to } of changes(write, options)) told.push(`${id} ${to}`);
    })();
    let done = 0;
    const workers = ['a', 'b'].map(async (worker) => {
      for await (const item of work(write, StagingJob, { worker, limit: 2, signal: stop.signal })) {
        await sleep(20);
        await item.finish();
        done += 1;
      }
    });
    await until(async () => done >= JOBS / 4);
    await cluster.order(0, 'SIGQUIT');
    await cluster.sql(1, 'SELECT pg_promote()');

    const asked = <T>(ask: (dataSource: DataSource) => Promise<T>) =>
      withDbSession(() => ask(write), { dataSource: write, retry: PATIENT });
    const completed = () => asked(() => manager.countBy(StagingJob, { status: 'completed' }));
    // What was claimed when the answer was lost is in nobody's hand.
    await until(async () => {
      await asked(() => releaseStale(manager, StagingJob, 5, 'recovery'));
      await asked(() => manager.update(StagingJob, { status: 'pending' }, { nextRetryAt: null }));
      return (await completed()) === JOBS;
    });
    const history = await asked(() => manager.findBy(StatusHistory, { entity: 'StagingJob' }));
    const ends = history.filter(({ toStatus }) => toStatus === 'completed').map(({ rowId }) => rowId);
    expect(ends.sort()).toEqual([...ids].sort());
    const steps = history.map(({ rowId, toStatus }) => `${rowId} ${toStatus}`);
    await until(async () => new Set(told).size >= new Set(steps).size);
    expect([...new Set(told)].sort()).toEqual([...new Set(steps)].sort());
    stop.abort();
    await Promise.all([follower, ...workers]);
  }, 180_000);
});
