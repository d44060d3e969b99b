import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import type { InitOptions } from '../../src/database/connection-settings.js';
import { ownTables } from '../../src/database/own-tables.js';
import { initCcatOpsDb } from '../../src/datasource.js';
import type { Settings } from '../../src/settings/index.js';
import {
  createTestDatabase,
  dropTestTemplates,
  type TestDatabase as Made,
  type TestContent,
} from '../../src/tools/testing/index.js';

/** Options for one database, independent of the settings and the environment of the developer. */
export interface DatabaseOptions {
  readonly settings: Settings;
}

/** Databases for the tests of one `describe` block; they vanish after it. */
export interface TestDatabase {
  readonly type: 'sqlite' | 'postgresql';
  /** The block's own database, with tables and without rows; to be used within hooks and tests. */
  readonly options: DatabaseOptions;
  /** Creates one more database: empty, with tables, or with the starting state in them, too. */
  create(content: TestContent): Promise<DatabaseOptions>;
  /** Connects to the block's own database, or to another one; the connection is closed after the block. */
  open(options?: InitOptions): Promise<DataSource>;
}

type Block = (database: TestDatabase) => void;

/** Runs a block of tests on SQLite and on PostgreSQL. */
export function describeEachDatabase(name: string, block: Block): void {
  describeSqlite(name, block);
  describePostgresql(name, block);
}

/** Runs a block of tests on SQLite. */
export function describeSqlite(name: string, block: Block): void {
  describe(`${name} (SQLite)`, () => provide('sqlite', block));
}

/** Runs a block of tests on PostgreSQL. */
export function describePostgresql(name: string, block: Block): void {
  describe(`${name} (PostgreSQL)`, () => provide('postgresql', block));
}

const NUMBER_ANEW = `SELECT setval(seqrelid, seqstart, false) FROM pg_sequence JOIN pg_class ON oid = seqrelid
  WHERE relnamespace = current_schema()::regnamespace`;

/** Deletes all rows of all tables. */
export async function deleteAllRows(dataSource: DataSource): Promise<void> {
  const deletions = ownTables(dataSource).map(({ tableName }) => `DELETE FROM "${tableName}"`);
  if (dataSource.options.type === 'postgres') {
    // Many times faster than TRUNCATE, which makes new files for each table and index.
    await dataSource.query(
      ['SET LOCAL session_replication_role = replica', ...deletions, NUMBER_ANEW].join(';'),
    );
    return;
  }
  await dataSource.transaction(async (manager) => {
    await manager.query('PRAGMA defer_foreign_keys = ON');
    for (const deletion of deletions) await manager.query(deletion);
  });
}

/** Runs a statement on the PostgreSQL server of the tests, outside of their databases. */
export async function onServer(statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: serverUrl() });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

/** Makes the templates that nearly all tests copy, before they begin; the first that wants a night makes that. */
export async function createTemplates(): Promise<void> {
  process.env.TEST_TEMPLATES = `ccat_ops_db_test_${randomUUID().slice(0, 8)}`;
  for (const server of [undefined, serverUrl()])
    for (const content of ['tables', 'seed'] as const)
      await (await createTestDatabase({ server, content, templates: templates() })).remove();
}

/** Removes what {@link createTemplates} has made. */
export function dropTemplates(): Promise<void> {
  return dropTestTemplates({ server: serverUrl(), templates: templates() });
}

function provide(type: TestDatabase['type'], block: Block): void {
  const made: Made[] = [];
  const opened: DataSource[] = [];
  let options: DatabaseOptions;
  const create = async (content: TestContent): Promise<DatabaseOptions> => {
    const server = type === 'sqlite' ? undefined : serverUrl();
    const database = await createTestDatabase({ server, content, templates: templates() });
    made.push(database);
    return { settings: database.settings };
  };
  beforeAll(async () => {
    options = await create('tables');
  });
  block({
    type,
    create,
    get options() {
      return options;
    },
    async open(other = options) {
      const { dataSource } = await initCcatOpsDb({ ...options, ...other });
      opened.push(dataSource);
      return dataSource;
    },
  });
  afterAll(async () => {
    for (const dataSource of opened) if (dataSource.isInitialized) await dataSource.destroy();
    for (const database of made) await database.remove();
  }, 60_000);
}

function templates(): string {
  return process.env.TEST_TEMPLATES as string;
}

function serverUrl(): string {
  const url = process.env.TEST_POSTGRESQL_URL;
  if (!url)
    throw new Error('TEST_POSTGRESQL_URL is not set: run the tests with jest, which starts the server');
  return url;
}
