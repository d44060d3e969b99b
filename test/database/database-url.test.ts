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

  it('encodes the parts', () => {
    expect(url({ ...postgresql, user: 'a@b', password: 'p:/?#% +é', host: '::1', dbName: 'x/y' })).toBe(
      'postgresql://a%40b:p%3A%2F%3F%23%25%20%2B%C3%A9@[::1]:5432/x%2Fy',
    );
    expect(url({ database: '/tmp/50% a?b#c.db' })).toBe('sqlite:////tmp/50%25%20a%3Fb%23c.db');
  });

  it('leaves out parts that are missing', () => {
    expect(url({ ...postgresql, password: '' })).toBe('postgresql://ccat@localhost:5432/ccat_ops_db');
    expect(url({ ...postgresql, user: '', password: '' })).toBe('postgresql://localhost:5432/ccat_ops_db');
    expect(url({ ...postgresql, dbName: '' })).toBe('postgresql://ccat:secret@localhost:5432');
  });

  it.each([
    'postgresql://ccat:p%40ss%2Fword@db.example.org:6543/ops',
    'postgresql://a%40b:c@[::1]:5432/x%2Fy',
    'postgresql://ccat:secret@%2Fvar%2Frun:5432/ops',
    'sqlite:////tmp/50%25%20a%3Fb.db',
    'sqlite:///relative/path.db',
    'sqlite://',
  ])('reads what it writes: %s', (text) => {
    expect(url({ database: text })).toBe(text);
  });

  it('reads the spellings of others', () => {
    expect(url({ database: 'postgres://u:p@h:1/d' })).toBe('postgresql://u:p@h:1/d');
    expect(url({ database: 'postgresql+asyncpg://u:p@h:1/d' })).toBe('postgresql://u:p@h:1/d');
    expect(url({ database: 'sqlite:///:memory:' })).toBe('sqlite://');
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
  ])('refuses %s', (_, options, code, part) => {
    const fault = faultOf(options);
    expect(fault.code).toBe(code);
    expect(fault.message).toContain(part);
    expect(inspect(fault, { depth: null })).not.toMatch(/hid#?den/);
  });
});

describe('describeDatabase', () => {
  it('shows no password', () => {
    expect(describeDatabase({ settings, databaseType: 'postgresql', ...login })).toBe(
      'postgresql://ccat@localhost:5432/ccat_ops_db',
    );
  });
});
