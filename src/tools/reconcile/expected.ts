import type { DataSource } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';

/** A copy as the database has it. */
export interface Expected {
  readonly id: string;
  /** As `physical_copy.type`. */
  readonly type: string;
  readonly status: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly checksum: string | null;
}

/** The classes that have copies, with the path of a row below the root of a location. */
const SUBJECTS = {
  raw_data_file: 'subject.relative_path',
  raw_data_package: 'subject.relative_path',
  data_transfer_package: 'subject.relative_path',
  data_product: `CAST(subject.executed_reduction_step_id AS text) || '/' || subject.relative_path`,
} as const;

const PAGE = 20_000;

/**
 * The copies that should lie at a location, page by page. The tar of a staged package is gone.
 * @param until copies that were changed later are passed over
 */
export async function* expectedAt(
  dataSource: DataSource,
  dataLocationId: number,
  until: Date | undefined,
): AsyncGenerator<Expected[]> {
  const { parameter } = dialectOf(dataSource);
  const end = until ?? new Date('9999-01-01T00:00:00Z');
  for (const [table, path] of Object.entries(SUBJECTS)) {
    const statement = `
      SELECT it.id, CAST(it.status AS text) AS status, coalesce(it.path, ${path}) AS path, subject.size_bytes AS size,
        subject.checksum, it.updated_at AS changed
      FROM physical_copy it JOIN ${table} subject ON subject.id = it.${table}_id
      WHERE it.data_location_id = ${parameter(1)} AND it.type = '${table}_physical_copy'
        AND it.status <> 'deleted' AND it.status <> 'staged' AND coalesce(it.path, ${path}) IS NOT NULL
        AND (it.updated_at, it.id) > (${parameter(2)}, ${parameter(3)}) AND it.updated_at <= ${parameter(4)}
      ORDER BY it.updated_at, it.id LIMIT ${PAGE}`;
    let after: { changed: unknown; id: string } = {
      changed: driverValue(dataSource, new Date(0)),
      id: NO_ID,
    };
    for (;;) {
      const rows: Row[] = await dataSource.query(statement, [
        dataLocationId,
        after.changed,
        after.id,
        driverValue(dataSource, end),
      ]);
      yield rows.map(({ id, status, path: at, size, checksum }) => ({
        id,
        type: `${table}_physical_copy`,
        status,
        path: at,
        sizeBytes: Number(size ?? 0),
        checksum,
      }));
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) break;
      after = last;
    }
  }
}

interface Row {
  readonly id: string;
  readonly status: string;
  readonly path: string;
  readonly size: string | number | null;
  readonly checksum: string | null;
  readonly changed: unknown;
}

const NO_ID = '00000000-0000-0000-0000-000000000000';

/** The value as the driver writes it. */
function driverValue(dataSource: DataSource, instant: Date): unknown {
  return dialectOf(dataSource).hasServer ? instant : instant.toISOString().replace('T', ' ').replace('Z', '');
}
