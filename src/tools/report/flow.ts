import type { EntityManager } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import { LocationType } from '../../entities/index.js';

/** Bytes that are or were stored at a site. */
export interface SiteBytes {
  /** Short name of the site. */
  readonly site: string;
  /** Type of the locations, such as `buffer`. */
  readonly locationType: string;
  /** Bytes that are there. */
  readonly present: number;
  /** Bytes that were there and are deleted. */
  readonly deleted: number;
}

/** Bytes that were moved from one site to another. */
export interface Flow {
  /** Short name of the site of origin. */
  readonly from: string;
  /** Short name of the destination. */
  readonly to: string;
  /** Bytes of the packages [byte]. */
  readonly bytes: number;
  /** How many transfers. */
  readonly transfers: number;
}

/** Where the bytes are stored, and between which sites they were moved. */
export interface FlowReport {
  /** In the order in which the data go. */
  readonly sites: readonly SiteBytes[];
  /** Completed transfers, by origin and destination. */
  readonly flows: readonly Flow[];
}

/** In the order in which the data go. */
const LOCATION_TYPES: readonly string[] = [
  LocationType.SOURCE,
  LocationType.BUFFER,
  LocationType.LONG_TERM_ARCHIVE,
  LocationType.PROCESSING,
];

/**
 * Where the raw data of the nights are stored, and between which sites they were moved: files at a source, packages
 * everywhere else.
 * @param firstNight such as `2026-11-23`
 * @param lastNight such as `2026-11-23`
 *
 * @example
 * import { readFlow } from 'ccat-ops-db/report';
 *
 * const { sites, flows } = await readFlow(session, '2026-11-30', '2026-11-30');
 * for (const { from, to, transfers } of flows) console.log(from, to, transfers); // ccat cologne 3
 * const held = sites.filter(({ present }) => present > 0);
 * for (const { site, locationType } of held) console.log(site, locationType); // cologne long_term_archive
 */
export async function readFlow(
  manager: EntityManager,
  firstNight: string,
  lastNight: string,
): Promise<FlowReport> {
  const { parameter } = dialectOf(manager);
  const nights = [firstNight, lastNight];
  const ofNights = `e.observing_night BETWEEN ${parameter(1)} AND ${parameter(2)}`;
  const sites: SiteBytes[] = await manager.query(
    // From the executions of the nights to their copies: there may be a thousand times as many of other nights.
    `WITH of_nights AS (SELECT e.id FROM executed_obs_unit e WHERE ${ofNights}), kept AS (
        SELECT c.data_location_id, c.status, f.size_bytes FROM of_nights
        JOIN raw_data_file f ON f.executed_obs_unit_id = of_nights.id
        JOIN physical_copy c ON c.raw_data_file_id = f.id AND c.data_location_id = f.source_location_id
        JOIN data_location source ON source.id = c.data_location_id AND source.location_type = 'source'
        UNION ALL
        SELECT c.data_location_id, c.status, p.size_bytes FROM of_nights
        JOIN raw_data_package p ON p.executed_obs_unit_id = of_nights.id
        JOIN physical_copy c ON c.raw_data_package_id = p.id)
      SELECT site.short_name AS site, CAST(l.location_type AS text) AS "locationType",
        sum(CASE WHEN kept.status <> 'deleted' THEN kept.size_bytes ELSE 0 END) AS present,
        sum(CASE WHEN kept.status = 'deleted' THEN kept.size_bytes ELSE 0 END) AS deleted
      FROM kept JOIN data_location l ON l.id = kept.data_location_id JOIN site ON site.id = l.site_id
      GROUP BY 1, 2 ORDER BY 1, 2`,
    nights,
  );
  const flows: Flow[] = await manager.query(
    `SELECT origin.short_name AS "from", destination.short_name AS "to",
        sum(p.size_bytes) AS bytes, count(DISTINCT t.id) AS transfers
      FROM data_transfer t
      JOIN data_location ol ON ol.id = t.origin_location_id JOIN site origin ON origin.id = ol.site_id
      JOIN data_location dl ON dl.id = t.destination_location_id JOIN site destination ON destination.id = dl.site_id
      JOIN raw_data_package p ON p.data_transfer_package_id = t.data_transfer_package_id
      JOIN executed_obs_unit e ON e.id = p.executed_obs_unit_id
      WHERE t.status = 'completed' AND ${ofNights} GROUP BY 1, 2 ORDER BY 1, 2`,
    nights,
  );
  const number = <T extends object>(row: T, keys: readonly (keyof T)[]): T => ({
    ...row,
    ...Object.fromEntries(keys.map((key) => [key, Number(row[key])])),
  });
  return {
    sites: sites
      .map((row) => number(row, ['present', 'deleted']))
      .sort((a, b) => LOCATION_TYPES.indexOf(a.locationType) - LOCATION_TYPES.indexOf(b.locationType)),
    flows: flows.map((row) => number(row, ['bytes', 'transfers'])),
  };
}
