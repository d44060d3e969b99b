import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { effectiveSettings } from '../../database/connection-settings.js';
import { OpsDbError } from '../../errors.js';
import { loadSettings, type Settings } from '../../settings/index.js';
import { onServer } from './server.js';
import {
  copyDatabase,
  copyFile,
  defaultTemplates,
  removeTemplates,
  TEST_CONTENTS,
  type TestContent,
} from './templates.js';

/** Which server, and which copies. */
export interface TestServerOptions {
  /** The URL of a PostgreSQL server, whose role may create databases; SQLite where left out. */
  readonly server?: string;
  /** The name of the templates; by default one for this version of the model and the starting state. */
  readonly templates?: string;
}

/** Options of {@link createTestDatabase}. */
export interface TestDatabaseOptions extends TestServerOptions {
  /** Its content; by default the starting state. */
  readonly content?: TestContent;
}

/** A database for a test. */
export interface TestDatabase extends AsyncDisposable {
  /** Settings of this database, independent of settings files and variables: `initCcatOpsDb({ settings })`. */
  readonly settings: Settings;
  /** Removes the database; connections to it are ended. */
  remove(): Promise<void>;
}

/**
 * Makes a database for tests: a SQLite file, or a database on a server. It is a copy of a template, which the first call
 * makes (about a second) and which is kept for the next run; a copy takes tens of milliseconds.
 * @throws OpsDbError `argument_invalid`, `settings_invalid`; what the server refuses
 *
 * @example
 * import { initCcatOpsDb, Site } from 'ccat-ops-db';
 * import { createTestDatabase } from 'ccat-ops-db/testing';
 *
 * const database = await createTestDatabase();
 * const { session, dataSource } = await initCcatOpsDb({ settings: database.settings });
 * console.log(await session.count(Site)); // 3
 * await dataSource.destroy();
 * await database.remove();
 */
export async function createTestDatabase({
  content = 'seed',
  server,
  templates = defaultTemplates(),
}: TestDatabaseOptions = {}): Promise<TestDatabase> {
  if (!TEST_CONTENTS.includes(content))
    throw new OpsDbError(
      'argument_invalid',
      `content is ${content}; it must be one of ${TEST_CONTENTS.join(', ')}`,
    );
  return server === undefined
    ? createFile(content, templates)
    : createDatabase(settingsFor(server), content, templates);
}

/**
 * Removes the templates that {@link createTestDatabase} has left for the next run.
 *
 * @example
 * import { createTestDatabase, dropTestTemplates } from 'ccat-ops-db/testing';
 *
 * const database = await createTestDatabase({ templates: 'of_my_tests', content: 'tables' });
 * await database.remove();
 * await dropTestTemplates({ templates: 'of_my_tests' });
 * console.log(database.settings.databaseType); // sqlite
 */
export async function dropTestTemplates({
  server,
  templates = defaultTemplates(),
}: TestServerOptions = {}): Promise<void> {
  await removeTemplates(settingsFor(server), templates);
}

async function createFile(content: TestContent, templates: string): Promise<TestDatabase> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-test-'));
  const settings = effectiveSettings({
    settings: defaults(),
    databaseType: 'sqlite',
    database: path.join(folder, 'test.sqlite'),
  });
  await copyFile(settings, content, templates);
  return testDatabase(settings, async () => rmSync(folder, { recursive: true, force: true }));
}

async function createDatabase(
  server: Settings,
  content: TestContent,
  templates: string,
): Promise<TestDatabase> {
  const database = `ccat_ops_db_test_${randomUUID().slice(0, 13).replace('-', '')}`;
  const settings = { ...server, postgresql: { ...server.postgresql, database } };
  await copyDatabase(settings, content, templates);
  return testDatabase(settings, () =>
    onServer(settings, async ({ query }) => {
      await query(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
    }),
  );
}

function testDatabase(settings: Settings, remove: () => Promise<void>): TestDatabase {
  return {
    settings,
    remove,
    [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]: remove,
  } as TestDatabase;
}

/** Without a server those of SQLite. */
function settingsFor(server: string | undefined): Settings {
  const settings = effectiveSettings({ settings: defaults(), database: server });
  if (server !== undefined && settings.databaseType !== 'postgresql')
    throw new OpsDbError(
      'argument_invalid',
      'server is not a URL of PostgreSQL: postgresql://user:password@host:port',
    );
  return settings;
}

/** Defaults, without files and variables. */
function defaults(): Settings {
  return loadSettings({ cwd: path.parse(tmpdir()).root, env: {}, warn: () => {} });
}
