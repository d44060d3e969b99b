import { createHash, randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { getMetadataArgsStorage } from 'typeorm';
import { migrations } from '../../../migrations/index.js';
import type { InitOptions } from '../../database/connection-settings.js';
import { withDbSession } from '../../datasource.js';
import { makeFolder } from '../../make-folder.js';
import { readSeedData, seedDataFolder, writeSeedData } from '../../seed/index.js';
import type { Settings } from '../../settings/index.js';
import { type SimulationOptions, simulate } from '../simulate/index.js';
import { onServer } from './server.js';

/**
 * Content of a new database: nothing; the tables; also the starting state; also a simulated night whose data are
 * archived.
 */
export type TestContent = 'empty' | 'tables' | 'seed' | 'night';

/** Contents that have a template. */
type Template = Exclude<TestContent, 'empty'>;

const NIGHT: SimulationOptions = { firstNight: '2026-11-30', nights: 1, rate: 4, seed: '1' };

const FILL: Readonly<Record<Template, (database: InitOptions) => Promise<unknown>>> = {
  tables: (database) => withDbSession(async () => {}, database),
  seed,
  night: async (database) => {
    await seed(database);
    await simulate(database, NIGHT);
  },
};

function seed(database: InitOptions): Promise<unknown> {
  return withDbSession((manager) => writeSeedData(manager, readSeedData(manager.dataSource)), database);
}

const TEMPLATES = Object.keys(FILL) as Template[];

/** Every content that a database can have. */
export const TEST_CONTENTS: readonly TestContent[] = ['empty', ...TEMPLATES];

/** Copies the template into a SQLite file; a missing template is made first. */
export async function copyFile(settings: Settings, content: TestContent, templates: string): Promise<void> {
  if (content === 'empty') return;
  const file = templateFile(content, templates);
  if (!existsSync(file)) await makeFile(settings, content, file);
  copyFileSync(file, settings.sqlite.database);
}

/** Two processes at once both make a complete file; the later one replaces the other. */
async function makeFile(settings: Settings, content: Template, file: string): Promise<void> {
  const unfinished = `${file}.${randomUUID()}`;
  makeFolder(path.dirname(file), 0o700);
  await FILL[content]({ settings, database: unfinished });
  renameSync(unfinished, file);
}

/** Creates a database on a server as a copy of the template; a missing template is made first. */
export async function copyDatabase(
  settings: Settings,
  content: TestContent,
  templates: string,
): Promise<void> {
  const create = `CREATE DATABASE "${settings.postgresql.database}"`;
  const template = `${templates}_${content}`;
  await onServer(settings, async ({ query }) => {
    if (content === 'empty') return query(create);
    if (!(await query('SELECT 1 FROM pg_database WHERE datname = $1', [template]))[0])
      await makeDatabase(settings, content, template);
    // Copies the files; by default each page would go through the log.
    return query(`${create} TEMPLATE "${template}" STRATEGY FILE_COPY`);
  });
}

/** The first caller makes it, the others wait. It gets its final name when it is complete. */
async function makeDatabase(settings: Settings, content: Template, template: string): Promise<void> {
  const unfinished = `${template}_unfinished`;
  await onServer(settings, async ({ query }) => {
    await query('SELECT pg_advisory_lock(hashtext($1))', [template]);
    if ((await query('SELECT 1 FROM pg_database WHERE datname = $1', [template]))[0]) return;
    await query(`DROP DATABASE IF EXISTS "${unfinished}" WITH (FORCE)`);
    await query(`CREATE DATABASE "${unfinished}"`);
    await FILL[content]({ settings, dbName: unfinished });
    await query(`ALTER DATABASE "${unfinished}" RENAME TO "${template}"`);
  });
}

/** Removes the templates of a name, on the disk and, where the settings lead to one, on a server. */
export async function removeTemplates(settings: Settings, templates: string): Promise<void> {
  for (const template of TEMPLATES) rmSync(templateFile(template, templates), { force: true });
  if (settings.databaseType === 'sqlite') return;
  await onServer(settings, async ({ query }) => {
    for (const template of TEMPLATES) await query(`DROP DATABASE IF EXISTS "${templates}_${template}"`);
  });
}

function templateFile(template: Template, templates: string): string {
  return path.join(
    tmpdir(),
    `ccat-ops-db-templates-${userInfo().username}`,
    `${templates}_${template}.sqlite`,
  );
}

let known: string | undefined;

/** A name that changes with the model, the migrations and the starting state. */
export function defaultTemplates(): string {
  known ??= `ccat_ops_db_template_${contentHash().slice(0, 12)}`;
  return known;
}

function contentHash(): string {
  const { tables, columns, checks, indices, uniques, relations } = getMetadataArgsStorage();
  const model = { tables, columns, checks, indices, uniques, relations };
  const hash = createHash('sha256').update(JSON.stringify([model, migrations.map(({ name }) => name)]));
  const folder = seedDataFolder();
  for (const name of readdirSync(folder).sort())
    hash.update(name).update(readFileSync(path.join(folder, name)));
  return hash.digest('hex');
}
