import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { InvalidInputError } from '../../src/errors.js';
import { explainSettings, loadSettings, type Settings } from '../../src/settings/index.js';
import { folderWith, removeFolders } from './folders.js';

afterEach(removeFolders);

function load(env: Record<string, string>, files: Record<string, string> = {}): Settings {
  return loadSettings({ cwd: folderWith(files), env, warn: () => {} });
}

function faultsOf(env: Record<string, string>, files: Record<string, string> = {}): InvalidInputError {
  try {
    load(env, files);
  } catch (error) {
    if (error instanceof InvalidInputError) return error;
  }
  throw new Error('there were no issues');
}

function warningsOf(env: Record<string, string>, files: Record<string, string> = {}): string[] {
  const warnings: string[] = [];
  loadSettings({ cwd: folderWith(files), env, warn: (message) => warnings.push(message) });
  return warnings;
}

describe('loadSettings', () => {
  test('gives the defaults, typed', () => {
    expect(load({})).toEqual({
      environment: ['development'],
      databaseType: 'sqlite',
      spool: { path: null },
      sqlite: { database: '/tmp/dev_ccat_ops_db.sqlite', busyTimeoutMs: 30000 },
      postgresql: {
        host: 'localhost',
        port: 5432,
        user: 'ccat',
        password: 'pw4ccat',
        database: 'ccat_ops_db',
        schema: null,
        otherHosts: [],
        readHosts: [],
        readUser: null,
        readPassword: null,
        readTargetSessionAttrs: 'standby',
        readMaxLagMs: 0,
        checkIntervalMs: 1000,
        pooler: 'none',
        poolSize: 10,
        connectTimeoutMs: 10000,
        statementTimeoutMs: 0,
        idleInTransactionTimeoutMs: 0,
        applicationName: 'ccat-ops-db',
        sslMode: 'disable',
        sslRootCert: null,
      },
      migration: { backupCommand: null, lockTimeoutMs: 5000 },
    });
  });

  test('gives an object that is frozen throughout', () => {
    const settings = load({});
    const parts = [settings, settings.environment, settings.sqlite, settings.postgresql];
    expect(parts.every((part) => Object.isFrozen(part))).toBe(true);
  });

  test.each([
    '0123',
    '1e5',
    '@interface',
    '@int 5',
    '@none',
    '@del',
    'a#b',
    ' true ',
    '"x"',
    '[1,2]',
    '2024-01-15',
    '',
  ])('takes the password %p from the environment as that very text', (password) => {
    expect(load({ CCAT_OPS_DB_DATABASE_POSTGRESQL_PASSWORD: password }).postgresql.password).toBe(password);
  });

  test.each([
    ['a variable', { CCAT_OPS_DB_DATABASE_POSTGRESQL_PORT: '6543' }, ''],
    ['a quoted variable', { CCAT_OPS_DB_DATABASE_POSTGRESQL_PORT: "'6543'" }, ''],
    ['a number in a file', {}, 'database_postgresql_port = 6543'],
    ['text in a file', {}, 'database_postgresql_port = "6543"'],
  ])('reads the port from %s', (_what, env: Record<string, string>, line) => {
    expect(load(env, { 'settings.toml': `[default]\n${line}\n` }).postgresql.port).toBe(6543);
  });

  test.each(['0', '65536', '-1', '54.5', 'https', ''])('refuses %p as a port', (port) => {
    expect(faultsOf({ CCAT_OPS_DB_DATABASE_POSTGRESQL_PORT: port }).issues).toMatchObject([
      { key: 'database_postgresql_port', message: 'must be a whole number from 1 to 65535' },
    ]);
  });

  test('reads a list of servers, with or without a port', () => {
    const list = 'tel-1, tel-2.example.org:6432 ,[fd00::1],[fd00::1]:5433';
    expect(load({ CCAT_OPS_DB_DATABASE_POSTGRESQL_READ_HOSTS: list }).postgresql.readHosts).toEqual([
      'tel-1',
      'tel-2.example.org:6432',
      '[fd00::1]',
      '[fd00::1]:5433',
    ]);
  });

  test.each(['a,,b', 'fd00::1', 'a:b', 'postgresql://a', 'a:0', 'a:65536', 'a b'])(
    'refuses %p as a list of servers',
    (list) => {
      expect(faultsOf({ CCAT_OPS_DB_DATABASE_POSTGRESQL_OTHER_HOSTS: list }).issues).toMatchObject([
        { key: 'database_postgresql_other_hosts', message: expect.stringContaining('host or host:port') },
      ]);
    },
  );

  test('lists the environments in their order', () => {
    expect(load({ ENV_FOR_DYNACONF: ' Staging,production' })).toMatchObject({
      environment: ['staging', 'production'],
      databaseType: 'postgresql',
    });
  });

  test('leaves a setting that a file sets to @none to its default', () => {
    const files = { 'settings.toml': '[default]\ndatabase_postgresql_host = "@none"\n' };
    expect(load({}, files).postgresql.host).toBe('localhost');
  });

  test('reports all issues at once with key, origin, value and what is allowed', () => {
    const env = {
      CCAT_OPS_DB_DATABASE_TYPE: 'oracle',
      CCAT_OPS_DB_DATABASE_POSTGRESQL_POOL_SIZE: '@int many',
    };
    const error = faultsOf(env, {
      'settings.toml': '[development]\ndatabase_postgresql_ssl_mode = "maybe"\n',
    });
    expect(error.code).toBe('settings_invalid');
    expect(error.issues).toEqual([
      {
        key: 'database_type',
        origin: 'CCAT_OPS_DB_DATABASE_TYPE',
        value: '"oracle"',
        message: 'must be one of sqlite, postgresql',
      },
      {
        key: 'database_postgresql_pool_size',
        origin: 'CCAT_OPS_DB_DATABASE_POSTGRESQL_POOL_SIZE',
        value: '"@int many"',
        message: 'must be a whole number from 1 to 10000',
      },
      {
        key: 'database_postgresql_ssl_mode',
        origin: expect.stringMatching(/two\/down\/settings\.toml \[development\]$/),
        value: '"maybe"',
        message: 'must be one of disable, require, verify-full',
      },
    ]);
  });

  test('asks for quotes where a file gives something other than text, and masks it when it is a secret', () => {
    const error = faultsOf({}, { '.secrets.toml': '[default]\ndatabase_postgresql_password = 31415926\n' });
    expect(error.issues).toMatchObject([{ value: '********', message: 'must be text; write it in quotes' }]);
    expect(error.message).not.toContain('31415926');
  });

  test.each([
    ['DATABASE_SQLITE_DATABASE', 'postgresql://u:hidden@h/d'],
    ['DATABASE_SQLITE_DATABASE', 'postgres//u:hidden@h/d'],
    ['DATABASE_SQLITE_DATABASE', ' sqlite:////tmp/hidden'],
    ['DATABASE_POSTGRESQL_HOST', 'postgresql://u:hidden@h/d'],
    ['DATABASE_POSTGRESQL_HOST', 'u:hidden@h'],
    ['DATABASE_POSTGRESQL_DATABASE', 'postgresql://u:hidden@h/d'],
    ['DATABASE_POSTGRESQL_READ_HOSTS', 'u:hidden@h'],
    ['DATABASE_TYPE', 'postgresql://u:hidden@h/d'],
  ])('refuses a URL as %s, and masks it', (name, value) => {
    const { message, issues } = faultsOf({ [`CCAT_OPS_DB_${name}`]: value });
    expect(message).toContain('no URL');
    expect(JSON.stringify(issues)).not.toContain('hidden');
    expect(message).not.toContain('hidden');
  });

  test('refuses mysql and says that the original accepts it', () => {
    expect(faultsOf({ CCAT_OPS_DB_DATABASE_TYPE: 'mysql' }).message).toMatch(
      /original ccat_ops_db accepts mysql/,
    );
  });

  test('warns of nothing where nothing is odd', () => {
    const files = { 'settings.toml': '[default]\nother_program = 1\n[qa]\ndatabase_type = "sqlite"\n' };
    expect(warningsOf({ ENV_FOR_DYNACONF: 'qa', DYNACONF_OTHER: '1', PATH: '/bin' }, files)).toEqual([]);
  });

  test('warns of an environment without a section, and names the nearest', () => {
    expect(warningsOf({ ENV_FOR_DYNACONF: 'prodution' })).toEqual([
      'ENV_FOR_DYNACONF: no settings file has a section [prodution]; the nearest is [production]',
    ]);
  });

  test('warns of a misspelt variable, names the nearest, and keeps its value to itself', () => {
    const warnings = warningsOf({ CCAT_OPS_DB_DATABASE_POSTGRES_PASSWORD: 'hunter2' });
    expect(warnings).toEqual([
      'CCAT_OPS_DB_DATABASE_POSTGRES_PASSWORD is not a setting and has no effect; ' +
        'the nearest is CCAT_OPS_DB_DATABASE_POSTGRESQL_PASSWORD',
    ]);
  });

  test('warns of misspelt keys and of keys outside the sections', () => {
    const warnings = warningsOf(
      {},
      { 'settings.toml': 'database_typ = "x"\n[default]\ndatabase_postgres_host = "h"\n' },
    );
    expect(warnings).toEqual([
      expect.stringMatching(/settings\.toml: database_typ stands outside the sections .* database_type,/),
      expect.stringMatching(
        /\[default\]: database_postgres_host is not a setting; .* database_postgresql_host$/,
      ),
    ]);
  });

  test('warns of a file that is there and cannot be read', () => {
    const cwd = folderWith();
    mkdirSync(path.join(cwd, 'settings.toml'));
    const warn = jest.fn();
    loadSettings({ cwd, env: {}, warn });
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(/settings\.toml cannot be read/));
  });

  const postgresql = '[default]\ndatabase_type = "postgresql"\n';

  test.each<[string, Record<string, string>, Record<string, string>]>([
    [
      'the files that SETTINGS_FILE_FOR_DYNACONF names',
      { 'other.toml': postgresql },
      { SETTINGS_FILE_FOR_DYNACONF: 'a.toml;other.toml' },
    ],
    [
      'the folder of ROOT_PATH_FOR_DYNACONF',
      { '../../elsewhere/settings.toml': postgresql },
      { ROOT_PATH_FOR_DYNACONF: '../../elsewhere' },
    ],
    [
      'the environment of FORCE_ENV_FOR_DYNACONF',
      {},
      { FORCE_ENV_FOR_DYNACONF: 'production', ENV_FOR_DYNACONF: 'staging' },
    ],
    [
      'the variable of ENV_SWITCHER_FOR_DYNACONF',
      {},
      { ENV_SWITCHER_FOR_DYNACONF: 'MODE', MODE: 'production' },
    ],
  ])('follows %s', (_, files, env) => {
    expect(load(env, files).databaseType).toBe('postgresql');
  });

  test('reads no usual file beside those of SETTINGS_FILE_FOR_DYNACONF', () => {
    const files = { 'settings.toml': postgresql, 'other.toml': '[default]\n' };
    expect(load({ SETTINGS_FILE_FOR_DYNACONF: 'other.toml' }, files).databaseType).toBe('sqlite');
  });

  test.each<[string, Record<string, string>, Record<string, string>]>([
    [
      'LOAD_DOTENV_FOR_DYNACONF',
      { '.env': 'CCAT_OPS_DB_DATABASE_TYPE=postgresql' },
      { LOAD_DOTENV_FOR_DYNACONF: 'true' },
    ],
    ['ENVVAR_PREFIX_FOR_DYNACONF', {}, { ENVVAR_PREFIX_FOR_DYNACONF: 'OTHER' }],
    ['ENVIRONMENTS_FOR_DYNACONF', {}, { ENVIRONMENTS_FOR_DYNACONF: 'false' }],
    ['INCLUDES_FOR_DYNACONF', {}, { INCLUDES_FOR_DYNACONF: 'x.toml' }],
    ['PRELOAD_FOR_DYNACONF', {}, { PRELOAD_FOR_DYNACONF: 'x.toml' }],
    ['SETTINGS_FILES_FOR_DYNACONF', {}, { SETTINGS_FILES_FOR_DYNACONF: 'x.toml' }],
    ['SETTINGS_MODULE_FOR_DYNACONF', {}, { SETTINGS_MODULE_FOR_DYNACONF: 'x.toml' }],
    ['VAULT_ENABLED_FOR_DYNACONF', {}, { VAULT_ENABLED_FOR_DYNACONF: '1' }],
    ['nowhere.toml', {}, { SETTINGS_FILE_FOR_DYNACONF: 'nowhere.toml' }],
    ['/run/secrets/none.toml', {}, { SECRETS_FOR_DYNACONF: '/run/secrets/none.toml' }],
    ['s.yaml', { 's.yaml': '' }, { SECRETS_FOR_DYNACONF: 's.yaml' }],
    ['nowhere-at-all', {}, { ROOT_PATH_FOR_DYNACONF: 'nowhere-at-all' }],
    ['settings.yaml', { 'settings.yaml': 'default:\n  database_type: postgresql\n' }, {}],
    ['.secrets.json', { '.secrets.json': '{"default": {"database_postgresql_password": "hidden"}}' }, {}],
    ['config/settings.ini', { 'config/settings.ini': '[default]\ndatabase_type = postgresql\n' }, {}],
    ['settings.local.toml', { 'settings.local.toml': postgresql }, {}],
    [
      '@read_file',
      { 'settings.toml': '[default]\ndatabase_postgresql_password = "@read_file /hidden"\n' },
      {},
    ],
    ['@format', { 'settings.toml': '[default]\ndatabase_postgresql_host = "@format {env[hidden]}"\n' }, {}],
    ['@merge', {}, { CCAT_OPS_DB_DATABASE_POSTGRESQL_HOST: '@merge hidden' }],
    ['dynaconf_include', { 'settings.toml': '[default]\ndynaconf_include = "hidden.toml"\n' }, {}],
    ['database is a table', { 'settings.toml': '[default.database]\ntype = "hidden"\n' }, {}],
    ['CCAT_OPS_DB_DATABASE__TYPE', {}, { CCAT_OPS_DB_DATABASE__TYPE: 'hidden' }],
    ['DYNACONF_DATABASE_TPYE', {}, { DYNACONF_DATABASE_TPYE: 'hidden' }],
    ['ccat_ops_db_database_type', {}, { ccat_ops_db_database_type: 'hidden' }],
    ['migration_lock_timeout', { 'settings.toml': '[default]\nmigration_lock_timeout = 5\n' }, {}],
  ])('warns of %s, which has no effect, and repeats no value', (name, files, env) => {
    const warnings = warningsOf(env, files);
    expect(warnings).toEqual([expect.stringContaining(name)]);
    expect(warnings.join()).not.toMatch(/[=: "]hidden/);
  });

  test.each<[Record<string, string>, Record<string, string>]>([
    [{ 'settings.json': '{"editor.fontSize": 12}' }, {}],
    [
      {},
      {
        LOAD_DOTENV_FOR_DYNACONF: 'false',
        ENVIRONMENTS_FOR_DYNACONF: 'true',
        VAULT_ENABLED_FOR_DYNACONF: '',
      },
    ],
  ])('warns of nothing that changes nothing', (files, env) => {
    expect(warningsOf(env, files)).toEqual([]);
  });

  test('hands warnings to the process where nobody else takes them', () => {
    const emitWarning = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
    loadSettings({ cwd: folderWith(), env: { CCAT_OPS_DB_X: '1' } });
    expect(emitWarning).toHaveBeenCalledWith(expect.stringContaining('CCAT_OPS_DB_X'), {
      type: 'CcatOpsDbWarning',
    });
    emitWarning.mockRestore();
  });
});

describe('explainSettings', () => {
  test('tells value, origin and default of every setting, and masks secrets', () => {
    const cwd = folderWith({ 'settings.toml': '[global]\ndatabase_postgresql_port = 6543\n' });
    const env = { ENV_FOR_DYNACONF: 'staging', CCAT_OPS_DB_DATABASE_POSTGRESQL_PASSWORD: 'hunter2' };
    const explained = explainSettings({ cwd, env });
    const of = (key: string) => explained.find((setting) => setting.key === key);
    expect(of('environment')).toMatchObject({
      value: 'staging',
      origin: 'ENV_FOR_DYNACONF',
      default: 'development',
    });
    expect(of('database_postgresql_port')).toMatchObject({
      variable: 'CCAT_OPS_DB_DATABASE_POSTGRESQL_PORT',
      value: 6543,
      origin: `${path.join(cwd, 'settings.toml')} [global]`,
      default: 5432,
    });
    expect(of('database_postgresql_password')).toMatchObject({
      value: '********',
      origin: 'CCAT_OPS_DB_DATABASE_POSTGRESQL_PASSWORD',
      default: '********',
    });
    expect(explained).toHaveLength(28);
    expect(explained.every(({ description }) => description.endsWith('.'))).toBe(true);
  });
});
