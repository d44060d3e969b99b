import * as v from 'valibot';
import { couldBeUrl } from './url-like.js';

/** The description of a setting beyond its type. settings.toml and docs/settings.md are written from it. */
export interface AboutSetting {
  /** What the setting is for; the unit in brackets. */
  readonly description: string;
  /** The value where no other one is set. */
  readonly default: string | number;
  /** The values that are allowed, as the end of a sentence that begins with "must be". */
  readonly allowed: string;
  /** A text is the text of an environment variable as it is; a number is parsed from it. */
  readonly kind: 'text' | 'number';
  /** Whether the value must never be shown. */
  readonly secret?: boolean;
}

const NO_LIMIT = 2 ** 31 - 1;

const about = <T>(known: AboutSetting) => v.metadata<T, Record<'about', AboutSetting>>({ about: known });

/** One of several values; the first one is the default. */
function oneOf<const T extends readonly [string, ...string[]]>(choices: T, description: string) {
  return v.pipe(
    v.picklist(choices),
    about({ description, default: choices[0], kind: 'text', allowed: `one of ${choices.join(', ')}` }),
  );
}

function text(byDefault: string, description: string, isWrong: (value: string) => boolean = () => false) {
  return v.pipe(
    v.string(),
    v.nonEmpty(),
    v.check((value) => !isWrong(value)),
    about({ description, default: byDefault, kind: 'text', allowed: 'text that is not empty' }),
  );
}

function secret(byDefault: string, description: string) {
  return v.pipe(
    v.string(),
    about({ description, default: byDefault, kind: 'text', allowed: 'text', secret: true }),
  );
}

/** A socket is given by its folder; any other host has no slash and no login. */
function isUrlForHost(host: string): boolean {
  return !host.startsWith('/') && /\/|\S@/.test(host);
}

function wholeNumber(byDefault: number | string, least: number, most: number, description: string) {
  const digits = v.pipe(v.string(), v.regex(/^[0-9]+$/), v.transform(Number));
  const allowed = `a whole number from ${least} to ${most}`;
  return v.pipe(
    v.union([v.number(), digits]),
    v.safeInteger(),
    v.minValue(least),
    v.maxValue(most),
    about({ description, default: byDefault, kind: 'number', allowed }),
  );
}

const SCHEMA = /^(?!pg_)[a-z_][a-z0-9_]{0,62}$/i;

const SERVER = /^(?:\[[0-9a-f:.%]+\]|[^\s,:[\]]+)(?::([0-9]{1,5}))?$/i;

function isServer(text: string): boolean {
  const [server, port = '1'] = SERVER.exec(text) ?? [];
  return server !== undefined && Number(port) >= 1 && Number(port) <= 65535;
}

function servers(description: string) {
  return v.pipe(
    v.string(),
    v.transform((list) => list.split(',').map((server) => server.trim())),
    v.check((list) => list.join() === '' || list.every(isServer)),
    v.transform((list) => list.join()),
    about({
      description,
      default: '',
      kind: 'text',
      allowed: 'empty, or host or host:port, several separated by commas; an IPv6 address stands in brackets',
    }),
  );
}

function textOrEmpty(description: string, options: { readonly secret?: boolean } = {}) {
  return v.pipe(
    v.string(),
    v.transform((value) => value || null),
    about({ description, default: '', kind: 'text', allowed: 'text', ...options }),
  );
}

/** The settings of this package: their types, and with {@link aboutSetting} their descriptions. */
export const settingsSchema = v.object({
  database_type: oneOf(['sqlite', 'postgresql'], 'Which database to use.'),
  database_sqlite_database: text(
    '/tmp/dev_ccat_ops_db.sqlite',
    'Path of the SQLite file. Its folder is created where it does not exist.',
    couldBeUrl,
  ),
  database_sqlite_busy_timeout_ms: wholeNumber(
    30_000,
    0,
    NO_LIMIT,
    'How long a statement waits while another process writes to the SQLite file [ms].',
  ),
  database_postgresql_database: text('ccat_ops_db', 'Name of the PostgreSQL database.', (name) =>
    name.includes('://'),
  ),
  database_postgresql_schema: v.pipe(
    v.string(),
    v.check((name) => name === '' || SCHEMA.test(name)),
    v.transform((name) => name || null),
    about({
      description:
        'Schema of the tables within the PostgreSQL database; init creates it where it does not exist. If empty, the schema that the server chooses, most often public.',
      default: '',
      kind: 'text',
      allowed:
        'empty, or a name of at most 63 letters, digits and underscores that does not begin with a digit or pg_',
    }),
  ),
  database_postgresql_user: text('ccat', 'PostgreSQL role to log in with.'),
  database_postgresql_password: secret(
    'pw4ccat',
    'Password of that role. The default is for development; keep a real one in .secrets.toml or in the environment.',
  ),
  database_postgresql_host: text('localhost', 'Name or address of the PostgreSQL server.', isUrlForHost),
  database_postgresql_port: wholeNumber('5432', 1, 65535, 'Port of the PostgreSQL server.'),
  database_postgresql_other_hosts: servers(
    'Other servers that may become the primary after a fail-over. The package connects to the one that accepts writes.',
  ),
  database_postgresql_read_hosts: servers(
    'Replicas for the read handle, the nearest first. If empty, the read handle uses the primary.',
  ),
  database_postgresql_read_user: textOrEmpty(
    'Role of the read handle. If empty, the role of the write handle.',
  ),
  database_postgresql_read_password: textOrEmpty(
    'Password of the role of the read handle. If empty, the password of the write handle.',
    { secret: true },
  ),
  database_postgresql_read_target_session_attrs: oneOf(
    ['standby', 'any'],
    'Servers that the read handle may use: standby for replicas only, any for a primary as well.',
  ),
  database_postgresql_read_max_lag_ms: wholeNumber(
    0,
    0,
    NO_LIMIT,
    'The read handle does not use a replica that is further behind than this [ms]. 0: no limit.',
  ),
  database_postgresql_check_interval_ms: wholeNumber(
    1000,
    0,
    NO_LIMIT,
    'How long the state of a server in a list of servers is cached [ms].',
  ),
  database_postgresql_pooler: oneOf(
    ['none', 'transaction'],
    'Pooler in front of the server: transaction for one that lends a connection for a single transaction.',
  ),
  database_postgresql_pool_size: wholeNumber(
    10,
    1,
    10000,
    'Maximum number of connections of one data source.',
  ),
  database_postgresql_connect_timeout_ms: wholeNumber(
    10_000,
    0,
    NO_LIMIT,
    'How long to wait for a connection, and for a sign of life from a server that is silent [ms]. 0: no limit.',
  ),
  database_postgresql_statement_timeout_ms: wholeNumber(
    0,
    0,
    NO_LIMIT,
    'The server cancels a statement that takes longer [ms]. 0: no limit.',
  ),
  database_postgresql_idle_in_transaction_timeout_ms: wholeNumber(
    0,
    0,
    NO_LIMIT,
    'The server closes a session that is idle in a transaction for longer [ms]. 0: no limit.',
  ),
  database_postgresql_application_name: text(
    'ccat-ops-db',
    'Name under which the server lists the connections.',
  ),
  database_postgresql_ssl_mode: oneOf(
    ['disable', 'require', 'verify-full'],
    'Encryption of the connections: require does not check the certificate of the server, verify-full does.',
  ),
  database_postgresql_ssl_root_cert: textOrEmpty(
    'File with the certificate of the authority, for verify-full. If empty, the authorities that Node trusts.',
  ),
  spool_path: textOrEmpty(
    'File of the spool in which services at the telescope file while the link is down, on a local disk; opsdb spool, status, ' +
      'doctor, check and metrics look at it. If empty, there is none.',
  ),
  migration_backup_command: textOrEmpty(
    'Shell command that makes a backup before a migration, such as pg_dump --file=/backup/ops.sql. It finds the database ' +
      'in PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE; if it fails, nothing is migrated. If empty, no backup is made.',
  ),
  migration_lock_timeout_ms: wholeNumber(
    5000,
    1,
    NO_LIMIT,
    'How long a statement of a migration may wait for the lock of a table [ms].',
  ),
});

/** The name of a setting, as in the files. */
export type SettingKey = keyof typeof settingsSchema.entries;

/** The values of all settings by their name in the files. */
export type CheckedValues = v.InferOutput<typeof settingsSchema>;

/** All settings in the order in which they are shown. */
export const SETTING_KEYS = Object.keys(settingsSchema.entries) as SettingKey[];

/** The description of a setting. */
export function aboutSetting(key: SettingKey): AboutSetting {
  return v.getMetadata(settingsSchema.entries[key]).about;
}

/** The defaults by section, as in a settings file. */
export const DEFAULTS: Readonly<Record<string, Readonly<Record<string, string | number>>>> = {
  default: Object.fromEntries(SETTING_KEYS.map((key) => [key, aboutSetting(key).default])),
  development: {},
  staging: {},
  production: { database_type: 'postgresql' },
};
