import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { OpsDbError } from '../../src/errors.js';
import { readSettings } from '../../src/settings/index.js';
import { folderWith, removeFolders } from './folders.js';

afterEach(removeFolders);

describe('readSettings', () => {
  test('gives the documented defaults where nothing else is set', () => {
    expect(readSettings({ cwd: folderWith(), env: {} })).toMatchObject({
      database_type: 'sqlite',
      database_sqlite_database: '/tmp/dev_ccat_ops_db.sqlite',
      database_postgresql_database: 'ccat_ops_db',
      database_postgresql_user: 'ccat',
      database_postgresql_password: 'pw4ccat',
      database_postgresql_host: 'localhost',
      database_postgresql_port: '5432',
    });
  });

  test('gives nothing without the bundled file, other files and variables', () => {
    expect(Object.keys(readSettings({ cwd: folderWith(), env: {}, bundled: false }))).toEqual([]);
  });

  test('puts found files upon the bundled one, and variables upon both', () => {
    const cwd = folderWith({
      'settings.toml': '[default]\ndatabase_postgresql_host = "file"\ndatabase_postgresql_user = "file"\n',
      '.secrets.toml': '[default]\ndatabase_postgresql_user = "secret file"\n',
    });
    const env = { CCAT_OPS_DB_DATABASE_POSTGRESQL_HOST: 'own', DYNACONF_DATABASE_POSTGRESQL_HOST: 'every' };
    expect(readSettings({ cwd, env })).toMatchObject({
      database_postgresql_host: 'own',
      database_postgresql_user: 'secret file',
      database_postgresql_database: 'ccat_ops_db',
    });
  });

  test('lets a found [default] win over the bundled [production]', () => {
    const cwd = folderWith({ 'settings.toml': '[default]\ndatabase_type = "sqlite"\n' });
    const env = { ENV_FOR_DYNACONF: 'production' };
    expect(readSettings({ cwd: folderWith(), env }).database_type).toBe('postgresql');
    expect(readSettings({ cwd, env }).database_type).toBe('sqlite');
  });

  test('reads the files that SECRETS_FOR_DYNACONF names after .secrets.toml and before local files', () => {
    const cwd = folderWith({
      'settings.toml': '',
      '.secrets.toml': '[default]\na = "secrets"\nb = "secrets"\n',
      'elsewhere/first.toml': '[default]\na = "first"\nb = "first"\n',
      'elsewhere/second.toml': '[default]\nc = "second"\n',
      '.secrets.local.toml': '[default]\nb = "local"\n',
    });
    const SECRETS_FOR_DYNACONF = `${path.join(cwd, 'elsewhere/first.toml')}, elsewhere/second.toml`;
    expect(readSettings({ cwd, env: { SECRETS_FOR_DYNACONF }, bundled: false })).toEqual({
      a: 'first',
      b: 'local',
      c: 'second',
    });
  });

  test.each([
    ['each pass uncovers one token of a variable', { CCAT_OPS_DB_A: '@str @str @bool x' }, { a: '@bool x' }],
    ['a quoted token counts in the second pass', { CCAT_OPS_DB_A: "'@int 5'" }, { a: 5 }],
    [
      'four passes reach into a table',
      { CCAT_OPS_DB_T__A: '@str @str @str @str @bool x' },
      { t: { A: '@bool x' } },
    ],
    ['a lone word ends at a space only', { CCAT_OPS_DB_A: '@int\t5' }, { a: '@int\t5' }],
    [
      'digits of every script are digits',
      { CCAT_OPS_DB_A: '@int ٤٢', CCAT_OPS_DB_B: '@float ４.２' },
      { a: 42, b: 4.2 },
    ],
    [
      'integers of JSON stay exact',
      { CCAT_OPS_DB_A: '@json [9007199254740993]' },
      { a: [9007199254740993n] },
    ],
    ['@del removes what is there', { DYNACONF_A: '1', CCAT_OPS_DB_A: '@del' }, {}],
    ['@del removes a member', { DYNACONF_T: '{a=1, b=2}', CCAT_OPS_DB_T__A: '@del' }, { t: { b: 2 } }],
    ['three underscores are a separator and one', { CCAT_OPS_DB_T___A: '1' }, { t: { _A: 1 } }],
    ['a dot separates as well', { 'CCAT_OPS_DB_T.A': '1' }, { t: { A: 1 } }],
    ['what follows a newline is lost', { CCAT_OPS_DB_A: '1\nb=2' }, { a: 1 }],
    ['a value of carriage return and newline is trimmed', { CCAT_OPS_DB_A: '5\r\n' }, { a: 5 }],
    [
      'options of Dynaconf are no settings',
      { CCAT_OPS_DB_ENV_FOR_DYNACONF: 'x', CCAT_OPS_DB_PROJECT_ROOT: 'y' },
      {},
    ],
    ['what is out of scope stays text', { CCAT_OPS_DB_A: '@format {this.b}' }, { a: '@format {this.b}' }],
  ])('reads variables as Dynaconf does: %s', (_what, env: Record<string, string>, settings) => {
    expect(readSettings({ cwd: folderWith(), env, bundled: false })).toEqual(settings);
  });

  test.each([
    ['a dot in a quoted key nests', '"a.b" = 1', { a: { B: 1 } }],
    ['dynaconf_dotted_lookup stops that', 'dynaconf_dotted_lookup = false\n"a.b" = 1', { 'a.b': 1 }],
    ['@none is null at any depth', 't = {a = ["@none"]}', { t: { a: [null] } }],
  ])('reads files as Dynaconf does: %s', (_what, section, settings) => {
    const cwd = folderWith({ 'settings.toml': `[default]\n${section}\n` });
    expect(readSettings({ cwd, env: {}, bundled: false })).toEqual(settings);
  });

  test('parses the neighbours of a nested variable again', () => {
    const cwd = folderWith({ 'settings.toml': '[default.t]\na = "@str @bool x"\n' });
    expect(readSettings({ cwd, env: { CCAT_OPS_DB_T__B: '1' }, bundled: false })).toEqual({
      t: { a: false, B: 1 },
    });
  });

  test.each(['2024', 'true', '2024-01-01', '@none'])('refuses %s as the name of the environment', (name) => {
    const read = () => readSettings({ cwd: folderWith(), env: { ENV_FOR_DYNACONF: name } });
    expect(read).toThrow(/ENV_FOR_DYNACONF.*in quotes/);
  });

  test('applies no environment where its name is empty', () => {
    const cwd = folderWith({ 'settings.toml': '[default]\na = 1\n[development]\na = 2\n' });
    expect(readSettings({ cwd, env: { ENV_FOR_DYNACONF: '' }, bundled: false })).toEqual({ a: 1 });
  });

  test('refuses an active environment that is no section', () => {
    const cwd = folderWith({ 'settings.toml': 'production = "x"\n' });
    const env = { ENV_FOR_DYNACONF: 'production' };
    expect(() => readSettings({ cwd, env })).toThrow(/\[production\]: must be a section/);
  });

  test('names file, line and column of malformed TOML', () => {
    const cwd = folderWith({ 'settings.toml': '[default]\na = 1\n\nb = yes\n' });
    const read = () => readSettings({ cwd, env: {} });
    expect(read).toThrow(OpsDbError);
    expect(read).toThrow(
      `${path.join(cwd, 'settings.toml')}: not TOML 1.0: line 4, column 5: expected a value`,
    );
  });

  test('never repeats the content of a malformed file', () => {
    const cwd = folderWith({ '.secrets.toml': '[default]\ndatabase_postgresql_password = hunter2\n' });
    expect(() => readSettings({ cwd, env: {} })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });

  test('names a file that is not UTF-8', () => {
    const cwd = folderWith({ 'settings.toml': Buffer.from([0x61, 0x3d, 0x22, 0xff, 0x22]) });
    expect(() => readSettings({ cwd, env: {} })).toThrow(/settings\.toml: is not UTF-8/);
  });

  test('names the variable and not the value of a cast that fails', () => {
    const read = () => readSettings({ cwd: folderWith(), env: { CCAT_OPS_DB_A: '@int hunter2' } });
    expect(read).toThrow('CCAT_OPS_DB_A: what follows @int is not a whole number');
    expect(read).not.toThrow(/hunter2/);
  });

  test('passes over a folder of the name of a file', () => {
    const cwd = folderWith({ '.secrets.toml': '[default]\na = 1\n' });
    mkdirSync(path.join(cwd, 'settings.toml'));
    expect(readSettings({ cwd, env: {}, bundled: false })).toEqual({ a: 1 });
  });
});
