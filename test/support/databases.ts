import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import type { InitOptions } from '../../src/database/connection-settings.js';
import { ownTables } from '../../src/database/own-tables.js';
import { initCcatOpsDb, withDbSession } from '../../src/datasource.js';
import { readSeedData, writeSeedData } from '../../src/seed/index.js';
import { loadSettings, type Settings } from '../../src/settings/index.js';

/** Leads to one database, whatever the settings and the environment of the developer are. */
export interface DatabaseOptions {
  readonly settings: Settings;
}

/** Databases for the tests of one `describe` block; they vanish after it. */
export interface TestDatabase {
  readonly type: 'sqlite' | 'postgresql';
  /** The block's own database, with tables and without rows; to be used within hooks and tests. */
  readonly options: DatabaseOptions;
  /** Creates one more database: empty, with tables, or with the starting state in them, too. */
  create(content: 'empty' | Template): Promise<DatabaseOptions>;
  /** Connects to the block's own database, or to another one; the connection is closed after the block. */
  open(options?: InitOptions): Promise<DataSource>;
}

/** What copies are made of. */
type Template = 'tables' | 'seed';

type Block = (database: TestDatabase) => void;

/** Runs a block of tests on SQLite and on PostgreSQL. */
export function describeEachDatabase(name: string, block: Block): void {
  describeSqlite(name, block);
  describePostgresql(name, block);
}

/** Runs a block of tests on SQLite. */
export function describeSqlite(name: string, block: Block): void {
  describe(`${name} (SQLite)`, () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-test-'));
    provide('sqlite', block, async (template) => {
      const file = path.join(folder, `${randomUUID()}.sqlite`);
      if (template) copyFileSync(templateFile(template), file);
      return onSqlite(file);
    });
    afterAll(() => rmSync(folder, { recursive: true }));
  });
}

/** Runs a block of tests on PostgreSQL. */
export function describePostgresql(name: string, block: Block): void {
  describe(`${name} (PostgreSQL)`, () => {
    const names: string[] = [];
    provide('postgresql', block, async (template) => {
      const database = `ccat_ops_db_test_${randomUUID().slice(0, 8)}`;
      await onServer(`CREATE DATABASE ${database} ${template ? `TEMPLATE ${templateName(template)}` : ''}`);
      names.push(database);
      return onPostgresql(database);
    });
    afterAll(async () => {
      for (const database of names) await onServer(`DROP DATABASE ${database} WITH (FORCE)`);
    }, 60_000);
  });
}

/** Deletes all rows of all tables. */
export async function deleteAllRows(dataSource: DataSource): Promise<void> {
  const names = ownTables(dataSource).map(({ tableName }) => tableName);
  const counts = names.map((name) => `SELECT '${name}' AS name WHERE EXISTS (SELECT 1 FROM "${name}")`);
  const filled: { name: string }[] = await dataSource.query(counts.join(' UNION ALL '));
  const list = filled.map(({ name }) => `"${name}"`);
  if (list.length === 0) return;
  if (dataSource.options.type === 'postgres') {
    await dataSource.query(`TRUNCATE ${list.join(', ')} RESTART IDENTITY CASCADE`);
    return;
  }
  await dataSource.transaction(async (manager) => {
    await manager.query('PRAGMA defer_foreign_keys = ON');
    for (const name of list) await manager.query(`DELETE FROM ${name}`);
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

/** Creates a database of each kind for each content, which copies are made of: that takes a tenth of the time. */
export async function createTemplates(): Promise<void> {
  process.env.TEST_TEMPLATES = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-test-'));
  for (const [template, fill] of Object.entries(TEMPLATES) as [Template, typeof fillWithSeed][]) {
    await onServer(`CREATE DATABASE ${templateName(template)}`);
    await withDbSession(fill, onSqlite(templateFile(template)));
    await withDbSession(fill, onPostgresql(templateName(template)));
  }
}

/** Removes what {@link createTemplates} has made. */
export async function dropTemplates(): Promise<void> {
  for (const template of Object.keys(TEMPLATES) as Template[])
    await onServer(`DROP DATABASE ${templateName(template)}`);
  rmSync(templateFolder(), { recursive: true });
}

const fillWithSeed = async (manager: EntityManager): Promise<void> => {
  await writeSeedData(manager, readSeedData(manager.dataSource));
};
const TEMPLATES = { tables: async () => {}, seed: fillWithSeed };
const defaults = loadSettings({ cwd: path.parse(tmpdir()).root, env: {}, warn: () => {} });

function provide(
  type: TestDatabase['type'],
  block: Block,
  create: (template?: Template) => Promise<DatabaseOptions>,
): void {
  const opened: DataSource[] = [];
  let options: DatabaseOptions;
  beforeAll(async () => {
    options = await create('tables');
  });
  block({
    type,
    create: (content) => create(content === 'empty' ? undefined : content),
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
  });
}

function onSqlite(database: string): DatabaseOptions {
  return {
    settings: { ...defaults, databaseType: 'sqlite', sqlite: { ...defaults.sqlite, database } },
  };
}

function onPostgresql(database: string): DatabaseOptions {
  const { hostname, port, username, password } = new URL(serverUrl());
  const server = { host: decodeURIComponent(hostname), port: Number(port || 5432), database };
  const login = { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  const postgresql = { ...defaults.postgresql, ...server, ...login };
  return { settings: { ...defaults, databaseType: 'postgresql', postgresql } };
}

function templateFile(template: Template): string {
  return path.join(templateFolder(), `${template}.sqlite`);
}

function templateName(template: Template): string {
  return `${path.basename(templateFolder()).replaceAll('-', '_').toLowerCase()}_${template}`;
}

function templateFolder(): string {
  return process.env.TEST_TEMPLATES as string;
}

function serverUrl(): string {
  const url = process.env.TEST_POSTGRESQL_URL;
  if (!url)
    throw new Error('TEST_POSTGRESQL_URL is not set: run the tests with jest, which starts the server');
  return url;
}
