import type { DataSource, EntityManager } from 'typeorm';
import { dialectOf } from '../dialect.js';
import { currentLsn, parseLsn } from './lsn.js';

/** How far a replica is behind. */
export interface ReplicationLag {
  /** Write-ahead log that is not replayed yet [byte]. */
  readonly bytes: number;
  /**
   * Age of the newest commit that is replayed [s], 0 where all that was received is replayed and the connection to
   * the primary stands; null where nothing was replayed since the replica was started. While the primary is idle
   * and the connection is cut it grows all the same: nobody can tell the two apart.
   */
  readonly seconds: number | null;
}

/** As in {@link ReplicationLag}. A replica that lost its primary has replayed all it has received, but is not up to date. */
export const LAG_SECONDS = `
  CASE WHEN NOT pg_is_in_recovery() THEN 0
    WHEN pg_last_wal_receive_lsn() <= pg_last_wal_replay_lsn() AND EXISTS (SELECT FROM pg_stat_wal_receiver) THEN 0
    ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END::float8`;

/**
 * How far a replica is behind its primary; 0 on a primary and on SQLite.
 *
 * @param read the replica
 * @param write the primary: with it `bytes` counts what the replica has not received, too; without it only what it
 *   has received and not replayed
 * @throws OpsDbError `database_read_only` when `write` is a replica
 *
 * @example
 * import { replicationLag } from 'ccat-ops-db';
 *
 * // Of a primary; usually the handles `read` and `write` of initCcatOpsDb.
 * console.log(await replicationLag(session, session)); // { bytes: 0, seconds: 0 }
 */
export async function replicationLag(
  read: DataSource | EntityManager,
  write?: DataSource | EntityManager,
): Promise<ReplicationLag> {
  if (!dialectOf(read).hasServer) return { bytes: 0, seconds: 0 };
  // Read first, so that what is written in between does not make the replica seem ahead.
  const newest = write && (await currentLsn(write));
  const [{ replica, received, replayed, seconds }] = await read.query(`
    SELECT pg_is_in_recovery() AS replica, ${LAG_SECONDS} AS seconds,
      pg_last_wal_receive_lsn() AS received, pg_last_wal_replay_lsn() AS replayed`);
  if (!replica) return { bytes: 0, seconds: 0 };
  const behind = (newest ?? parseLsn(received ?? replayed)) - parseLsn(replayed);
  return { bytes: Math.max(0, Number(behind)), seconds };
}
