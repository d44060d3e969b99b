/** `npm run bench:start`: from the start of a program to its end, with one query in between. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../../src/package-root.js';
import { readSeedData, writeSeedData } from '../../src/seed/index.js';
import { openDatabase } from '../support/database.js';
import { comparison } from '../support/report.js';
import { startServer } from '../support/server.js';
import { isPostgresql, type Run } from '../support/task.js';

/** A program by its file and arguments. */
type Call = (database: string) => readonly string[];

const own =
  (file: string): Call =>
  (database) => [path.join(__dirname, file), database];
const opsdb =
  (...file: string[]): Call =>
  () => [path.join(packageRoot(), ...file), 'current'];

/** The last four are services that read one row. */
const PROGRAMS: Readonly<Record<string, Call>> = {
  raw: own('raw.js'),
  'opsdb current': opsdb('bin', 'opsdb.js'),
  'opsdb current, not bundled': opsdb('dist', 'src', 'tools', 'cli', 'opsdb.js'),
  typeorm: own('typeorm.js'),
  'typeorm, imported': own('typeorm.mjs'),
  'ccat-ops-db': own('service.js'),
  'ccat-ops-db, imported': own('service.mjs'),
};

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { runs: { type: 'string', default: '15' } } });
  const folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-bench-'));
  const server = await startServer();
  try {
    for (const database of [await server.create('start'), path.join(folder, 'start.sqlite')]) {
      const dataSource = await openDatabase(database);
      await writeSeedData(dataSource.manager, readSeedData(dataSource));
      await dataSource.destroy();
      console.log(
        `\nstart, ${isPostgresql(database) ? 'postgresql' : 'sqlite'}: medians of ${values.runs} runs`,
      );
      console.log(compare(database, folder, Number(values.runs)));
    }
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

function compare(database: string, folder: string, runs: number): string {
  const results = new Map<string, Run[]>(Object.keys(PROGRAMS).map((name) => [name, []]));
  const env = { ...process.env, ...settingsFor(database) };
  for (let run = 0; run <= runs; run++)
    for (const [name, list] of results) {
      const result = runOnce((PROGRAMS[name] as Call)(database), folder, env);
      if (run > 0) list.push(result);
    }
  return comparison(results, () => undefined);
}

function runOnce(call: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Run {
  const started = performance.now();
  const stdio = ['ignore', 'pipe', 'inherit', 'pipe'] as const;
  const command = ['--require', path.join(__dirname, 'cost.js'), ...call];
  const { status, output } = spawnSync(process.execPath, command, { cwd, env, stdio: [...stdio] });
  const wallMs = performance.now() - started;
  if (status !== 0) throw new Error(`${call.join(' ')} ended with ${status}`);
  return { wallMs, ...(JSON.parse(String(output[3])) as Omit<Run, 'wallMs'>) };
}

function settingsFor(database: string): NodeJS.ProcessEnv {
  if (!isPostgresql(database))
    return { CCAT_OPS_DB_DATABASE_TYPE: 'sqlite', CCAT_OPS_DB_DATABASE_SQLITE_DATABASE: database };
  const { hostname, port, username, password, pathname } = new URL(database);
  return {
    CCAT_OPS_DB_DATABASE_TYPE: 'postgresql',
    CCAT_OPS_DB_DATABASE_POSTGRESQL_HOST: hostname,
    CCAT_OPS_DB_DATABASE_POSTGRESQL_PORT: port,
    CCAT_OPS_DB_DATABASE_POSTGRESQL_USER: username,
    CCAT_OPS_DB_DATABASE_POSTGRESQL_PASSWORD: password,
    CCAT_OPS_DB_DATABASE_POSTGRESQL_DATABASE: pathname.slice(1),
  };
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
