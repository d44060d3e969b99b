import type { EntityManager } from 'typeorm';

/** Work of one kind at one location that is not done. */
export interface Waiting {
  /** What the work is: `package files`, `build`, `bundle`, `transfer`, `unpack`, `archive`, `stage`, `reduce`, `delete`. */
  readonly work: string;
  /** Short name of the site and name of the location, such as `ccat/output_buffer`. */
  readonly place: string;
  /** Such as `pending`, `in_progress` or `failed`. */
  readonly status: string;
  /** How many rows. */
  readonly count: number;
  /** Since when the oldest row has this status, UTC. */
  readonly since: Date;
}

/** One query for each kind of work, in the order of the data: location, status and since when. */
const WORK: readonly (readonly [name: string, query: string])[] = [
  [
    'package files',
    `SELECT source_location_id AS place, 'unpackaged' AS status, created_at AS since
      FROM raw_data_file WHERE raw_data_package_id IS NULL`,
  ],
  ['build', openWork('raw_data_package', 'source_location_id')],
  [
    'bundle packages',
    `SELECT source_location_id AS place, 'unbundled' AS status, updated_at AS since
      FROM raw_data_package WHERE state = 'waiting' AND status = 'completed' AND data_transfer_package_id IS NULL`,
  ],
  ['bundle', openWork('data_transfer_package', 'origin_location_id')],
  ['transfer', openWork('data_transfer', 'origin_location_id')],
  ['unpack', openWork('data_transfer_unpacking', 'destination_location_id')],
  ['archive', openWork('long_term_archive_transfer', 'destination_location_id')],
  ['stage', openWork('staging_job', 'destination_location_id')],
  [
    'reduce',
    `SELECT p.processing_location_id AS place, CAST(r.status AS text) AS status, r.updated_at AS since
      FROM executed_reduction_step r JOIN reduction_step s ON s.id = r.reduction_step_id
      JOIN pipeline p ON p.id = s.pipeline_id WHERE r.status NOT IN ('completed', 'cancelled')`,
  ],
  [
    'delete',
    `SELECT data_location_id AS place, CAST(status AS text) AS status, updated_at AS since FROM physical_copy
      WHERE status IN ('deletion_possible', 'deletion_scheduled', 'deletion_in_progress', 'deletion_failed')`,
  ],
];

function openWork(table: string, place: string): string {
  return `SELECT ${place} AS place, CAST(status AS text) AS status, updated_at AS since
    FROM ${table} WHERE status <> 'completed'`;
}

/**
 * Work that waits, is in progress or has failed, by location, with its age; in the order of the data.
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import { DataLocation, RawDataPackage, requestStaging } from 'ccat-ops-db';
 * import { waitingWork } from 'ccat-ops-db/report';
 *
 * console.log(await waitingWork(session)); // []
 *
 * const place = await session.findOneByOrFail(DataLocation, { locationType: 'processing' });
 * const packageIds = (await session.find(RawDataPackage)).map(({ id }) => id);
 * await requestStaging(session, { id: randomUUID(), destinationLocationId: place.id, packageIds });
 * for (const { work, place, status, count } of await waitingWork(session))
 *   console.log(work, place, status, count); // stage cologne/ramses_processing pending 1
 */
export async function waitingWork(manager: EntityManager): Promise<Waiting[]> {
  const waiting: Waiting[] = [];
  for (const [work, query] of WORK) {
    const rows: { site: string; location: string; status: string; count: number; since: Date | string }[] =
      await manager.query(
        `SELECT site.short_name AS site, location.name AS location, open.status AS status,
            count(*) AS "count", min(open.since) AS since
          FROM (${query}) AS open JOIN data_location location ON location.id = open.place
          JOIN site ON site.id = location.site_id
          GROUP BY site.short_name, location.name, open.status ORDER BY 1, 2, 3`,
      );
    for (const { site, location, status, count, since } of rows)
      waiting.push({
        work,
        place: `${site}/${location}`,
        status,
        count: Number(count),
        since: asInstant(since),
      });
  }
  return waiting;
}

/** SQLite gives the text of an instant. */
export function asInstant(value: Date | string): Date {
  return value instanceof Date ? value : new Date(`${value.replace(' ', 'T').replace('Z', '')}Z`);
}
