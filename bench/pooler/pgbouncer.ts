import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const NOBODY = 65534;

/** A PgBouncer in transaction mode in front of a database. */
export class PgBouncer {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    /** Of the database, through the pooler. */
    readonly url: string,
  ) {}

  /**
   * @param url of the database
   * @param connections that it has to the server
   */
  static async start(url: string, connections: number): Promise<PgBouncer> {
    const { hostname, port, username, password } = new URL(url);
    const folder = mkdtempSync(path.join(tmpdir(), 'opsdb-pooler-'));
    const own = await freePort();
    const file = path.join(folder, 'pgbouncer.ini');
    const server = `host=${hostname} port=${port} user=${username} password=${password}`;
    writeFileSync(
      file,
      `[databases]
* = ${server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${own}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${connections}
`,
      { mode: 0o600 },
    );
    // It refuses to run as root.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) for (const one of [folder, file]) chownSync(one, NOBODY, NOBODY);
    const user = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
    const child = spawn('pgbouncer', ['-q', file], {
      stdio: ['ignore', 'ignore', 'inherit'],
      cwd: '/',
      ...user,
    });
    child.on('error', () => {});
    const through = new URL(url);
    through.port = String(own);
    const pooler = new PgBouncer(child, folder, through.href);
    try {
      await answering(own, child);
    } catch (error) {
      await pooler.stop();
      throw error;
    }
    return pooler;
  }

  async stop(): Promise<void> {
    if (this.child.pid && this.child.exitCode === null && this.child.kill()) await once(this.child, 'exit');
    rmSync(this.folder, { recursive: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

async function answering(port: number, child: ChildProcess): Promise<void> {
  for (let times = 0; times < 100; times++) {
    await sleep(100);
    if (!child.pid)
      throw new Error('there is no program pgbouncer: install it (Debian: apt-get install pgbouncer)');
    if (child.exitCode !== null)
      throw new Error(`pgbouncer has ended with exit code ${child.exitCode} (see above)`);
    const socket = connect(port, '127.0.0.1');
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isThere) return;
  }
  throw new Error('pgbouncer does not listen after ten seconds');
}
