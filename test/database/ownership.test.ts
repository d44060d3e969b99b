import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { InitOptions } from '../../src/database/connection-settings.js';
import { migrate, schemaDrift, schemaRevision } from '../../src/database/migration-engine/index.js';
import { ownTables } from '../../src/database/own-tables.js';
import { readOwnership } from '../../src/database/ownership.js';
import { createDataSource, initCcatOpsDb } from '../../src/datasource.js';
import { Site } from '../../src/entities/index.js';
import { fileRawDataFiles } from '../../src/services/filing/index.js';
import { grantRead } from '../../src/tools/grant-read/index.js';
import { checkInvariants } from '../../src/tools/integrity/index.js';
import { describeEachDatabase, describePostgresql, onServer } from '../support/databases.js';
import { oneOfEach } from '../support/one-of-each.js';

const site = { name: 'Cerro Chajnantor', shortName: 'ccat' };
const refusal = expect.objectContaining({
  code: 'schema_mismatch',
  message: expect.not.stringMatching(/drop/i),
});

/** How many objects of any kind a database has. */
async function objectsOf(dataSource: DataSource): Promise<number> {
  const [{ count }] = await dataSource.query(
    dataSource.options.type === 'postgres'
      ? `SELECT count(*)::int AS count FROM pg_class WHERE relnamespace = 'public'::regnamespace`
      : 'SELECT count(*) AS count FROM sqlite_master',
  );
  return count;
}

describeEachDatabase('a database with objects of another program', (database) => {
  const withObjects = async (...statements: string[]) => {
    const options = await database.create('empty');
    const other = await createDataSource(options).initialize();
    for (const statement of statements) await other.query(statement);
    return { options, other, before: await objectsOf(other) };
  };
  const users = [
    'CREATE TABLE "user" (id integer PRIMARY KEY, login text)',
    `INSERT INTO "user" VALUES (1, 'alice')`,
  ];

  it.each([
    ['table user', users],
    ['table role', ['CREATE TABLE role (id integer CONSTRAINT pk_role PRIMARY KEY, name text)']],
    ['view user', [`CREATE VIEW "user" AS SELECT 1 AS id`]],
    ['view obscore', ['CREATE VIEW obscore AS SELECT 1 AS id']],
    [
      'index ix_raw_data_file__unpackaged',
      ['CREATE TABLE other (id integer)', 'CREATE INDEX ix_raw_data_file__unpackaged ON other (id)'],
    ],
  ])('is left as it is where it has a %s', async (name, statements) => {
    const { options, other, before } = await withObjects(...statements);
    await expect(initCcatOpsDb(options)).rejects.toEqual(refusal);
    await expect(initCcatOpsDb(options)).rejects.toThrow(name);
    await expect(initCcatOpsDb({ ...options, drop: true })).rejects.toMatchObject({
      code: 'drop_refused',
      message: expect.stringContaining(name),
    });
    expect(await objectsOf(other)).toBe(before);
    expect((await schemaRevision(other)).relation).toBe('empty');
    await other.destroy();
  });

  it('keeps its rows and gets no foreign keys', async () => {
    const { options, other } = await withObjects(...users);
    await expect(initCcatOpsDb({ ...options, drop: true })).rejects.toMatchObject({ code: 'drop_refused' });
    expect(await other.query('SELECT login FROM "user"')).toEqual([{ login: 'alice' }]);
    await other.destroy();
  });

  it('is told to use a place of its own', async () => {
    const { options, other } = await withObjects(...users);
    const place = database.type === 'sqlite' ? 'database_sqlite_database' : 'database_postgresql_schema';
    await expect(initCcatOpsDb(options)).rejects.toThrow(place);
    await other.destroy();
  });

  it('keeps a table that has the name of one that a later revision makes', async () => {
    const options = await database.create('tables');
    const first = await database.open(options);
    const last = first.migrations.at(-1)?.constructor.name;
    await first.query(`DELETE FROM ccat_ops_db_migration WHERE name = '${last}'`);
    await first.query('DROP TABLE pre_scheduled_slot');
    await first.query('CREATE TABLE pre_scheduled_slot (id integer, theirs text)');
    await first.query(`INSERT INTO pre_scheduled_slot VALUES (1, 'theirs')`);
    await expect(initCcatOpsDb({ ...options, drop: true })).rejects.toMatchObject({ code: 'drop_refused' });
    await expect(initCcatOpsDb(options)).rejects.toEqual(refusal);
    expect(await first.query('SELECT theirs FROM pre_scheduled_slot')).toEqual([{ theirs: 'theirs' }]);
  });
});

describeEachDatabase('the mark of this package', (database) => {
  it('is on each of its tables, notes of migrations or not', async () => {
    const dataSource = await database.open(await database.create('tables'));
    await dataSource.query('DROP TABLE ccat_ops_db_migration');
    expect((await schemaRevision(dataSource)).relation).toBe('unstamped');
    const { own, foreign } = await readOwnership(dataSource);
    expect([...own].sort()).toEqual(
      ownTables(dataSource)
        .map(({ tableName }) => tableName)
        .sort(),
    );
    expect(foreign).toEqual([]);
  });
});

describePostgresql('a database with objects of another program', (database) => {
  it.each([
    ['type user_kind_enum', `CREATE TYPE user_kind_enum AS ENUM ('person', 'service')`],
    ['type user', 'CREATE DOMAIN "user" AS text'],
    ['object site', 'CREATE SEQUENCE site'],
    ['object obscore', 'CREATE MATERIALIZED VIEW obscore AS SELECT 1 AS id'],
  ])('is left as it is where it has the %s', async (name, statement) => {
    const options = await database.create('empty');
    const other = await createDataSource(options).initialize();
    await other.query(statement);
    await expect(initCcatOpsDb(options)).rejects.toEqual(refusal);
    await expect(migrate(other)).rejects.toMatchObject({
      code: 'migration_refused',
      message: expect.stringContaining(name),
    });
    await other.destroy();
  });

  it('grants nothing on what is not its own', async () => {
    const other = await createDataSource(await database.create('empty')).initialize();
    await other.query('CREATE TABLE "user" (id integer)');
    await expect(grantRead(other, 'nobody_at_all', { create: true })).rejects.toEqual(refusal);
    await other.destroy();
  });
});

describePostgresql('a schema of its own', (database) => {
  let options: InitOptions;
  let other: DataSource;
  let db: DataSource;

  beforeAll(async () => {
    const { settings } = await database.create('empty');
    other = await createDataSource({ settings }).initialize();
    await other.query('CREATE TABLE "user" (id integer, login text)');
    await other.query(`INSERT INTO "user" VALUES (1, 'alice')`);
    options = { settings, schema: 'Ops_2' };
    db = (await initCcatOpsDb(options)).dataSource;
    await oneOfEach(db.manager);
  });
  afterAll(async () => {
    await db.destroy();
    await other.destroy();
  });

  it('holds all of the package beside another program', async () => {
    expect(await countsOf(db)).toEqual({ raw_data_file: 1, executed_obs_unit: 1 });
    expect(await schemaDrift(db)).toEqual([]);
    await db.query('COMMENT ON TABLE ccat_ops_db_migration IS NULL');
    expect(await schemaDrift(db)).toEqual([]);
    expect((await schemaRevision(db)).relation).toBe('same');
    expect((await checkInvariants(db.manager)).length).toBeGreaterThan(5);
    expect(await db.query('SELECT count(*)::int AS count FROM obscore')).toHaveLength(1);
    expect((await db.driver.createSchemaBuilder().log()).upQueries).toEqual([]);
    const [{ count }] = await other.query(
      `SELECT count(*)::int AS count FROM pg_class WHERE relnamespace = 'public'::regnamespace`,
    );
    expect(count).toBe(1);
  });

  it('takes files in bulk', async () => {
    const [file] = await db.query(
      'SELECT executed_obs_unit_id, instrument_module_id, source_location_id FROM raw_data_file',
    );
    await fileRawDataFiles(
      db.manager,
      Array.from({ length: 50 }, (_, index) => ({
        executedObsUnitId: file.executed_obs_unit_id,
        instrumentModuleId: file.instrument_module_id,
        sourceLocationId: file.source_location_id,
        id: randomUUID(),
        relativePath: `bulk/${index}.fits`,
        sizeBytes: index,
      })),
    );
    expect((await countsOf(db)).raw_data_file).toBe(51);
  });

  it('is read by a role for dashboards, and no other schema is', async () => {
    const role = `${db.options.database}_reader`;
    try {
      const { statements } = await grantRead(db, role, { create: true });
      expect(statements.filter((statement) => /public/.test(statement))).toEqual([]);
      const [{ ours, hash, theirs }] = await db.query(
        `SELECT has_table_privilege($1, '"Ops_2".site', 'SELECT') AS ours,
           has_column_privilege($1, '"Ops_2".api_token', 'token_hash', 'SELECT') AS hash,
           has_table_privilege($1, 'public."user"', 'SELECT') AS theirs`,
        [role],
      );
      expect({ ours, hash, theirs }).toEqual({ ours: true, hash: false, theirs: false });
    } finally {
      await db.query(`DROP OWNED BY "${role}"`).catch(() => {});
      await onServer(`DROP ROLE IF EXISTS "${role}"`);
    }
  });

  it('is dropped and made anew alone', async () => {
    await db.destroy();
    ({ dataSource: db } = await initCcatOpsDb({
      ...options,
      drop: true,
      confirmDrop: String(db.options.database),
    }));
    expect(await countsOf(db)).toEqual({ raw_data_file: 0, executed_obs_unit: 0 });
    expect(await other.query('SELECT login FROM "user"')).toEqual([{ login: 'alice' }]);
  });

  it('is migrated, and its pending statements lead nowhere else', async () => {
    const { settings } = await database.create('empty');
    const theirs = await createDataSource({ settings }).initialize();
    await theirs.query('CREATE TABLE "user" (id integer)');
    await theirs.query('CREATE SCHEMA theirs_and_ours');
    const ours = await createDataSource({ settings, schema: 'theirs_and_ours' }).initialize();
    expect((await migrate(ours)).length).toBeGreaterThan(1);
    expect(await schemaDrift(ours)).toEqual([]);
    await ours.manager.insert(Site, site);
    expect(await theirs.query('SELECT short_name FROM theirs_and_ours.site')).toEqual([
      { short_name: 'ccat' },
    ]);
    await ours.destroy();
    await theirs.destroy();
  });

  it('is refused behind a pooler whose connections lead to another', async () => {
    const { settings } = await database.create('empty');
    const pooled = { ...settings, postgresql: { ...settings.postgresql, pooler: 'transaction' as const } };
    await expect(initCcatOpsDb({ settings: pooled, schema: 'ops' })).rejects.toMatchObject({
      code: 'settings_invalid',
      message: expect.stringContaining('search_path'),
    });
    await onServer(`ALTER DATABASE ${settings.postgresql.database} SET search_path = ops`);
    const { dataSource } = await initCcatOpsDb({ settings: pooled, schema: 'ops' });
    expect(await dataSource.query('SELECT current_schema() AS schema')).toEqual([{ schema: 'ops' }]);
    await dataSource.destroy();
  });
});

async function countsOf(dataSource: DataSource): Promise<Record<string, number>> {
  const names = ['raw_data_file', 'executed_obs_unit'];
  const counts = names.map(async (name) => {
    const [{ count }] = await dataSource.query(`SELECT count(*)::int AS count FROM ${name}`);
    return [name, count] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}
