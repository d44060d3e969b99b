import type { LoadOptions } from './read.js';
import { type Resolved, resolveSettings } from './resolve.js';

/** The settings of this package, checked. All members are frozen. */
export interface Settings {
  /** The active environments, lower case, the last one wins; from `ENV_FOR_DYNACONF`. */
  readonly environment: readonly string[];
  /** Which database to use. */
  readonly databaseType: 'sqlite' | 'postgresql';
  /** How to open the SQLite database. */
  readonly sqlite: {
    /** Path of the SQLite file. Its folder is created where it does not exist. */
    readonly database: string;
    /** How long a statement waits while another process writes to the SQLite file [ms]. */
    readonly busyTimeoutMs: number;
  };
  /** How to connect to PostgreSQL. */
  readonly postgresql: {
    /** Name or address of the PostgreSQL server. */
    readonly host: string;
    /** Port of the PostgreSQL server. */
    readonly port: number;
    /** PostgreSQL role to log in with. */
    readonly user: string;
    /**
     * Password of that role. The default is for development; keep a real one in .secrets.toml or in the
     * environment. Never to be printed or logged.
     */
    readonly password: string;
    /** Name of the PostgreSQL database. */
    readonly database: string;
    /**
     * Schema of the tables within the PostgreSQL database; init creates it where it does not exist. If empty,
     * the schema that the server chooses, most often public. Null stands for empty.
     */
    readonly schema: string | null;
    /**
     * Other servers that may become the primary after a fail-over. The package connects to the one that
     * accepts writes.
     */
    readonly otherHosts: readonly string[];
    /** Replicas for the read handle, the nearest first. If empty, the read handle uses the primary. */
    readonly readHosts: readonly string[];
    /** Role of the read handle. If empty, the role of the write handle. Null stands for empty. */
    readonly readUser: string | null;
    /**
     * Password of the role of the read handle. If empty, the password of the write handle. Null stands for
     * empty. Never to be printed or logged.
     */
    readonly readPassword: string | null;
    /** Servers that the read handle may use: standby for replicas only, any for a primary as well. */
    readonly readTargetSessionAttrs: 'standby' | 'any';
    /** The read handle does not use a replica that is further behind than this [ms]. 0: no limit. */
    readonly readMaxLagMs: number;
    /** How long the state of a server in a list of servers is cached [ms]. */
    readonly checkIntervalMs: number;
    /**
     * Pooler in front of the server: transaction for one that lends a connection for a single transaction.
     */
    readonly pooler: 'none' | 'transaction';
    /** Maximum number of connections of one data source. */
    readonly poolSize: number;
    /**
     * How long to wait for a connection, and for a sign of life from a server that is silent [ms]. 0: no
     * limit.
     */
    readonly connectTimeoutMs: number;
    /** The server cancels a statement that takes longer [ms]. 0: no limit. */
    readonly statementTimeoutMs: number;
    /** The server closes a session that is idle in a transaction for longer [ms]. 0: no limit. */
    readonly idleInTransactionTimeoutMs: number;
    /** Name under which the server lists the connections. */
    readonly applicationName: string;
    /**
     * Encryption of the connections: require does not check the certificate of the server, verify-full does.
     */
    readonly sslMode: 'disable' | 'require' | 'verify-full';
    /**
     * File with the certificate of the authority, for verify-full. If empty, the authorities that Node
     * trusts. Null stands for empty.
     */
    readonly sslRootCert: string | null;
  };
  /** Where services at the telescope file while the link is down. */
  readonly spool: {
    /** The file of the spool; null for none. */
    readonly path: string | null;
  };
  /** How migrations are run. */
  readonly migration: {
    /**
     * Shell command that makes a backup before a migration, such as pg_dump --file=/backup/ops.sql. It finds
     * the database in PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE; if it fails, nothing is migrated. If
     * empty, no backup is made. Null stands for empty.
     */
    readonly backupCommand: string | null;
    /** How long a statement of a migration may wait for the lock of a table [ms]. */
    readonly lockTimeoutMs: number;
  };
}

/**
 * Reads the settings of this package from its files and the environment.
 *
 * @param options the folder where the search starts, the environment, and the receiver of warnings
 * @throws InvalidInputError `settings_invalid` with all values that are not allowed: key, origin, value, what is
 *   allowed
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
    spool: Object.freeze({ path: values.spool_path }),
    migration: Object.freeze({
      backupCommand: values.migration_backup_command,
      lockTimeoutMs: values.migration_lock_timeout_ms,
    }),
  });
}

function listed(servers: string): readonly string[] {
  return Object.freeze(servers === '' ? [] : servers.split(','));
}
