import { tmpdir } from 'node:os';
import { inspect } from 'node:util';
import type { InitOptions } from '../../src/database/connection-settings.js';
import { type DatabaseUrlOptions, describeDatabase, getDatabaseUrl } from '../../src/database-url.js';
import type { OpsDbError } from '../../src/errors.js';
import { loadSettings } from '../../src/settings/index.js';

const settings = loadSettings({ cwd: tmpdir(), env: {}, warn: () => {} });
const login = { user: 'ccat', password: 'secret', host: 'localhost', port: 5432, dbName: 'ccat_ops_db' };
const url = (options: DatabaseUrlOptions) => getDatabaseUrl({ settings, ...options });
const faultOf = (options: DatabaseUrlOptions): OpsDbError => {
  try {
    return url(options) as never;
  } catch (error) {
    return error as OpsDbError;
  }
};

describe('getDatabaseUrl', () => {
  const postgresql: InitOptions = { databaseType: 'postgresql', ...login };

  it('gives the URLs of SQLAlchemy', () => {
    expect(url(postgresql)).toBe('postgresql://ccat:secret@localhost:5432/ccat_ops_db');
    expect(url({ ...postgresql, asyncDriver: true })).toBe(
      'postgresql+asyncpg://ccat:secret@localhost:5432/ccat_ops_db',
    );
    expect(url({ databaseType: 'sqlite', database: '/tmp/test.db' })).toBe('sqlite:////tmp/test.db');
    expect(url({ database: '/tmp/test.db', asyncDriver: true })).toBe('sqlite+aiosqlite:////tmp/test.db');
    expect(url({ database: 'test.db' })).toBe('sqlite:///test.db');
    expect(url({ database: ':memory:' })).toBe('sqlite://');
  });

  it('takes what is left out from the settings', () => {
    expect(url({})).toBe('sqlite:////tmp/dev_ccat_ops_db.sqlite');
  });

  it('encodes user and password, as SQLAlchemy decodes them, and nothing else', () => {
    expect(url({ ...postgresql, user: 'a@b', password: 'p:/?#% +é', host: '::1', dbName: 'x/y' })).toBe(
      'postgresql://a%40b:p%3A%2F%3F%23%25%20%2B%C3%A9@[::1]:5432/x/y',
    );
    expect(url({ database: '/tmp/50% a b#c.db' })).toBe('sqlite:////tmp/50% a b#c.db');
  });

  it('leaves out parts that are missing', () => {
    expect(url({ ...postgresql, password: '' })).toBe('postgresql://ccat@localhost:5432/ccat_ops_db');
    expect(url({ ...postgresql, user: '', password: '' })).toBe('postgresql://localhost:5432/ccat_ops_db');
    expect(url({ ...postgresql, dbName: '' })).toBe('postgresql://ccat:secret@localhost:5432');
  });

  it.each([
    'postgresql://ccat:p%40ss%2Fword@db.example.org:6543/ops',
    'postgresql://a%40b:c@[::1]:5432/x y',
    'postgresql://ccat:secret@/ops?host=%2Fvar%2Frun&port=5432',
    'postgresql://ccat:secret@localhost:5432/ops?options=-csearch_path%3Dours',
    'postgresql://ccat:secret@localhost:5432/ops?options=-csearch_path%3D%22Ours%22',
    'sqlite:////tmp/50%25%20a b.db',
    'sqlite:///relative/path.db',
    'sqlite://',
  ])('reads what it writes: %s', (text) => {
    expect(url({ database: text })).toBe(text);
  });

  it('reads the spellings of others', () => {
    expect(url({ database: 'postgres://u:p@h:1/d' })).toBe('postgresql://u:p@h:1/d');
    expect(url({ database: 'postgresql+asyncpg://u:p@h:1/d' })).toBe('postgresql://u:p@h:1/d');
    expect(url({ database: 'sqlite:///:memory:' })).toBe('sqlite://');
    const socket = 'postgresql://u:p@/d?host=%2Fvar%2Frun&port=6543';
    expect(url({ database: 'postgresql://u:p@%2Fvar%2Frun:6543/d' })).toBe(socket);
    expect(url({ database: 'postgresql://u:p@:6543/d?host=/var/run' })).toBe(socket);
    expect(url({ database: 'postgresql+psycopg2://u:p@/d?host=/var/run&port=6543' })).toBe(socket);
  });

  it('lets parts win over those in the URL', () => {
    expect(url({ database: 'postgresql://u@h:1/d', password: 'p', port: 2 })).toBe('postgresql://u:p@h:2/d');
  });

  it.each<[string, DatabaseUrlOptions, OpsDbError['code'], string]>([
    ['MySQL', { databaseType: 'mysql' as 'sqlite' }, 'database_unsupported', 'sqlite or postgresql'],
    [
      'the URL of MySQL',
      { database: 'mysql://u:hidden@h/d' },
      'database_unsupported',
      'sqlite or postgresql',
    ],
    ['a kind that nobody knows', { databaseType: 'oracle' as 'sqlite' }, 'database_unsupported', 'oracle'],
    [
      'a URL of another kind',
      { databaseType: 'sqlite', database: 'postgresql://u:hidden@h/d' },
      'settings_invalid',
      'databaseType is sqlite',
    ],
    ['a path for PostgreSQL', { databaseType: 'postgresql', database: 'ops' }, 'settings_invalid', 'dbName'],
    ['a server without PostgreSQL', { host: 'db.example.org' }, 'settings_invalid', 'database_type'],
    [
      'a password that is not encoded',
      { database: 'postgresql://u:hid#den@h/d' },
      'settings_invalid',
      'percent-encoded',
    ],
    [
      'a URL with too few slashes',
      { database: 'sqlite:/tmp/x.db' },
      'settings_invalid',
      'sqlite:////absolute',
    ],
    ['a path taken for a host', { database: 'sqlite://tmp/x.db' }, 'settings_invalid', 'sqlite:////absolute'],
    [
      'an unknown parameter',
      { database: 'postgresql://u:hidden@h/d?sslmod=require' },
      'settings_invalid',
      'sslmod',
    ],
    [
      'an unknown sslmode',
      { database: 'postgresql://u:hidden@h/d?sslmode=prefer' },
      'settings_invalid',
      'verify-full',
    ],
    ['a second slash', { database: 'postgresql://u:1234@h/d/hidden' }, 'settings_invalid', '%2F'],
    ['a slash in the password', { database: 'postgresql://u:12/hidden@h/d' }, 'settings_invalid', '%2F'],
    ['an @ behind the authority', { database: 'postgresql://u:p@h/d@hidden' }, 'settings_invalid', '%40'],
    ['an @ in the password', { database: 'postgresql://u:hid@den@h/d' }, 'settings_invalid', '%40'],
    ['a port that is a password', { database: 'postgresql://u:hidden/d' }, 'settings_invalid', '%40'],
    ['two hosts', { database: 'postgresql://u:hidden@h/d?host=/tmp' }, 'settings_invalid', 'two hosts'],
    ['several hosts', { database: 'postgresql://u:hidden@/d?host=a,b' }, 'settings_invalid', 'other_hosts'],
    [
      'other options',
      { database: 'postgresql://u:hidden@h/d?options=-cwork_mem%3D1' },
      'settings_invalid',
      'search_path',
    ],
    [
      'a password as a parameter',
      { database: 'postgresql://h/d?password=hidden' },
      'settings_invalid',
      'password',
    ],
    [
      'a scheme without its colon',
      { database: 'postgres//u:hidden@h/d' },
      'settings_invalid',
      'path of a SQLite file',
    ],
    [
      'a blank in front',
      { database: ' postgresql://u:hidden@h/d' },
      'settings_invalid',
      'path of a SQLite file',
    ],
    [
      'a quote in front',
      { database: '"postgresql://u:hidden@h/d"' },
      'settings_invalid',
      'path of a SQLite file',
    ],
    ['one slash', { database: 'postgresql:/u:hidden@h/d' }, 'settings_invalid', 'percent-encoded'],
    ['a semicolon', { database: 'postgresql;//u:hidden@h/d' }, 'settings_invalid', 'path of a SQLite file'],
    ['no scheme', { database: 'u:hidden@h/d' }, 'settings_invalid', 'path of a SQLite file'],
    ['no scheme with slashes', { database: '//u:hidden@h/d' }, 'settings_invalid', 'path of a SQLite file'],
    [
      'words of libpq',
      { database: 'host=h user=u password=hidden' },
      'settings_invalid',
      'path of a SQLite file',
    ],
    [
      'a URL in that of SQLite',
      { database: 'sqlite:///postgresql://u:hidden@h/d' },
      'settings_invalid',
      'sqlite',
    ],
    [
      'a URL that PostgreSQL is to read as a name',
      { databaseType: 'postgresql', database: 'postgres//u:hidden@h/d' },
      'settings_invalid',
      'percent-encoded',
    ],
    [
      'a URL as host',
      { ...postgresql, host: 'postgresql://u:hidden@h/d' },
      'settings_invalid',
      'host is a URL',
    ],
    ['a login as host', { ...postgresql, host: 'u:hidden@h' }, 'settings_invalid', 'host is a URL'],
    [
      'a URL as name',
      { ...postgresql, dbName: 'postgresql://u:hidden@h/d' },
      'settings_invalid',
      'dbName or user is',
    ],
    ['a path that no URL holds', { database: '/tmp/a?b' }, 'settings_invalid', 'SQLAlchemy'],
    [
      'a schema that asyncpg takes from no URL',
      { ...postgresql, schema: 'ours', asyncDriver: true },
      'settings_invalid',
      'server_settings',
    ],
  ])('refuses %s', (_, options, code, part) => {
    const fault = faultOf(options);
    expect(fault.code).toBe(code);
    expect(fault.message).toContain(part);
    expect(inspect(fault, { depth: null })).not.toMatch(/hid#?den/);
  });
});

describe('getDatabaseUrl beside SQLAlchemy', () => {
  // As make_url of SQLAlchemy 1.4 and 2.0 takes a URL apart.
  const NAMES =
    /^(?<name>[\w+]+):\/\/(?:(?<username>[^:/]*)(?::(?<password>[^@]*))?@)?(?:(?:\[(?<ipv6>[^/?]+)\]|(?<ipv4>[^/:?]+))?(?::(?<port>[^/?]*))?)?(?:\/(?<database>[^?]*))?(?:\?(?<query>.*))?$/s;
  const read = (text: string) => {
    const { username, password, ipv6, ipv4, port, database, query } = NAMES.exec(text)?.groups ?? {};
    const given = new URLSearchParams(query);
    return {
      user: username && decodeURIComponent(username),
      password: password && decodeURIComponent(password),
      host: ipv6 ?? ipv4 ?? given.get('host'),
      port: Number(port ?? given.get('port')),
      dbName: database,
    };
  };

  it.each([
    ['localhost', 'ccat_ops_db'],
    ['::1', 'a b'],
    ['fe80::1%eth0', '50%'],
    ['/var/run/postgresql', 'x/y'],
    ['/tmp/a socket', 'a@b#c%20'],
  ])('says the same: host %s, database %s', (host, dbName) => {
    const parts = { user: 'ü@:/ ', password: 'p:/?#% +é@%41', host, port: 6543, dbName };
    expect(read(url({ databaseType: 'postgresql', ...parts }))).toEqual(parts);
  });
});

describe('describeDatabase', () => {
  it('shows no password', () => {
    expect(describeDatabase({ settings, databaseType: 'postgresql', ...login })).toBe(
      'postgresql://ccat@localhost:5432/ccat_ops_db',
    );
  });
});
