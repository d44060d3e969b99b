import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createTemplates, onServer } from './databases.js';

/** Resources that the tear-down removes. */
export interface SetUp {
  server?: ChildProcess;
}

/**
 * Finds the PostgreSQL server for the tests: the one in `OPSDB_TEST_POSTGRESQL_URL`, whose user must be
 * allowed to create databases and roles, or a throw-away one that is started here.
 */
export default async function setUp(): Promise<void> {
  const given = process.env.OPSDB_TEST_POSTGRESQL_URL;
  const server = given ? undefined : startServer();
  process.env.TEST_POSTGRESQL_URL = server ? await urlOf(server) : given;
  await onServer('SELECT 1').catch((cause: Error) => {
    throw new Error(`the PostgreSQL server for the tests cannot be used: ${cause.message || cause}`, {
      cause,
    });
  });
  await createTemplates();
  Object.assign(globalThis, { testSetUp: { server } satisfies SetUp });
}

function startServer(): ChildProcess {
  return spawn(process.execPath, [path.join(__dirname, 'postgresql-server.js')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // In a process group of its own, it survives a test run that is killed with its group, and cleans up after it.
    detached: true,
  });
}

async function urlOf({ stdout }: ChildProcess): Promise<string> {
  for await (const line of stdout ?? []) return String(line).trim();
  throw new Error('the PostgreSQL server for the tests did not start (see above)');
}
