import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, initialise, type Programs, startServer } from '../../test/support/postgresql-programs.js';

/** Where Debian has PostgreSQL 15, and the extension for it. */
const BIN = '/usr/lib/postgresql/15/bin';
const NEEDED: Readonly<Record<string, string>> = {
  [path.join(BIN, 'postgres')]: 'postgresql-15',
  '/usr/share/postgresql/15/extension/q3c.control': 'postgresql-15-q3c',
};
const NOBODY = 65534;

/** What is missing for the bench; nothing is installed by it. */
export function missing(): string[] {
  return Object.entries(NEEDED)
    .filter(([file]) => !existsSync(file))
    .map(([file, from]) => `${file} is missing: apt-get install ${from}`);
}

/** Does work with the URL of a PostgreSQL server of Debian, which ends with it. */
export async function withQ3cServer<T>(work: (url: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-bench-'));
  // PostgreSQL refuses to run as root.
  const as: Programs['as'] = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if (as.uid !== undefined) chownSync(folder, NOBODY, NOBODY);
  const programs = { initdb: path.join(BIN, 'initdb'), postgres: path.join(BIN, 'postgres'), as };
  try {
    const port = await freePort();
    const data = initialise(programs, folder, 'bench');
    const settings = ['synchronous_commit=off', 'full_page_writes=off', 'shared_buffers=512MB'];
    const server = await startServer(programs, data, port, settings);
    const end = () => server.kill('SIGINT');
    process.once('exit', end);
    try {
      return await work(`postgresql://postgres:bench@127.0.0.1:${port}/postgres`);
    } finally {
      const ended = once(server, 'exit');
      end();
      await ended;
      process.removeListener('exit', end);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
