import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { Site } from '../../src/entities/location/site.js';
import { readByKey } from '../../src/services/reading/index.js';
import { describePostgresql, onServer } from '../support/databases.js';

describePostgresql('the query runner of a call', (database) => {
  const named = (applicationName: string, poolSize = 10, more = {}) => {
    const { settings } = database.options;
    const postgresql = { ...settings.postgresql, applicationName, poolSize, ...more };
    return { settings: { ...settings, postgresql } };
  };
  const read = ({ manager }: DataSource, key = 1) => readByKey(manager, Site, key);
  const poolOf = ({ driver }: DataSource) => (driver as PostgresDriver).master;
  /** How often a connection is taken from the pool meanwhile. */
  const taken = async (dataSource: DataSource, work: () => Promise<unknown>) => {
    let times = 0;
    const count = () => {
      times += 1;
    };
    poolOf(dataSource).on('acquire', count);
    await work();
    poolOf(dataSource).removeListener('acquire', count);
    return times;
  };
  const isIdle = async (dataSource: DataSource) => {
    while (poolOf(dataSource).idleCount < 1) await sleep(10);
  };
  /** Lets no timer run out from now on. */
  const stopTime = async (dataSource: DataSource) => {
    await isIdle(dataSource);
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'Date', 'performance'] });
  };
  afterEach(() => jest.useRealTimers());

  it('serves the calls that follow', async () => {
    const dataSource = await database.open(named('following'));
    await read(dataSource);
    const following = async () => {
      for (let count = 0; count < 10; count++) await read(dataSource);
    };
    expect(await taken(dataSource, following)).toBeLessThan(10);
  });

  it.each([
    [0, 10],
    [60_000, 0],
  ])(
    'has its server looked at every %d ms, for which ten calls take a connection %d times',
    async (checkIntervalMs, times) => {
      const { host, port } = database.options.settings.postgresql;
      const servers = { otherHosts: [`${host}:${port}`], checkIntervalMs };
      const dataSource = await database.open(named(`looked at ${checkIntervalMs}`, 10, servers));
      await stopTime(dataSource);
      await read(dataSource);
      const following = async () => {
        for (let count = 0; count < 10; count++) await read(dataSource);
      };
      expect(await taken(dataSource, following)).toBe(times);
    },
  );

  it('gives its connection back when no call follows', async () => {
    const dataSource = await database.open(named('idle'));
    await isIdle(dataSource);
    await read(dataSource);
    expect(poolOf(dataSource).idleCount).toBe(0);
    await isIdle(dataSource);
  });

  it.each([1, 10])('gives it to whoever finds none in the pool of %d, at once', async (size) => {
    const dataSource = await database.open(named(`alone ${size}`, size));
    await stopTime(dataSource);
    const held = await Promise.all(
      Array.from({ length: poolOf(dataSource).totalCount - 1 }, () => poolOf(dataSource).connect()),
    );
    await read(dataSource);
    const found = await dataSource.transaction((manager) => manager.countBy(Site, { id: 1 }));
    expect(found).toBe(0);
    await read(dataSource);
    expect(await dataSource.manager.countBy(Site, { id: 1 })).toBe(0);
    expect(poolOf(dataSource).totalCount).toBe(held.length + 1);
    for (const client of held) client.release();
  });

  it('gives it to the second of two that ask at once', async () => {
    const dataSource = await database.open(named('two', 2));
    const pool = poolOf(dataSource);
    await Promise.all([dataSource.query('SELECT pg_sleep(0.1)'), dataSource.query('SELECT pg_sleep(0.1)')]);
    while (pool.idleCount < 2) await sleep(10);
    await stopTime(dataSource);
    await read(dataSource);
    const count = () => dataSource.transaction((manager) => manager.countBy(Site, { id: 1 }));
    expect(await Promise.all([count(), count()])).toEqual([0, 0]);
  });

  it('is not used again when the server has ended its connection', async () => {
    const dataSource = await database.open(named('ended'));
    await stopTime(dataSource);
    await read(dataSource);
    const ended = new Promise((resolve) => poolOf(dataSource).once('remove', resolve));
    await onServer(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ended'`);
    await ended;
    expect(await read(dataSource)).toBeNull();
  });

  it('is gone with its data source', async () => {
    const dataSource = await database.open(named('closed'));
    await read(dataSource);
    const pool = poolOf(dataSource);
    await dataSource.destroy();
    expect(pool.totalCount).toBe(0);
    await expect(read(dataSource)).rejects.toThrow();
    await dataSource.initialize();
    expect(await read(dataSource)).toBeNull();
  });
});
