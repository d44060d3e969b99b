import type { DataSource, EntityManager } from 'typeorm';
import { dialectOf } from '../dialect.js';

/**
 * Whether the server is a replica, which takes no writes; never so on SQLite.
 *
 * @param handle a data source or the manager of a transaction
 *
 * @example
 * import { isReplica } from 'ccat-ops-db';
 *
 * console.log(await isReplica(session)); // false
 */
export async function isReplica(handle: DataSource | EntityManager): Promise<boolean> {
  if (!dialectOf(handle).hasServer) return false;
  const [{ replica }] = await handle.query('SELECT pg_is_in_recovery() AS replica');
  return replica;
}
