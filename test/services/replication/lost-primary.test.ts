import type { EntityManager } from 'typeorm';
import { initCcatOpsDb, type OpsDb, withDbSession } from '../../../src/datasource.js';
import { RawDataFile, Site } from '../../../src/entities/index.js';
import { fileRawDataFiles } from '../../../src/services/filing/index.js';
import { currentLsn, isRetryable, waitForLsn } from '../../../src/services/replication/index.js';
import { type OneOfEach, oneOfEach } from '../../support/one-of-each.js';
import { Cluster, until } from './cluster.js';
import { fileThroughFailover, newFile } from './filing.js';

/** While servers are off everything is tried until they are back. */
const PATIENT = { attempts: 1000, maxDelayMs: 100 };

describe('a primary that is lost', () => {
  let cluster: Cluster;
  let db: OpsDb;
  let rows: OneOfEach;
  beforeAll(async () => {
    cluster = await Cluster.start(1);
    db = await initCcatOpsDb(
      cluster.options({
        otherHosts: [cluster.at(1)],
        readHosts: [cluster.at(1)],
        checkIntervalMs: 20,
        // A thousand wait for a connection at the same time.
        connectTimeoutMs: 30_000,
      }),
    );
    rows = await oneOfEach(db.session);
  }, 60_000);
  afterAll(async () => {
    await db?.dataSource.destroy();
    await cluster?.end();
  });

  const restart = async () => {
    await cluster.order(0, 'SIGQUIT');
    await cluster.order(0, 'start');
  };
  const synchronous = async (standbys: '*' | '') => {
    await cluster.sql(0, `ALTER SYSTEM SET synchronous_standby_names = '${standbys}'`);
    await cluster.sql(0, 'SELECT pg_reload_conf()');
  };
  const addSite = (shortName: string) => (manager: EntityManager) =>
    manager.insert(Site, { name: shortName, shortName });
  const found = (shortName: string) =>
    withDbSession((manager) => manager.countBy(Site, { shortName }), {
      dataSource: db.write,
      retry: PATIENT,
    });

  it('is told apart from one that is there and stops or starts', async () => {
    // A server that was asked to stop waits for those who are connected.
    const runner = db.write.createQueryRunner();
    await runner.query('SELECT 1');
    const gone = cluster.order(0, 'SIGTERM');
    const connecting = () =>
      initCcatOpsDb(cluster.options()).then(
        ({ dataSource }) => dataSource.destroy(),
        (error) => error,
      );
    await until(async () => (await connecting())?.cause?.code === '57P03');
    const fault = await connecting();
    expect(fault).toMatchObject({
      code: 'database_unreachable',
      message: expect.stringContaining('is there, but is starting, stopping or recovering'),
    });
    expect(isRetryable(fault)).toBe(true);
    await cluster.order(0, 'SIGQUIT');
    await gone;
    await cluster.order(0, 'start');
    await runner.release();
  });

  it('during a transaction: nothing of it is committed', async () => {
    const work = async (manager: EntityManager) => {
      await addSite('a')(manager);
      await restart();
    };
    await expect(withDbSession(work, { dataSource: db.write })).rejects.toMatchObject({
      code: 'connection_lost',
      outcome: 'rolled_back',
    });
    expect(await found('a')).toBe(0);
  });

  it('during a transaction: it is done again where the caller says so', async () => {
    let attempts = 0;
    const work = async (manager: EntityManager) => {
      await addSite('b')(manager);
      if (attempts++ === 0) await restart();
    };
    await withDbSession(work, { dataSource: db.write, retry: PATIENT });
    expect(attempts).toBe(2);
    expect(await found('b')).toBe(1);
  });

  describe('during COMMIT', () => {
    // A commit that waits for a replica which is off is written, and not acknowledged.
    beforeEach(async () => {
      await cluster.order(1, 'SIGINT');
      await synchronous('*');
    });
    afterEach(() => cluster.order(1, 'start'));
    const crashInCommit = async () => {
      const waiting = `SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND query = 'COMMIT'`;
      await until(async () => (await cluster.sql(0, waiting)).length > 0);
      // The commits of those who come after the crash are not to wait.
      await cluster.sql(0, `ALTER SYSTEM RESET synchronous_standby_names`);
      await restart();
    };

    it('nobody knows whether it is committed, and it is not done again', async () => {
      let attempts = 0;
      const work = async (manager: EntityManager) => {
        attempts++;
        await addSite('c')(manager);
      };
      const outcome = withDbSession(work, { dataSource: db.write, retry: PATIENT });
      const [settled] = await Promise.allSettled([outcome, crashInCommit()]);
      expect(settled).toMatchObject({ reason: { code: 'connection_lost', outcome: 'unknown' } });
      expect(attempts).toBe(1);
      // Done again it would have been there twice, or refused.
      expect(await found('c')).toBe(1);
    });

    it('what may be done twice is done again, and is there once', async () => {
      const file = newFile(rows);
      const results: unknown[] = [];
      const work = async (manager: EntityManager) => {
        const result = await fileRawDataFiles(manager, [file]);
        results.push(result);
        return result;
      };
      const filed = withDbSession(work, { dataSource: db.write, retry: { ...PATIENT, idempotent: true } });
      await crashInCommit();
      expect(await filed).toEqual({ added: 0, known: 1 });
      expect(results).toEqual([
        { added: 1, known: 0 },
        { added: 0, known: 1 },
      ]);
      expect(await db.write.manager.countBy(RawDataFile, { id: file.id })).toBe(1);
    });
  });

  describe('for good', () => {
    it('with 1,000 filings in flight: nothing is lost and nothing is there twice', async () => {
      await withDbSession(async (manager) => waitForLsn(db.read, await currentLsn(manager)), {
        dataSource: db.write,
        retry: PATIENT,
      });
      await synchronous('*');
      const files = Array.from({ length: 1000 }, () => newFile(rows));
      const tally = await fileThroughFailover(cluster, db.write, files);
      expect(tally).toEqual({
        filed: 1000,
        acknowledged: 1000,
        found: 1000,
        copies: 1000,
        lost: 0,
        repeated: expect.any(Number),
      });
      expect(tally.repeated).toBeGreaterThan(0);
    }, 120_000);

    it('is found where it has moved to', async () => {
      const [{ at }] = await db.write.query(`SELECT '127.0.0.1:' || inet_server_port() AS at`);
      expect(at).toBe(cluster.at(1));
    });

    it('is not gone back to when it comes up again as it was, not even if there is no other', async () => {
      await cluster.order(0, 'start');
      const others = `FROM pg_stat_activity WHERE datname = 'postgres' AND pid <> pg_backend_pid()`;
      for (const shortName of ['d1', 'd2']) {
        await cluster.sql(1, `SELECT pg_terminate_backend(pid) ${others}`);
        await withDbSession(addSite(shortName), { dataSource: db.write, retry: PATIENT });
      }
      expect(await cluster.sql(1, `SELECT FROM site WHERE short_name IN ('d1', 'd2')`)).toHaveLength(2);
      await cluster.order(1, 'SIGINT');
      try {
        await until(() =>
          db.write
            .query('SELECT 1')
            .then(() => false, String)
            .then((text) => /replaced/.test(`${text}`)),
        );
      } finally {
        await cluster.order(1, 'start');
      }
      expect(await found('d1')).toBe(1);
    });

    it('and has no replica any more once the replica is the primary', async () => {
      await until(() =>
        db.read.query('SELECT 1').then(
          () => false,
          () => true,
        ),
      );
      await expect(db.read.query('SELECT 1')).rejects.toMatchObject({
        code: 'database_unreachable',
        message: expect.stringContaining(`${cluster.at(1)}: is not a replica`),
      });
    });
  });
});
