import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { migrate } from '../../../src/database/migration-engine/index.js';
import { createDataSource, initCcatOpsDb, type OpsDb, withDbSession } from '../../../src/datasource.js';
import { RawDataFile, Site } from '../../../src/entities/index.js';
import { fileRows } from '../../../src/services/filing/index.js';
import {
  currentLsn,
  formatLsn,
  isReplica,
  parseLsn,
  replayLsn,
  replicationLag,
  waitForLsn,
  withReadAfter,
} from '../../../src/services/replication/index.js';
import { describeEachDatabase } from '../../support/databases.js';
import { Cluster, until } from './cluster.js';

describe('a position in the log', () => {
  it.each([
    ['0/0', 0n],
    ['0/10', 16n],
    ['16/B374D848', 0x16b374d848n],
    ['FFFFFFFF/FFFFFFFF', 2n ** 64n - 1n],
  ])('%s is a number', (text, lsn) => {
    expect(parseLsn(text)).toBe(lsn);
    expect(formatLsn(lsn)).toBe(text);
  });

  it('compares as a number, not as text', () => {
    expect(parseLsn('0/9000000') < parseLsn('0/10000000')).toBe(true);
    expect(parseLsn('9/0') < parseLsn('10/0')).toBe(true);
  });

  it.each(['', '16', '16/', '16/B374D848F', 'x/1', '-1/0', ' 1/0'])('is not %p', (text) => {
    expect(() => parseLsn(text)).toThrow(RangeError);
  });
});

describeEachDatabase('one server', (database) => {
  let dataSource: DataSource;
  beforeAll(async () => {
    dataSource = await database.open();
  });

  it('is its own read handle', async () => {
    const { session, dataSource, write, read } = await initCcatOpsDb(database.options);
    try {
      expect([write, read, session.dataSource]).toEqual([dataSource, dataSource, dataSource]);
      expect(read).toBe(write);
    } finally {
      await dataSource.destroy();
    }
  });

  it('is no replica, and never behind', async () => {
    const lsn = await currentLsn(dataSource);
    expect(lsn === 0n).toBe(dataSource.options.type !== 'postgres');
    expect(await isReplica(dataSource)).toBe(false);
    expect(await replayLsn(dataSource)).toBeNull();
    expect(await waitForLsn(dataSource, lsn + 2n ** 40n, { timeoutMs: 0 })).toBe(true);
    expect(await replicationLag(dataSource)).toEqual({ bytes: 0, seconds: 0 });
  });

  it('is read after a write', async () => {
    await dataSource.manager.insert(Site, { name: 'read after', shortName: 'ra' });
    const handles = { read: dataSource, write: dataSource, timeoutMs: 0 };
    const lsn = await currentLsn(dataSource);
    expect(await withReadAfter(lsn, (manager) => manager.countBy(Site, { shortName: 'ra' }), handles)).toBe(
      1,
    );
  });
});

describe('a replica', () => {
  let cluster: Cluster;
  let db: OpsDb;
  beforeAll(async () => {
    cluster = await Cluster.start(1);
    db = await initCcatOpsDb(cluster.options({ readHosts: [cluster.at(1)] }));
    await waitForLsn(db.read, await currentLsn(db.write));
  }, 60_000);
  afterAll(async () => {
    await db?.dataSource.destroy();
    await cluster?.end();
  });
  afterEach(() => cluster.sql(1, 'SELECT pg_wal_replay_resume()'));

  const pause = async () => {
    await cluster.sql(1, 'SELECT pg_wal_replay_pause()');
    await until(async () => {
      const [state] = await cluster.sql(1, 'SELECT pg_get_wal_replay_pause_state() AS is');
      return state?.is === 'paused';
    });
  };
  let number = 0;
  const addSite = async (): Promise<string> => {
    const shortName = `s${number++}`;
    await db.write.manager.insert(Site, { name: shortName, shortName });
    return shortName;
  };
  const counting = (shortName: string) => (manager: EntityManager) => manager.countBy(Site, { shortName });
  const serverOf = async (manager: EntityManager | DataSource): Promise<string> => {
    const [{ at }] = await manager.query(`SELECT '127.0.0.1:' || inet_server_port() AS at`);
    return at;
  };

  it('is what the read handle leads to, and the primary what the others do', async () => {
    expect(await serverOf(db.read)).toBe(cluster.at(1));
    expect(await serverOf(db.write)).toBe(cluster.at(0));
    expect(db.dataSource).toBe(db.write);
    expect(db.session).toBe(db.write.manager);
    expect([await isReplica(db.read), await isReplica(db.write)]).toEqual([true, false]);
  });

  it('is closed with the data source', async () => {
    const other = await initCcatOpsDb(cluster.options({ readHosts: [cluster.at(1)] }));
    await other.dataSource.destroy();
    expect(other.read.isInitialized).toBe(false);
  });

  it('is not that of another server which the caller names', async () => {
    const { settings } = cluster.options({ readHosts: [cluster.at(1)] });
    const elsewhere = await initCcatOpsDb({ settings, host: 'localhost' });
    try {
      expect(elsewhere.read).toBe(elsewhere.write);
    } finally {
      await elsewhere.dataSource.destroy();
    }
  });

  it('has what was committed before the position that it was waited for', async () => {
    for (let times = 0; times < 20; times++) {
      const shortName = await addSite();
      expect(await waitForLsn(db.read, await currentLsn(db.write), { intervalMs: 1 })).toBe(true);
      expect(await counting(shortName)(db.read.manager)).toBe(1);
    }
  });

  it('has it, too, when the commit did not wait for the disk', async () => {
    await cluster.sql(0, `ALTER ROLE postgres SET synchronous_commit = off`);
    const { write, read } = await initCcatOpsDb(cluster.options({ readHosts: [cluster.at(1)] }));
    try {
      const shortName = `s${number++}`;
      await write.manager.insert(Site, { name: shortName, shortName });
      expect(await waitForLsn(read, await currentLsn(write), { intervalMs: 1 })).toBe(true);
      expect(await counting(shortName)(read.manager)).toBe(1);
    } finally {
      await cluster.sql(0, 'ALTER ROLE postgres RESET synchronous_commit');
      await write.destroy();
    }
  });

  it('does not reach a position while replay is paused, and does afterwards', async () => {
    await pause();
    const shortName = await addSite();
    const lsn = await currentLsn(db.write);
    expect(await waitForLsn(db.read, lsn, { timeoutMs: 50, intervalMs: 10 })).toBe(false);
    expect(await counting(shortName)(db.read.manager)).toBe(0);
    const waiting = waitForLsn(db.read, lsn, { timeoutMs: 60_000, intervalMs: 10 });
    await cluster.sql(1, 'SELECT pg_wal_replay_resume()');
    expect(await waiting).toBe(true);
    expect(await counting(shortName)(db.read.manager)).toBe(1);
  });

  it('tells how far it is behind', async () => {
    await pause();
    await addSite();
    const newest = await currentLsn(db.write);
    const replayed = await replayLsn(db.read);
    const { bytes, seconds } = await replicationLag(db.read, db.write);
    expect(bytes).toBeGreaterThanOrEqual(Number(newest - (replayed as bigint)));
    expect(bytes).toBeGreaterThan(0);
    await until(async () => (await replicationLag(db.read)).bytes > 0);
    expect((await replicationLag(db.read)).seconds).toBeGreaterThan(0);
    expect(seconds).not.toBeNull();
    await cluster.sql(1, 'SELECT pg_wal_replay_resume()');
    await waitForLsn(db.read, newest);
    await until(async () => {
      const lag = await replicationLag(db.read, db.write);
      return lag.bytes === 0 && lag.seconds === 0;
    });
  });

  it('does not seem up to date when it lost its primary', async () => {
    await addSite();
    await waitForLsn(db.read, await currentLsn(db.write));
    const [{ primary_conninfo: address }] = (await cluster.sql<{ primary_conninfo: string }>(
      1,
      'SHOW primary_conninfo',
    )) as [{ primary_conninfo: string }];
    const follow = async (conninfo: string) => {
      await cluster.sql(1, `ALTER SYSTEM SET primary_conninfo = '${conninfo}'`);
      await cluster.sql(1, 'SELECT pg_reload_conf()');
    };
    await follow('host=127.0.0.1 port=1');
    try {
      await until(async () => ((await replicationLag(db.read)).seconds ?? 0) > 0);
      expect((await replicationLag(db.read)).bytes).toBe(0);
    } finally {
      await follow(address);
    }
    await until(async () => (await replicationLag(db.read)).seconds === 0);
  });

  it('is read when it has what was written, from the connection that was waited on', async () => {
    const shortName = await addSite();
    const lsn = await currentLsn(db.write);
    const read = await withReadAfter(
      lsn,
      async (manager) => [await serverOf(manager), await counting(shortName)(manager)],
      { ...db, timeoutMs: 60_000, intervalMs: 1 },
    );
    expect(read).toEqual([cluster.at(1), 1]);
  });

  it('is not read when it does not have it in time: the primary is', async () => {
    await pause();
    const shortName = await addSite();
    const lsn = await currentLsn(db.write);
    let times = 0;
    const read = await withReadAfter(
      lsn,
      async (manager) => [++times, await serverOf(manager), await counting(shortName)(manager)],
      { ...db, timeoutMs: 20, intervalMs: 5 },
    );
    expect(read).toEqual([1, cluster.at(0), 1]);
  });

  it('is not read when it is off: the primary is', async () => {
    const shortName = await addSite();
    const lsn = await currentLsn(db.write);
    await cluster.order(1, 'SIGINT');
    try {
      expect(await withReadAfter(lsn, counting(shortName), { ...db, timeoutMs: 1000 })).toBe(1);
    } finally {
      await cluster.order(1, 'start');
    }
    const serverRead = () => withReadAfter(lsn, serverOf, { ...db, timeoutMs: 60_000 });
    await until(async () => (await serverRead()) === cluster.at(1));
  });

  it('gives the connections back', async () => {
    const small = await initCcatOpsDb(cluster.options({ readHosts: [cluster.at(1)], poolSize: 1 }));
    try {
      const lsn = await currentLsn(small.write);
      for (let times = 0; times < 3; times++) {
        await withReadAfter(lsn + 2n ** 40n, counting(''), { ...small, timeoutMs: 0 });
        await withReadAfter(lsn, counting(''), { ...small, timeoutMs: 10_000 });
        const failing = async () => Promise.reject(new Error('no'));
        await expect(withReadAfter(lsn, failing, { ...small, timeoutMs: 10_000 })).rejects.toThrow('no');
      }
    } finally {
      await small.dataSource.destroy();
    }
  });

  it.each([
    ['replica', 0n],
    ['primary', 2n ** 60n],
  ])('holds what reads after a write to reading, on the %s, too', async (_, beyond) => {
    const write = (manager: EntityManager) => manager.insert(Site, { name: 'no', shortName: 'no' });
    const lsn = (await currentLsn(db.write)) + beyond;
    const outcome = withReadAfter(lsn, write, { ...db, timeoutMs: beyond === 0n ? 10_000 : 0 });
    await expect(outcome).rejects.toMatchObject({ code: 'database_read_only' });
    expect(await db.write.manager.countBy(Site, { shortName: 'no' })).toBe(0);
  });

  it('has no end of the log to be waited for', async () => {
    await expect(currentLsn(db.read)).rejects.toMatchObject({
      code: 'database_read_only',
      message: expect.stringContaining('write handle'),
    });
  });

  describe('takes no writes', () => {
    it.each([
      ['saved', (m: EntityManager) => m.save(m.create(Site, { name: 'no', shortName: 'no' }))],
      ['inserted', (m: EntityManager) => m.insert(Site, { name: 'no', shortName: 'no' })],
      ['updated', (m: EntityManager) => m.update(Site, { shortName: 'no' }, { name: 'no' })],
      ['deleted', (m: EntityManager) => m.delete(Site, { shortName: 'no' })],
      ['filed in bulk', (m: EntityManager) => fileRows(m, RawDataFile, [{ id: uuidv7() }])],
    ])('that are %s: they are not even sent', async (_, write) => {
      const outcome = write(db.read.manager);
      await expect(outcome).rejects.toMatchObject({
        code: 'database_read_only',
        message: expect.stringMatching(`read handle \\(${cluster.at(1)}\\) was not sent`),
      });
    });

    it('that only the server recognises', async () => {
      const hidden = `WITH gone AS (DELETE FROM site RETURNING id) SELECT * FROM gone`;
      await expect(db.read.query(hidden)).rejects.toMatchObject({
        code: 'database_read_only',
        message: expect.stringMatching(`read handle \\(${cluster.at(1)}\\) is refused.*read-only`),
        cause: expect.objectContaining({ code: '25006' }),
      });
    });

    it('on a handle for reading that leads to a primary, either', async () => {
      const reader = await createDataSource({ ...cluster.options(), role: 'read' }).initialize();
      try {
        const hidden = `WITH gone AS (DELETE FROM site RETURNING id) SELECT * FROM gone`;
        await expect(reader.query(hidden)).rejects.toMatchObject({ code: 'database_read_only' });
        expect(await reader.manager.count(Site)).toBeGreaterThan(0);
      } finally {
        await reader.destroy();
      }
    });

    it('through a handle for writing that leads to it', async () => {
      const strayed = await createDataSource(cluster.options({ server: 1 })).initialize();
      try {
        await expect(withDbSession((m) => m.delete(Site, {}), { dataSource: strayed })).rejects.toBeTruthy();
        const write = strayed.manager.insert(Site, { name: 'no', shortName: 'no' });
        await expect(write).rejects.toMatchObject({
          code: 'database_read_only',
          message: expect.stringContaining(`write handle (${cluster.at(1)})`),
        });
      } finally {
        await strayed.destroy();
      }
    });

    it('and no migrations', async () => {
      const strayed = await createDataSource(cluster.options({ server: 1 })).initialize();
      try {
        await expect(migrate(strayed)).rejects.toMatchObject({
          code: 'migration_refused',
          message: expect.stringContaining('replica'),
        });
      } finally {
        await strayed.destroy();
      }
    });
  });
});
