import type { DataSource } from 'typeorm';
import { replicationLag } from '../../services/replication/index.js';
import type { SpoolStatus } from '../../services/spool/index.js';
import { copyFigures } from './copy-figures.js';
import { family, type MetricFamily, sample } from './family.js';
import { spoolMetrics } from './spool-figures.js';
import { staleWorkers, workFigures } from './work-figures.js';

/** Which metrics are read, and from where. */
export interface MetricsOptions {
  /** Groups of metrics to read; all where left out. */
  readonly only?: readonly MetricGroup[];
  /**
   * The read handle, whose lag is reported; by default the database itself, which may be a replica. Null where no
   * server of the read handle can be used.
   */
  readonly read?: DataSource | null;
  /** Status of a spool; without it the metrics of the spool have no samples. */
  readonly spool?: SpoolStatus;
  /** How long a worker may be silent [s]; by default 900. */
  readonly silentForS?: number;
}

/** A group of metrics that are read together. */
export type MetricGroup = keyof typeof GROUPS;

/**
 * Metrics of the state of the archive: their names, labels and units are stable, see `docs/metrics.md`.
 *
 * @example
 * import { metricGroups, readMetrics } from 'ccat-ops-db/metrics';
 *
 * console.log(metricGroups.includes('work')); // true
 * const families = await readMetrics(session.dataSource, { only: ['work'] });
 * console.log(families[0]?.name); // ccat_ops_db_work_rows
 */
export async function readMetrics(
  dataSource: DataSource,
  { only = metricGroups, ...options }: MetricsOptions = {},
): Promise<MetricFamily[]> {
  return (await Promise.all(only.map((group) => GROUPS[group](dataSource, options)))).flat();
}

async function ofWork(dataSource: DataSource, { silentForS = 900 }: MetricsOptions): Promise<MetricFamily[]> {
  const [work, stale] = await Promise.all([workFigures(dataSource), staleWorkers(dataSource, silentForS)]);
  const waiting = [...new Set(work.map(({ entity }) => entity))].map((entity) => {
    const ages = work.filter((one) => one.entity === entity && one.waits).map((one) => one.oldestSeconds);
    return sample({ entity }, Math.max(0, ...ages));
  });
  return [
    family(
      'work_rows',
      'Rows of a class of work by status.',
      work.map(({ entity, status, rows }) => sample({ entity, status }, rows)),
    ),
    family(
      'work_retries',
      'Tries beyond the first that the rows in a status have had.',
      work.map(({ entity, status, retries }) => sample({ entity, status }, retries)),
    ),
    family(
      'work_oldest_waiting_seconds',
      'Age of the oldest row that waits for a worker; 0 where none waits.',
      waiting,
    ),
    family(
      'work_stale_workers',
      `Workers that have rows and have given no sign of life for ${silentForS} s.`,
      stale.map(({ entity, workers }) => sample({ entity }, workers)),
    ),
  ];
}

async function ofCopies(dataSource: DataSource): Promise<MetricFamily[]> {
  const figures = await copyFigures(dataSource);
  const labels = ({ site, location, of: entity, status }: (typeof figures)[number]) => ({
    site,
    location,
    entity,
    status,
  });
  return [
    family(
      'copies',
      'Copies that are not deleted, by location and status.',
      figures.map((copy) => sample(labels(copy), copy.copies)),
    ),
    family(
      'copies_bytes',
      'Bytes of the copies that are not deleted, by location and status.',
      figures.map((copy) => sample(labels(copy), copy.bytes)),
    ),
  ];
}

async function ofReplica(
  dataSource: DataSource,
  { read = dataSource }: MetricsOptions,
): Promise<MetricFamily[]> {
  const lag = read && (await replicationLag(read, read === dataSource ? undefined : dataSource));
  const { seconds = null, bytes = null } = lag ?? {};
  const known = (value: number | null) => (value === null ? [] : [sample({}, value)]);
  return [
    family('replica_usable', 'Whether the read handle has a server that can be used; 1 without replicas.', [
      sample({}, read ? 1 : 0),
    ]),
    family(
      'replica_lag_seconds',
      'Age of the newest commit that the replica has replayed; 0 on a primary.',
      known(seconds),
    ),
    family(
      'replica_lag_bytes',
      'Write-ahead log that the replica has not replayed; 0 on a primary.',
      known(bytes),
    ),
  ];
}

async function ofSpool(_: DataSource, { spool }: MetricsOptions): Promise<MetricFamily[]> {
  return spoolMetrics(spool);
}

const GROUPS = { work: ofWork, copies: ofCopies, replica: ofReplica, spool: ofSpool };

/** Names of all groups of metrics. */
export const metricGroups = Object.keys(GROUPS) as readonly MetricGroup[];
