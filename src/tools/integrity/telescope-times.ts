/** What holds of the times of a telescope, looked up anew: rows from before the database held it may break it. */
import type { EntityManager, ObjectLiteral } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import { haveCommonPlane, haveCommonTime, PLACES, TOLERANCE_S } from '../../database/telescope-triggers.js';

/** Rows that begin while another one has the telescope, with that one. */
export function overlapping(table: 'executed_obs_unit' | 'pre_scheduled_slot'): string {
  return pairs(
    table,
    `later.start_time >= earlier.start_time AND later.start_time <= coalesce(earlier.end_time, earlier.start_time)
      AND ${haveCommonTime('later', 'earlier.start_time', 'earlier.end_time')}
      AND (later.start_time > earlier.start_time OR later.id > earlier.id)`,
    'later',
  );
}

/** Executions that still run although a later one of their telescope has begun in the same night. */
export const OVERTAKEN = pairs(
  'executed_obs_unit',
  `later.start_time > earlier.start_time AND later.observing_night = earlier.observing_night
    AND earlier.status = 'running'`,
  'earlier',
);

/** Pairs of rows that want the same focal plane; those that shared it once may. */
function pairs(table: string, condition: string, found: 'earlier' | 'later'): string {
  const other = found === 'later' ? 'earlier' : 'later';
  return `
      SELECT ${found}.id, ${found}.obs_unit_id, ${found}.start_time, min(CAST(${other}.id AS text)) AS other_id
      FROM ${table} earlier
      JOIN ${table} later ON later.id <> earlier.id AND ${condition}
      JOIN (${PLACES}) one ON one.obs_unit_id = earlier.obs_unit_id
      JOIN (${PLACES}) two ON two.obs_unit_id = later.obs_unit_id
      WHERE ${haveCommonPlane('one', 'two')}
        AND (earlier.instrument_id IS NULL OR later.instrument_id IS NULL OR earlier.instrument_id = later.instrument_id)
      GROUP BY ${found}.id, ${found}.obs_unit_id, ${found}.start_time`;
}

/** Executions that begin later than now, apart from simulated ones. */
export function executionsInFuture(manager: EntityManager): Promise<ObjectLiteral[]> {
  return manager.query(`
    SELECT id, obs_unit_id, start_time FROM executed_obs_unit
    WHERE start_time > ${dialectOf(manager).nowPlus(String(TOLERANCE_S))}
      AND NOT EXISTS (SELECT 1 FROM telescope WHERE simulated_until >= start_time)
    ORDER BY id`);
}
