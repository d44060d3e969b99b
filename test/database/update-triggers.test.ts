import type { DataSource } from 'typeorm';
import { ownTables } from '../../src/database/own-tables.js';
import { FixedSource, Observatory, Telescope } from '../../src/entities/index.js';
import { describeEachDatabase } from '../support/databases.js';
import { oneOfEach } from '../support/one-of-each.js';

const LONG_AGO = '2020-01-01 00:00:00.000';

describeEachDatabase('when a row was changed', (database) => {
  let dataSource: DataSource;
  // A correction of the accounting is never changed.
  const tables = () =>
    ownTables(dataSource).filter(
      ({ updateDateColumn, tableName }) => updateDateColumn && tableName !== 'time_correction',
    );
  const noted = async (table: string): Promise<string[]> => {
    const rows = await dataSource.query(`SELECT CAST(updated_at AS text) AS at FROM "${table}"`);
    return rows.map(({ at }: { at: string }) => at.slice(0, 10));
  };
  beforeAll(async () => {
    dataSource = await database.open();
    await oneOfEach(dataSource.manager);
  });

  it('is what a statement says that gives it', async () => {
    for (const { tableName } of tables()) {
      await dataSource.query(`UPDATE "${tableName}" SET updated_at = '${LONG_AGO}'`);
      expect([tableName, new Set(await noted(tableName))]).toEqual([tableName, new Set(['2020-01-01'])]);
    }
  });

  it('is noted by the database in every table, whoever changes the row', async () => {
    const today = new Date().toISOString().slice(0, 4);
    for (const { tableName, columns, primaryColumns } of tables()) {
      const [key = primaryColumns[0]] = columns.filter(({ isCreateDate }) => isCreateDate);
      await dataSource.query(`UPDATE "${tableName}" SET "${key?.databaseName}" = "${key?.databaseName}"`);
      const years = (await noted(tableName)).map((day) => day.slice(0, 4));
      expect([tableName, new Set(years)]).toEqual([tableName, new Set([today])]);
    }
  });

  it('is noted to the millisecond, in rows that are inserted or else changed, too, and in these rows only', async () => {
    const { manager } = dataSource;
    const [observatory] = await manager.find(Observatory);
    await dataSource.query(`UPDATE observatory SET updated_at = '${LONG_AGO}'`);
    await dataSource.query(`INSERT INTO observatory (name) VALUES ('another')`);
    const before = Date.now();
    await dataSource.query(
      `INSERT INTO observatory (name, description) VALUES ('another', 'said twice')
       ON CONFLICT (name) DO UPDATE SET description = excluded.description`,
    );
    const other = await manager.findOneByOrFail(Observatory, { name: 'another' });
    expect(other.description).toBe('said twice');
    expect(other.updatedAt.getTime()).toBeGreaterThanOrEqual(before - 1);
    const untouched = await manager.findOneByOrFail(Observatory, { id: observatory?.id });
    expect(untouched.updatedAt.toISOString()).toBe('2020-01-01T00:00:00.000Z');
  });

  it('is what a row is inserted with, though triggers fill in the rest of it', async () => {
    const { manager } = dataSource;
    const updatedAt = new Date('2019-01-01T00:00:00.000Z');
    const { id } = await manager.save(
      manager.create(FixedSource, { name: 'of 2019', category: 'galaxy', raDeg: 1, decDeg: 1, updatedAt }),
    );
    const source = await manager.findOneByOrFail(FixedSource, { id });
    expect([source.updatedAt, source.skyCell === null]).toEqual([updatedAt, false]);
    await manager.query(`UPDATE source SET ra_deg = 2 WHERE name = 'of 2019'`);
    expect((await manager.findOneByOrFail(FixedSource, { id })).updatedAt).not.toEqual(updatedAt);
  });

  it('is noted by TypeORM as before', async () => {
    const telescope = await dataSource.manager.findOneByOrFail(Telescope, {});
    telescope.updatedAt = new Date('2021-05-05T05:05:05.555Z');
    await dataSource.manager.save(telescope);
    const { updatedAt } = await dataSource.manager.findOneByOrFail(Telescope, {});
    expect(updatedAt.toISOString()).toBe('2021-05-05T05:05:05.555Z');
  });
});
