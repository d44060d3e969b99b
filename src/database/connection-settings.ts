import { OpsDbError } from '../errors.js';
import { loadSettings, type Settings } from '../settings/index.js';

/** Which database, and how to connect. What is left out comes from the settings. */
export interface InitOptions {
  /** The kind of database. A `database` that is given decides it, too, and must not contradict. */
  readonly databaseType?: 'sqlite' | 'postgresql';
  /**
   * The path of a SQLite file, `:memory:`, or a whole URL: `sqlite:///relative`, `sqlite:////absolute`,
   * `postgresql://user:password@host:port/name`. Parts given beside a URL win over those in it.
   */
  readonly database?: string;
  /** The PostgreSQL server: a name, an address, or the folder of its socket. */
  readonly host?: string;
  /** The port of the PostgreSQL server. */
  readonly port?: number;
  /** The PostgreSQL role to log in as. */
  readonly user?: string;
  /** The password of that role; never shown. */
  readonly password?: string;
  /** The name of the PostgreSQL database. */
  readonly dbName?: string;
  /** The schema of the tables within the PostgreSQL database; made where it is not there. */
  readonly schema?: string;
  /** Drops the tables of this package, with all their rows, and creates them anew. */
  readonly drop?: boolean;
  /** The name of the database to be dropped (SQLite: its path or file name); needed where there are executions, or
   * outside of development. */
  readonly confirmDrop?: string;
  /** Keeps no connection open: each operation opens and closes its own. No effect on SQLite. */
  readonly nullPool?: boolean;
  /** The settings to start from; `loadSettings()` where left out. */
  readonly settings?: Settings;
}

type Parts = Partial<Settings['postgresql']>;
type Target =
  | { readonly type: 'sqlite'; readonly path: string }
  | { readonly type: 'postgresql'; readonly parts: Parts };

/**
 * A SQLite database that lives as long as its connection.
 *
 * @example
 * import { IN_MEMORY, initCcatOpsDb, RawDataFile } from 'ccat-ops-db';
 *
 * const { dataSource, session } = await initCcatOpsDb({ databaseType: 'sqlite', database: IN_MEMORY });
 * console.log(await session.count(RawDataFile)); // 0
 * await dataSource.destroy();
 */
export const IN_MEMORY = ':memory:';

/**
 * The settings with the options applied.
 *
 * @throws OpsDbError `settings_invalid`, `database_unsupported`
 */
export function effectiveSettings(options: InitOptions): Settings {
  const settings = options.settings ?? loadSettings();
  const target = options.database ? parseDatabase(options.database, options.databaseType) : undefined;
  const databaseType = databaseTypeOf(options, target) ?? settings.databaseType;
  if (databaseType === 'sqlite') refuseServerParts(options, target);
  const postgresql = {
    ...settings.postgresql,
    ...(target?.type === 'postgresql' && target.parts),
    ...given({
      host: options.host,
      port: options.port,
      user: options.user,
      password: options.password,
      database: options.dbName,
      schema: options.schema,
    }),
  };
  return {
    ...settings,
    databaseType,
    sqlite: { ...settings.sqlite, ...(target?.type === 'sqlite' && { database: target.path }) },
    postgresql: isSameServer(postgresql, settings.postgresql)
      ? postgresql
      : { ...postgresql, otherHosts: [], readHosts: [] },
  };
}

/** The further servers in the settings are those of the server in the settings. */
function isSameServer(one: Settings['postgresql'], other: Settings['postgresql']): boolean {
  return one.host === other.host && one.port === other.port;
}

function databaseTypeOf(
  { databaseType, database }: InitOptions,
  target?: Target,
): Settings['databaseType'] | undefined {
  if (databaseType != null && databaseType !== 'sqlite' && databaseType !== 'postgresql')
    throw unsupported(databaseType);
  if (target && databaseType && target.type !== databaseType)
    throw new OpsDbError(
      'settings_invalid',
      `databaseType is ${databaseType}, but database names a ${target.type} database (${shown(database ?? '')}): leave one of them out`,
    );
  return target?.type ?? databaseType;
}

function refuseServerParts(options: InitOptions, target?: Target): void {
  const { host, port, user, password, dbName } = options;
  const [part] = Object.keys(given({ host, port, user, password, dbName }));
  if (!part || target || options.databaseType) return;
  throw new OpsDbError(
    'settings_invalid',
    `${part} is for PostgreSQL, but the settings say SQLite: pass databaseType "postgresql", or set database_type (CCAT_OPS_DB_DATABASE_TYPE)`,
  );
}

function parseDatabase(database: string, databaseType: InitOptions['databaseType']): Target {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]+):(.*)$/is.exec(database) ?? [];
  if (scheme === undefined || rest === undefined) {
    if (databaseType === 'postgresql')
      throw new OpsDbError(
        'settings_invalid',
        `database is ${database}; for PostgreSQL it must be a whole URL. Pass the name of the database as dbName`,
      );
    return { type: 'sqlite', path: database };
  }
  // SQLAlchemy writes the Python driver behind a plus: postgresql+asyncpg.
  const kind = scheme.toLowerCase().split('+')[0] as string;
  if (kind === 'sqlite') return { type: 'sqlite', path: sqlitePath(database, rest) };
  if (kind === 'postgresql' || kind === 'postgres')
    return { type: 'postgresql', parts: serverParts(database, rest) };
  throw unsupported(kind);
}

function sqlitePath(database: string, rest: string): string {
  const [whole, path = ''] = /^\/\/(?:\/([^?#]*))?$/.exec(rest) ?? [];
  if (whole === undefined)
    throw new OpsDbError(
      'settings_invalid',
      `database is ${database}; it must be sqlite:///relative/path, sqlite:////absolute/path or sqlite:// (in memory), without parameters`,
    );
  return decoded(path) || IN_MEMORY;
}

const SSL_MODES = ['disable', 'require', 'verify-full'] as const;

function serverParts(database: string, rest: string): Parts {
  const text = `postgresql:${rest}`;
  if (!rest.startsWith('//') || !URL.canParse(text)) throw invalidUrl(database);
  const url = new URL(text);
  const { sslmode, sslrootcert, application_name, ...unknown } = Object.fromEntries(url.searchParams);
  const [parameter] = Object.keys(unknown);
  if (parameter !== undefined)
    throw new OpsDbError(
      'settings_invalid',
      `the parameter ${parameter} in the URL is not known: sslmode, sslrootcert and application_name are, the rest is in the settings`,
    );
  const sslMode = SSL_MODES.find((mode) => mode === sslmode);
  if (sslmode !== undefined && !sslMode)
    throw new OpsDbError(
      'settings_invalid',
      `sslmode is ${sslmode}; it must be one of ${SSL_MODES.join(', ')}`,
    );
  return given({
    host: decoded(url.hostname).replace(/^\[|\]$/g, '') || undefined,
    port: url.port ? Number(url.port) : undefined,
    user: decoded(url.username) || undefined,
    password: decoded(url.password) || undefined,
    database: decoded(url.pathname.slice(1)) || undefined,
    sslMode,
    sslRootCert: sslrootcert,
    applicationName: application_name,
  });
}

function invalidUrl(database: string): OpsDbError {
  return new OpsDbError(
    'settings_invalid',
    `database is ${shown(database)}; it must be postgresql://user:password@host:port/name, ` +
      'with every special character of a part percent-encoded',
  );
}

function unsupported(kind: string): OpsDbError {
  return new OpsDbError(
    'database_unsupported',
    `${kind} is not supported; the database type must be sqlite or postgresql (database_type, CCAT_OPS_DB_DATABASE_TYPE)`,
  );
}

/** The URL without what may be its password. */
function shown(url: string): string {
  return url.replace(/:\/\/.*@/s, '://…@');
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function given<T extends object>(parts: T): Partial<T> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value != null)) as Partial<T>;
}
