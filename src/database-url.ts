import { effectiveSettings, type InitOptions } from './database/connection-settings.js';
import { formatUrl } from './database/connection-url.js';

/** A database, and whether the URL is for an asynchronous driver of Python. */
export interface DatabaseUrlOptions extends InitOptions {
  /** Names the driver, as SQLAlchemy wants it: `postgresql+asyncpg`, `sqlite+aiosqlite`. */
  readonly asyncDriver?: boolean;
}

/**
 * The URL of a database in the spelling of SQLAlchemy: `postgresql://ccat:secret@localhost:5432/ccat_ops_db`,
 * `sqlite:////tmp/test.db`, `sqlite://` for one in memory. User and password are percent-encoded, path and names are not, as
 * SQLAlchemy reads them; a socket stands as `?host=`, a schema as `options=-csearch_path=`; empty parts are left out.
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
