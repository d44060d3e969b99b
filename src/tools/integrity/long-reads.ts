import type { EntityManager } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';

/** Memory that a step of a statement may take on the server before it writes files; where the server allows more, that stands. */
const WORK_MEM = '128MB';

/** Gives statements that read whole tables of millions of rows more memory on PostgreSQL, until the transaction ends. */
export async function forLongReads(manager: EntityManager): Promise<void> {
  if (!dialectOf(manager).hasServer) return;
  await manager.query(
    `SELECT set_config('work_mem', $1, true) WHERE pg_size_bytes(current_setting('work_mem')) < pg_size_bytes($1)`,
    [WORK_MEM],
  );
}
