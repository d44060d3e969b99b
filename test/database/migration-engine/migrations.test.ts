import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { migrations } from '../../../migrations/index.js';
import {
  listSchema,
  migrate,
  pendingStatements,
  revertLast,
  schemaDrift,
  schemaRevision,
  stamp,
  stampRevision,
} from '../../../src/database/migration-engine/index.js';
import { ModelDataSource } from '../../../src/database/typeorm/model-data-source.js';
import { createDataSource, initCcatOpsDb } from '../../../src/datasource.js';
import { packageRoot } from '../../../src/package-root.js';
import type { Settings } from '../../../src/settings/index.js';
import { describePostgresql, describeSqlite } from '../../support/databases.js';

const names = migrations.map(({ name }) => name);

// Several build the whole schema more than once, which takes a while on a machine that is busy.
jest.setTimeout(60_000);

describe('the list of migrations', () => {
  it('names every file of the folder, the oldest first', () => {
    const files = readdirSync(join(packageRoot(), 'migrations')).filter((file) => file !== 'index.ts');
    const classes = files.sort().map((file) => file.replace(/^(\d{13})-([A-Z]\w+)\.ts$/, '$2$1'));
    expect(names).toEqual(classes);
  });
});

type Migrations = (new () => MigrationInterface)[];

/** A migration that comes after all of the package's. */
function next(up: MigrationInterface['up'], more: Partial<MigrationInterface> = {}): Migrations[number] {
  return class Next1799999999999 implements MigrationInterface {
    readonly name = 'Next1799999999999';
    readonly transaction = more.transaction;
    up = up;
    down = more.down ?? (async () => {});
  };
}

/** A data source with other migrations than the package has. */
async function connect(options: { settings: Settings }, list: Migrations = migrations): Promise<DataSource> {
  // Without what would refuse migrations that are not this package's.
  const plain = { ...createDataSource(options).options, cache: undefined };
  const dataSource = new ModelDataSource({ ...plain, migrations: list });
  return dataSource.initialize();
}

async function listing(dataSource: DataSource): Promise<string[]> {
  const runner = dataSource.createQueryRunner();
  const [{ schema }] = await runner.query('SELECT current_schema() AS schema');
  const lines = await listSchema(dataSource, runner, schema);
  await runner.release();
  return lines;
}

describePostgresql('migrations', (database) => {
  const opened: DataSource[] = [];
  let dataSource: DataSource;

  async function open(list?: Migrations, options?: { settings: Settings }): Promise<DataSource> {
    const connected = await connect(options ?? (await database.create('empty')), list);
    opened.push(connected);
    return connected;
  }
  /** On a database with the tables of this version. */
  const current = async () => open(migrations, await database.create('tables'));
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.destroy();
  });

  describe('all of them, when two deploys with one connection each run them at the same time', () => {
    let migrated: DataSource;
    let results: Awaited<ReturnType<typeof migrate>>[];
    const started: string[] = [];

    beforeAll(async () => {
      const { settings } = await database.create('empty');
      const single = { ...settings, postgresql: { ...settings.postgresql, poolSize: 1 } };
      const deploy = () => connect({ settings: single });
      const other = await deploy();
      migrated = await deploy();
      const onStart = (name: string, index: number, all: number) =>
        started.push(`${index + 1}/${all} ${name}`);
      results = await Promise.all([migrated, other].map((one) => migrate(one, { onStart })));
      await other.destroy();
    });
    afterAll(() => migrated.destroy());

    it('give the schema that the entities ask for', async () => {
      const synchronised = await open();
      await synchronised.synchronize();
      expect(await listing(migrated)).toEqual(await listing(synchronised));
      expect((await migrated.driver.createSchemaBuilder().log()).upQueries).toEqual([]);
      expect(await schemaDrift(migrated)).toEqual([]);
    });

    it('are applied once', async () => {
      const applied = results.map((result) => result.map(({ name }) => name));
      expect(applied.sort((one, other) => one.length - other.length)).toEqual([[], names]);
      expect(await migrated.query('SELECT name FROM ccat_ops_db_migration ORDER BY id')).toEqual(
        names.map((name) => ({ name })),
      );
      expect(await migrate(migrated)).toEqual([]);
    });

    it('report their progress and time', () => {
      expect(started).toEqual(names.map((name, index) => `${index + 1}/${names.length} ${name}`));
      expect(results.flat().every(({ seconds }) => seconds > 0)).toBe(true);
    });

    it('are taken back by one connection, too', async () => {
      expect(await revertLast(migrated)).toBe(names.at(-1));
    });
  });

  it('show each kind of difference, and nothing else', async () => {
    dataSource = await current();
    const changes: Readonly<Record<string, string>> = {
      'column status_history.changed_at ': 'ALTER TABLE status_history ALTER changed_at TYPE timestamptz(6)',
      'column site.active ': 'ALTER TABLE site ALTER active SET DEFAULT false',
      'column site.name ': `COMMENT ON COLUMN site.name IS 'Another one.'`,
      'column site.extra text': 'ALTER TABLE site ADD extra text',
      'index raw_data_file ': 'DROP INDEX ix_raw_data_file__unpackaged',
      'constraint telescope.ck_telescope__aperture_m CHECK':
        'ALTER TABLE telescope DROP CONSTRAINT ck_telescope__aperture_m, ADD CONSTRAINT ck_telescope__aperture_m CHECK (aperture_m > 1)',
      'constraint telescope.fk_telescope__observatory_id ':
        'ALTER TABLE telescope DROP CONSTRAINT fk_telescope__observatory_id',
      'enum data_location_storage_type_enum ': `ALTER TYPE data_location_storage_type_enum ADD VALUE 'cloud'`,
      'table role ': `COMMENT ON TABLE role IS 'Another one.'`,
      'definition of obscore ': 'CREATE OR REPLACE VIEW obscore AS SELECT * FROM obscore_before WHERE false',
    };
    await dataSource.query('ALTER VIEW obscore RENAME TO obscore_before');
    const objects = Object.keys(changes);
    for (const object of objects) await dataSource.query(changes[object] as string);
    const drift = await schemaDrift(dataSource);
    const shown = objects.filter((object) => drift.some((line) => line.object.startsWith(object)));
    expect(shown).toEqual(objects);
    // The comments of the view went with it.
    const others = drift.filter(({ object }) => !/^(column|view) obscore/.test(object));
    expect(others.filter(({ object }) => !objects.some((shows) => object.startsWith(shows)))).toEqual([]);
  });

  it('go down to an empty database and up again', async () => {
    dataSource = await current();
    const before = await listing(dataSource);
    const taken: (string | undefined)[] = [];
    for (;;) {
      const name = await revertLast(dataSource);
      if (name === undefined) break;
      taken.push(name);
    }
    expect(taken).toEqual([...names].reverse());
    const left = await dataSource.query(
      `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE '%ccat_ops_db_migration%'
       UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'e'`,
    );
    expect(left).toEqual([]);
    await migrate(dataSource);
    expect(await listing(dataSource)).toEqual(before);
  });

  it('can be read without being run, and run as a script', async () => {
    dataSource = await open();
    const statements = await pendingStatements(dataSource);
    expect(statements.join('\n')).toContain('CREATE TABLE "obs_unit"');
    expect((await schemaRevision(dataSource)).relation).toBe('empty');
    const runner = dataSource.createQueryRunner();
    const client = await runner.connect();
    for (const statement of statements) await client.query(statement);
    await expect(client.query(statements.find((text) => text.startsWith('--')) as string)).rejects.toThrow(
      'was applied since this script was made',
    );
    await runner.release();
    expect((await schemaRevision(dataSource)).relation).toBe('same');
    expect(await schemaDrift(dataSource)).toEqual([]);
    expect(await pendingStatements(dataSource)).toEqual([]);
  });

  it('show values, and change nothing, when they are read', async () => {
    dataSource = await current();
    const shown = await openWith((runner) => runner.query('UPDATE site SET name = $1', ['Cerro']));
    expect(await pendingStatements(shown)).toContain(`UPDATE site SET name = 'Cerro'`);
    const sly = await openWith(async (runner) => {
      await runner.manager.query(`INSERT INTO permission (name) VALUES ('a:b')`);
    });
    await expect(pendingStatements(sly)).rejects.toMatchObject({ code: 'database_read_only' });
    expect(await dataSource.query('SELECT name FROM permission')).toEqual([]);
  });

  it('leave the database as it was when one fails half-way', async () => {
    dataSource = await current();
    const before = await listing(dataSource);
    const broken = await openWith(async (runner) => {
      await runner.query('ALTER TABLE site ADD half text');
      await runner.query('SELECT 1/0');
    });
    await expect(migrate(broken)).rejects.toMatchObject({
      code: 'migration_failed',
      message: expect.stringMatching(/^Next\d+ failed and was taken back.*division by zero/),
    });
    expect(await listing(dataSource)).toEqual(before);
    expect((await schemaRevision(dataSource)).relation).toBe('same');
  });

  it('leave no invalid index when one that is built concurrently fails', async () => {
    dataSource = await current();
    await dataSource.query(
      `INSERT INTO permission (name, description) VALUES ('a:b', 'same'), ('a:c', 'same')`,
    );
    const before = await listing(dataSource);
    const broken = await openWith(
      (runner) =>
        runner.query(
          'CREATE UNIQUE INDEX CONCURRENTLY uq_permission__description ON permission (description)',
        ),
      {
        transaction: false,
        down: (runner) => runner.query('DROP INDEX CONCURRENTLY IF EXISTS uq_permission__description'),
      },
    );
    await expect(migrate(broken)).rejects.toMatchObject({ code: 'migration_failed' });
    expect(await listing(dataSource)).toEqual(before);
  });

  it('say so when what failed half-way cannot be taken back', async () => {
    dataSource = await current();
    const broken = await openWith((runner) => runner.query('SELECT 1/0'), {
      transaction: false,
      down: (runner) => runner.query('DROP TABLE no_such_table'),
    });
    await expect(migrate(broken)).rejects.toMatchObject({
      code: 'migration_failed',
      message: expect.stringMatching(/could not be taken back \(.*no_such_table.*division by zero/),
    });
  });

  it('report what happened when the connection is lost half-way, and leave the database and its lock free', async () => {
    dataSource = await current();
    const before = await listing(dataSource);
    const broken = await openWith(async (runner) => {
      await runner.query('ALTER TABLE site ADD half text');
      await runner.query('SELECT pg_terminate_backend(pg_backend_pid())');
    });
    await expect(migrate(broken)).rejects.toMatchObject({
      code: 'migration_failed',
      message: expect.stringMatching(/^Next\d+ failed; `opsdb current` tells.*terminat/),
    });
    expect(await migrate(dataSource)).toEqual([]);
    expect(await listing(dataSource)).toEqual(before);
  });

  it('wait no longer for a table than they may, so that services do not queue behind them', async () => {
    dataSource = await current();
    const service = dataSource.createQueryRunner();
    await service.startTransaction();
    await service.query('SELECT count(*) FROM site');
    const change = await openWith((runner) => runner.query('ALTER TABLE site ADD half text'));
    const migrated = migrate(change, { lockTimeoutMs: 50 });
    await expect(migrated).rejects.toThrow('lock timeout');
    await service.rollbackTransaction();
    await service.release();
    expect((await migrate(change, { lockTimeoutMs: 50 })).length).toBe(1);
  });

  it('build an index concurrently however long a transaction before it takes', async () => {
    dataSource = await current();
    const service = dataSource.createQueryRunner();
    await service.startTransaction();
    await service.query(`INSERT INTO permission (name) VALUES ('a:b')`);
    const change = await openWith(
      (runner) =>
        runner.query('CREATE INDEX CONCURRENTLY ix_permission__description ON permission (description)'),
      { transaction: false },
    );
    const migrated = migrate(change, { lockTimeoutMs: 50 });
    const waits = async () => {
      const [{ waiting }] = await dataSource.query(
        `SELECT count(*) AS waiting FROM pg_locks WHERE locktype = 'virtualxid' AND NOT granted AND waitstart < now() - interval '200 ms'`,
      );
      return waiting > 0;
    };
    while (!(await waits())) await sleep(20);
    await service.commitTransaction();
    await service.release();
    expect((await migrated).length).toBe(1);
  });

  it('stay as they are when the newest cannot be taken back', async () => {
    dataSource = await current();
    const final = await openWith(async () => {}, {
      down: async () => {
        throw new Error('what was merged cannot be told apart again: restore the backup');
      },
    });
    await migrate(final);
    await expect(revertLast(final)).rejects.toMatchObject({
      code: 'migration_failed',
      message: expect.stringContaining('restore the backup'),
    });
    expect((await schemaRevision(final)).relation).toBe('same');
  });

  it('run nothing when what goes before them fails', async () => {
    dataSource = await open();
    const before = async () => {
      throw new Error('no space for the backup');
    };
    await expect(migrate(dataSource, { before })).rejects.toThrow('no space for the backup');
    expect((await schemaRevision(dataSource)).relation).toBe('empty');
  });

  it('are refused on a database that is ahead of the code', async () => {
    dataSource = await current();
    const older = await open(migrations.slice(0, 1), { settings: settingsOf(dataSource) });
    expect(await schemaRevision(older)).toMatchObject({ relation: 'newer', unknown: names.slice(1) });
    await expect(migrate(older)).rejects.toMatchObject({
      code: 'migration_refused',
      message: expect.stringContaining(names[1] as string),
    });
  });

  it('are refused on tables of which nothing says which revision they are, until they are stamped', async () => {
    dataSource = await open();
    await dataSource.synchronize();
    expect((await schemaRevision(dataSource)).relation).toBe('unstamped');
    await expect(migrate(dataSource)).rejects.toMatchObject({
      code: 'migration_refused',
      message: expect.stringContaining('opsdb stamp'),
    });
    await stampRevision(dataSource);
    expect(await migrate(dataSource)).toEqual([]);
    expect((await schemaRevision(dataSource)).relation).toBe('same');
  });

  it('are stamped only on a schema that is as the entities say', async () => {
    dataSource = await open();
    await expect(stamp(dataSource)).rejects.toThrow('opsdb init');
    await dataSource.synchronize();
    await dataSource.query('ALTER TABLE site DROP COLUMN location');
    await expect(stamp(dataSource)).rejects.toMatchObject({
      code: 'schema_mismatch',
      message: expect.stringContaining('missing = column site.location'),
    });
    await dataSource.query(
      `ALTER TABLE site ADD location text CONSTRAINT ck_site__location CHECK (location <> '')`,
    );
    await dataSource.query(
      `COMMENT ON COLUMN site.location IS 'Where the site is, in words; null: not recorded.'`,
    );
    expect((await stamp(dataSource)).relation).toBe('same');
    const older = await open(migrations.slice(0, 1), { settings: settingsOf(dataSource) });
    await expect(stamp(older)).rejects.toThrow(names[1] as string);
  });

  it('are asked for when a database lacks no more than an index', async () => {
    dataSource = await current();
    await revertLast(dataSource);
    await expect(initCcatOpsDb({ settings: settingsOf(dataSource) })).rejects.toMatchObject({
      code: 'schema_mismatch',
      message: expect.stringMatching(new RegExp(`of an earlier version \\(${names.at(-2)}.*opsdb migrate`)),
    });
    await migrate(dataSource);
    const { dataSource: connected } = await initCcatOpsDb({ settings: settingsOf(dataSource) });
    await connected.destroy();
  });

  it('do not keep services of the version before from connecting', async () => {
    dataSource = await current();
    const newer = await openWith((runner) => runner.query('ALTER TABLE site ADD motto text'));
    await migrate(newer);
    const { dataSource: connected } = await initCcatOpsDb({ settings: settingsOf(newer) });
    expect((await schemaRevision(connected)).relation).toBe('newer');
    await connected.destroy();
  });

  it('are noted when a fresh database is created without them', async () => {
    const created = await database.open(await database.create('empty'));
    expect(await schemaRevision(created)).toEqual({
      relation: 'same',
      database: names.at(-1),
      code: names.at(-1),
      pending: [],
      unknown: [],
    });
  });

  it('fill archived_at of packages that were archived before it was there', async () => {
    const first = await open(migrations.slice(0, 1));
    await migrate(first);
    const archived = '00000000-0000-7000-8000-000000000001';
    const waiting = '00000000-0000-7000-8000-000000000002';
    const noted = '00000000-0000-7000-8000-000000000003';
    await insertOldShape(first, { archived, waiting, noted });
    const upgraded = await open(migrations, { settings: settingsOf(first) });
    expect((await migrate(upgraded)).map(({ name }) => name)).toEqual(names.slice(1));
    const rows = await upgraded.query('SELECT id, archived_at, updated_at FROM raw_data_package ORDER BY id');
    expect(rows).toMatchObject([
      { id: archived, archived_at: new Date('2026-11-20T10:00:00Z') },
      { id: waiting, archived_at: null },
      { id: noted, archived_at: rows[2].updated_at },
    ]);
    while ((await schemaRevision(upgraded)).database !== names[0]) await revertLast(upgraded);
    expect(await upgraded.query('SELECT count(*) FROM raw_data_package')).toEqual([{ count: 3 }]);
  });

  it("are taken back and run by TypeORM's own calls, by one process at a time", async () => {
    const first = await current();
    const second = await open(migrations, { settings: settingsOf(first) });
    // Some of them are no transactions.
    for (let count = 0; count < names.length; count++) await first.undoLastMigration();
    expect((await schemaRevision(first)).database).toBeNull();
    const runs = await Promise.all([first.runMigrations(), second.runMigrations()]);
    expect(runs.flat().map(({ name }) => name)).toEqual(names);
    expect(await schemaDrift(first)).toEqual([]);
  });

  it('stop at a staging job that goes to no location for processing, until it is put right', async () => {
    const before = names.findIndex((name) => name.startsWith('AddTypeToKeyOfDataLocation'));
    const old = await open(migrations.slice(0, before));
    await migrate(old);
    const job = '00000000-0000-7000-8000-00000000000f';
    await old.query(`INSERT INTO site (id, name, short_name) VALUES (1, 'here', 'here')`);
    await old.query(`INSERT INTO data_location (id, site_id, name, location_type, storage_type, path)
      VALUES (1, 1, 'buffer', 'buffer', 'disk', '/b'), (2, 1, 'work', 'processing', 'disk', '/w')`);
    await old.query(`INSERT INTO staging_job (id, destination_location_id) VALUES ('${job}', 1)`);

    const upgraded = await open(migrations, { settings: settingsOf(old) });
    const key = 'fk_staging_job__destination_for_processing';
    await expect(migrate(upgraded)).rejects.toMatchObject({ message: expect.stringContaining(key) });
    expect((await schemaRevision(upgraded)).database).toBe(names[before + 1]);
    await expect(
      upgraded.query(`INSERT INTO staging_job (id, destination_location_id) VALUES (gen_random_uuid(), 1)`),
    ).rejects.toMatchObject({ constraint: key });

    await upgraded.query(`UPDATE staging_job SET destination_location_id = 2 WHERE id = '${job}'`);
    await migrate(upgraded);
    while ((await schemaRevision(upgraded)).database !== names[before - 1]) await revertLast(upgraded);
    await upgraded.query(`UPDATE staging_job SET destination_location_id = 1 WHERE id = '${job}'`);
    await upgraded.query(`UPDATE staging_job SET destination_location_id = 2 WHERE id = '${job}'`);
    await migrate(upgraded);
    expect(await upgraded.query('SELECT destination_type FROM staging_job')).toEqual([
      { destination_type: 'processing' },
    ]);
  });

  /** Another connection to the database, of a version with one migration more. */
  function openWith(
    up: (runner: QueryRunner) => Promise<unknown>,
    more?: Partial<MigrationInterface>,
  ): Promise<DataSource> {
    return open([...migrations, next(up, more)], { settings: settingsOf(dataSource) });
  }

  function settingsOf({ options }: DataSource): Settings {
    const { settings } = database.options;
    return { ...settings, postgresql: { ...settings.postgresql, database: options.database as string } };
  }
});

/** Packages as they were before they had archived_at, with no more around them than they need. */
async function insertOldShape(
  dataSource: DataSource,
  { archived, waiting, noted }: Record<'archived' | 'waiting' | 'noted', string>,
): Promise<void> {
  const execution = '00000000-0000-7000-8000-00000000000e';
  const statements = [
    `SET session_replication_role = replica`,
    `INSERT INTO executed_obs_unit (id, obs_unit_id, start_time, observing_night) VALUES ('${execution}', 1, now(), now())`,
    `INSERT INTO raw_data_package (id, executed_obs_unit_id, instrument_module_id, part_number, source_location_id, state) VALUES
      ('${archived}', '${execution}', 1, 1, 1, 'archived'),
      ('${waiting}', '${execution}', 1, 2, 1, 'waiting'),
      ('${noted}', '${execution}', 1, 3, 1, 'archived')`,
    `INSERT INTO long_term_archive_transfer (id, raw_data_package_id, origin_location_id, destination_location_id, status, finished_at) VALUES
      ('00000000-0000-7000-8000-00000000000a', '${archived}', 1, 2, 'completed', '2026-11-20T10:00:00Z'),
      ('00000000-0000-7000-8000-00000000000b', '${archived}', 1, 3, 'completed', '2026-11-21T10:00:00Z')`,
    `SET session_replication_role = DEFAULT`,
  ];
  const runner = dataSource.createQueryRunner();
  for (const statement of statements) await runner.query(statement);
  await runner.release();
}

describeSqlite('migrations', (database) => {
  it('are refused, with a hint at what to do instead', async () => {
    const dataSource = await database.open();
    await expect(migrate(dataSource)).rejects.toMatchObject({
      code: 'migration_refused',
      message: expect.stringContaining('opsdb init --drop'),
    });
  });

  it('are noted all the same, so that a file of an earlier version is noticed', async () => {
    const options = await database.create('tables');
    const dataSource = await database.open(options);
    expect((await schemaRevision(dataSource)).relation).toBe('same');
    await dataSource.query('ALTER TABLE raw_data_package DROP COLUMN archived_at');
    await dataSource.query(`DELETE FROM ccat_ops_db_migration WHERE id > 1`);
    await dataSource.destroy();
    await expect(database.open(options)).rejects.toMatchObject({
      code: 'schema_mismatch',
      message: expect.stringMatching(/of an earlier version \(CreateSchema.*another file/s),
    });
  });

  it('are asked for when a file lacks no more than an index', async () => {
    const options = await database.create('tables');
    const dataSource = await database.open(options);
    await dataSource.query('DROP INDEX ix_physical_copy__held');
    await dataSource.query('DELETE FROM ccat_ops_db_migration WHERE name = ?', [names.at(-1)]);
    await dataSource.destroy();
    await expect(database.open(options)).rejects.toMatchObject({
      code: 'schema_mismatch',
      message: expect.stringMatching(
        new RegExp(`of an earlier version \\(${names.at(-2)}.*opsdb init --drop`),
      ),
    });
  });

  it('show each kind of difference, and nothing else', async () => {
    const dataSource = await database.open(await database.create('tables'));
    await dataSource.query('CREATE TABLE of_another_service (id integer)');
    expect(await schemaDrift(dataSource)).toEqual([]);
    const [{ sql }] = await dataSource.query(`SELECT sql FROM sqlite_master WHERE name = 'deletion_policy'`);
    const changed = sql
      .replace('"min_archive_copies" >= 1', '"min_archive_copies" >= 0')
      .replace("'source'", "'spring'")
      .replace('"id" integer', '"extra" text, "id" integer');
    await dataSource.query('DROP TABLE deletion_policy');
    await dataSource.query(changed);
    await dataSource.query('DROP INDEX ix_raw_data_file__unpackaged');
    const check = 'CONSTRAINT "ck_deletion_policy__min_archive_copies" CHECK';
    expect((await schemaDrift(dataSource)).map(({ kind, object }) => `${kind} ${object}`)).toEqual([
      expect.stringContaining(`missing deletion_policy: "location_type" `),
      expect.stringContaining(`missing deletion_policy: ${check}`),
      expect.stringContaining('missing index raw_data_file CREATE INDEX "ix_raw_data_file__unpackaged"'),
      expect.stringContaining('missing trigger deletion_policy CREATE TRIGGER "tr_deletion_policy__updated"'),
      expect.stringContaining('unexpected deletion_policy: "extra" text'),
      expect.stringContaining(`unexpected deletion_policy: "location_type" `),
      expect.stringContaining(`unexpected deletion_policy: ${check}`),
    ]);
  });

  it('are stamped only on a schema that is as the entities say', async () => {
    const dataSource = await connect(await database.create('empty'));
    await expect(stamp(dataSource)).rejects.toThrow('opsdb init');
    await dataSource.synchronize();
    await dataSource.query('DROP INDEX ix_raw_data_file__unpackaged');
    await expect(stamp(dataSource)).rejects.toThrow('ix_raw_data_file__unpackaged');
    await dataSource.synchronize();
    expect((await stamp(dataSource)).relation).toBe('same');
    await dataSource.destroy();
  });
});
