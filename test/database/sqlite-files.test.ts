import { copyFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDataSource, withDbSession } from '../../src/datasource.js';
import { RawDataFile } from '../../src/entities/index.js';
import { Site } from '../../src/entities/location/site.js';
import { streamMany } from '../../src/services/reading/index.js';
import { describeSqlite } from '../support/databases.js';

const site = (name: string) => ({ name, shortName: name });

describeSqlite('a SQLite file', (database) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-test-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is written by many data sources of one process at once, one after the other', async () => {
    const write = (_: unknown, number: number) =>
      withDbSession(async (manager) => {
        await manager.insert(Site, site(`${number}`));
        await sleep(20);
      }, database.options);
    await Promise.all(Array.from({ length: 8 }, write));
    expect(await (await database.open()).manager.count(Site)).toBe(8);
  }, 60_000);

  it('lets timers fire while one data source waits for another', async () => {
    const [one, two] = [await database.open(), await database.open()];
    const holder = one.createQueryRunner();
    await holder.startTransaction();
    let fired = 0;
    const timer = setInterval(() => fired++, 5);
    const waiting = two.transaction((manager) => manager.insert(Site, site('waited')));
    await sleep(200);
    clearInterval(timer);
    await holder.release();
    await waiting;
    expect(fired).toBeGreaterThan(5);
  });

  it('that was removed or replaced while it was open takes no writes', async () => {
    const file = path.join(folder, 'file.sqlite');
    const settings = {
      ...database.options.settings,
      sqlite: { ...database.options.settings.sqlite, database: file },
    };
    await withDbSession((manager) => manager.insert(Site, site('first')), { settings });
    const dataSource = await createDataSource({ settings }).initialize();
    const { manager } = dataSource;
    const missing = { code: 'database_missing' };
    const refused = async () => {
      await expect(manager.insert(Site, site('lost'))).rejects.toMatchObject(missing);
      await expect(manager.save(Site, site('lost'))).rejects.toMatchObject(missing);
      await expect(manager.transaction((own) => own.insert(Site, site('lost')))).rejects.toMatchObject(
        missing,
      );
    };
    renameSync(file, `${file}.away`);
    await refused();
    copyFileSync(`${file}.away`, file);
    await refused();
    renameSync(`${file}.away`, file);
    await manager.insert(Site, site('second'));
    expect(await manager.count(Site)).toBe(2);
    await dataSource.destroy();
  });

  it('lets timers fire while it is streamed', async () => {
    const dataSource = await database.open(await database.create('seed'));
    await dataSource.query('PRAGMA foreign_keys = OFF');
    const id = (letter: string) => `'00000000-0000-7000-8000-' || ${letter}`;
    await dataSource.query(`
      INSERT INTO raw_data_file (id, executed_obs_unit_id, instrument_module_id, source_location_id, relative_path, size_bytes)
      WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 20000)
      SELECT ${id("printf('%012d', n)")}, ${id("'000000000000'")}, 1, 1, 'night/' || n, 1 FROM number`);
    let fired = 0;
    const timer = setInterval(() => fired++, 1);
    let rows = 0;
    for await (const _ of streamMany(dataSource.manager, RawDataFile)) rows++;
    clearInterval(timer);
    expect(rows).toBe(20_000);
    expect(fired).toBeGreaterThan(5);
  });
});
