/** Claiming and moving rows by hand on the raw drivers, with statements that are prepared once. */
import Sqlite from 'better-sqlite3';
import { Pool } from 'pg';
import type { Connected, Contender } from '../support/task.js';

/** The two steps of a worker, as each contender takes them. */
export interface Hands {
  /** Claims so many due rows for a worker. @returns their keys */
  claim(worker: string, limit: number): Promise<string[]>;
  /** Begins the work on a claimed row. */
  begin(worker: string, id: string): Promise<unknown>;
  finish(worker: string, id: string): Promise<unknown>;
}

/** A contender that calls the driver directly. @param less the checks that it omits */
export function byHand<Given>(
  work: (hands: Hands, given: Given) => Promise<unknown>,
  less: string,
): Contender<Given> {
  return {
    less,
    async connect(database): Promise<Connected<Given>> {
      const { close, ...hands } = database.startsWith('postgresql')
        ? onPostgresql(database)
        : onSqlite(database);
      return { run: (given) => work(hands, given), close };
    },
  };
}

/** As many connections as the package has by default. */
const CONNECTIONS = 10;

const HISTORY = 'status_history (entity, row_id, field, from_status, to_status, changed_at, changed_by)';
const SET_SCHEDULED = (now: string, worker: string) =>
  `status = 'scheduled', claimed_by = ${worker}, scheduled_at = ${now}, heartbeat_at = ${now}, updated_at = ${now}`;
const SET_IN_PROGRESS = (now: string) =>
  `status = 'in_progress', started_at = ${now}, heartbeat_at = ${now}, updated_at = ${now}`;
const SET_COMPLETED = (now: string) =>
  `status = 'completed', claimed_by = NULL, heartbeat_at = NULL, finished_at = ${now}, next_retry_at = NULL, updated_at = ${now}`;
const DUE = (now: string) => `status = 'pending' AND (next_retry_at IS NULL OR next_retry_at <= ${now})
  ORDER BY priority DESC, created_at, id`;

function onPostgresql(database: string): Hands & Pick<Connected<unknown>, 'close'> {
  const pool = new Pool({ connectionString: database, max: CONNECTIONS });
  const now = 'statement_timestamp()';
  const claim = (limit: number) => `WITH picked AS (
      SELECT id FROM data_transfer_package WHERE ${DUE(now)} LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ), moved AS (
      UPDATE data_transfer_package it SET ${SET_SCHEDULED(now, '$1')}
      FROM picked WHERE it.id = picked.id RETURNING it.*
    ), noted AS (
      INSERT INTO ${HISTORY} SELECT 'DataTransferPackage', id, 'status', 'pending', 'scheduled', ${now}, $1 FROM moved
    ) SELECT * FROM moved`;
  const move = (from: string, to: string, set: string) => `WITH moved AS (
      UPDATE data_transfer_package SET ${set} WHERE id = $2 AND status = '${from}' AND claimed_by = $1 RETURNING id
    ), noted AS (
      INSERT INTO ${HISTORY} SELECT 'DataTransferPackage', id, 'status', '${from}', '${to}', ${now}, $1 FROM moved
    ) SELECT id FROM moved`;
  const begin = { name: 'begin', text: move('scheduled', 'in_progress', SET_IN_PROGRESS(now)) };
  const finish = { name: 'finish', text: move('in_progress', 'completed', SET_COMPLETED(now)) };
  return {
    async claim(worker, limit) {
      const { rows } = await pool.query({ name: `claim${limit}`, text: claim(limit), values: [worker] });
      return rows.map(({ id }) => id);
    },
    begin: (worker, id) => pool.query({ ...begin, values: [worker, id] }),
    finish: (worker, id) => pool.query({ ...finish, values: [worker, id] }),
    close: () => pool.end(),
  };
}

function onSqlite(database: string): Hands & Pick<Connected<unknown>, 'close'> {
  const connection = new Sqlite(database);
  connection.pragma('synchronous = NORMAL');
  const now = `strftime('%Y-%m-%d %H:%M:%f', 'now')`;
  const prepare = <Parameters extends unknown[]>(sql: string) =>
    connection.prepare<Parameters, { id: string }>(sql);
  const picked = prepare<[number]>(`SELECT id FROM data_transfer_package WHERE ${DUE(now)} LIMIT ?`);
  const step = (set: string, condition: string, from: string, to: string) => ({
    moved: prepare<string[]>(
      `UPDATE data_transfer_package SET ${set} WHERE id = ? AND ${condition} RETURNING *`,
    ),
    noted: prepare<string[]>(
      `INSERT INTO ${HISTORY} VALUES ('DataTransferPackage', ?, 'status', '${from}', '${to}', ${now}, ?)`,
    ),
  });
  const own = (from: string) => `status = '${from}' AND claimed_by = ?`;
  const scheduled = step(SET_SCHEDULED(now, '?'), '1', 'pending', 'scheduled');
  const begun = step(SET_IN_PROGRESS(now), own('scheduled'), 'scheduled', 'in_progress');
  const finished = step(SET_COMPLETED(now), own('in_progress'), 'in_progress', 'completed');
  const claim = connection.transaction((worker: string, limit: number) =>
    picked.all(limit).map(({ id }) => {
      scheduled.moved.all(worker, id);
      scheduled.noted.run(id, worker);
      return id;
    }),
  );
  const take = connection.transaction(({ moved, noted }: typeof begun, worker: string, id: string) => {
    if (moved.all(id, worker).length > 0) noted.run(id, worker);
  });
  return {
    claim: async (worker, limit) => claim.immediate(worker, limit),
    begin: async (worker, id) => take.immediate(begun, worker, id),
    finish: async (worker, id) => take.immediate(finished, worker, id),
    close: async () => {
      connection.close();
    },
  };
}
