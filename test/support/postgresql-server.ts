/**
 * A throw-away PostgreSQL server, run as a process of its own. It writes its URL when it is ready. Whatever ends
 * the test run, be it a crash, closes this process's input, and with that the server stops and its folder goes.
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
    const settings = ['synchronous_commit=off', 'full_page_writes=off'];
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
