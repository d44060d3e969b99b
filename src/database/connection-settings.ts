import { OpsDbError } from '../errors.js';
import { loadSettings, type Settings, shownUrl } from '../settings/index.js';
import { parseUrl, type UrlTarget, unsupported, withoutUndefined } from './connection-url.js';

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
  refuseUrls(options);
  const target = options.database ? parseDatabase(options.database, options.databaseType) : undefined;
  const databaseType = databaseTypeOf(options, target) ?? settings.databaseType;
  if (databaseType === 'sqlite') refuseServerParts(options, target);
  const postgresql = {
    ...settings.postgresql,
    ...(target?.type === 'postgresql' && target.parts),
    ...withoutUndefined({
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
  target?: UrlTarget,
): Settings['databaseType'] | undefined {
  if (databaseType != null && databaseType !== 'sqlite' && databaseType !== 'postgresql')
    throw unsupported(databaseType);
  if (target && databaseType && target.type !== databaseType)
    throw new OpsDbError(
      'settings_invalid',
      `databaseType is ${databaseType}, but database names a ${target.type} database (${shownUrl(database ?? '')}): leave one of them out`,
    );
  return target?.type ?? databaseType;
}

function refuseServerParts(options: InitOptions, target?: UrlTarget): void {
  const { host, port, user, password, dbName } = options;
  const [part] = Object.keys(withoutUndefined({ host, port, user, password, dbName }));
  if (!part || target || options.databaseType) return;
  throw new OpsDbError(
    'settings_invalid',
    `${part} is for PostgreSQL, but the settings say SQLite: pass databaseType "postgresql", or set database_type (CCAT_OPS_DB_DATABASE_TYPE)`,
  );
}

function parseDatabase(database: string, databaseType: InitOptions['databaseType']): UrlTarget {
  const target = parseUrl(database);
  if (target) return target;
  if (databaseType === 'postgresql')
    throw new OpsDbError(
      'settings_invalid',
      `database is ${database}; for PostgreSQL it must be a whole URL. Pass the name of the database as dbName`,
    );
  return { type: 'sqlite', path: database };
}

/** Otherwise an error would show a URL in the wrong place, with its password, as the name of an unknown host. */
function refuseUrls({ host, dbName, user }: InitOptions): void {
  const isWrongHost = host && !host.startsWith('/') && /[/@]/.test(host);
  const wrong = isWrongHost
    ? 'host'
    : [dbName, user].some((name) => name?.includes('://'))
      ? 'dbName or user'
      : undefined;
  if (wrong)
    throw new OpsDbError(
      'settings_invalid',
      `${wrong} is a URL or a part of one, which is not shown; it must be a name alone. Pass a whole URL as database`,
    );
}
