import { once } from 'node:events';
import { dropTemplates } from './databases.js';
import type { SetUp } from './global-setup.js';

/** Removes what the set-up has created. */
export default async function tearDown(): Promise<void> {
  const { testSetUp } = globalThis as { testSetUp?: SetUp };
  if (!testSetUp) return;
  const { server } = testSetUp;
  await dropTemplates();
  if (!server || server.exitCode !== null) return;
  const ended = once(server, 'exit');
  server.stdin?.end();
  await ended;
}
