import type { DataSource } from 'typeorm';
import { initCcatOpsDb } from '../../src/datasource.js';
import { ExecutedObsUnit } from '../../src/entities/index.js';
import { Site } from '../../src/entities/location/site.js';
import { describeEachDatabase, describePostgresql, describeSqlite, onServer } from '../support/databases.js';
import { oneOfEach } from '../support/one-of-each.js';

const site = { name: 'Cerro Chajnantor', shortName: 'ccat' };

async function columnsOf(dataSource: DataSource, table: string): Promise<string[]> {
  const runner = dataSource.createQueryRunner();
  const found = await runner.getTable(table);
  await runner.release();
  return found?.columns.map(({ name }) => name) ?? [];
}

describeEachDatabase('the tables', (database) => {
  it('are created on an empty database, after which synchronize has nothing to do', async () => {
    const dataSource = await database.open(await database.create('empty'));
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries).toEqual([]);
    expect(await dataSource.manager.count(Site)).toBe(0);
  });

  it('keep their rows, extra columns and changed defaults', async () => {
    const options = await database.create('tables');
    const first = await database.open(options);
    await first.manager.insert(Site, site);
    await first.query(`ALTER TABLE site ADD COLUMN note text DEFAULT 'ours'`);
    if (database.type === 'postgresql')
      await first.query('ALTER TABLE site ALTER COLUMN active SET DEFAULT false');
    const second = await database.open(options);
    expect(await columnsOf(second, 'site')).toContain('note');
    expect(await second.query('SELECT name, note FROM site')).toEqual([{ name: site.name, note: 'ours' }]);
    if (database.type === 'postgresql') {
      await second.query(`INSERT INTO site (name, short_name) VALUES ('new', 'new')`);
      expect(await second.manager.findOneByOrFail(Site, { name: 'new' })).toMatchObject({ active: false });
    }
  });

  it('are created whole where one is missing', async () => {
    const options = await database.create('tables');
    const first = await database.open(options);
    await first.manager.insert(Site, site);
    await first.query('DROP TABLE role_permission');
    await first.query('DROP TABLE pre_scheduled_slot');
    const second = await database.open(options);
    expect((await second.driver.createSchemaBuilder().log()).upQueries).toEqual([]);
    expect(await second.manager.count(Site)).toBe(1);
  });

  it('are reported where a column is missing, of another type, or nullable', async () => {
    const options = await database.create('tables');
    const first = await database.open(options);
    await first.query('DROP TABLE pre_scheduled_slot');
    await first.query('CREATE TABLE pre_scheduled_slot (id text NOT NULL, start_time date)');
    const second = initCcatOpsDb(options);
    await expect(second).rejects.toMatchObject({
      code: 'schema_mismatch',
      message: expect.stringContaining('opsdb init --drop'),
      issues: expect.arrayContaining([
        expect.objectContaining({ key: 'id', value: 'text not null', message: 'must be integer not null' }),
        expect.objectContaining({ key: 'start_time', value: 'date' }),
        expect.objectContaining({ key: 'end_time', value: 'missing' }),
      ]),
    });
    expect(await columnsOf(first, 'pre_scheduled_slot')).toEqual(['id', 'start_time']);
  });

  it('are reported where an enum lacks a value', async () => {
    const options = await database.create('tables');
    const first = await database.open(options);
    await first.query('DROP TABLE user_role');
    await first.query('DROP TABLE api_token');
    const isEnum = `CHECK( "kind" IN ('person') )`;
    const kind = database.type === 'sqlite' ? `varchar ${isEnum}` : 'only_person';
    await first.query('ALTER TABLE "user" RENAME TO old_user');
    if (database.type === 'postgresql') await first.query(`CREATE TYPE only_person AS ENUM ('person')`);
    await first.query(`CREATE TABLE "user" ("id" integer PRIMARY KEY, "kind" ${kind} NOT NULL)`);
    await expect(initCcatOpsDb(options)).rejects.toMatchObject({
      code: 'schema_mismatch',
      issues: expect.arrayContaining([
        expect.objectContaining({ key: 'kind', value: 'enum (person) not null' }),
      ]),
    });
  });

  it('are dropped and created anew on request, and no other table is', async () => {
    const options = await database.create('tables');
    const first = await database.open(options);
    await first.manager.insert(Site, site);
    await first.query('CREATE TABLE foreign_table (name text)');
    await first.query(`INSERT INTO foreign_table VALUES ('stays')`);
    await first.query('ALTER TABLE site ADD COLUMN note text');
    const second = await database.open({ ...options, drop: true });
    expect(await second.query('SELECT name FROM foreign_table')).toEqual([{ name: 'stays' }]);
    expect(await second.manager.count(Site)).toBe(0);
    expect((await second.driver.createSchemaBuilder().log()).upQueries).toEqual([]);
  });

  it('are all kept when a foreign key from outside depends on one', async () => {
    const options = await database.create('tables');
    const first = await database.open(options);
    await first.manager.insert(Site, site);
    await first.query('CREATE TABLE foreign_table (site_id integer REFERENCES site (id))');
    await expect(initCcatOpsDb({ ...options, drop: true })).rejects.toMatchObject({
      code: 'drop_refused',
      message: expect.stringMatching(/foreign_table.* depends on table site/),
    });
    expect(await first.manager.count(Site)).toBe(1);
  });

  describe('when the database is not named', () => {
    let first: DataSource;
    beforeAll(async () => {
      first = await database.open();
      await first.manager.insert(Site, site);
    });

    it.each([
      ['production'],
      ['live'],
      ['prd'],
      ['ccat_prod'],
      ['eu-production'],
      ['staging'],
      ['development', 'live'],
      [],
    ])('are not dropped in the environment %s %s', async (...environment) => {
      const settings = { ...database.options.settings, environment };
      const name = database.type === 'sqlite' ? settings.sqlite.database : settings.postgresql.database;
      await expect(initCcatOpsDb({ settings, drop: true })).rejects.toMatchObject({
        code: 'drop_refused',
        message: expect.stringContaining(name),
      });
      await expect(initCcatOpsDb({ settings, drop: true, confirmDrop: 'another' })).rejects.toMatchObject({
        code: 'drop_refused',
      });
      expect(await first.manager.count(Site)).toBe(1);
    });
  });

  it('are dropped in any environment when the database is named', async () => {
    const { settings } = await database.create('tables');
    const first = await database.open({ settings });
    await first.manager.insert(Site, site);
    const name = database.type === 'sqlite' ? settings.sqlite.database : settings.postgresql.database;
    const production = { ...settings, environment: ['production'] };
    const second = await database.open({ settings: production, drop: true, confirmDrop: name });
    expect(await second.manager.count(Site)).toBe(0);
  });

  it('are dropped in development without a question until there are executions', async () => {
    const { settings } = await database.create('tables');
    const first = await database.open({ settings });
    await oneOfEach(first.manager);
    await expect(initCcatOpsDb({ settings, drop: true })).rejects.toMatchObject({
      code: 'drop_refused',
      message: expect.stringMatching(/has executions.*--confirm-drop/),
    });
    expect(await first.manager.count(ExecutedObsUnit)).toBe(1);
    const name = database.type === 'sqlite' ? settings.sqlite.database : settings.postgresql.database;
    const second = await database.open({ settings, drop: true, confirmDrop: name });
    expect(await second.manager.count(ExecutedObsUnit)).toBe(0);
  });

  it('are not dropped anywhere when another database is named', async () => {
    const refused = initCcatOpsDb({ ...database.options, drop: true, confirmDrop: 'another' });
    await expect(refused).rejects.toMatchObject({ code: 'drop_refused' });
  });
});

describeSqlite('the tables', (database) => {
  it('are dropped and created anew below a view, which goes on', async () => {
    const options = await database.create('tables');
    const first = await database.open(options);
    await first.manager.insert(Site, site);
    await first.query('CREATE VIEW foreign_view AS SELECT name FROM site');
    const second = await database.open({ ...options, drop: true });
    expect(await second.query('SELECT name FROM foreign_view')).toEqual([]);
    await second.manager.insert(Site, site);
    expect(await second.query('SELECT name FROM foreign_view')).toEqual([{ name: site.name }]);
  });

  it('are dropped in production when the file name is given', async () => {
    const { settings } = database.options;
    const confirmDrop = settings.sqlite.database.split('/').at(-1);
    const production = { ...settings, environment: ['production'] };
    await expect(database.open({ settings: production, drop: true, confirmDrop })).resolves.toBeDefined();
  });
});

describePostgresql('the tables', (database) => {
  it('are all kept when a view depends on one', async () => {
    const options = await database.create('tables');
    const first = await database.open(options);
    await first.manager.insert(Site, site);
    await first.query('CREATE VIEW foreign_view AS SELECT name FROM site');
    await expect(initCcatOpsDb({ ...options, drop: true })).rejects.toMatchObject({
      code: 'drop_refused',
      message: expect.stringContaining('foreign_view'),
    });
    expect(await first.query('SELECT name FROM foreign_view')).toEqual([{ name: site.name }]);
  });

  it('are not created by a role that may not, which is told what it needs', async () => {
    const { settings } = await database.create('empty');
    const role = `${settings.postgresql.database}_reader`;
    await onServer(`CREATE ROLE ${role} LOGIN PASSWORD 'reads'`);
    try {
      const refused = initCcatOpsDb({ settings, user: role, password: 'reads' });
      await expect(refused).rejects.toMatchObject({
        code: 'database_not_writable',
        message: expect.stringContaining('GRANT'),
      });
    } finally {
      await onServer(`DROP ROLE ${role}`);
    }
  });

  it('are created with a pool of one connection', async () => {
    const { settings } = await database.create('empty');
    const one = { ...settings, postgresql: { ...settings.postgresql, poolSize: 1 } };
    const dataSource = await database.open({ settings: one });
    expect(await dataSource.manager.count(Site)).toBe(0);
  });
});
