import type { DataSource } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import { ownTables } from '../../database/own-tables.js';
import { readOwnership } from '../../database/ownership.js';
import { createDataSource } from '../../datasource.js';
import { OpsDbError } from '../../errors.js';
import { isReplica, replicationLag } from '../../services/replication/index.js';
import type { Settings } from '../../settings/index.js';
import { describeBytes } from '../output/bytes.js';
import { type Finding, fail, ok, warn } from './finding.js';

/** Lag of a replica above which it is a warning [s]. */
const LATE_S = 60;

/** Difference of the clocks above which it is a warning, and above which claims and their release go wrong [ms]. */
const [SKEWED_MS, WRONG_MS] = [1000, 60_000];

export async function serverVersion(dataSource: DataSource): Promise<string> {
  if (!dialectOf(dataSource).hasServer) {
    const [{ version }] = await dataSource.query('SELECT sqlite_version() AS version');
    return `SQLite ${version}`;
  }
  const [{ server_version: version }] = await dataSource.query('SHOW server_version');
  return `PostgreSQL ${version}`;
}

/** Whether writes go to a primary, and how far the replicas of the settings are behind. */
export async function replication(dataSource: DataSource, settings: Settings): Promise<Finding[]> {
  const replica = await isReplica(dataSource);
  const own = replica
    ? judgedLag('this server is a replica, which takes no writes', await replicationLag(dataSource))
    : ok('replication', 'this server is the primary');
  if (settings.postgresql.readHosts.length === 0) return [own];
  const names = `the replicas ${settings.postgresql.readHosts.join(', ')}`;
  try {
    const read = await createDataSource({ settings, role: 'read' }).initialize();
    try {
      return [own, judgedLag(names, await replicationLag(read, replica ? undefined : dataSource))];
    } finally {
      await read.destroy();
    }
  } catch (error) {
    if (!(error instanceof OpsDbError)) throw error;
    const remedy = 'change database_postgresql_read_hosts, or start them; reads fail meanwhile';
    return [own, fail('replication', `${names}: ${error.message}`, remedy)];
  }
}

export function judgedLag(name: string, lag: { bytes: number; seconds: number | null }): Finding {
  const { bytes, seconds } = lag;
  const behind = seconds === null ? 'nothing was replayed yet' : `${seconds.toFixed(1)} s behind`;
  const found = `${name}: ${behind}, ${describeBytes(bytes)} to replay`;
  return seconds === null || seconds > LATE_S
    ? warn(
        'replication',
        found,
        'see whether the primary is idle, or the replica has lost its connection (pg_stat_wal_receiver)',
      )
    : ok('replication', found);
}

/** How far the server's clock is from that of this machine; the times of claims come from the server. */
export async function clock(dataSource: DataSource): Promise<Finding[]> {
  const before = Date.now();
  const [{ now }] = await dataSource.query('SELECT clock_timestamp() AS now');
  const after = Date.now();
  return [judgedClock((now as Date).getTime() - (before + after) / 2, (after - before) / 2)];
}

/**
 * @param aheadMs by how much the server is ahead
 * @param uncertaintyMs half the time that asking took
 */
export function judgedClock(aheadMs: number, uncertaintyMs: number): Finding {
  const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(3)} s`;
  const side = aheadMs < 0 ? 'behind' : 'ahead of';
  const found = `the server is ${seconds(Math.abs(aheadMs))} ${side} this machine, ±${seconds(uncertaintyMs)}`;
  const remedy =
    'set the clock of the one that is wrong (NTP): instants from here and from there do not fit together';
  const least = Math.abs(aheadMs) - uncertaintyMs;
  if (least > WRONG_MS) return fail('clock', found, remedy);
  return least > SKEWED_MS ? warn('clock', found, remedy) : ok('clock', found);
}

/** The size of the database; SQL cannot tell the free space on the server's disks. */
export async function serverSpace(dataSource: DataSource): Promise<Finding[]> {
  const [{ size }] = await dataSource.query('SELECT pg_database_size(current_database()) AS size');
  return [ok('space', `the database takes ${describeBytes(size)}`)];
}

/** Whether the server has found damaged pages; no finding where it has not. */
export async function serverIntegrity(dataSource: DataSource): Promise<Finding[]> {
  const [{ failures }] = await dataSource.query(
    'SELECT coalesce(checksum_failures, 0)::int AS failures FROM pg_stat_database WHERE datname = current_database()',
  );
  if (failures === 0) return [];
  const found = `the server has found ${failures} damaged pages in the database`;
  return [
    fail(
      'integrity',
      found,
      'stop what writes to it, see the log of the server, and restore the latest backup',
    ),
  ];
}

/** Whether the login may do what services do. */
export async function serverPermissions(dataSource: DataSource): Promise<Finding[]> {
  const { own } = await readOwnership(dataSource);
  return own.size === 0 ? [] : [await judgedPermissions(dataSource)];
}

async function judgedPermissions(dataSource: DataSource): Promise<Finding> {
  const tables = ownTables(dataSource).map(({ tableName }) => tableName);
  const rows: { user: string; table: string; reads: boolean; writes: boolean }[] = await dataSource.query(
    `SELECT current_user AS "user", name AS "table",
       has_any_column_privilege(quote_ident(name), 'SELECT') AS reads,
       has_table_privilege(quote_ident(name), 'INSERT') AND has_table_privilege(quote_ident(name), 'UPDATE')
         AND has_table_privilege(quote_ident(name), 'DELETE') AS writes
     FROM unnest($1::text[]) AS name WHERE to_regclass(quote_ident(name)) IS NOT NULL`,
    [tables],
  );
  const user = rows[0]?.user ?? '';
  const unread = rows.filter(({ reads }) => !reads).map(({ table }) => table);
  const unwritten = rows.filter(({ writes }) => !writes).map(({ table }) => table);
  if (unread.length > 0)
    return fail(
      'permissions',
      `${user} may not read ${unread.join(', ')}`,
      `log in as another role, or let it read (opsdb grant-read ${user}, as the owner of the tables)`,
    );
  if (unwritten.length === rows.length)
    return warn(
      'permissions',
      `${user} reads and writes nothing`,
      'as it should be for a dashboard; a service needs a role that may write',
    );
  return unwritten.length > 0
    ? fail(
        'permissions',
        `${user} may not write ${unwritten.join(', ')}`,
        `GRANT SELECT, INSERT, UPDATE, DELETE ON … TO "${user}", as the owner of the tables`,
      )
    : ok('permissions', `${user} reads and writes every table`);
}
