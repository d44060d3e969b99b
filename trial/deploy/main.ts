/**
 * `npm run trial:deploy`: deploys as docs/deploying.md says, as far as that goes without an engine for containers. The steps of
 * examples/deploy/Containerfile are replayed with a service, whose image is migrated, probed, run and stopped; a clone
 * of this repository is installed without development packages, seeded and migrated. On a PostgreSQL server of its own.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { faultsAsExitCode } from '../../bench/support/faults-as-exit-code.js';
import { type Server, startServer } from '../../bench/support/server.js';
import { packageRoot } from '../../src/package-root.js';
import { replay, type Stage } from './container-file.js';

const ROOT = packageRoot();
const { version: TYPESCRIPT } = JSON.parse(
  readFileSync(path.join(ROOT, 'node_modules', 'typescript', 'package.json'), 'utf8'),
);

faultsAsExitCode(new Command('trial:deploy').description('deploys as docs/deploying.md says'), main);

async function main(): Promise<string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-deploy-'));
  const server = await startServer();
  try {
    return [...(await tryImage(folder, server)), ...(await tryClone(folder, server))];
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tryImage(folder: string, server: Server): Promise<string[]> {
  const context = makeService(folder);
  const text = readFileSync(path.join(ROOT, 'examples', 'deploy', 'Containerfile'), 'utf8');
  const image = timed('the container file', () => replay(text, context, folder));
  console.log(`  ${mebibytes(image.root)} MiB in the image`);
  const env = { ...image.env, ...environmentOf(await server.create('image')) };
  const opsdb = (...words: string[]) => runs(image.cwd, env, 'node_modules/.bin/opsdb', ...words);
  return [
    ...expectThat('a probe before the migration fails', !opsdb('current', '--check')),
    ...expectThat('opsdb init', opsdb('init')),
    ...expectThat('opsdb migrate', opsdb('migrate')),
    ...expectThat('opsdb current --check', opsdb('current', '--check')),
    ...expectThat('the service starts, and ends at SIGTERM', await startsAndEnds(image, env)),
  ];
}

/** @returns the folder of a service that depends on this package as npm packs it */
function makeService(folder: string): string {
  const packed = path.join(folder, 'ccat-ops-db.tgz');
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: ROOT });
  execFileSync('sh', ['-c', `mv ccat-ops-db-*.tgz ${packed}`], { cwd: folder });
  const context = path.join(folder, 'context', 'service');
  mkdirSync(context, { recursive: true });
  cpSync(path.join(ROOT, 'trial', 'deploy', 'service', 'main.ts'), path.join(context, 'main.ts'));
  const manifest = {
    name: 'service',
    private: true,
    scripts: { build: 'tsc --outDir dist --module node16 --target es2022 --types node main.ts' },
    // As far away as the folder of the stage is.
    dependencies: { 'ccat-ops-db': 'file:../../ccat-ops-db.tgz', typeorm: '^1.1.1' },
    devDependencies: { '@types/node': '^20.19.0', typescript: TYPESCRIPT },
  };
  writeFileSync(path.join(context, 'package.json'), JSON.stringify(manifest));
  execFileSync('npm', ['install', '--package-lock-only', '--silent'], { cwd: context, env: withoutNpm() });
  return context;
}

async function startsAndEnds(
  { cwd, command: [program, ...words] }: Stage,
  env: NodeJS.ProcessEnv,
): Promise<boolean> {
  const child = spawn(program as string, words, { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  return code === 0;
}

/** A clone without development packages, with `dist/` of where it was built. */
async function tryClone(folder: string, server: Server): Promise<string[]> {
  const clone = path.join(folder, 'clone');
  const env = { ...withoutNpm(), ...environmentOf(await server.create('clone')) };
  execFileSync('git', ['clone', '--quiet', ROOT, clone]);
  timed('npm ci --omit=dev in a clone', () =>
    execFileSync('npm', ['ci', '--omit=dev'], { cwd: clone, env, stdio: 'pipe' }),
  );
  const refused = !runs(clone, env, 'npm', 'run', 'seed');
  cpSync(path.join(ROOT, 'dist'), path.join(clone, 'dist'), {
    recursive: true,
    filter: (name) => !/dist\/(?:test|bench|trial|bundled)/.test(name),
  });
  const builtAt = statSync(path.join(clone, 'dist', 'opsdb.js')).mtimeMs;
  const seeded = timed('npm run seed', () => runs(clone, env, 'npm', 'run', 'seed'));
  const migrated = timed('npm run migration:run', () => runs(clone, env, 'npm', 'run', 'migration:run'));
  return [
    ...expectThat('npm run seed fails where nothing is built', refused),
    ...expectThat('npm run seed', seeded),
    ...expectThat('npm run migration:run', migrated),
    ...expectThat('nothing was built', statSync(path.join(clone, 'dist', 'opsdb.js')).mtimeMs === builtAt),
  ];
}

function runs(cwd: string, env: NodeJS.ProcessEnv, program: string, ...words: string[]): boolean {
  const { status, stderr } = spawnSync(program, words, { cwd, env, encoding: 'utf8' });
  if (status !== 0)
    console.log(`  ${[program, ...words].join(' ')}: ${stderr?.trim().split('\n')[0] ?? 'cannot be run'}`);
  return status === 0;
}

function timed<T>(name: string, work: () => T): T {
  const start = performance.now();
  const result = work();
  console.log(`${name}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return result;
}

function expectThat(what: string, isSo: boolean): string[] {
  console.log(`${isSo ? 'ok    ' : 'FAILED'}  ${what}`);
  return isSo ? [] : [what];
}

/** What a container on the server has in its environment. */
function environmentOf(server: string): Record<string, string> {
  const { hostname, port, username, password, pathname } = new URL(server);
  return {
    ENV_FOR_DYNACONF: 'production',
    CCAT_OPS_DB_DATABASE_TYPE: 'postgresql',
    CCAT_OPS_DB_DATABASE_POSTGRESQL_HOST: hostname,
    CCAT_OPS_DB_DATABASE_POSTGRESQL_PORT: port,
    CCAT_OPS_DB_DATABASE_POSTGRESQL_USER: username,
    CCAT_OPS_DB_DATABASE_POSTGRESQL_PASSWORD: decodeURIComponent(password),
    CCAT_OPS_DB_DATABASE_POSTGRESQL_DATABASE: pathname.slice(1),
  };
}

function withoutNpm(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:npm_|CCAT_OPS_DB_)/.test(name)),
  );
}

function mebibytes(folder: string): string {
  const blocks = execFileSync('du', ['-sk', folder], { encoding: 'utf8' });
  return (Number.parseInt(blocks, 10) / 1024).toFixed(0);
}
