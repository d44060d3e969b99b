import { loadDriver } from '../../database/drivers.js';
import type { Settings } from '../../settings/index.js';

/** Runs statements one after the other on a connection. */
export interface ServerSession {
  readonly query: (text: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>;
}

/** Works on a server, connected to its database `postgres`. */
export async function onServer<T>(
  { postgresql }: Settings,
  work: (session: ServerSession) => Promise<T>,
): Promise<T> {
  const { Client } = loadDriver('pg', () => require('pg') as typeof import('pg'));
  const { host, port, user, password } = postgresql;
  const client = new Client({ host, port, user, password, database: 'postgres' });
  await client.connect();
  try {
    return await work({ query: async (text, values = []) => (await client.query(text, [...values])).rows });
  } finally {
    await client.end();
  }
}
