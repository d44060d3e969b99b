import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { createDataSource, withDbSession } from '../../src/datasource.js';
import { Site } from '../../src/entities/location/site.js';
import { describePostgresql, describeSqlite, onServer } from '../support/databases.js';

describePostgresql('the connections', (database) => {
  const named = (applicationName: string, more = {}) => {
    const { settings } = database.options;
    return { settings: { ...settings, postgresql: { ...settings.postgresql, applicationName, ...more } } };
  };
  const open = async (name: string): Promise<number> => {
    const rows = await onServer(`SELECT pid FROM pg_stat_activity WHERE application_name = '${name}'`);
    return rows.length;
  };
  /** The server lists a connection for a moment longer than the client has it. */
  const goneBefore = async (name: string, end = Date.now() + 5000): Promise<boolean> => {
    while (Date.now() < end) {
      if ((await open(name)) === 0) return true;
      await sleep(10);
    }
    return false;
  };

  it('are none after each operation of a null pool', async () => {
    const dataSource = await database.open({ ...named('null-pool'), nullPool: true });
    expect(await goneBefore('null-pool')).toBe(true);
    await dataSource.manager.save(dataSource.manager.create(Site, { name: 'one', shortName: 'one' }));
    expect(await goneBefore('null-pool')).toBe(true);
    await Promise.all(Array.from({ length: 5 }, () => dataSource.manager.find(Site)));
    expect(await goneBefore('null-pool')).toBe(true);
    await dataSource.transaction(async (manager) => {
      await manager.find(Site);
      expect(await open('null-pool')).toBe(1);
    });
    expect(await goneBefore('null-pool')).toBe(true);
  });

  it('stay in a pool of the size in the settings', async () => {
    const dataSource = await database.open(named('pool-of-2', { poolSize: 2 }));
    await Promise.all(Array.from({ length: 10 }, () => dataSource.query('SELECT pg_sleep(0.01)')));
    expect(await open('pool-of-2')).toBe(2);
  });

  it('are gone after a session of its own', async () => {
    await withDbSession((manager) => manager.find(Site), named('session'));
    expect(await goneBefore('session')).toBe(true);
  });

  it('have the timeouts of the settings and UTC', async () => {
    const limits = { statementTimeoutMs: 1500, idleInTransactionTimeoutMs: 2500 };
    const dataSource = await database.open(named('limits', limits));
    const show = async (name: string) => Object.values((await dataSource.query(`SHOW ${name}`))[0])[0];
    expect(await show('statement_timeout')).toBe('1500ms');
    expect(await show('idle_in_transaction_session_timeout')).toBe('2500ms');
    expect(await show('timezone')).toBe('UTC');
    expect(await show('application_name')).toBe('limits');
  });

  it('that the server ends are replaced', async () => {
    const dataSource = await database.open(named('ended'));
    await dataSource.query('SELECT 1');
    await onServer(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ended'`);
    expect(await goneBefore('ended')).toBe(true);
    await sleep(10);
    expect(await dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('read whole numbers as numbers, and refuse those that would not be exact', async () => {
    const dataSource = await database.open(named('numbers'));
    expect(await dataSource.query('SELECT 9007199254740991::bigint AS n')).toEqual([{ n: 9007199254740991 }]);
    await expect(dataSource.query('SELECT 9007199254740993::bigint AS n')).rejects.toThrow(
      '9007199254740993',
    );
    expect(await dataSource.query('SELECT count(*) FROM site WHERE false')).toEqual([{ count: 0 }]);
  });

  it('leave other pools of the process as they are', async () => {
    await database.open(named('ours'));
    const rows = await onServer('SELECT 1::bigint AS n');
    expect(rows).toEqual([{ n: '1' }]);
  });
});

describeSqlite('the connection', (database) => {
  let dataSource: DataSource;
  beforeAll(async () => {
    dataSource = await database.open({ nullPool: true });
  });

  it.each([
    ['foreign_keys', 1],
    ['journal_mode', 'wal'],
    ['synchronous', 1],
  ])('has %s = %s', async (pragma, value) => {
    expect(await dataSource.query(`PRAGMA ${pragma}`)).toEqual([{ [pragma]: value }]);
  });

  it('can be opened anew after it was closed', async () => {
    const again = createDataSource(database.options);
    for (let times = 0; times < 2; times++) {
      await again.initialize();
      expect(await again.manager.count(Site)).toBe(0);
      await again.destroy();
    }
  });

  it('is one for each session without a data source, several of which may run at once', async () => {
    const session = (number: number) =>
      withDbSession(async (manager) => {
        const seen = await manager.count(Site);
        await manager.insert(Site, { name: `site ${number}`, shortName: `s${number}` });
        return seen;
      }, database.options);
    const seen = await Promise.all(Array.from({ length: 10 }, (_, number) => session(number)));
    expect(seen.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
