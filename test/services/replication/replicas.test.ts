import type { DataSource, EntityManager } from 'typeorm';
import { endpointOf, endpointText } from '../../../src/database/servers/servers.js';
import { createDataSource, initCcatOpsDb, type OpsDb } from '../../../src/datasource.js';
import { Site } from '../../../src/entities/index.js';
import { currentLsn, waitForLsn, withReadAfter } from '../../../src/services/replication/index.js';
import type { MetricFamily } from '../../../src/tools/metrics/index.js';
import { environmentOf, opsdbRunner } from '../../support/opsdb.js';
import { Cluster, until } from './cluster.js';

describe('a server of a list', () => {
  it.each([
    ['db', 'db', 5432, 'db:5432'],
    ['db.example.org:6432', 'db.example.org', 6432, 'db.example.org:6432'],
    ['[fd00::1]', 'fd00::1', 5432, '[fd00::1]:5432'],
    ['[fd00::1]:6432', 'fd00::1', 6432, '[fd00::1]:6432'],
    ['/run/postgresql', '/run/postgresql', 5432, '/run/postgresql:5432'],
  ])('%s', (text, host, port, shown) => {
    const endpoint = endpointOf(text, 5432);
    expect(endpoint).toEqual({ host, port });
    expect(endpointText(endpoint)).toBe(shown);
  });
});

const opsdb = opsdbRunner();

describe('a list of replicas', () => {
  let cluster: Cluster;
  let db: OpsDb;
  const opened: DataSource[] = [];
  beforeAll(async () => {
    cluster = await Cluster.start(2);
    const readHosts = [cluster.at(1), cluster.at(2)];
    db = await initCcatOpsDb(cluster.options({ readHosts, checkIntervalMs: 20 }));
    for (const server of [1, 2]) {
      const replica = await createDataSource(cluster.options({ server })).initialize();
      await waitForLsn(replica, await currentLsn(db.write));
      await replica.destroy();
    }
  }, 60_000);
  afterEach(async () => {
    for (const dataSource of opened.splice(0)) await dataSource.destroy();
  });
  afterAll(async () => {
    await db?.dataSource.destroy();
    await cluster?.end();
  });

  const reader = async (more: Parameters<Cluster['options']>[0]) => {
    const options = { ...cluster.options({ checkIntervalMs: 20, ...more }), role: 'read' as const };
    const dataSource = await createDataSource(options).initialize();
    opened.push(dataSource);
    return dataSource;
  };
  const serverOf = async (handle: DataSource | EntityManager): Promise<string> => {
    const [{ at }] = await handle.query(`SELECT '127.0.0.1:' || inet_server_port() AS at`);
    return at;
  };
  const leadsTo = (handle: DataSource, server: number) =>
    until(async () => (await serverOf(handle).catch(() => '')) === cluster.at(server));
  let number = 0;
  const addSite = async () => {
    const shortName = `s${number++}`;
    await db.write.manager.insert(Site, { name: shortName, shortName });
    return shortName;
  };

  it('leads to the first', async () => {
    expect(await serverOf(db.read)).toBe(cluster.at(1));
  });

  it('leaves one out that is off, and takes it back', async () => {
    await cluster.order(1, 'SIGINT');
    try {
      expect(await serverOf(db.read)).toBe(cluster.at(2));
    } finally {
      await cluster.order(1, 'start');
    }
    await leadsTo(db.read, 1);
  });

  it('says of a read that its server was lost, and does the next one elsewhere', async () => {
    const read = db.read.transaction(async (manager) => {
      await serverOf(manager);
      await cluster.order(1, 'SIGQUIT');
      return serverOf(manager);
    });
    try {
      await expect(read).rejects.toMatchObject({ code: 'connection_lost', outcome: 'rolled_back' });
      expect(await serverOf(db.read)).toBe(cluster.at(2));
    } finally {
      await cluster.order(1, 'start');
    }
    await leadsTo(db.read, 1);
  });

  it('is read after a write from the one that is left', async () => {
    const shortName = await addSite();
    const lsn = await currentLsn(db.write);
    await cluster.order(1, 'SIGINT');
    try {
      const read = (manager: EntityManager) =>
        Promise.all([serverOf(manager), manager.countBy(Site, { shortName })]);
      expect(await withReadAfter(lsn, read, { ...db, timeoutMs: 60_000, intervalMs: 1 })).toEqual([
        cluster.at(2),
        1,
      ]);
    } finally {
      await cluster.order(1, 'start');
    }
  });

  it('leaves one out that is too far behind, and takes it back', async () => {
    const read = await reader({ readHosts: [cluster.at(1), cluster.at(2)], readMaxLagMs: 500 });
    await leadsTo(read, 1);
    await cluster.sql(1, 'SELECT pg_wal_replay_pause()');
    try {
      await addSite();
      await leadsTo(read, 2);
    } finally {
      await cluster.sql(1, 'SELECT pg_wal_replay_resume()');
    }
    await leadsTo(read, 1);
  });

  it('says how far behind each is when all are', async () => {
    const read = await reader({ readHosts: [cluster.at(1)], readMaxLagMs: 1000 });
    await cluster.sql(1, 'SELECT pg_wal_replay_pause()');
    try {
      await addSite();
      const message = async () => read.query('SELECT 1').then(String, String);
      await until(async () => (await message()).includes('read_max_lag_ms'));
      expect(await message()).toMatch(
        /OpsDbError: none of the servers.*\n {2}\S+: is \d+ ms behind, more than 1000 ms/,
      );
    } finally {
      await cluster.sql(1, 'SELECT pg_wal_replay_resume()');
    }
    await leadsTo(read, 1);
  });

  it('is told of by opsdb metrics: how far behind, and that none is left', async () => {
    const env = (readHosts: string) => ({
      ...environmentOf(cluster.options()),
      CCAT_OPS_DB_DATABASE_POSTGRESQL_READ_HOSTS: readHosts,
      CCAT_OPS_DB_DATABASE_POSTGRESQL_READ_MAX_LAG_MS: '1',
    });
    const figures = async (readHosts: string) => {
      const { stdout } = await opsdb(['metrics', '--only', 'replica', '--json'], env(readHosts));
      const families: MetricFamily[] = JSON.parse(stdout);
      return families.map(({ samples }) => samples[0]?.value);
    };
    await cluster.sql(1, 'SELECT pg_wal_replay_pause()');
    try {
      await addSite();
      expect(await figures(cluster.at(1))).toEqual([1, expect.any(Number), expect.any(Number)]);
      expect((await figures(cluster.at(1)))[2]).toBeGreaterThan(0);
    } finally {
      await cluster.sql(1, 'SELECT pg_wal_replay_resume()');
    }
    expect(await figures('127.0.0.1:1')).toEqual([0, undefined, undefined]);
  });

  it('leaves a primary out, unless it may be read, too', async () => {
    const readHosts = [cluster.at(0), cluster.at(1)];
    expect(await serverOf(await reader({ readHosts }))).toBe(cluster.at(1));
    expect(await serverOf(await reader({ readHosts, readTargetSessionAttrs: 'any' }))).toBe(cluster.at(0));
  });

  it('says of each server why it cannot be used', async () => {
    const outcome = reader({ readHosts: ['127.0.0.1:1', cluster.at(0)] });
    await expect(outcome).rejects.toMatchObject({
      code: 'database_unreachable',
      message: expect.stringMatching(
        /read handle.*database_postgresql_read_hosts:\n {2}127\.0\.0\.1:1: .*ECONNREFUSED.*\n {2}\S+: is not a replica/,
      ),
    });
  });

  it('says that the login is refused where all refuse it, and shows no password', async () => {
    const outcome = reader({ readHosts: [cluster.at(1), cluster.at(2)], readPassword: 'not this one' });
    await expect(outcome).rejects.toMatchObject({
      code: 'database_login_failed',
      message: expect.stringContaining('database_postgresql_read_user'),
    });
    await expect(outcome).rejects.not.toMatchObject({ message: expect.stringContaining('not this one') });
  });

  it('says where all connections are in use, and blames no server', async () => {
    const read = await reader({ readHosts: [cluster.at(1)], poolSize: 1, connectTimeoutMs: 300 });
    await read.transaction(async (manager) => {
      await serverOf(manager);
      await expect(serverOf(read)).rejects.toMatchObject({ code: 'database_busy' });
    });
    expect(await serverOf(read)).toBe(cluster.at(1));
  });

  it('leaves one out that was promoted', async () => {
    const read = await reader({ readHosts: [cluster.at(2), cluster.at(1)] });
    expect(await serverOf(read)).toBe(cluster.at(2));
    await cluster.sql(2, 'SELECT pg_promote()');
    await leadsTo(read, 1);
  });
});
