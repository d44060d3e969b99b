import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import {
  type ColumnType,
  DataSource,
  type DataSourceOptions,
  type EntityManager,
  type EntityMetadata,
  type EntityTarget,
  type Migration,
  type ObjectLiteral,
  type QueryRunner,
  type SelectQueryBuilder,
  TypeORMError,
} from 'typeorm';
import type { BetterSqlite3DataSourceOptions } from 'typeorm/driver/better-sqlite3/BetterSqlite3DataSourceOptions.js';
import type { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js';
import { DriverUtils } from 'typeorm/driver/DriverUtils.js';
import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions.js';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { checkOnSqlite } from '../../entities/column-rules.js';
import { OpsDbError } from '../../errors.js';
import { makeFolder } from '../../make-folder.js';
import { readableValue, storableValue } from '../../values/comparable.js';
import { postgresqlError, sqliteError } from '../connection-errors.js';
import type { Handle } from '../connection-loss.js';
import { IN_MEMORY } from '../connection-settings.js';
import { dialectOf } from '../dialect.js';
import { assertApart } from '../migration-engine/own-migrations.js';
import { endNotifications } from '../notifications/index.js';
import { isOfModel } from '../own-tables.js';
import { assertSessionSettings } from '../session-settings.js';
import { giveBackSpare } from '../spare-runners.js';
import { createMissingTriggers } from '../triggers.js';
import { createMissingViews } from '../views.js';
import { UnitEntityManager } from './entity-manager.js';
import { like } from './like.js';
import { PostgresqlRunner } from './postgresql-runner.js';
import { ModelSelectQueryBuilder } from './select-query-builder.js';
import { askFactsAtOnce } from './server-facts.js';
import { SqliteConnection } from './sqlite-connection.js';
import { SqliteFile } from './sqlite-file.js';
import { SqliteRunner, whenUnlocked } from './sqlite-runner.js';
import { runLocked, undoLocked } from './stock-migrations.js';
import { dropSuperfluousIndexes } from './superfluous-index.js';

const POSTGRES_TYPES = new Map<unknown, string>([[Date, 'timestamp with time zone']]);

/**
 * A TypeORM data source that makes the two databases alike:
 * - the model's logical types get the right column type on each, which TypeORM has no portable spelling for:
 *   an instant is `timestamptz` here and `datetime` there;
 * - transactions of one process do not touch each other, on SQLite's single connection either;
 * - a database that cannot be connected to is an {@link OpsDbError} that names the setting to change.
 */
export class ModelDataSource extends DataSource {
  /** Closed together with this one. */
  companion?: DataSource;
  /** Whether what was read of the entities is kept when the data source is closed and opened again. */
  keepsModel = false;
  /** What it is for, and where it leads. */
  handle!: Handle;

  constructor(options: DataSourceOptions, handle: Handle = { role: 'write', servers: 'unnamed' }) {
    super(options);
    if (!this.handle) this.adapt(handle);
  }

  /** Makes of what TypeORM's constructor has built what this class is. */
  adapt(handle: Handle): void {
    const { options, driver } = this;
    this.handle = handle;
    const prepare = driver.preparePersistentValue.bind(driver);
    driver.preparePersistentValue = (value, column) => prepare(storableValue(column, value), column);
    const hydrate = driver.prepareHydratedValue.bind(driver);
    driver.prepareHydratedValue = (value, column) => readableValue(column, hydrate(value, column));
    if (options.type === 'postgres') this.adaptPostgresql(options, handle);
    if (options.type === 'better-sqlite3') this.adaptSqlite(options);
    Object.assign(this, { manager: this.createEntityManager() });
  }

  /** A part of `initialize`; by itself for who asks about the model without a database. */
  override async buildMetadatas(): Promise<void> {
    if (this.keepsModel && this.entityMetadatas.length > 0) return;
    await super.buildMetadatas();
    for (const metadata of this.entityMetadatas.filter(isOfModel)) {
      dropSuperfluousIndexes(metadata);
      if (this.options.type === 'better-sqlite3') adaptToSqlite(metadata);
      if (metadata.tableType === 'junction') describeJunction(metadata);
    }
  }

  /** TypeORM would note the definition of a view in a table of its own, and has no comments for it. */
  override async synchronize(dropBeforeSync?: boolean): Promise<void> {
    if (this.options.synchronize && !dropBeforeSync) await this.assertNothingDropped();
    await super.synchronize(dropBeforeSync);
    await this.transaction(async ({ queryRunner }) => {
      if ('schema' in this.options)
        await queryRunner?.query(`SELECT set_config('search_path', quote_ident($1), true)`, [
          this.options.schema,
        ]);
      await createMissingViews(this, queryRunner);
      await createMissingTriggers(this, queryRunner);
    });
  }

  override createQueryBuilder<Entity extends ObjectLiteral>(
    entityOrRunner?: EntityTarget<Entity> | QueryRunner,
    alias?: string,
    queryRunner?: QueryRunner,
  ): SelectQueryBuilder<Entity> {
    if (alias === undefined)
      return new ModelSelectQueryBuilder<Entity>(this, entityOrRunner as QueryRunner | undefined);
    const { target } = this.getMetadata(entityOrRunner as EntityTarget<Entity>);
    const name = DriverUtils.buildAlias(this.driver, undefined, alias);
    return new ModelSelectQueryBuilder<Entity>(this, queryRunner)
      .select(name)
      .from(target as EntityTarget<Entity>, name) as SelectQueryBuilder<Entity>;
  }

  override runMigrations(options?: { fake?: boolean }): Promise<Migration[]> {
    return runLocked(this, () => super.runMigrations({ ...options, transaction: 'each' }));
  }

  override undoLastMigration(options?: { fake?: boolean }): Promise<void> {
    return undoLocked(this, (transaction) => super.undoLastMigration({ ...options, transaction }));
  }

  override createEntityManager(queryRunner?: QueryRunner): EntityManager {
    return new UnitEntityManager(this, queryRunner);
  }

  override async destroy(): Promise<void> {
    await endNotifications(this);
    await super.destroy();
    if (this.companion?.isInitialized) await this.companion.destroy();
  }

  /** With `synchronize: true` TypeORM would drop what is not in the entities of this version, with all that is in it. */
  private async assertNothingDropped(): Promise<void> {
    const { upQueries } = await this.driver.createSchemaBuilder().log();
    const drop = upQueries.find(({ query }) => /\bDROP (?:TABLE|COLUMN)\b/i.test(query));
    if (!drop) return;
    throw new OpsDbError(
      'schema_mismatch',
      `synchronize: true would lose data (${drop.query}), and nothing was changed: leave synchronize out, and bring the ` +
        'tables to this version with opsdb migrate',
    );
  }

  private adaptPostgresql(options: PostgresDataSourceOptions, handle: Handle): void {
    const { driver } = this;
    const types = driver.mappedDataTypes;
    const normalize = driver.normalizeType.bind(driver);
    const connect = driver.connect.bind(driver);
    const obtainConnection = driver.obtainMasterConnection.bind(driver);
    const fault = (error: unknown) => {
      throw error instanceof TypeORMError ? error : postgresqlError(error, options);
    };
    driver.createQueryRunner = (mode) => new PostgresqlRunner(driver as PostgresDriver, mode, handle);
    driver.normalizeType = (column) => POSTGRES_TYPES.get(column.type) ?? normalize(column);
    types.createDate = types.updateDate = types.deleteDate = 'timestamptz' as ColumnType;
    askFactsAtOnce(driver as PostgresDriver);
    driver.connect = async () => {
      await connect().catch(fault);
      if (handle.schema) await useSchema(driver as PostgresDriver, handle.schema, handle.isPooled);
      if (options.extra?.options === undefined) await assertSettingsOf(driver as PostgresDriver);
    };
    driver.obtainMasterConnection = () => {
      const givenBack = giveBackSpare(driver);
      return (givenBack ? givenBack.then(obtainConnection) : obtainConnection()).catch(fault);
    };
  }

  private adaptSqlite({ database, timeout = 0 }: BetterSqlite3DataSourceOptions): void {
    const driver = this.driver as BetterSqlite3Driver;
    const types = driver.mappedDataTypes;
    const connect = driver.connect.bind(driver);
    let shared = new SqliteConnection(SqliteFile.of(IN_MEMORY), timeout);
    types.createDateDefault = types.updateDateDefault = dialectOf(this).now;
    storeJsonAsText(driver);
    // So that TypeORM takes the model's indexes of JSON; SQLite gets none of them.
    Object.assign(driver, { supportedIndexTypes: ['gin'] });
    driver.createQueryRunner = () => new SqliteRunner(driver, shared);
    driver.connect = async () => {
      try {
        // TypeORM would make it with Node's own way.
        if (database !== IN_MEMORY) makeFolder(path.dirname(path.resolve(database)));
        await whenUnlocked(timeout, connect);
        shared = new SqliteConnection(SqliteFile.of(database), timeout);
        driver.databaseConnection.function('like', { deterministic: true }, like);
        // SQLite opens a file that it may not write all the same, and fails with the first statement that does.
        if (database !== IN_MEMORY) accessSync(database, constants.W_OK);
      } catch (error) {
        driver.databaseConnection?.close();
        throw sqliteError(error, database);
      }
    };
  }
}

/** Checks in its own spelling, no index of a type, and UUIDs that are found in capitals, as on PostgreSQL. */
function adaptToSqlite(metadata: EntityMetadata): void {
  const { checks, columns } = metadata;
  metadata.indices = metadata.indices.filter(({ type }) => type === undefined);
  for (const check of checks) check.expression = checkOnSqlite(check.expression);
  for (const column of columns) if (column.type === 'uuid') column.collation = 'NOCASE';
}

/** Where the settings of sessions are not sent with the login, see `session-settings.ts`. */
async function assertSettingsOf(driver: PostgresDriver): Promise<void> {
  try {
    await assertSessionSettings((text) => driver.master.query(text));
  } catch (error) {
    await driver.disconnect();
    throw error;
  }
}

/** SQLite before 3.45, which many programs bring along, cannot read its binary JSON. */
function storeJsonAsText(driver: BetterSqlite3Driver): void {
  const normalizeType = driver.normalizeType.bind(driver);
  const normalizeDefault = driver.normalizeDefault.bind(driver);
  driver.wrapWithJsonFunction = (value) => value;
  driver.normalizeType = (column) => (column.type === 'jsonb' ? 'text' : normalizeType(column));
  driver.normalizeDefault = (column) =>
    column.type === 'jsonb' && typeof column.default === 'object'
      ? `'${JSON.stringify(column.default).replaceAll("'", "''")}'`
      : normalizeDefault(column);
}

/** The schema may not be there yet, so that the server cannot tell it. */
async function useSchema(driver: PostgresDriver, schema: string, isPooled = false): Promise<void> {
  driver.schema = driver.searchSchema = schema;
  if (!isPooled) return;
  const runner = driver.createQueryRunner('master');
  try {
    const [{ path }] = await runner.query(`SELECT current_setting('search_path') AS path`);
    if (path.replaceAll('"', '') === schema) return;
  } finally {
    await runner.release();
  }
  await driver.disconnect();
  throw new OpsDbError(
    'settings_invalid',
    `database_postgresql_schema is ${schema}, but behind a pooler a connection keeps the search_path of its role: ` +
      `ALTER ROLE … SET search_path = "${schema}", or set database_postgresql_pooler to none`,
  );
}

/**
 * Options with which whoever builds the data source gets a {@link ModelDataSource}. TypeORM gives the data source to one
 * function of its options while it is built: the one that makes its cache of results, of which there is none here.
 */
export function adapting(handle: Handle): Adapting {
  let isAdapted = false;
  const adapt = (dataSource: DataSource) => {
    if (Object.getPrototypeOf(dataSource) === DataSource.prototype)
      Object.setPrototypeOf(dataSource, ModelDataSource.prototype);
    if (!(dataSource instanceof ModelDataSource)) throw notAdapted();
    assertApart(dataSource.options);
    dataSource.adapt(handle);
    isAdapted = true;
    return undefined as never;
  };
  return {
    cache: { provider: adapt },
    assertAdapted() {
      if (!isAdapted) throw notAdapted();
    },
  };
}

interface Adapting {
  readonly cache: { readonly provider: (dataSource: DataSource) => never };
  /** @throws OpsDbError `settings_invalid` where the options were used otherwise; to be called when connecting */
  assertAdapted(): void;
}

function notAdapted(): OpsDbError {
  return new OpsDbError(
    'settings_invalid',
    'the data source is not as this package needs it: build it with createDataSource, or with new DataSource of the typeorm ' +
      'that this package uses, and leave `cache` of dataSourceOptions as it is',
  );
}

/** TypeORM takes no comments for the tables of many-to-many relations. */
function describeJunction(metadata: EntityMetadata): void {
  const [owner, inverse] = metadata.foreignKeys.map(
    ({ referencedEntityMetadata }) => referencedEntityMetadata.name,
  );
  metadata.comment = `Which ${inverse} belongs to which ${owner}.`;
  for (const column of metadata.columns)
    column.comment = `Key of the ${column.referencedColumn?.entityMetadata.name}.`;
}
