import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, EntityMetadata, QueryRunner } from 'typeorm';
import { RdbmsSchemaBuilder } from 'typeorm/schema-builder/RdbmsSchemaBuilder.js';
import { InvalidInputError, OpsDbError } from '../errors.js';
import { type Catalog, readCatalog } from './catalog.js';
import { dialectOf } from './dialect.js';
import { dropOwnTables } from './drop.js';
import { writeFingerprint } from './migration-engine/fingerprint.js';
import { listWithin } from './migration-engine/listing.js';
import { schemaRevision, stampRevision } from './migration-engine/revision.js';
import { misfits } from './misfits.js';
import { ownTables } from './own-tables.js';
import { assertNothingForeign } from './ownership.js';
import { createMissingTriggers, dropTriggersOnSqlite } from './triggers.js';
import { ModelDataSource } from './typeorm/model-data-source.js';
import { isUpToDate } from './up-to-date.js';
import { createMissingViews, missingViews } from './views.js';

/** How long to wait for another process that changes the schema [ms]. */
const PATIENCE_MS = 60_000;

/** Whether the tables of this package are dropped first. */
export interface DropOptions {
  readonly drop?: boolean;
  /** Whether the caller has named the database, so that executions in it may go, too. */
  readonly isConfirmed?: boolean;
}

/**
 * Creates the tables that are missing, and checks that those that were there fit the entities. Tables that are
 * there are not altered; with `drop` they are dropped first. All of it is one transaction, which a second
 * process that wants the same waits for. Where another program has objects under names of the model nothing is done.
 *
 * @throws OpsDbError `schema_mismatch`, `drop_refused`, `database_not_writable`, `database_busy`
 */
export async function prepareSchema(
  dataSource: DataSource,
  { drop = false, isConfirmed = false }: DropOptions,
): Promise<void> {
  if (!drop && (await isUpToDate(dataSource))) return;
  const before = await readCatalog(dataSource);
  const missing = ownTables(dataSource).some(({ tableName }) => !before.has(tableName));
  const complete = !missing && (await missingViews(dataSource)).length === 0;
  if (!drop && (complete || (await isOfAnotherRevision(dataSource, before)))) {
    await assertFits(dataSource, before);
    return assertNotOlder(dataSource);
  }
  await new MissingTables(dataSource, { drop, isConfirmed }).build().catch((error: unknown) => {
    throw explained(error);
  });
  await assertFits(dataSource, await readCatalog(dataSource));
}

/**
 * Checks that the tables are there and fit the entities; creates none.
 * @throws OpsDbError `schema_mismatch`
 */
export async function assertSchema(dataSource: DataSource): Promise<void> {
  const catalog = await readCatalog(dataSource);
  if (catalog.size > 0) return assertFits(dataSource, catalog);
  throw new OpsDbError(
    'schema_mismatch',
    'the database has no tables of ccat-ops-db yet: create and fill them with opsdb init, or choose another database',
  );
}

/** The pending migrations create the missing tables; they would fail on existing ones. */
async function isOfAnotherRevision(dataSource: DataSource, catalog: Catalog): Promise<boolean> {
  if (catalog.size === 0) return false;
  const { relation } = await schemaRevision(dataSource);
  return relation === 'older' || relation === 'newer';
}

/** TypeORM's schema builder without the steps that alter existing tables. */
class MissingTables extends RdbmsSchemaBuilder {
  private present: Catalog = new Map();

  constructor(
    dataSource: DataSource,
    private readonly options: DropOptions,
  ) {
    super(dataSource);
  }

  /** The first step within the builder's transaction. */
  override async createMetadataTableIfNecessary(runner: QueryRunner): Promise<void> {
    const { drop = false, isConfirmed = false } = this.options;
    if (dialectOf(this.dataSource).hasServer) await lock(runner);
    await createSchemaOf(this.dataSource, runner);
    if (drop) await dropOwnTables(this.dataSource, runner, isConfirmed);
    else await assertNothingForeign(this.dataSource, 'nothing was created or altered', { runner });
    await dropTriggersOnSqlite(this.dataSource, runner);
    this.present = await readCatalog(this.dataSource, runner);
    await super.createMetadataTableIfNecessary(runner);
  }

  /** The last step within the builder's transaction. A database that had some of the tables is of another revision. */
  protected override async executeSchemaSyncOperationsInProperOrder(): Promise<void> {
    await super.executeSchemaSyncOperationsInProperOrder();
    await createMissingViews(this.dataSource, this.queryRunner);
    await createMissingTriggers(this.dataSource, this.queryRunner);
    if (this.present.size === 0) await this.noteRevision();
  }

  private async noteRevision(): Promise<void> {
    const { dataSource, queryRunner: runner } = this;
    await stampRevision(dataSource, runner);
    if (!dialectOf(dataSource).hasServer) return;
    const [{ schema }] = await runner.query('SELECT current_schema() AS schema');
    await writeFingerprint(dataSource, runner, await listWithin(dataSource, runner, schema));
  }

  protected override get entityToSyncMetadatas(): EntityMetadata[] {
    return ownTables(this.dataSource).filter(({ tableName }) => !this.present.has(tableName));
  }

  /** Those of a service; the model has its own way. */
  protected override get viewEntityToSyncMetadatas(): EntityMetadata[] {
    return [];
  }
}

/** The schema of the settings, where they name one, is made with the tables. */
async function createSchemaOf(dataSource: DataSource, runner: QueryRunner): Promise<void> {
  const schema = dataSource instanceof ModelDataSource ? dataSource.handle.schema : null;
  if (!dialectOf(dataSource).hasServer || !schema) return;
  const [found] = await runner.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
  if (!found) await runner.createSchema(schema);
}

/** Polls, because a statement that waits holds a snapshot, which an index built concurrently waits for in turn. */
async function lock(runner: QueryRunner): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(50)) {
    const [{ locked }] = await runner.query(
      `SELECT pg_try_advisory_xact_lock(hashtext('ccat-ops-db schema')) AS locked`,
    );
    if (locked) return;
  }
  throw new OpsDbError(
    'database_busy',
    `another process has been changing the schema for more than ${PATIENCE_MS / 1000} s: wait for it, or end it, and try again`,
  );
}

/** Says what to do about the issues that an administrator can mend. */
function explained(cause: unknown): unknown {
  const { code, message } = cause as { code?: string; message: string };
  // No right, read-only server, no schema to create in.
  if (code === '42501' || code === 'database_read_only' || code === '3F000')
    return new OpsDbError(
      'database_not_writable',
      `the tables cannot be created (${message}): the role needs a schema in which it may create ` +
        '(GRANT USAGE, CREATE ON SCHEMA public TO …) on a server that is not read-only; or change ' +
        'database_postgresql_user (CCAT_OPS_DB_DATABASE_POSTGRESQL_USER)',
      { cause },
    );
  return cause;
}

async function assertFits(dataSource: DataSource, catalog: Catalog): Promise<void> {
  const issues = [
    ...ownTables(dataSource).flatMap((metadata) => misfits(dataSource, metadata, catalog)),
    ...(await missingViews(dataSource)).map(({ name }) => ({
      origin: 'the database',
      key: name,
      value: 'missing',
      message: 'must be a view',
    })),
  ];
  if (issues.length === 0) return;
  await assertNothingForeign(dataSource, 'nothing was created or altered');
  throw new InvalidInputError(
    'schema_mismatch',
    `the tables in the database do not fit this version of ccat-ops-db, and none was altered: ${await remedy(dataSource)}`,
    issues,
  );
}

/** Columns that fit are not all: rules and indexes may be missing. */
async function assertNotOlder(dataSource: DataSource): Promise<void> {
  const { relation } = await schemaRevision(dataSource);
  if (relation !== 'older') return;
  throw new OpsDbError(
    'schema_mismatch',
    `the tables in the database are not those of this version of ccat-ops-db: ${await remedy(dataSource)}`,
  );
}

async function remedy(dataSource: DataSource): Promise<string> {
  const { relation, database, code } = await schemaRevision(dataSource);
  if (relation === 'newer')
    return `they are of a later version (${database}, this one is ${code}): install that version`;
  const age =
    relation === 'older' ? `they are of an earlier version (${database}, this one is ${code}): ` : '';
  const anew = 'if all rows may go, drop the tables and create them anew (drop: true, or opsdb init --drop)';
  return dialectOf(dataSource).hasServer
    ? `${age}run the migrations (opsdb migrate), or, ${anew}`
    : `${age}use another file (database_sqlite_database), or, ${anew}`;
}
