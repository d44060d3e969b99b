import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { migrations } from '../../../migrations/index.js';
import { migrate } from '../../../src/database/migration-engine/index.js';
import { ModelDataSource } from '../../../src/database/typeorm/model-data-source.js';
import { createDataSource } from '../../../src/datasource.js';
import { describePostgresql } from '../../support/databases.js';

const FILES = 250_000;
const PACKAGES = 5_000;
const COPIES = 50_000;
const uuid = (kind: number, number: string) =>
  `('0000000${kind}-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;

/** A database of the first revision with archived packages and their files. */
const POPULATE = [
  `INSERT INTO site (id, name, short_name) VALUES (1, 'here', 'here')`,
  `INSERT INTO data_location (id, site_id, name, location_type, storage_type, path) VALUES (1, 1, 'buffer', 'buffer', 'disk', '/b')`,
  `SET session_replication_role = replica`,
  `INSERT INTO raw_data_package (id, executed_obs_unit_id, instrument_module_id, part_number, source_location_id, state)
   SELECT ${uuid(1, 'i')}, ${uuid(2, 'i')}, 1, 1, 1, 'archived' FROM generate_series(1, ${PACKAGES}) AS i`,
  `INSERT INTO raw_data_file (id, executed_obs_unit_id, instrument_module_id, source_location_id, raw_data_package_id, relative_path, size_bytes)
   SELECT ${uuid(3, 'i')}, ${uuid(2, `(i / ${FILES / PACKAGES} + 1)`)}, 1, 1, ${uuid(1, `(i / ${FILES / PACKAGES} + 1)`)}, i || '.fits', i
   FROM generate_series(0, ${FILES - 1}) AS i`,
  `INSERT INTO physical_copy (id, type, raw_data_file_id, data_location_id)
   SELECT ${uuid(4, 'i')}, 'raw_data_file_physical_copy', ${uuid(3, 'i')}, 1 FROM generate_series(0, ${COPIES - 1}) AS i`,
];

/** Keeps writers out until its transaction ends. */
const KEEP_OUT = 'CREATE INDEX keeping_writers_out ON raw_data_file (md5(relative_path))';

/** As often one look after the other sees a transaction keep writers out that does more than change the catalogue. */
const OFTEN = 20;

/** The large tables that writers are kept out of, each with the transaction that does it. */
const BLOCKED = `
  SELECT DISTINCT relation::regclass::text AS "table", pid || ' ' || xact_start AS holder FROM pg_locks JOIN pg_stat_activity USING (pid)
  WHERE relation IN ('raw_data_file'::regclass, 'physical_copy'::regclass) AND granted
    AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')`;

describePostgresql('migrating a populated database', (database) => {
  const opened: DataSource[] = [];
  const open = async (list: typeof migrations) => {
    const dataSource = new ModelDataSource({
      ...createDataSource(database.options).options,
      migrations: list,
    });
    opened.push(await dataSource.initialize());
    return dataSource;
  };
  afterAll(async () => {
    for (const dataSource of opened) await dataSource.destroy();
  });

  it('loses nothing of many files while a writer goes on, and never keeps writers out of them', async () => {
    const first = await open(migrations.slice(0, 1));
    await first.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    await migrate(first);
    const filler = first.createQueryRunner();
    for (const statement of POPULATE) await filler.query(statement);
    const upgraded = await open(migrations);

    const written: string[] = [];
    const write = async () => {
      const id = uuidv7();
      await filler.query(
        `INSERT INTO raw_data_file (id, executed_obs_unit_id, instrument_module_id, source_location_id, relative_path, size_bytes)
         VALUES ($1, $1, 1, 1, $2, 1)`,
        [id, `late/${written.length}.fits`],
      );
      await filler.query(
        `INSERT INTO physical_copy (id, type, raw_data_file_id, data_location_id) VALUES ($1, 'raw_data_file_physical_copy', $1, 1)`,
        [id],
      );
      written.push(id);
    };
    const seen = new Map<string, number>();
    const watch = async () => {
      for (const { table, holder } of await first.query(BLOCKED))
        seen.set(`${table} ${holder}`, (seen.get(`${table} ${holder}`) ?? 0) + 1);
      await sleep(5);
    };
    const blocked = () => [...seen].filter(([, looks]) => looks >= OFTEN).map(([by]) => by.split(' ')[0]);
    const results = await whileDoing([write, watch], () => migrate(upgraded));

    expect(results.map(({ name }) => name)).toEqual(migrations.slice(1).map(({ name }) => name));
    expect(blocked()).toEqual([]);
    expect(written.length).toBeGreaterThan(0);
    const [{ files }] = await first.query('SELECT count(*) AS files FROM raw_data_file');
    expect(files).toBe(FILES + written.length);
    const [{ kept }] = await first.query('SELECT count(*) AS kept FROM raw_data_file WHERE id = ANY ($1)', [
      written,
    ]);
    expect(kept).toBe(written.length);
    const [{ filled }] = await first.query('SELECT count(archived_at) AS filled FROM raw_data_package');
    expect(filled).toBe(PACKAGES);
    const [{ copies }] = await first.query('SELECT count(*) AS copies FROM physical_copy');
    expect(copies).toBe(COPIES + written.length);
    await filler.release();

    // What would have been seen: without it, this never ends.
    await first.transaction(async (manager) => {
      await manager.query(KEEP_OUT);
      while (!blocked().includes('raw_data_file')) await watch();
    });
    expect(blocked()).toEqual(['raw_data_file']);
  }, 300_000);
});

/** Repeats other things until the work is done. */
async function whileDoing<T>(others: readonly (() => Promise<void>)[], work: () => Promise<T>): Promise<T> {
  let working = true;
  const repeating = others.map(async (other) => {
    while (working) await other();
  });
  const result = await work().finally(() => {
    working = false;
  });
  await Promise.all(repeating);
  return result;
}
