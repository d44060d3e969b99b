import type { EntityManager } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';

/** Memory that a step of a statement may take on the server before it writes files; where the server allows more, that stands. */
const WORK_MEM = '128MB';

/** Gives statements that read whole tables of millions of rows more memory, until the transaction ends. */
async function forLongReads(manager: EntityManager): Promise<void> {
  await manager.query(
    `SELECT set_config('work_mem', $1, true) WHERE pg_size_bytes(current_setting('work_mem')) < pg_size_bytes($1)`,
    [WORK_MEM],
  );
}

/**
 * Does work with two transactions that see the same snapshot, since the long statements take one process each; on SQLite, and where there is
 * but one connection, with the transaction that there is.
 * @param manager of a transaction of `REPEATABLE READ`
 */
export async function withReaders<T>(
  manager: EntityManager,
  work: (readers: readonly EntityManager[]) => Promise<T>,
): Promise<T> {
  const { dataSource } = manager;
  if (!dialectOf(manager).hasServer) return work([manager]);
  await forLongReads(manager);
  if (dataSource.options.poolSize === 1) return work([manager]);
  const [row] = await manager.query<{ snapshot: string }[]>('SELECT pg_export_snapshot() AS snapshot');
  return dataSource.transaction('REPEATABLE READ', async (second) => {
    // The statement takes no parameter; the server has made the name.
    await second.query(`SET TRANSACTION SNAPSHOT '${row?.snapshot}'`);
    await forLongReads(second);
    return work([manager, second]);
  });
}
