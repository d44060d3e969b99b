import type { Settings } from '../../settings/index.js';
import { postgresqlInstantOf } from '../../values/kept-instant.js';
import type { Handle } from '../connection-loss.js';
import { loadDriver } from '../drivers.js';
import { driverForSilentServers } from '../pg/silence.js';
import { loginOf, serverListOf } from '../servers/handles.js';
import { driverForServers } from '../servers/server-pool.js';
import { sessionOptions } from '../session-settings.js';
import { driverForTransactionPooler } from '../transaction-pooler.js';
import type { ConnectionOptions } from './connection-options.js';
import { tlsOptions } from './tls.js';

/** TypeORM's options for a PostgreSQL server. */
export function postgresqlOptions(
  settings: Settings['postgresql'],
  { nullPool = false, certificateAuthority, role = 'write' }: ConnectionOptions,
  assertAdapted: () => void,
) {
  // Not at the top: it costs the users of SQLite 30 ms. Not left to TypeORM: strict package managers hide it there.
  const driver = driverForSilentServers(
    loadDriver('pg', () => require('pg')),
    settings.connectTimeoutMs,
  );
  const pg = settings.pooler === 'transaction' ? driverForTransactionPooler(driver) : driver;
  const { user, password } = loginOf(settings, role);
  const servers = serverListOf(settings, role);
  const parserOf = pg.types.getTypeParser as import('pg').CustomTypesConfig['getTypeParser'];
  // For this pool only; TypeORM's parseInt8 would change every pool of the process, and round what is too large.
  const types: import('pg').CustomTypesConfig = {
    getTypeParser: (type, format) => {
      const parse = parserOf(type, format);
      if (type === pg.types.builtins.INT8) return exactInteger;
      if (type !== pg.types.builtins.TIMESTAMPTZ) return parse;
      return (text: string) => postgresqlInstantOf(text) ?? parse(text);
    },
  };
  const sslTo = (host: string) => tlsOptions(settings.sslMode, host, certificateAuthority);
  return {
    type: 'postgres',
    driver: servers ? driverForServers(pg, servers, sslTo) : pg,
    host: settings.host,
    port: settings.port,
    username: user,
    // As a function it is not shown when the options are printed. Left out, the driver looks for a password file.
    password: password === '' ? undefined : () => password,
    database: settings.database,
    poolSize: settings.poolSize,
    connectTimeoutMS: settings.connectTimeoutMs,
    applicationName: settings.applicationName,
    ssl: sslTo(settings.host),
    // A generated UUID comes from the function that the server has anyway.
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    extra: {
      types,
      Client: pg.Client,
      onConnect: assertAdapted,
      // Detects a peer that is gone without closing the connection.
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      // A pooler shares a connection among clients, so that most settings are those of the role.
      ...(settings.pooler === 'none' && { options: sessionOptions(furtherSettings(settings, role)) }),
      ...(nullPool && { maxUses: 1 }),
    },
  } as const;
}

/** The server detects a client that is gone without closing the connection, and releases its locks. */
const SERVER_NOTICES = {
  tcp_keepalives_idle: 10,
  tcp_keepalives_interval: 10,
  tcp_keepalives_count: 3,
  tcp_user_timeout: 40_000,
} as const;

function furtherSettings(
  { statementTimeoutMs, idleInTransactionTimeoutMs, schema }: Settings['postgresql'],
  role: Handle['role'],
): Record<string, string | number> {
  return {
    ...SERVER_NOTICES,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    // No other schema is searched: an object of the same name there is not this package's.
    ...(schema && { search_path: `"${schema}"` }),
    ...(role === 'read' && { default_transaction_read_only: 'on' }),
  };
}

function exactInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new RangeError(`${text} is not exact as a number; select it as text`);
  return value;
}
