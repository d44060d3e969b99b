import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/datasource.js';
import { Site } from '../../src/entities/index.js';
import { describePostgresql } from '../support/databases.js';
import { countRoundTrips, type RoundTrips } from '../support/round-trips.js';

describePostgresql('the begin of a transaction', (database) => {
  let dataSource: DataSource;
  let trips: RoundTrips;
  beforeAll(async () => {
    dataSource = createDataSource(database.options);
    trips = countRoundTrips(dataSource);
    await dataSource.initialize();
  });
  afterAll(() => dataSource.destroy());
  beforeEach(() => {
    trips.count = 0;
  });
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const names = async () => (await dataSource.manager.find(Site)).map(({ shortName }) => shortName).sort();

  it('is sent with its first statement, and not at all without one', async () => {
    await dataSource.transaction(async () => {});
    await dataSource.transaction((manager) => manager.transaction(async () => {}));
    expect(trips.count).toBe(0);
    await dataSource.transaction((manager) => manager.query('SELECT 1'));
    expect(trips.count).toBe(2);
  });

  it('costs nothing when it is a savepoint, nor does its end', async () => {
    await dataSource.transaction(async (manager) => {
      for (const shortName of ['one', 'two'])
        await manager.transaction((nested) => nested.query('SELECT $1::text', [shortName]));
      expect(trips.count).toBe(2);
    });
    expect(trips.count).toBe(3);
  });

  it.each([
    ['an error of syntax', 'SELEC 1', undefined],
    ['an error of a value', 'SELECT 1 / 0', undefined],
    ['a value that cannot be sent', 'SELECT $1::json', [circle]],
    ['an error in the second of two', 'SELECT 1; SELECT 1 / 0', undefined],
  ])('lets the outer transaction go on after %s in the first statement within', async (_, sql, values) => {
    const shortName = String(Math.random());
    await dataSource.transaction(async (manager) => {
      await manager.insert(Site, { name: shortName, shortName });
      await expect(manager.transaction((nested) => nested.query(sql, values))).rejects.toThrow();
      await manager.insert(Site, { name: `${shortName} 2`, shortName: `${shortName} 2` });
    });
    expect(await names()).toEqual(expect.arrayContaining([shortName, `${shortName} 2`]));
  });

  it.each([['SELEC 1'], ['SELECT 1 / 0'], ['SELECT 1; SELECT 1 / 0']])(
    'leaves nothing of a transaction whose first statement is %s',
    async (sql) => {
      await expect(dataSource.transaction((manager) => manager.query(sql))).rejects.toThrow();
      const before = await names();
      await dataSource.manager.insert(Site, { name: sql, shortName: sql });
      expect(await names()).toEqual([...before, sql].sort());
    },
  );

  it('keeps what a statement of several parts returns', async () => {
    const [first, second] = await dataSource.transaction((manager) =>
      Promise.all([manager.query('SELECT 1 AS one'), manager.query('SELECT $1::int AS two', [2])]),
    );
    expect([first, second]).toEqual([[{ one: 1 }], [{ two: 2 }]]);
  });
});
