/** Rules for the times of a telescope, as queries: rows that are older than the constraint may break them. */
import type { EntityManager, ObjectLiteral } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import { haveCommonPlane, PLACES, TOLERANCE_S } from '../../database/telescope-triggers.js';

/**
 * Rows that begin while an earlier one has the telescope. Each row is held against the latest end before it, in one pass over all rows:
 * of all rows where it wants the whole focal plane, else of those that have the whole plane and those of its instrument.
 */
export function overlapping(table: 'executed_obs_unit' | 'pre_scheduled_slot'): string {
  const end = 'coalesce(end_time, start_time)';
  const before = 'ORDER BY start_time, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING';
  const latest = (value: string, partition: string) =>
    `max(${value}) OVER (PARTITION BY ${partition} ${before})`;
  const ifWhole = (value: string) => `CASE WHEN instrument_id IS NULL THEN ${value} END`;
  const isTaken = (kind: string) => `(${kind}_end > start_time OR ${kind}_start = start_time)`;
  return `
      SELECT id, obs_unit_id, start_time FROM (
        SELECT id, obs_unit_id, start_time, instrument_id,
          ${latest(end, 'telescope_id')} AS any_end, ${latest('start_time', 'telescope_id')} AS any_start,
          ${latest(ifWhole(end), 'telescope_id')} AS whole_end, ${latest(ifWhole('start_time'), 'telescope_id')} AS whole_start,
          ${latest(end, 'telescope_id, instrument_id')} AS own_end, ${latest('start_time', 'telescope_id, instrument_id')} AS own_start
        FROM (
          SELECT taken.id, taken.obs_unit_id, taken.start_time, taken.end_time, place.telescope_id,
            coalesce(taken.instrument_id, place.instrument_id) AS instrument_id
          FROM ${table} taken JOIN (${PLACES}) place ON place.obs_unit_id = taken.obs_unit_id
        ) placed
      ) held
      WHERE (instrument_id IS NULL AND ${isTaken('any')})
        OR (instrument_id IS NOT NULL AND (${isTaken('whole')} OR ${isTaken('own')}))`;
}

/** Executions that still run although a later one of their telescope has begun in the same night. */
export const OVERTAKEN = `
      SELECT earlier.id, earlier.obs_unit_id, earlier.start_time FROM executed_obs_unit earlier
      WHERE earlier.status = 'running' AND EXISTS (
        SELECT 1 FROM executed_obs_unit later
        WHERE later.observing_night = earlier.observing_night AND later.start_time > earlier.start_time
          AND ${haveCommonPlane('earlier', 'later')})`;

/** Executions that begin later than now, apart from simulated ones. */
export function executionsInFuture(manager: EntityManager): Promise<ObjectLiteral[]> {
  return manager.query(`
    SELECT id, obs_unit_id, start_time FROM executed_obs_unit
    WHERE start_time > ${dialectOf(manager).nowPlus(String(TOLERANCE_S))}
      AND NOT EXISTS (SELECT 1 FROM telescope WHERE simulated_until >= start_time)
    ORDER BY id`);
}
