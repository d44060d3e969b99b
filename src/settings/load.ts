import { type LoadOptions, type Resolved, resolveSettings } from './resolve.js';

/** The settings of this package, checked. All members are frozen. */
export interface Settings {
  /** The active environments, lower case, the last one wins; from `ENV_FOR_DYNACONF`. */
  readonly environment: readonly string[];
  /** Which kind of database. */
  readonly databaseType: 'sqlite' | 'postgresql';
  /** How to open the SQLite database. */
  readonly sqlite: {
    /** The file of the database. */
    readonly database: string;
    /** How long a statement waits while another process writes [ms]. */
    readonly busyTimeoutMs: number;
  };
  /** How to connect to PostgreSQL. */
  readonly postgresql: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    /** Never to be printed or logged. */
    readonly password: string;
    readonly database: string;
    /** The schema of the tables within the database; null for the one that the server chooses. */
    readonly schema: string | null;
    /** Further servers of which one may be the primary after a fail-over, each `host` or `host:port`. */
    readonly otherHosts: readonly string[];
    /** The replicas to read from, the nearest first, each `host` or `host:port`; none where reads go to the primary. */
    readonly readHosts: readonly string[];
    /** The role of the read handle; null for `user`. */
    readonly readUser: string | null;
    /** The password of that role, never to be printed or logged; null for `password`. */
    readonly readPassword: string | null;
    /** What the read handle connects to: replicas only, or a primary, too. */
    readonly readTargetSessionAttrs: 'standby' | 'any';
    /** The read handle leaves out a replica that is further behind [ms]; 0 for no limit. */
    readonly readMaxLagMs: number;
    /** How long what is known about a server of a list is taken for true [ms]. */
    readonly checkIntervalMs: number;
    /** What stands before the server: nothing that matters, or a pooler that lends a connection for one transaction. */
    readonly pooler: 'none' | 'transaction';
    /** The most connections that one process keeps open. */
    readonly poolSize: number;
    /** How long to wait for a connection [ms]; 0 waits without end. */
    readonly connectTimeoutMs: number;
    /** The server ends a statement that takes longer [ms]; 0 for no limit. */
    readonly statementTimeoutMs: number;
    /** The server ends a session that idles longer within a transaction [ms]; 0 for no limit. */
    readonly idleInTransactionTimeoutMs: number;
    /** The name under which the server lists the connections. */
    readonly applicationName: string;
    /** `require` encrypts without a check of the server's certificate. */
    readonly sslMode: 'disable' | 'require' | 'verify-full';
    /** The file with the certificate of the authority for `verify-full`; null for those that Node trusts. */
    readonly sslRootCert: string | null;
  };
  /** How migrations are run. */
  readonly migration: {
    /** The shell command that makes a backup before anything is migrated; null for none. */
    readonly backupCommand: string | null;
    /** How long a statement of a migration may wait for the lock of a table [ms]. */
    readonly lockTimeoutMs: number;
  };
}

/**
 * Reads the settings of this package from its files and the environment.
 *
 * @param options the folder where the search starts, the environment, and who takes the warnings
 * @throws InvalidInputError `settings_invalid` with all values that are not allowed: key, origin, value, what is allowed
 * @throws OpsDbError `settings_invalid` when a file is not TOML, with file, line and column
 *
 * @example
 * import { loadSettings } from 'ccat-ops-db';
 *
 * const settings = loadSettings({ cwd: '/', env: { CCAT_OPS_DB_DATABASE_TYPE: 'postgresql' } });
 * console.log(settings.databaseType, settings.postgresql.port); // postgresql 5432
 */
export function loadSettings(options: LoadOptions = {}): Settings {
  return grouped(resolveSettings(options));
}

function grouped({ environment, values }: Resolved): Settings {
  return Object.freeze({
    environment: Object.freeze([...environment]),
    databaseType: values.database_type,
    sqlite: Object.freeze({
      database: values.database_sqlite_database,
      busyTimeoutMs: values.database_sqlite_busy_timeout_ms,
    }),
    postgresql: Object.freeze({
      host: values.database_postgresql_host,
      port: values.database_postgresql_port,
      user: values.database_postgresql_user,
      password: values.database_postgresql_password,
      database: values.database_postgresql_database,
      schema: values.database_postgresql_schema,
      otherHosts: listed(values.database_postgresql_other_hosts),
      readHosts: listed(values.database_postgresql_read_hosts),
      readUser: values.database_postgresql_read_user,
      readPassword: values.database_postgresql_read_password,
      readTargetSessionAttrs: values.database_postgresql_read_target_session_attrs,
      readMaxLagMs: values.database_postgresql_read_max_lag_ms,
      checkIntervalMs: values.database_postgresql_check_interval_ms,
      pooler: values.database_postgresql_pooler,
      poolSize: values.database_postgresql_pool_size,
      connectTimeoutMs: values.database_postgresql_connect_timeout_ms,
      statementTimeoutMs: values.database_postgresql_statement_timeout_ms,
      idleInTransactionTimeoutMs: values.database_postgresql_idle_in_transaction_timeout_ms,
      applicationName: values.database_postgresql_application_name,
      sslMode: values.database_postgresql_ssl_mode,
      sslRootCert: values.database_postgresql_ssl_root_cert,
    }),
    migration: Object.freeze({
      backupCommand: values.migration_backup_command,
      lockTimeoutMs: values.migration_lock_timeout_ms,
    }),
  });
}

function listed(servers: string): readonly string[] {
  return Object.freeze(servers === '' ? [] : servers.split(','));
}
