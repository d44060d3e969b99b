/**
 * A throw-away PostgreSQL server, run as a process of its own. It writes its URL when it is ready. The end of the test
 * run, also by a crash, closes the input of this process; then the server stops and its folder is removed.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, initialise, programsFor, startServer } from './postgresql-programs.js';

async function main(): Promise<void> {
  const ended = once(process.stdin.resume(), 'close');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => process.stdin.destroy());
  const folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-test-'));
  try {
    const programs = await programsFor(folder);
    const [port, password] = [await freePort(), randomUUID()];
    const data = initialise(programs, folder, password);
    const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
    const server = await startServer(programs, data, port, settings);
    console.log(`postgresql://postgres:${password}@127.0.0.1:${port}/postgres`);
    await ended;
    server.kill('SIGINT');
    await once(server, 'exit');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
