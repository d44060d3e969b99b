import { effectiveSettings, IN_MEMORY, type InitOptions } from './database/connection-settings.js';
import type { Settings } from './settings/index.js';

/** A database, and whether the URL is for an asynchronous driver of Python. */
export interface DatabaseUrlOptions extends InitOptions {
  /** Names the driver, as SQLAlchemy wants it: `postgresql+asyncpg`, `sqlite+aiosqlite`. */
  readonly asyncDriver?: boolean;
}

/**
 * The URL of a database in the spelling of SQLAlchemy: `postgresql://ccat:secret@localhost:5432/ccat_ops_db`,
 * `sqlite:////tmp/test.db`, `sqlite://` for one in memory. Parts are percent-encoded, empty ones left out.
 * It contains the password; {@link describeDatabase} does not.
 *
 * @param options what is left out comes from the settings
 * @throws OpsDbError `settings_invalid`, `database_unsupported`
 *
 * @example
 * import { getDatabaseUrl } from 'ccat-ops-db';
 *
 * console.log(getDatabaseUrl({ database: '/tmp/test.db' })); // sqlite:////tmp/test.db
 */
export function getDatabaseUrl({ asyncDriver = false, ...options }: DatabaseUrlOptions = {}): string {
  return formatUrl(effectiveSettings(options), asyncDriver);
}

/**
 * The URL of a database without its password, to be shown.
 *
 * @param options what is left out comes from the settings
 * @throws OpsDbError `settings_invalid`, `database_unsupported`
 *
 * @example
 * import { describeDatabase } from 'ccat-ops-db';
 *
 * const database = 'postgresql://ccat:secret@db.example:5432/ccat_ops_db';
 * console.log(describeDatabase({ database })); // postgresql://ccat@db.example:5432/ccat_ops_db
 */
export function describeDatabase(options: InitOptions = {}): string {
  const settings = effectiveSettings(options);
  return formatUrl({ ...settings, postgresql: { ...settings.postgresql, password: '' } }, false);
}

function formatUrl({ databaseType, sqlite, postgresql }: Settings, asyncDriver: boolean): string {
  if (databaseType === 'sqlite') {
    const scheme = asyncDriver ? 'sqlite+aiosqlite' : 'sqlite';
    return sqlite.database === IN_MEMORY ? `${scheme}://` : `${scheme}:///${encodedPath(sqlite.database)}`;
  }
  const { user, password, host, port, database } = postgresql;
  const login = user && encodeURIComponent(user) + (password && `:${encodeURIComponent(password)}`);
  const server = encodedHost(host) + (port ? `:${port}` : '');
  const name = database && `/${encodeURIComponent(database)}`;
  return `${asyncDriver ? 'postgresql+asyncpg' : 'postgresql'}://${login && `${login}@`}${server}${name}`;
}

function encodedHost(host: string): string {
  return host.includes(':') ? `[${host}]` : encodeURIComponent(host);
}

function encodedPath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
