import { DataSource, type DataSourceOptions, EventSubscriber, type Logger } from 'typeorm';
import { dataSourceOptions } from '../../src/datasource.js';
import { ObsUnit, RawDataPackage } from '../../src/entities/index.js';
import { claim } from '../../src/services/claiming/index.js';
import { startObservation } from '../../src/services/filing/index.js';
import { readByKey, readMany } from '../../src/services/reading/index.js';
import type { Settings } from '../../src/settings/index.js';
import { describeEachDatabase } from '../support/databases.js';

describeEachDatabase('a data source that somebody else builds', (database) => {
  let options: DataSourceOptions;
  let settings: Settings;
  const built: DataSource[] = [];
  const build = async (more: object = {}) => {
    // As NestJS does it.
    const dataSource = new DataSource({ ...options, ...more } as DataSourceOptions);
    built.push(dataSource);
    return dataSource.initialize();
  };

  beforeAll(async () => {
    settings = (await database.create('seed')).settings;
    options = dataSourceOptions(settings);
  });
  afterEach(async () => {
    for (const dataSource of built.splice(0)) if (dataSource.isInitialized) await dataSource.destroy();
  });

  it('does all that one of this package does', async () => {
    const { manager } = await build();
    const { id: obsUnitId } = await manager.findOneByOrFail(ObsUnit, { available: true });
    expect(await readByKey(manager, ObsUnit, obsUnitId)).toMatchObject({ id: obsUnitId });
    const [first] = await readMany(manager, ObsUnit, { take: 1, relations: { source: true } });
    expect(first?.source?.name).toEqual(expect.any(String));
    await startObservation(manager, { obsUnitId, startTime: new Date() });
    expect(await claim(manager, RawDataPackage, { limit: 1, worker: 'w' })).toEqual([]);
    const caught = manager.transaction(async (nested) => {
      await nested.query('SELECT nothing FROM nowhere').catch(() => undefined);
    });
    await expect(caught).rejects.toMatchObject({ code: 'transaction_aborted' });
  });

  it('has nothing to change in the tables, and drops nothing with synchronize: true', async () => {
    const dataSource = await build();
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
    await dataSource.query('ALTER TABLE site ADD COLUMN of_another_version text');
    await expect(build({ synchronize: true })).rejects.toMatchObject({
      code: 'schema_mismatch',
      message: expect.stringMatching(/DROP .*site|of_another_version/),
    });
    expect(await dataSource.query('SELECT of_another_version FROM site')).toHaveLength(3);
    await dataSource.query('ALTER TABLE site DROP COLUMN of_another_version');
  });

  it('gives loggers and subscribers text', async () => {
    const logged: unknown[] = [];
    const heard: unknown[] = [];
    class Listener {
      beforeQuery({ query }: { query: unknown }) {
        heard.push(query);
      }
      afterQuery({ query }: { query: unknown }) {
        heard.push(query);
      }
    }
    EventSubscriber()(Listener);
    const logger = new Proxy({} as Logger, {
      get: () => (query: unknown) => logged.push(query),
    });
    for (const more of [{ logger }, { logger, subscribers: [Listener] }]) {
      const { manager } = await build(more);
      const { id: obsUnitId } = await manager.findOneByOrFail(ObsUnit, { available: true });
      await readByKey(manager, ObsUnit, obsUnitId, { relations: { source: true } });
      await readMany(manager, ObsUnit, { take: 1 });
      await startObservation(manager, { obsUnitId, startTime: new Date() });
      await claim(manager, RawDataPackage, { limit: 1, worker: 'w' });
    }
    const kinds = (all: unknown[]) => [...new Set(all.map((each) => typeof each))];
    expect(kinds(logged)).toEqual(['string']);
    expect(kinds(heard)).toEqual(['string']);
    expect(heard.some((text) => String(text).startsWith('SELECT'))).toBe(true);
  });

  it('says at once what to use where its options were changed so that it cannot work', async () => {
    // Options of its own: those that have worked once are taken for right.
    options = dataSourceOptions(settings);
    await expect(build({ cache: true })).rejects.toMatchObject({
      code: 'settings_invalid',
      message: expect.stringContaining('createDataSource'),
    });
  });
});
