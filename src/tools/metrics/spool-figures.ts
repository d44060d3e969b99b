import type { SpoolStatus } from '../../services/spool/index.js';
import { family, type MetricFamily, sample } from './family.js';

/**
 * Metrics of a spool, which need no database: they are known while the primary cannot be reached.
 * @param spool result of its `status()`; left out, the metrics have no samples
 *
 * @example
 * import { mkdtempSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { openSpool } from 'ccat-ops-db';
 * import { openMetricsText, spoolMetrics } from 'ccat-ops-db/metrics';
 *
 * const spool = openSpool({ path: `${mkdtempSync(`${tmpdir()}/`)}/spool.sqlite` });
 * const text = openMetricsText(spoolMetrics(spool.status()));
 * console.log(text.split('\n')[2]); // ccat_ops_db_spool_rows{state="waiting"} 0
 * spool.close();
 */
export function spoolMetrics(spool?: Pick<SpoolStatus, 'calls' | 'oldestWaiting' | 'bytes'>): MetricFamily[] {
  const oldest = spool?.oldestWaiting;
  const ageS = oldest ? Math.max(0, (Date.now() - oldest.getTime()) / 1000) : 0;
  const once = (value: number) => (spool ? [sample({}, value)] : []);
  return [
    family(
      'spool_rows',
      'Rows in the spool by the state of their calls.',
      Object.entries(spool?.calls ?? {}).map(([state, { rows }]) => sample({ state }, rows)),
    ),
    family(
      'spool_oldest_waiting_seconds',
      'Age of the oldest call that waits to be sent; 0 where none waits.',
      once(ageS),
    ),
    family('spool_size_bytes', 'What the spool takes on its disk.', once(spool?.bytes ?? 0)),
  ];
}
