import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions.js';
import { OpsDbError } from '../errors.js';
import { explainSurroundings } from '../surroundings.js';
import { visibleLine } from '../visible.js';
import { driverUnusable } from './drivers.js';

interface DriverError {
  readonly code?: string;
  readonly message: string;
  readonly errors?: readonly DriverError[];
}

/** The error for a PostgreSQL server that cannot be reached. It names the setting to change, and never the password. */
export function postgresqlError(cause: unknown, options: PostgresDataSourceOptions): OpsDbError {
  if (cause instanceof OpsDbError) return cause;
  const { host = '', port, username: user, database } = options;
  const error = cause as DriverError;
  // A name with several addresses fails with one error for each of them.
  const reason = error.message || error.errors?.map(({ message }) => message).join('; ') || String(cause);
  const at = `PostgreSQL at ${host}:${port}`;
  const setHost = setting('database_postgresql_host', host);
  const setPort = setting('database_postgresql_port', port);
  const setUser = setting('database_postgresql_user', user);
  const fault = (code: OpsDbError['code'], message: string) => new OpsDbError(code, message, { cause });

  if (error.code === '3D000')
    return fault(
      'database_missing',
      `${at} has no database ${database}: create it (CREATE DATABASE "${database}"), or change ${setting('database_postgresql_database', database)}`,
    );
  if (error.code === '28P01' || error.code === '28000' || reason.startsWith('SASL'))
    return fault(
      'database_login_failed',
      `${at} refuses the login (${reason}): change ${setUser}, or ${setting('database_postgresql_password')}`,
    );
  if (error.code === '42501')
    return fault(
      'database_login_failed',
      `${at} does not let ${user} into the database ${database} (${reason}): ` +
        `GRANT CONNECT ON DATABASE "${database}" TO "${user}", or change ${setUser}`,
    );
  if (reason.includes('unsupported startup parameter'))
    return fault(
      'database_unreachable',
      `${at} is a pooler that takes no settings with the login (${reason}): change ` +
        setting('database_postgresql_pooler'),
    );
  if (/SSL|certificate|CERT/.test(`${reason} ${error.code}`))
    return fault(
      'database_unreachable',
      `${at} cannot be reached with the encryption asked for (${reason}): change ` +
        `${setting('database_postgresql_ssl_mode')} or ${setting('database_postgresql_ssl_root_cert')}`,
    );
  if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN')
    return fault('database_unreachable', `the host ${host} is not known (${reason}): change ${setHost}`);
  if (error.code === '53300')
    return fault(
      'database_busy',
      `${at} has too many connections (${reason}): close some, allow fewer per process with ` +
        `${setting('database_postgresql_pool_size', options.poolSize)}, or raise max_connections of the server`,
    );
  if (error.code === '57P03')
    return fault(
      'database_unreachable',
      `${at} is there, but is starting, stopping or recovering (${reason}): wait, and try again`,
    );
  // The message of the pool when no connection became free in time.
  if (reason.startsWith('timeout exceeded when trying to connect'))
    return fault(
      'database_busy',
      `all connections to ${at} have been in use for too long: give them back sooner (short transactions, released query ` +
        `runners), or allow more with ${setting('database_postgresql_pool_size', options.poolSize)}`,
    );
  if (/timeout/i.test(reason))
    return fault(
      'database_unreachable',
      `${at} does not answer in time (${reason}): change ${setHost} or ${setPort}, or allow more time with ` +
        setting('database_postgresql_connect_timeout_ms', options.connectTimeoutMS),
    );
  return fault(
    'database_unreachable',
    `${at} cannot be reached (${reason}): is the server running? Else change ${setHost} or ${setPort}`,
  );
}

/** The error for a SQLite file that cannot be opened or written. */
export function sqliteError(cause: unknown, file: string): OpsDbError {
  const unusable = driverUnusable(cause);
  if (unusable) return unusable;
  const { code, message } = cause as DriverError;
  const change = setting('database_sqlite_database', file);
  if (code?.startsWith('SQLITE_BUSY'))
    return new OpsDbError(
      'database_busy',
      `another process keeps the SQLite database ${file} locked: try again, or allow more time with ${setting('database_sqlite_busy_timeout_ms')}`,
      { cause },
    );
  const explained = explainSurroundings(cause);
  const advice = explained ? `${explained.advice}; or change` : 'change';
  const isOfFile = explained?.code !== 'database_corrupt' && explained?.code !== 'disk_full';
  return new OpsDbError(
    isOfFile ? 'database_not_writable' : explained.code,
    `the SQLite database ${visibleLine(file)} cannot be used (${message}): ` +
      `${isOfFile ? 'it must be a file that this user may write, in a folder where files can be created; ' : ''}${advice} ${change}`,
    { cause },
  );
}

function setting(key: string, value?: string | number): string {
  const now = value === undefined ? '' : `, now ${value}`;
  return `${key} (CCAT_OPS_DB_${key.toUpperCase()}${now})`;
}
