import type { DataSource } from 'typeorm';
import { cellSql } from '../../src/database/sky-cell.js';
import { readSeedData, writeSeedData } from '../../src/seed/index.js';
import type { Cone } from '../../src/services/sky/index.js';

/** From one position to the next, so that they cover the sphere evenly [deg]. */
const GOLDEN_DEG = 137.507_764_050_037_85;
/** Rows next to each other do not lie next to each other on the sky. A prime, so that each place comes once. */
const STRIDE = 7919;

const real = (expression: string) => `CAST(${expression} AS double precision)`;

/** SQL of positions on the whole sky, the same on both databases: `n`, `ra` and `dec`. */
function positions(series: string, count: number): string {
  const turned = `${real('place')} * ${real(String(GOLDEN_DEG))}`;
  return `SELECT place AS n, ${turned} - 360 * floor(${turned} / 360) AS ra,
      degrees(asin((2 * ${real('place')} + 1) / ${count} - 1)) AS dec
    FROM (SELECT (n * ${STRIDE}) % ${count} AS place FROM ${series}) places`;
}

/** Fills a database with the starting state and so many further sources. */
export async function fillSky(dataSource: DataSource, count: number): Promise<void> {
  await dataSource.transaction((manager) => writeSeedData(manager, readSeedData(dataSource)));
  const isPostgresql = dataSource.options.type === 'postgres';
  const series = isPostgresql
    ? `generate_series(CAST(0 AS bigint), ${count - 1}) AS series (n)`
    : `(WITH RECURSIVE series (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM series WHERE n < ${count - 1}) SELECT n FROM series)`;
  await dataSource.transaction(async ({ queryRunner }) => {
    // Without its triggers, which would take most of the time; SQLite cannot switch them off.
    if (isPostgresql) await queryRunner?.query('SET LOCAL session_replication_role = replica');
    await queryRunner?.query(`
      INSERT INTO source (type, name, aliases, category, ra_deg, dec_deg, sky_cell)
      SELECT 'fixed_source', 'bench ' || n, '[]', 'galaxy', ra, dec, ${cellSql('ra', 'dec')}
      FROM (${positions(series, count)}) sky`);
  });
  await dataSource.query(isPostgresql ? 'VACUUM ANALYZE source' : 'ANALYZE source');
}

/** Cones all over the sky, the poles and right ascension 0 among them. */
export function conesOf(radiusDeg: number, count: number): Cone[] {
  const odd = [
    [0, 90],
    [0, -90],
    [0, 0],
    [359.999, 30],
  ].map(([raDeg = 0, decDeg = 0]) => ({ raDeg, decDeg, radiusDeg }));
  const even = Array.from({ length: count - odd.length }, (_, index) => ({
    raDeg: (index * GOLDEN_DEG + 1) % 360,
    decDeg: (Math.asin((2 * index + 1) / (count - odd.length) - 1) * 180) / Math.PI,
    radiusDeg,
  }));
  return [...odd, ...even];
}
