/**
 * `npm run trial:package [-- names]`: packs the package, and uses it as services do: with package managers, run times, frameworks,
 * compilers and programs of others (`trials.ts`), each in a folder of its own, on SQLite and on a PostgreSQL server that it starts.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { type Server, startServer } from '../../bench/support/server.js';
import { packageRoot } from '../../src/package-root.js';
import { TRIALS, type Trial } from './trials.js';

const MANIFEST = '{ "name": "service", "private": true }\n';
const SERVICES = path.join(packageRoot(), 'trial', 'package', 'services');

/** Where Node has its headers beside it, package managers other than npm are to find them, too, and load none. */
const HOME_OF_NODE = path.dirname(path.dirname(process.execPath));
const HEADERS = existsSync(path.join(HOME_OF_NODE, 'include', 'node', 'node.h'))
  ? { npm_config_nodedir: HOME_OF_NODE }
  : {};

const program = new Command('trial:package')
  .description('uses the packed package as services do')
  .argument('[names...]', `which trials (default: all of ${Object.keys(TRIALS).join(', ')})`)
  .option('--keep', 'leave the folders, and name them')
  .action(main);

async function main(names: string[], { keep = false }: { readonly keep?: boolean }): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-package-'));
  const server = await startServer();
  try {
    const packed = pack(folder);
    install(packed, path.join(folder, 'installed'));
    for (const [name, trial] of Object.entries(TRIALS))
      if (names.length === 0 || names.includes(name))
        await tryOut(name, trial, path.join(folder, name.replaceAll(/\W+/g, '-')), packed, server);
  } finally {
    await server.stop();
    if (keep) console.log(folder);
    else rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns the file that npm would publish */
function pack(folder: string): string {
  const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
  execFileSync('npm', args, { cwd: packageRoot() });
  return path.join(folder, readdirSync(folder).find((file) => file.endsWith('.tgz')) as string);
}

/** Installs the package as npm does, for all trials that are not about that. */
function install(packed: string, folder: string): void {
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'package.json'), MANIFEST);
  const env = withoutNpm();
  execFileSync('npm', ['install', packed, 'typeorm@1'], { cwd: folder, env, stdio: 'pipe' });
}

/** Prints whether the trial went well, and what was said where it did not. */
async function tryOut(
  name: string,
  trial: Trial,
  folder: string,
  packed: string,
  server: Server,
): Promise<void> {
  const start = performance.now();
  const { databases = ['sqlite', 'postgresql'], install, run } = trial;
  const url = new URL(await server.create(path.basename(folder)));
  const environment = environmentFor(prepare(folder, trial), folder, packed, url);
  let failed = lastWords(install, folder, environment);
  for (const database of databases)
    failed ??= lastWords(run, folder, { ...environment, CCAT_OPS_DB_DATABASE_TYPE: database });
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(
    `${failed === undefined ? 'ok    ' : 'FAILED'}  ${name}  (${databases.join(', ')}; ${seconds} s)`,
  );
  if (failed === undefined) return;
  console.log(failed);
  process.exitCode = 1;
}

/** @returns folders with the programs of the trial */
function prepare(folder: string, { files, written = {}, tools = [] }: Trial): string[] {
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'package.json'), MANIFEST);
  for (const file of files) copyFileSync(path.join(SERVICES, file), path.join(folder, file));
  for (const [file, text] of Object.entries(written)) writeFileSync(path.join(folder, file), text);
  if (tools.length === 0) return [];
  const apart = `${folder}-tools`;
  mkdirSync(apart);
  execFileSync('npm', ['install', '--silent', '--prefix', apart, ...tools], { stdio: 'pipe' });
  const modules = path.join(apart, 'node_modules');
  const ofNode = readdirSync(modules).map((name) => path.join(modules, name, 'bin'));
  return [path.join(modules, '.bin'), ...ofNode.filter((bin) => existsSync(path.join(bin, 'node')))];
}

function environmentFor(
  bins: readonly string[],
  folder: string,
  packed: string,
  url: URL,
): NodeJS.ProcessEnv {
  return {
    ...withoutNpm(),
    PATH: [...bins, process.env.PATH].join(path.delimiter),
    PACKAGE: packed,
    INSTALLED: path.join(path.dirname(packed), 'installed'),
    CI: 'true',
    ...HEADERS,
    DATABASE_URL: url.href,
    CCAT_OPS_DB_DATABASE_SQLITE_DATABASE: path.join(folder, 'service.sqlite'),
    CCAT_OPS_DB_DATABASE_POSTGRESQL_HOST: url.hostname,
    CCAT_OPS_DB_DATABASE_POSTGRESQL_PORT: url.port,
    CCAT_OPS_DB_DATABASE_POSTGRESQL_USER: url.username,
    CCAT_OPS_DB_DATABASE_POSTGRESQL_PASSWORD: decodeURIComponent(url.password),
    CCAT_OPS_DB_DATABASE_POSTGRESQL_DATABASE: url.pathname.slice(1),
  };
}

/** The environment without settings of the developer, and without what npm tells the scripts that it runs. */
function withoutNpm(): NodeJS.ProcessEnv {
  const given = Object.entries(process.env).filter(
    ([name]) => !/^(?:npm_|CCAT_OPS_DB_|NODE_OPTIONS$|NODE_PATH$)/.test(name),
  );
  return Object.fromEntries(given);
}

/** Runs lines for a shell. @returns what was said by the first that failed; undefined where none did */
function lastWords(lines: readonly string[], cwd: string, env: NodeJS.ProcessEnv): string | undefined {
  for (const line of lines) {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', line], {
      cwd,
      env,
      encoding: 'utf8',
      timeout: 600_000,
    });
    if (status !== 0) return `$ ${line}\n${`${stdout}${stderr}`.trim().split('\n').slice(-30).join('\n')}`;
  }
  return undefined;
}

program.parseAsync().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 2;
});
