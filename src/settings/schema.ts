import * as v from 'valibot';
import { couldBeUrl } from './url-like.js';

/** What is known about a setting beyond its type. */
export interface AboutSetting {
  /** One sentence, unit in brackets. */
  readonly description: string;
  /** The values that are allowed, as the end of a sentence that begins with "must be". */
  readonly allowed: string;
  /** Text takes the very characters of an environment variable; a number is read from them. */
  readonly kind: 'text' | 'number';
  /** Whether the value must never be shown. */
  readonly secret?: boolean;
}

const NO_LIMIT = 2 ** 31 - 1;

const about = <T>(known: AboutSetting) => v.metadata<T, Record<'about', AboutSetting>>({ about: known });

function oneOf<const T extends readonly [string, ...string[]]>(choices: T, description: string) {
  return v.pipe(
    v.picklist(choices),
    about({ description, kind: 'text', allowed: `one of ${choices.join(', ')}` }),
  );
}

function text(description: string, isWrong: (value: string) => boolean = () => false) {
  return v.pipe(
    v.string(),
    v.nonEmpty(),
    v.check((value) => !isWrong(value)),
    about({ description, kind: 'text', allowed: 'text that is not empty' }),
  );
}

/** A socket is a folder; any other host has no slash and no login. */
function isUrlForHost(host: string): boolean {
  return !host.startsWith('/') && /\/|\S@/.test(host);
}

function wholeNumber(least: number, most: number, description: string) {
  const digits = v.pipe(v.string(), v.regex(/^[0-9]+$/), v.transform(Number));
  return v.pipe(
    v.union([v.number(), digits]),
    v.safeInteger(),
    v.minValue(least),
    v.maxValue(most),
    about({ description, kind: 'number', allowed: `a whole number from ${least} to ${most}` }),
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
      kind: 'text',
      allowed: 'empty, or host or host:port, several separated by commas; an IPv6 address stands in brackets',
    }),
  );
}

function textOrEmpty(description: string, secret = false) {
  return v.pipe(
    v.string(),
    v.transform((value) => value || null),
    about({ description, kind: 'text', allowed: 'text', ...(secret && { secret }) }),
  );
}

/** The settings of this package: their types, and with {@link aboutSetting} what they mean. */
export const settingsSchema = v.object({
  database_type: oneOf(['sqlite', 'postgresql'], 'The kind of database.'),
  database_sqlite_database: text('The file of the SQLite database.', couldBeUrl),
  database_sqlite_busy_timeout_ms: wholeNumber(
    0,
    NO_LIMIT,
    'How long a statement waits while another process writes to the SQLite file [ms].',
  ),
  database_postgresql_database: text('The name of the PostgreSQL database.', (name) => name.includes('://')),
  database_postgresql_schema: v.pipe(
    v.string(),
    v.check((name) => name === '' || SCHEMA.test(name)),
    v.transform((name) => name || null),
    about({
      description:
        'The schema of the tables within the PostgreSQL database, made by init where it is not there; empty for the one that the server chooses, most often public.',
      kind: 'text',
      allowed:
        'empty, or a name of at most 63 letters, digits and underscores that does not begin with a digit or pg_',
    }),
  ),
  database_postgresql_user: text('The PostgreSQL role to log in as.'),
  database_postgresql_password: v.pipe(
    v.string(),
    about({ description: 'The password of that role.', kind: 'text', allowed: 'text', secret: true }),
  ),
  database_postgresql_host: text('The name or address of the PostgreSQL server.', isUrlForHost),
  database_postgresql_port: wholeNumber(1, 65535, 'The port of the PostgreSQL server.'),
  database_postgresql_other_hosts: servers(
    'Further servers of which one may be the primary after a fail-over; a server that takes writes is looked for.',
  ),
  database_postgresql_read_hosts: servers(
    'The replicas that the read handle reads from, the nearest first; empty where reads go to the primary.',
  ),
  database_postgresql_read_user: textOrEmpty(
    'The role of the read handle; empty for that of the write handle.',
  ),
  database_postgresql_read_password: textOrEmpty(
    'The password of the role of the read handle; empty for that of the write handle.',
    true,
  ),
  database_postgresql_read_target_session_attrs: oneOf(
    ['standby', 'any'],
    'What the read handle connects to: replicas only, or a primary, too.',
  ),
  database_postgresql_read_max_lag_ms: wholeNumber(
    0,
    NO_LIMIT,
    'The read handle leaves out a replica that is further behind [ms]; 0 for no limit.',
  ),
  database_postgresql_check_interval_ms: wholeNumber(
    0,
    NO_LIMIT,
    'How long what is known about a server of a list is taken for true [ms].',
  ),
  database_postgresql_pooler: oneOf(
    ['none', 'transaction'],
    'What stands before the server: nothing that matters, or a pooler that lends a connection for one transaction.',
  ),
  database_postgresql_pool_size: wholeNumber(1, 10000, 'The most connections that one process keeps open.'),
  database_postgresql_connect_timeout_ms: wholeNumber(
    0,
    NO_LIMIT,
    'How long to wait for a connection [ms]; 0 waits without end.',
  ),
  database_postgresql_statement_timeout_ms: wholeNumber(
    0,
    NO_LIMIT,
    'The server ends a statement that takes longer [ms]; 0 for no limit.',
  ),
  database_postgresql_idle_in_transaction_timeout_ms: wholeNumber(
    0,
    NO_LIMIT,
    'The server ends a session that idles longer within a transaction [ms]; 0 for no limit.',
  ),
  database_postgresql_application_name: text('The name under which the server lists the connections.'),
  database_postgresql_ssl_mode: oneOf(
    ['disable', 'require', 'verify-full'],
    'Whether connections are encrypted; require does not check the certificate of the server, verify-full does.',
  ),
  database_postgresql_ssl_root_cert: textOrEmpty(
    'The file with the certificate of the authority for verify-full; empty for those that Node trusts.',
  ),
  migration_backup_command: textOrEmpty(
    'The shell command that makes a backup before anything is migrated; empty for none.',
  ),
  migration_lock_timeout_ms: wholeNumber(
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

/** What a setting means and allows. */
export function aboutSetting(key: SettingKey): AboutSetting {
  return v.getMetadata(settingsSchema.entries[key]).about;
}
