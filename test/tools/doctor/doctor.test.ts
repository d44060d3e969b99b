import { randomUUID } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { InitOptions } from '../../../src/database/connection-settings.js';
import { diagnose, type Finding } from '../../../src/tools/doctor/index.js';
import { judgedClock, judgedLag } from '../../../src/tools/doctor/postgresql.js';
import { judgedSpace } from '../../../src/tools/doctor/sqlite.js';
import { grantRead } from '../../../src/tools/grant-read/index.js';
import {
  type DatabaseOptions,
  describeEachDatabase,
  describePostgresql,
  describeSqlite,
  onServer,
  type TestDatabase,
} from '../../support/databases.js';
import { environmentOf, opsdbRunner } from '../../support/opsdb.js';

/** A database with tables on which some statements were run. */
async function after(database: TestDatabase, ...statements: string[]): Promise<DatabaseOptions> {
  const options = await database.create('tables');
  const dataSource = await database.open(options);
  for (const statement of statements) await dataSource.query(statement);
  await dataSource.destroy();
  return options;
}

const found = async (options: InitOptions, check: Finding['check']) =>
  (await diagnose(options)).filter((finding) => finding.check === check);

const says = (status: Finding['status'], text: string, remedy: unknown = expect.any(String)) => [
  expect.objectContaining({ status, found: expect.stringContaining(text), remedy }),
];

describeEachDatabase('the doctor', (database) => {
  const opsdb = opsdbRunner();

  it('finds nothing wrong with a database as it should be', async () => {
    const findings = await diagnose(await database.create('tables'));
    const common = ['settings', 'connection', 'schema', 'drift'];
    expect(findings.map(({ check }) => check)).toEqual(
      database.type === 'sqlite'
        ? [...common, 'space']
        : [...common, 'replication', 'clock', 'space', 'permissions'],
    );
    expect(findings.filter(({ status, remedy }) => status !== 'ok' || remedy !== null)).toEqual([]);
  });

  it('says that the tables are not there', async () => {
    const empty = await database.create('empty');
    if (database.type === 'sqlite') writeFileSync(empty.settings.sqlite.database, '');
    expect(await found(empty, 'schema')).toEqual(says('fail', 'not there', 'run opsdb init'));
  });

  it('says that the schema is older, and what is pending', async () => {
    const older = await after(
      database,
      'DELETE FROM ccat_ops_db_migration WHERE id = (SELECT max(id) FROM ccat_ops_db_migration)',
    );
    const remedy = expect.stringContaining(database.type === 'sqlite' ? 'another file' : 'opsdb migrate');
    expect(await found(older, 'schema')).toEqual(says('fail', 'pending: ', remedy));
  });

  it('says that the schema is of a later version, or of none that is noted', async () => {
    const note = `INSERT INTO ccat_ops_db_migration (timestamp, name) VALUES (9999999999999, 'AddTomorrow')`;
    expect(await found(await after(database, note), 'schema')).toEqual(says('fail', 'AddTomorrow'));
    const unnoted = await after(database, 'DELETE FROM ccat_ops_db_migration');
    expect(await found(unnoted, 'schema')).toEqual(says('warn', 'of which revision'));
  });

  it('says that somebody changed the schema', async () => {
    const changed = await after(database, 'ALTER TABLE site RENAME COLUMN "short_name" TO "code"');
    expect(await found(changed, 'drift')).toEqual(says('fail', 'short_name'));
  });

  it('exits with 1 when something fails, as a text and in JSON', async () => {
    const { settings } = database.options;
    const missing = {
      settings: {
        ...settings,
        sqlite: { ...settings.sqlite, database: '/no/such/ops.sqlite' },
        postgresql: { ...settings.postgresql, database: 'no_such_database' },
      },
    };
    const text = await opsdb(['doctor'], environmentOf(missing));
    expect(text).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^fail {2}connection {3}.*\n +→ \S/m),
    });
    const json = await opsdb(['doctor', '--json'], environmentOf(missing));
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toEqual([
      { check: 'settings', status: 'ok', found: expect.any(String), remedy: null },
      { check: 'connection', status: 'fail', found: expect.any(String), remedy: expect.any(String) },
    ]);
    expect(json.stdout).not.toContain(settings.postgresql.password);
  }, 60_000);
});

describePostgresql('the doctor', (database) => {
  const role = `doctor_${randomUUID().slice(0, 8)}`;
  const asRole = () => ({ ...database.options, user: role, password: 'right' });

  beforeAll(() => onServer(`CREATE ROLE ${role} LOGIN PASSWORD 'right'`));
  afterAll(async () => {
    await (await database.open()).query(`DROP OWNED BY ${role}`);
    await onServer(`DROP ROLE ${role}`);
  });

  it.each([
    ['a wrong password', { password: 'guessed' }, 'CCAT_OPS_DB_DATABASE_POSTGRESQL_PASSWORD'],
    ['a missing database', { dbName: 'no_such_database' }, 'CREATE DATABASE'],
    ['a wrong port', { port: 1 }, 'CCAT_OPS_DB_DATABASE_POSTGRESQL_PORT, now 1'],
  ])('says that it cannot connect: %s', async (_, wrong, text) => {
    const findings = await diagnose({ ...asRole(), ...wrong });
    expect(findings.at(-1)).toEqual(says('fail', text)[0]);
    expect(findings.map(({ check }) => check)).toEqual(['settings', 'connection']);
    expect(JSON.stringify(findings)).not.toMatch(/guessed|right/);
  });

  it('says what a role may not read, or that it only reads', async () => {
    const owner = await database.open();
    await owner.query(`GRANT SELECT ON ccat_ops_db_migration TO ${role}`);
    expect(await found(asRole(), 'permissions')).toEqual(says('fail', 'may not read'));
    await grantRead(owner, role);
    expect(await found(asRole(), 'permissions')).toEqual(says('warn', `${role} reads and writes nothing`));
    await owner.query(`GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role}`);
    await owner.query(`REVOKE UPDATE ON site FROM ${role}`);
    expect(await found(asRole(), 'permissions')).toEqual(says('fail', 'may not write site'));
    expect(await found(asRole(), 'drift')).toEqual(says('ok', 'as the entities say', null));
    await owner.query('COMMENT ON TABLE ccat_ops_db_migration IS NULL');
    expect(await found(asRole(), 'drift')).toEqual(says('ok', 'not looked for', null));
  });

  it('says that a replica of the settings cannot be reached', async () => {
    const { settings } = database.options;
    const postgresql = { ...settings.postgresql, readHosts: ['127.0.0.1:1'] };
    expect(await found({ settings: { ...settings, postgresql } }, 'replication')).toEqual([
      ...says('ok', 'primary', null),
      ...says('fail', '127.0.0.1:1'),
    ]);
  });

  it('says that production uses the password for development', async () => {
    const { settings } = database.options;
    const postgresql = { ...settings.postgresql, password: 'pw4ccat', port: 1 };
    const production = { ...settings, environment: ['production'], postgresql };
    expect(await found({ settings: production }, 'settings')).toEqual([
      ...says('warn', 'password for development'),
      ...says('ok', 'postgresql', null),
    ]);
  });
});

describeSqlite('the doctor', (database) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'doctor-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['that is not there', () => path.join(folder, 'none.sqlite'), 'there is no file'],
    ['that is a folder', () => folder, 'cannot be used'],
    ['that is no database', () => textFile(), 'must be a file that this user may write'],
  ])('says that it cannot use a file %s', async (_, file, text) => {
    const findings = await found({ ...database.options, database: file() }, 'connection');
    expect(findings).toEqual(says('fail', text));
  });

  it('says that the file is damaged, and goes on', async () => {
    const { settings } = await database.create('seed');
    const file = settings.sqlite.database;
    const dataSource = await database.open({ settings });
    const [{ page }] = await dataSource.query(
      `SELECT rootpage AS page FROM sqlite_master WHERE name = 'chai_tiling'`,
    );
    await dataSource.destroy();
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.alloc(4096, 0xa5), 0, 4096, (page - 1) * 4096);
    closeSync(handle);
    const findings = await diagnose({ settings });
    expect(findings.filter(({ status }) => status === 'fail').map(({ check }) => check)).toContain(
      'integrity',
    );
    expect(findings.map(({ check }) => check)).toContain('space');
  });

  function textFile(): string {
    const file = path.join(folder, 'text.sqlite');
    writeFileSync(file, 'this is not a database, but long enough to be taken for one '.repeat(20));
    return file;
  }
});

it.each([
  [judgedClock(900, 0), 'ok'],
  [judgedClock(-1001, 0), 'warn'],
  [judgedClock(1500, 600), 'ok'],
  [judgedClock(60_001, 0), 'fail'],
  [judgedLag('r', { bytes: 0, seconds: 60 }), 'ok'],
  [judgedLag('r', { bytes: 0, seconds: 61 }), 'warn'],
  [judgedLag('r', { bytes: 0, seconds: null }), 'warn'],
  [judgedSpace(1, 1e9, '/'), 'ok'],
  [judgedSpace(1, 1e9 - 1, '/'), 'warn'],
  [judgedSpace(1, 100e6 - 1, '/'), 'fail'],
])('the doctor judges %j: %s', ({ status, remedy }, expected) => {
  expect(status).toBe(expected);
  expect(remedy === null).toBe(expected === 'ok');
});
