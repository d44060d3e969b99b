import type { DataSource, DataSourceOptions, EntityManager } from 'typeorm';
import { migrations } from '../migrations/index.js';
import type { Handle } from './database/connection-loss.js';
import { effectiveSettings, IN_MEMORY, type InitOptions } from './database/connection-settings.js';
import { withoutUndefined } from './database/connection-url.js';
import { assertDropAllowed } from './database/drop.js';
import { OpsDbNaming } from './database/naming.js';
import type { ConnectionOptions } from './database/options/connection-options.js';
import { postgresqlOptions } from './database/options/postgresql.js';
import { sqliteOptions } from './database/options/sqlite.js';
import { certificateAuthority } from './database/options/tls.js';
import { MIGRATION_TABLE } from './database/own-tables.js';
import { prepareSchema } from './database/prepare-schema.js';
import { type RetryOptions, withRetry } from './database/retry.js';
import { handleOf } from './database/servers/handles.js';
import { SharedDataSources } from './database/shared-data-sources.js';
import { adapting, ModelDataSource } from './database/typeorm/model-data-source.js';
import { entities } from './entities/index.js';
import type { Settings } from './settings/index.js';
import { views } from './views/index.js';

/** Which database, how to connect, and what for. */
export interface DataSourceChoice extends InitOptions {
  /** `read` leads to the replicas of the settings, where there are any, and takes no writes; by default `write`. */
  readonly role?: Handle['role'];
}

/** A database, and what a service has beside the model in the same data source, as TypeORM takes it. */
export interface ServiceOptions
  extends DataSourceChoice,
    Pick<
      DataSourceOptions,
      | 'entities'
      | 'migrations'
      | 'migrationsTableName'
      | 'subscribers'
      | 'logging'
      | 'logger'
      | 'maxQueryExecutionTime'
    > {}

/** A database in use. */
export interface OpsDb {
  /** The entity manager of the write handle, for queries. */
  readonly session: EntityManager;
  /** The write handle. */
  readonly dataSource: DataSource;
  /** Leads to the primary. To be destroyed by the caller; that destroys the read handle, too. */
  readonly write: DataSource;
  /** Leads to a replica, which may be behind, and takes no writes; the same as `write` where no replica is set. */
  readonly read: DataSource;
}

/**
 * TypeORM's options for a database. Touches neither files, nor the environment, nor the network. A data source that is built
 * with them is that of {@link createDataSource}, whoever builds it (NestJS's `TypeOrmModule`); their `cache` is what does so
 * and must stay. `synchronize: true` beside them drops nothing.
 *
 * @param settings which database, and how to connect
 *
 * @example
 * import { dataSourceOptions, loadSettings, Site } from 'ccat-ops-db';
 * import { DataSource } from 'typeorm';
 *
 * const env = { CCAT_OPS_DB_DATABASE_SQLITE_DATABASE: ':memory:' };
 * const options = dataSourceOptions(loadSettings({ cwd: '/', env }));
 * console.log(options.type, options.synchronize); // better-sqlite3 false
 *
 * const dataSource = await new DataSource({ ...options, logging: ['error'] }).initialize();
 * console.log(dataSource.hasMetadata(Site)); // true
 * await dataSource.destroy();
 */
export function dataSourceOptions(settings: Settings, connection: ConnectionOptions = {}): DataSourceOptions {
  return {
    ...optionsWithoutModel(settings, connection),
    entities: [...entities, ...views.map(({ entity }) => entity)],
  };
}

function optionsWithoutModel(settings: Settings, connection: ConnectionOptions): DataSourceOptions {
  const common = {
    migrations: [...migrations],
    migrationsTableName: MIGRATION_TABLE,
    // Indexes are built concurrently, which cannot be part of a transaction.
    migrationsTransactionMode: 'each' as const,
    namingStrategy: new OpsDbNaming(),
    synchronize: false,
  };
  const { cache, assertAdapted } = adapting(handleOf(settings.postgresql, connection.role));
  return settings.databaseType === 'sqlite'
    ? { ...common, cache, ...sqliteOptions(settings.sqlite, assertAdapted) }
    : { ...common, cache, ...postgresqlOptions(settings.postgresql, connection, assertAdapted) };
}

/**
 * A data source that is not connected yet. One process may have several of them, of both kinds.
 *
 * A service may have tables of its own beside the model: its `entities`, and its `migrations` with a `migrationsTableName` of
 * their own. TypeORM's calls, such as `dataSource.runMigrations()`, then run those of the service; {@link migrate},
 * {@link schemaDrift}, {@link schemaRevision} and `opsdb` look at the model alone, and leave the tables of the service as they are.
 *
 * @param options what is left out comes from the settings; `drop` has no effect here
 * @throws OpsDbError `settings_invalid`, `database_unsupported`; connecting it: `database_unreachable`,
 *   `database_login_failed`, `database_missing`, `database_not_writable`, `database_busy`
 *
 * @example
 * import { createDataSource, Instrument } from 'ccat-ops-db';
 *
 * const dataSource = createDataSource({ role: 'read' });
 * console.log(dataSource.isInitialized); // false
 * await dataSource.initialize();
 * console.log(await dataSource.manager.count(Instrument)); // 3
 * await dataSource.destroy();
 */
export function createDataSource(options: ServiceOptions = {}): DataSource {
  const { entities: more = [], migrations: own, ...rest } = options;
  const { migrationsTableName, subscribers, logging, logger, maxQueryExecutionTime, ...choice } = rest;
  const beside = {
    migrationsTableName,
    subscribers,
    logging,
    logger,
    maxQueryExecutionTime,
    migrations: own,
  };
  return createModelDataSource(choice, (settings, connection) => {
    const model = dataSourceOptions(settings, connection);
    const all = [...Object.values(model.entities ?? []), ...Object.values(more)];
    return { ...model, ...withoutUndefined(beside), entities: all } as DataSourceOptions;
  });
}

function createModelDataSource(
  { nullPool, role, ...options }: DataSourceChoice,
  optionsOf: typeof optionsWithoutModel = dataSourceOptions,
): ModelDataSource {
  const settings = effectiveSettings(options);
  const connection = { nullPool, role, certificateAuthority: certificateAuthority(settings) };
  return new ModelDataSource(optionsOf(settings, connection));
}

/** As {@link createDataSource}, for who asks about migrations alone and need not wait until the entities are read. */
export function createDataSourceWithoutModel(options: DataSourceChoice = {}): DataSource {
  return createModelDataSource(options, optionsWithoutModel);
}

/**
 * Connects to a database, and creates the tables that it does not have yet. Tables that are there are neither
 * altered nor dropped, unless `drop` says so.
 *
 * @param options what is left out comes from the settings
 * @returns the handles, to be destroyed by the caller, and an entity manager for queries
 * @throws OpsDbError as {@link createDataSource} does; `schema_mismatch` when the tables that are there do not
 *   fit; `drop_refused`
 *
 * @example
 * import { initCcatOpsDb, Site } from 'ccat-ops-db';
 *
 * const { session, dataSource } = await initCcatOpsDb({ databaseType: 'sqlite', database: ':memory:' });
 * console.log(await session.count(Site)); // 0
 * await dataSource.destroy();
 */
export async function initCcatOpsDb(options: InitOptions = {}): Promise<OpsDb> {
  const settings = effectiveSettings(options);
  if (options.drop) assertDropAllowed(settings, options.confirmDrop);
  const effective = { nullPool: options.nullPool, settings };
  const write = createModelDataSource(effective);
  await write.initialize();
  try {
    await prepareSchema(write, { drop: options.drop, isConfirmed: options.confirmDrop !== undefined });
    if (settings.databaseType === 'postgresql' && settings.postgresql.readHosts.length > 0)
      write.companion = await createModelDataSource({ ...effective, role: 'read' }).initialize();
  } catch (error) {
    await write.destroy();
    throw error;
  }
  return { session: write.manager, dataSource: write, write, read: write.companion ?? write };
}

/** A unit of work on a data source that is there, or on one that is made for it. */
export interface SessionOptions extends InitOptions {
  /**
   * The connected data source to use. Without it units with the same settings share one: it is connected by the first and
   * closed by the last of those that run at once.
   */
  readonly dataSource?: DataSource;
  /**
   * Tries again after a serialization failure, a deadlock, a lost connection, and while no server can be reached or no
   * connection is free, where the work has certainly not been committed; `{}` for the usual number of attempts and
   * pauses. Without it nothing is tried again. Each attempt calls the work anew: what it does outside of the database happens
   * again, and what it reads must be there again. An iterator or a stream that is used up is refused (`input_used_up`).
   */
  readonly retry?: RetryOptions;
}

/**
 * Runs a unit of work in one transaction: commits when it is done, rolls back when it throws. The commit waits for what
 * was begun within; what begins after the end is refused (`transaction_ended`). After the error of a statement nothing of
 * the unit can be committed: what may fail goes into a nested transaction (`manager.transaction`).
 *
 * What the work does with another entity manager is no part of the unit on PostgreSQL, and is kept though the unit throws.
 * SQLite has one connection, on which it is part of the unit: use the manager of the unit alone.
 *
 * @param work gets the entity manager of the transaction; with `retry` it is called once for each attempt
 * @returns what `work` returns
 * @throws what `work` throws; OpsDbError `transaction_aborted` where a statement failed and `work` went on all the same,
 *   `connection_lost` with what became of the transaction (`outcome`), `database_unreachable`; without a `dataSource` also as {@link initCcatOpsDb} does
 *
 * @example
 * import { initCcatOpsDb, Site, withDbSession } from 'ccat-ops-db';
 *
 * const { dataSource } = await initCcatOpsDb({ database: ':memory:' });
 * const id = await withDbSession(
 *   async (manager) => (await manager.save(Site, { name: 'Cologne', shortName: 'cologne' })).id,
 *   { dataSource },
 * );
 * console.log(id); // 1
 * await dataSource.destroy();
 */
export async function withDbSession<T>(
  work: (manager: EntityManager) => Promise<T>,
  { retry, ...options }: SessionOptions = {},
): Promise<T> {
  return retry ? withRetry(() => inSession(work, options), retry) : inSession(work, options);
}

const sharedDataSources = new SharedDataSources(async (dataSource) => {
  dataSource.keepsModel = true;
  await dataSource.initialize();
  await prepareSchema(dataSource, {});
});

/** A database in memory is another one for each who opens it. */
function isShared({ databaseType, sqlite }: Settings): boolean {
  return databaseType === 'postgresql' || sqlite.database !== IN_MEMORY;
}

async function inSession<T>(
  work: (manager: EntityManager) => Promise<T>,
  { dataSource: existing, ...options }: SessionOptions,
): Promise<T> {
  if (existing) return existing.transaction(work);
  const settings = effectiveSettings(options);
  if (isShared(settings) && !options.drop) {
    const { nullPool } = options;
    const key = JSON.stringify([settings, nullPool ?? false, certificateAuthority(settings) ?? null]);
    const create = () => createModelDataSource({ nullPool, settings });
    return sharedDataSources.use(key, create, (shared) => shared.transaction(work));
  }
  const { dataSource } = await initCcatOpsDb(options);
  try {
    return await dataSource.transaction(work);
  } finally {
    await dataSource.destroy();
  }
}
