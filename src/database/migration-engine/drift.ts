import { randomUUID } from 'node:crypto';
import type { DataSource, EntityMetadata, QueryRunner } from 'typeorm';
import { RdbmsSchemaBuilder } from 'typeorm/schema-builder/RdbmsSchemaBuilder.js';
import { entities } from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import { views } from '../../views/index.js';
import { IN_MEMORY } from '../connection-settings.js';
import { onDialect } from '../dialect.js';
import { ownTables } from '../own-tables.js';
import { createMissingTriggers } from '../triggers.js';
import { ModelDataSource } from '../typeorm/model-data-source.js';
import { createMissingViews } from '../views.js';
import { isKnownToFit, writeFingerprint } from './fingerprint.js';
import { listSqlite, listWithin } from './listing.js';

/** One object of the schema that is not as the entities say. */
export interface Drift {
  /** `missing`: the entities have it, the database has not; `unexpected`: the other way round. */
  readonly kind: 'missing' | 'unexpected';
  /** The object with its definition, such as `column obs_unit.name text not null`. */
  readonly object: string;
}

interface Listings {
  readonly present: readonly string[];
  readonly wanted: readonly string[];
}

/**
 * Compares the schema of a database with what the entities of this version ask for, in every detail. Where nothing tells that they were
 * the same before, it builds the schema that should be: on PostgreSQL within a transaction that is rolled back, on SQLite in memory.
 * @returns what differs; empty when nothing does
 * @throws OpsDbError `database_not_writable`, `database_read_only` where no schema can be created in the database
 *
 * @example
 * import { initCcatOpsDb, schemaDrift } from 'ccat-ops-db';
 *
 * const { dataSource } = await initCcatOpsDb();
 * console.log(await schemaDrift(dataSource)); // []
 *
 * await dataSource.query('ALTER TABLE site ADD COLUMN nickname text');
 * const [drift] = await schemaDrift(dataSource);
 * console.log(drift?.kind, drift?.object.includes('nickname')); // unexpected true
 * await dataSource.destroy();
 */
export async function schemaDrift(dataSource: DataSource): Promise<Drift[]> {
  const { present, wanted } = await onDialect(dataSource, { postgresql: onPostgresql, sqlite: onSqlite })(
    dataSource,
  );
  return [
    ...wanted
      .filter((object) => !present.includes(object))
      .map((object) => ({ kind: 'missing' as const, object })),
    ...present
      .filter((object) => !wanted.includes(object))
      .map((object) => ({ kind: 'unexpected' as const, object })),
  ];
}

/**
 * All of it is one transaction that is rolled back, so that nothing stays even of a process that is killed. A schema that was found
 * to be right before is recognised by its fingerprint, without one to compare with.
 */
async function onPostgresql(dataSource: DataSource): Promise<Listings> {
  const runner = dataSource.createQueryRunner();
  try {
    return await compare(dataSource, runner);
  } finally {
    await runner.release();
  }
}

/**
 * Notes the fingerprint of a schema that is as the entities say, so that nobody needs to build one to compare it with.
 * @param runner outside of a transaction, of the owner of the tables
 */
export async function noteFingerprint(dataSource: DataSource, runner: QueryRunner): Promise<void> {
  const { present, wanted } = await compare(dataSource, runner).catch(nothingIfNotWritable);
  if (present && present.join('\n') === wanted?.join('\n'))
    await writeFingerprint(dataSource, runner, present);
}

/** A role that may not create a schema works without the fingerprint. */
function nothingIfNotWritable(error: unknown): Partial<Listings> {
  if (error instanceof OpsDbError && error.code === 'database_not_writable') return {};
  throw error;
}

async function compare(dataSource: DataSource, runner: QueryRunner): Promise<Listings> {
  await runner.startTransaction();
  try {
    const [{ schema }] = await runner.query('SELECT current_schema() AS schema');
    const present = await listWithin(dataSource, runner, schema);
    if (await isKnownToFit(dataSource, runner, present)) return { present, wanted: present };
    const reference = `ccat_ops_db_reference_${randomUUID().slice(0, 8)}`;
    await createSchema(runner, reference);
    await runner.query(`SELECT set_config('search_path', quote_ident($1), true)`, [reference]);
    await new ReferenceTables(inSchema(dataSource, reference)).buildWithin(runner);
    return { present, wanted: await listWithin(dataSource, runner, reference) };
  } finally {
    await runner.rollbackTransaction();
  }
}

/** TypeORM qualifies enum types and foreign keys with the schema that it assumes. */
function inSchema(dataSource: DataSource, schema: string): DataSource {
  const names = { schema: { value: schema }, searchSchema: { value: schema } };
  return Object.create(dataSource, { driver: { value: Object.create(dataSource.driver, names) } });
}

/** TypeORM's schema builder within a transaction of the caller, in the schema that its `search_path` leads to. */
class ReferenceTables extends RdbmsSchemaBuilder {
  async buildWithin(runner: QueryRunner): Promise<void> {
    const { dataSource } = this;
    this.queryRunner = Object.create(runner, {
      dataSource: { value: dataSource },
      driver: { value: dataSource.driver },
    });
    await this.executeSchemaSyncOperationsInProperOrder();
    await createMissingViews(dataSource, runner);
    await createMissingTriggers(dataSource, runner);
  }

  protected override get entityToSyncMetadatas(): EntityMetadata[] {
    return ownTables(this.dataSource);
  }

  /** Those of a service; the model has its own way. */
  protected override get viewEntityToSyncMetadatas(): EntityMetadata[] {
    return [];
  }
}

async function createSchema(runner: QueryRunner, name: string): Promise<void> {
  try {
    await runner.query(`CREATE SCHEMA "${name}"`);
  } catch (cause) {
    const { code, message } = cause as { code?: string; message: string };
    if (code !== '42501') throw cause;
    throw new OpsDbError(
      'database_not_writable',
      `the schema cannot be compared with the entities (${message}): for that the role needs to create a schema in the ` +
        'database, for a moment (GRANT CREATE ON DATABASE … TO …); or change database_postgresql_user ' +
        '(CCAT_OPS_DB_DATABASE_POSTGRESQL_USER)',
      { cause },
    );
  }
}

/** The model by itself, without what a service has beside it and what its data source does by itself. */
const ALONE: Partial<DataSource['options']> = {
  entities: [...entities, ...views.map(({ entity }) => entity)],
  subscribers: [],
  migrations: [],
  migrationsRun: false,
  synchronize: false,
  dropSchema: false,
  logging: false,
};

async function onSqlite(dataSource: DataSource): Promise<Listings> {
  const present = await listSqlite(dataSource);
  const reference = await new ModelDataSource({
    ...dataSource.options,
    ...ALONE,
    database: IN_MEMORY,
  } as DataSource['options']).initialize();
  try {
    await reference.synchronize();
    return { present, wanted: await listSqlite(reference) };
  } finally {
    await reference.destroy();
  }
}
