import { DataSource, type EntityManager } from 'typeorm';

/** Whether a handle leads to PostgreSQL. */
export function isPostgresql(handle: DataSource | EntityManager): boolean {
  const { options } = handle instanceof DataSource ? handle : handle.dataSource;
  return options.type === 'postgres';
}

/**
 * Whether the server is a replica, which takes no writes; never so on SQLite.
 *
 * @param handle a data source or the manager of a transaction
 * @throws OpsDbError `connection_lost`, `database_unreachable`
 *
 * @example
 * import { isReplica } from 'ccat-ops-db';
 *
 * console.log(await isReplica(session)); // false
 */
export async function isReplica(handle: DataSource | EntityManager): Promise<boolean> {
  if (!isPostgresql(handle)) return false;
  const [{ replica }] = await handle.query('SELECT pg_is_in_recovery() AS replica');
  return replica;
}
