import type { EntityManager } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import type { Nights } from './night.js';

/** The nights that were observed before and after some nights; undefined where there is none. */
export interface Neighbours {
  readonly before?: string;
  readonly after?: string;
}

/** The nights that were observed before the first and after the last of some nights. */
export async function neighbours(manager: EntityManager, [first, last]: Nights): Promise<Neighbours> {
  const { parameter } = dialectOf(manager);
  const [row]: { before: string | null; after: string | null }[] = await manager.query(
    `SELECT
      (SELECT CAST(max(observing_night) AS text) FROM executed_obs_unit WHERE observing_night < ${parameter(1)}) AS "before",
      (SELECT CAST(min(observing_night) AS text) FROM executed_obs_unit WHERE observing_night > ${parameter(2)}) AS "after"`,
    [first, last],
  );
  return { before: row?.before ?? undefined, after: row?.after ?? undefined };
}

/** The nights from the first to the last of some that were observed. */
export async function observedNights(manager: EntityManager, [first, last]: Nights): Promise<string[]> {
  const { parameter } = dialectOf(manager);
  const rows: { night: string }[] = await manager.query(
    `SELECT DISTINCT CAST(observing_night AS text) AS night FROM executed_obs_unit
      WHERE observing_night BETWEEN ${parameter(1)} AND ${parameter(2)} ORDER BY 1`,
    [first, last],
  );
  return rows.map(({ night }) => night);
}
