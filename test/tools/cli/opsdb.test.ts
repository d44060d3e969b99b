import { describeEachDatabase, describePostgresql } from '../../support/databases.js';
import { environmentOf, opsdbRunner } from '../../support/opsdb.js';

const opsdb = opsdbRunner();

describeEachDatabase('opsdb init', (database) => {
  let env: Record<string, string>;
  beforeAll(async () => {
    env = environmentOf(await database.create('empty'));
  });

  it('creates and fills a database, shows what is in it, and says the second time that nothing changed', async () => {
    const first = await opsdb(['init'], env);
    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ObsUnit +\d{3} +0 +0$/m) });
    expect(first.stderr).toMatch(/^ +\d % Observatory$/m);
    const second = await opsdb(['seed', '--json'], env);
    const { results } = JSON.parse(second.stdout);
    expect(results.find(({ entity }: { entity: string }) => entity === 'Observatory')).toEqual({
      entity: 'Observatory',
      added: 0,
      unchanged: 1,
      differing: [],
    });
    const third = await opsdb(['init'], env);
    expect(third.stdout).toContain('Nothing changed');
  }, 60_000);

  it('reports in JSON what the database is like', async () => {
    const { stdout, code } = await opsdb(['status', '--json'], env);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      revision: { relation: 'same' },
      rows: { observatory: { observatory: 1 } },
    });
    expect(stdout).not.toContain(env.CCAT_OPS_DB_DATABASE_POSTGRESQL_PASSWORD);
  });

  it('drops in production only what is named', async () => {
    const production = { ...env, ENV_FOR_DYNACONF: 'production' };
    const refused = await opsdb(['init', '--drop'], production);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('confirmDrop') });
    const name =
      database.type === 'sqlite'
        ? env.CCAT_OPS_DB_DATABASE_SQLITE_DATABASE
        : env.CCAT_OPS_DB_DATABASE_POSTGRESQL_DATABASE;
    const dropped = await opsdb(['init', '--drop', '--confirm-drop', name as string], production);
    expect(dropped).toMatchObject({ code: 0, stdout: expect.stringMatching(/Wrote \d+ rows/) });
  }, 60_000);
});

describePostgresql('opsdb', (database) => {
  it('migrates, checks and stamps', async () => {
    const env = environmentOf(await database.create('empty'));
    expect(await opsdb(['migrate', '--check'], env)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('pending: CreateSchema'),
    });
    const dry = await opsdb(['migrate', '--dry-run'], env);
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('CREATE TABLE "obs_unit"') });
    const run = await opsdb(['migrate'], env);
    expect(run).toMatchObject({ code: 0, stdout: expect.stringMatching(/CreateSchema\d+ \d+\.\d+ s/) });
    expect(await opsdb(['migrate', '--check'], env)).toMatchObject({ code: 0 });
    expect(await opsdb(['current'], env)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('(same;'),
    });
    expect((await opsdb(['stamp'], env)).code).toBe(0);
  }, 120_000);

  it('takes a migration back in production only on the database that is named', async () => {
    const settings = environmentOf(await database.create('tables'));
    const env = { ...settings, ENV_FOR_DYNACONF: 'production' };
    const refused = await opsdb(['migrate', '--down'], env);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('--confirm-drop') });
    const name = settings.CCAT_OPS_DB_DATABASE_POSTGRESQL_DATABASE as string;
    expect(await opsdb(['migrate', '--down', '--confirm-drop', name], env)).toMatchObject({ code: 0 });
    const { code, stderr } = await opsdb(['init'], env);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('opsdb migrate') });
  }, 120_000);

  it('checks tables that were never stamped, and tells where it may not compare them', async () => {
    const options = await database.create('tables');
    const env = environmentOf(options);
    const dataSource = await database.open(options);
    await dataSource.query('DROP TABLE ccat_ops_db_migration');
    await dataSource.query('ALTER TABLE site ADD extra text');
    await dataSource.query('DROP TABLE data_transfer_log');
    const status = await opsdb(['status'], env);
    expect(status).toMatchObject({ code: 0, stdout: expect.stringContaining('(unstamped;') });
    expect(status.stdout).not.toContain('data_transfer_log');
    expect((await opsdb(['current'], env)).stdout).toContain('none (unstamped;');
    expect(await opsdb(['migrate', '--check'], env)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        /^unstamped: .*opsdb stamp.*\nmissing: .*data_transfer_log.*\n(.*\n)*unexpected: column site.extra text\n$/,
      ),
    });
    expect(await opsdb(['stamp'], env)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('site.extra'),
    });
    await dataSource.query('ALTER TABLE site DROP extra');
    await dataSource.synchronize();
    expect((await opsdb(['stamp'], env)).code).toBe(0);

    const reader = `reader_${options.settings.postgresql.database}`;
    await dataSource.query(`CREATE ROLE ${reader} LOGIN PASSWORD 'x' IN ROLE pg_read_all_data`);
    try {
      const as = {
        CCAT_OPS_DB_DATABASE_POSTGRESQL_USER: reader,
        CCAT_OPS_DB_DATABASE_POSTGRESQL_PASSWORD: 'x',
      };
      // What is known to fit needs no comparison.
      expect((await opsdb(['migrate', '--check'], { ...env, ...as })).code).toBe(0);
      await dataSource.query('ALTER TABLE site ADD extra text');
      const { code, stderr } = await opsdb(['migrate', '--check'], { ...env, ...as });
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringContaining('GRANT CREATE ON DATABASE'),
      });
      const { stdout } = await opsdb(['status'], { ...env, ...as });
      expect(stdout).toMatch(/^Drift: +not compared: .*permission denied/m);
    } finally {
      await dataSource.query(`DROP OWNED BY ${reader}; DROP ROLE ${reader}`);
    }
  }, 120_000);

  it('migrates nothing when the backup fails', async () => {
    const env = environmentOf(await database.create('empty'));
    const failing = {
      ...env,
      CCAT_OPS_DB_MIGRATION_BACKUP_COMMAND: 'echo "to $PGDATABASE, $PGSSLMODE" >&2; exit 3',
    };
    const { code, stderr } = await opsdb(['migrate'], failing);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('exit code 3') });
    expect(stderr).toContain(`to ${env.CCAT_OPS_DB_DATABASE_POSTGRESQL_DATABASE}, disable`);
    expect((await opsdb(['current'], env)).stdout).toContain('none (empty;');
  }, 120_000);

  it('says what to change when it cannot connect, without the password, and exits with 1', async () => {
    const env = { ...environmentOf(database.options), CCAT_OPS_DB_DATABASE_POSTGRESQL_PORT: '1' };
    const { code, stderr } = await opsdb(['init'], env);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('CCAT_OPS_DB_DATABASE_POSTGRESQL_PORT, now 1'),
    });
    expect(stderr).not.toContain(database.options.settings.postgresql.password);
  });
});

describe('opsdb', () => {
  it('names the nearest command and exits with 1 on a command that it does not know', async () => {
    expect(await opsdb(['int'], {})).toMatchObject({ code: 1, stderr: expect.stringContaining('init') });
  });

  it('masks secrets in the settings', async () => {
    const env = { CCAT_OPS_DB_DATABASE_POSTGRESQL_PASSWORD: 'very-secret' };
    for (const args of [['settings'], ['settings', '--json']]) {
      const { code, stdout } = await opsdb(args, env);
      expect({ code, shown: stdout.includes('very-secret') }).toEqual({ code: 0, shown: false });
      expect(stdout).toContain('database_postgresql_password');
    }
  });
});
