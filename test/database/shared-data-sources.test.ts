import { rmSync } from 'node:fs';
import type { DataSource } from 'typeorm';
import { withDbSession } from '../../src/datasource.js';
import { Site } from '../../src/entities/index.js';
import { describeEachDatabase, onServer } from '../support/databases.js';

const AT_ONCE = 20;

describeEachDatabase('units of work without a data source', (database) => {
  const addSite = (name: string) =>
    withDbSession(async (manager) => {
      await manager.insert(Site, { name, shortName: name });
      return manager.dataSource;
    }, database.options);

  it('share one where their settings are the same, which the last one closes', async () => {
    const names = Array.from({ length: AT_ONCE }, (_, index) => `at once ${index}`);
    const used = new Set(await Promise.all(names.map(addSite)));
    expect(used.size).toBe(1);
    const [shared] = used;
    expect(shared?.isInitialized).toBe(false);
    const { settings } = await database.create('tables');
    const other = await withDbSession(async (manager) => manager.dataSource, { settings });
    expect(other).not.toBe(shared);
    expect(await withDbSession((manager) => manager.count(Site), database.options)).toBe(AT_ONCE);
  });

  it('connect again where the one before has failed, or is closing', async () => {
    const failed = withDbSession(() => Promise.reject(new Error('the work failed')), database.options);
    const [first, second] = await Promise.all([failed.catch(({ message }) => message), addSite('beside it')]);
    expect(first).toBe('the work failed');
    const [third, fourth] = await Promise.all([addSite('third'), failed.catch(() => addSite('fourth'))]);
    expect([third, fourth]).toEqual([second, second]);
    expect((second as DataSource).isInitialized).toBe(false);
  });

  it('leave nothing open', async () => {
    await addSite('the last one');
    if (database.type === 'sqlite') {
      rmSync(database.options.settings.sqlite.database);
      expect(await withDbSession((manager) => manager.count(Site), database.options)).toBe(0);
      return;
    }
    const { database: name } = database.options.settings.postgresql;
    expect(await onServer(`SELECT pid FROM pg_stat_activity WHERE datname = '${name}'`)).toEqual([]);
  });

  it('do not hide that the database is gone', async () => {
    const { settings } = database.options;
    const nowhere = { ...settings, postgresql: { ...settings.postgresql, database: 'gone' } };
    const missing = { ...nowhere, sqlite: { ...settings.sqlite, database: '/dev/null/gone' } };
    const units = [1, 2].map(() => withDbSession(async () => 'done', { settings: missing }));
    for (const unit of units)
      await expect(unit).rejects.toMatchObject({ code: expect.stringMatching(/^database_/) });
  });
});
