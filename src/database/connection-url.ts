/** URLs of databases as SQLAlchemy reads and writes them: login and parameters are percent-encoded, path and names are not. */
import { OpsDbError } from '../errors.js';
import { couldBeUrl, type Settings, shownUrl } from '../settings/index.js';

/** A SQLite database that lives as long as its connection. */
const IN_MEMORY = ':memory:';

/** What a URL says of a database. */
export type UrlTarget =
  | { readonly type: 'sqlite'; readonly path: string }
  | { readonly type: 'postgresql'; readonly parts: Partial<Settings['postgresql']> };

const SCHEME = /^([a-z][a-z0-9+.-]*):(.*)$/is;
const LOGIN = /(?:(?<user>[^:/?#@]*)(?::(?<password>[^/?#@]*))?@)?/.source;
const HOST = /(?:\[(?<address>[^/?#@[\]]+)\]|(?<host>[^:/?#@[\]\s]*))(?::(?<port>\d{1,5}))?/.source;
/**
 * No part of the pattern matches an unencoded special character, so that no part of a password is read as a host or a path.
 */
const SERVER = new RegExp(`^//${LOGIN}${HOST}(?:/(?<database>[^/?#@]*))?(?:\\?(?<query>[^#]*))?$`, 's');
const SSL_MODES = ['disable', 'require', 'verify-full'] as const;
const SEARCH_PATH = /^-c ?search_path="?([A-Za-z_][A-Za-z0-9_]*)"?$/;

/**
 * Reads a URL; undefined for a path.
 *
 * @throws OpsDbError `settings_invalid`, `database_unsupported`; no message repeats more of the text than its scheme
 */
export function parseUrl(text: string): UrlTarget | undefined {
  const [, scheme = '', rest = ''] = SCHEME.exec(text) ?? [];
  // SQLAlchemy writes the Python driver behind a plus: postgresql+asyncpg.
  const kind = scheme.toLowerCase().split('+')[0] as string;
  if (kind === 'sqlite') return { type: 'sqlite', path: sqlitePath(rest) };
  if (kind === 'postgresql' || kind === 'postgres') return { type: 'postgresql', parts: serverParts(rest) };
  if (scheme.length > 1 && rest.startsWith('//')) throw unsupported(kind);
  if (couldBeUrl(text))
    throw invalid(`database is ${shownUrl(text)}, which is neither a URL nor plainly a path`, ALL_FORMS);
  return undefined;
}

function sqlitePath(rest: string): string {
  const [whole, path = ''] = /^\/\/(?:\/([^?#]*))?$/s.exec(rest) ?? [];
  if (whole === undefined || couldBeUrl(path))
    throw invalid('database is a sqlite URL that cannot be read', SQLITE_FORMS);
  return path || IN_MEMORY;
}

function serverParts(rest: string): Partial<Settings['postgresql']> {
  const parts = SERVER.exec(rest)?.groups;
  const port = parts?.port === undefined ? undefined : Number(parts.port);
  if (!parts || (port !== undefined && (port < 1 || port > 65_535)))
    throw invalid('database is a postgresql URL that cannot be read', SERVER_FORM);
  const socket = parameters(parts.query ?? '');
  if (socket.host !== undefined && (parts.host || parts.address))
    throw invalid('database is a URL with two hosts', 'name the host in one place');
  const host = parts.address ?? (parts.host ? decoded(parts.host) : undefined);
  return withoutUndefined({
    ...socket,
    host: socket.host ?? host,
    port: socket.port ?? port,
    user: parts.user ? decoded(parts.user) : undefined,
    password: parts.password ? decoded(parts.password) : undefined,
    database: parts.database || undefined,
  });
}

/** The parameters behind the question mark, of libpq's names. */
function parameters(query: string): Partial<Settings['postgresql']> {
  const given = Object.fromEntries(new URLSearchParams(query));
  const { sslmode, sslrootcert, application_name, host, port, options, ...unknown } = given;
  const [parameter] = Object.keys(unknown);
  if (parameter !== undefined)
    throw invalid(
      `the parameter ${couldBeUrl(parameter) ? '…' : parameter} in the URL is not known`,
      'host, port, sslmode, sslrootcert, application_name and options=-csearch_path=… are, the rest is in the settings',
    );
  const sslMode = SSL_MODES.find((mode) => mode === sslmode);
  if (sslmode !== undefined && !sslMode)
    throw invalid('the sslmode in the URL is not known', `it must be one of ${SSL_MODES.join(', ')}`);
  const schema = SEARCH_PATH.exec(options ?? '')?.[1];
  if (options !== undefined && schema === undefined)
    throw invalid(
      'the options in the URL are not known',
      'they may name one schema: options=-csearch_path=…',
    );
  if (host?.includes(',') || (port !== undefined && !/^\d{1,5}$/.test(port)))
    throw invalid(
      'the host or port in the URL cannot be read',
      'further servers are in database_postgresql_other_hosts',
    );
  return withoutUndefined({
    host: host || undefined,
    port: port === undefined ? undefined : Number(port),
    sslMode,
    sslRootCert: sslrootcert,
    applicationName: application_name,
    schema,
  });
}

/**
 * Writes the URL of a database.
 *
 * @throws OpsDbError `settings_invalid` where a part cannot be written so that SQLAlchemy reads it
 */
export function formatUrl({ databaseType, sqlite, postgresql }: Settings, asyncDriver: boolean): string {
  if (databaseType === 'sqlite') {
    const scheme = asyncDriver ? 'sqlite+aiosqlite' : 'sqlite';
    if (sqlite.database === IN_MEMORY) return `${scheme}://`;
    return `${scheme}:///${writable('database_sqlite_database', sqlite.database, /\?/)}`;
  }
  const { user, password, host, port, database, schema } = postgresql;
  const isSocket = host.startsWith('/');
  const login = user && encodeURIComponent(user) + (password && `:${encodeURIComponent(password)}`);
  const server = isSocket ? '' : writableHost(host) + (port ? `:${port}` : '');
  // Without a login, SQLAlchemy reads the text before an @ as the login.
  const name = database && `/${writable('database_postgresql_database', database, user ? /\?/ : /[?@]/)}`;
  const query = {
    ...(isSocket && { host, ...(port && { port: String(port) }) }),
    ...(schema && { options: searchPathOption(schema, asyncDriver) }),
  };
  const text = Object.entries(query)
    .map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
    .join('&');
  const scheme = asyncDriver ? 'postgresql+asyncpg' : 'postgresql';
  return `${scheme}://${login && `${login}@`}${server}${name}${text && `?${text}`}`;
}

function searchPathOption(schema: string, asyncDriver: boolean): string {
  if (asyncDriver)
    throw invalid(
      `database_postgresql_schema is ${schema}, which asyncpg takes from no URL`,
      `give it as connect_args={"server_settings": {"search_path": '"${schema}"'}}, and leave the schema out here (schema: "")`,
    );
  return `-csearch_path=${/^[a-z0-9_]+$/.test(schema) ? schema : `"${schema}"`}`;
}

function writableHost(host: string): string {
  return host.includes(':') ? `[${host}]` : writable('database_postgresql_host', host, /[/?#@\s]/);
}

function writable(key: string, value: string, forbidden: RegExp): string {
  if (!forbidden.test(value)) return value;
  throw invalid(
    `${key} (CCAT_OPS_DB_${key.toUpperCase()}) is ${shownUrl(value)}`,
    'a URL cannot hold it in the spelling of SQLAlchemy, which does not encode it',
  );
}

const SQLITE_FORMS =
  'it must be sqlite:///relative/path, sqlite:////absolute/path or sqlite:// (in memory), without parameters';
const SERVER_FORM =
  'it must be postgresql://user:password@host:port/name, or postgresql://user:password@/name?host=/folder/of/the/socket, ' +
  'with every special character of user and password percent-encoded (@ is %40, / is %2F, # is %23)';
const ALL_FORMS = `${SERVER_FORM}; or the path of a SQLite file`;

function invalid(fault: string, allowed: string): OpsDbError {
  return new OpsDbError('settings_invalid', `${fault}: ${allowed}`);
}

/** The error for a kind of database that is not supported. */
export function unsupported(kind: string): OpsDbError {
  return new OpsDbError(
    'database_unsupported',
    `${kind} is not supported; the database type must be sqlite or postgresql (database_type, CCAT_OPS_DB_DATABASE_TYPE)`,
  );
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw invalid(
      'database is a URL with a percent sign that encodes nothing',
      'write %25 for a percent sign',
    );
  }
}

/** The members that have a value. */
export function withoutUndefined<T extends object>(parts: T): Partial<T> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value != null)) as Partial<T>;
}
