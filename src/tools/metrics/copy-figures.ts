import type { DataSource } from 'typeorm';

/** Copies of one kind at one location in one status. */
export interface CopyFigures {
  readonly site: string;
  readonly location: string;
  /** What they are copies of: a class name. */
  readonly of: string;
  readonly status: string;
  readonly copies: number;
  readonly bytes: number;
}

/** What there are copies of: class, table, and the column that leads to it. */
const KINDS = [
  ['RawDataFile', 'raw_data_file'],
  ['RawDataPackage', 'raw_data_package'],
  ['DataTransferPackage', 'data_transfer_package'],
  ['DataProduct', 'data_product'],
] as const;

/** The copies that are there, or are being deleted, by location and status; deleted ones are the record of the past. */
export async function copyFigures(dataSource: DataSource): Promise<CopyFigures[]> {
  const figures = await Promise.all(
    KINDS.map(async ([of, table]) => {
      const rows: Omit<CopyFigures, 'of'>[] = await dataSource.query(
        `SELECT site.short_name AS site, location.name AS location, held.status, held.copies, held.bytes
         FROM (
           SELECT copy.data_location_id AS place, CAST(copy.status AS text) AS status, count(*) AS copies,
             coalesce(sum(CAST(thing.size_bytes AS double precision)), 0) AS bytes
           FROM physical_copy copy JOIN ${table} thing ON thing.id = copy.${table}_id
           WHERE copy.status <> 'deleted' AND copy.type = '${table}_physical_copy'
           GROUP BY copy.data_location_id, copy.status
         ) AS held JOIN data_location location ON location.id = held.place JOIN site ON site.id = location.site_id
         ORDER BY 1, 2, 3`,
      );
      return rows.map((row) => ({ ...row, of, copies: Number(row.copies) }));
    }),
  );
  return figures.flat();
}
