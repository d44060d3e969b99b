import type { DataSource } from 'typeorm';
import { dialectOf, onDialect } from '../../database/dialect.js';
import { beginReading } from '../../database/read-runner.js';
import { type Row, rowsOf, Statement } from '../../database/statement.js';

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

const PAGE = 2000;

/** Which copies of one kind are read. */
interface Selection {
  /** Key, status, path, size, checksum, and when it was changed. */
  readonly text: string;
  readonly dataLocationId: number;
  /** In the spelling of the database. */
  readonly until: unknown;
}

/**
 * The copies that should lie at a location, page by page. The tar of a staged package is gone.
 * @param until copies that were changed later are passed over
 */
export async function* expectedAt(
  dataSource: DataSource,
  dataLocationId: number,
  until: Date = new Date('9999-01-01T00:00:00Z'),
): AsyncGenerator<Expected[]> {
  const { parameter, instantParameter } = dialectOf(dataSource);
  const pagesOf = onDialect(dataSource, { postgresql: pagesOfCursor, sqlite: pagesByTime });
  for (const [table, path] of Object.entries(SUBJECTS)) {
    const type = `${table}_physical_copy`;
    const text = `
      SELECT it.id, CAST(it.status AS text), coalesce(it.path, ${path}), subject.size_bytes, subject.checksum, it.updated_at
      FROM physical_copy it JOIN ${table} subject ON subject.id = it.${table}_id
      WHERE it.data_location_id = ${parameter(1)} AND it.updated_at <= ${parameter(2)} AND it.type = '${type}'
        AND it.status <> 'deleted' AND it.status <> 'staged' AND coalesce(it.path, ${path}) IS NOT NULL`;
    const selection = { text, dataLocationId, until: instantParameter(until) };
    for await (const page of pagesOf(dataSource, selection))
      yield page.map(([id, status, at, size, checksum]) => ({
        id: id as string,
        type,
        status: status as string,
        path: at as string,
        sizeBytes: Number(size ?? 0),
        checksum: checksum as string | null,
      }));
  }
}

/** In one pass, since many copies are written at the same instant, among which no index finds the next page. */
async function* pagesOfCursor(
  { manager }: DataSource,
  { text, dataLocationId, until }: Selection,
): AsyncGenerator<Row[]> {
  const { runner, end } = await beginReading(manager);
  try {
    // All of it is read: what is fastest in the end, not what gives the first rows soonest.
    await runner.query('SET LOCAL cursor_tuple_fraction = 1');
    await runner.query(`DECLARE expected NO SCROLL CURSOR FOR ${text}`, [dataLocationId, until]);
    const fetch = new Statement(`FETCH ${PAGE} FROM expected`, false);
    for (;;) {
      const rows = await rowsOf(runner, fetch, []);
      yield rows;
      if (rows.length < PAGE) return;
    }
  } finally {
    // In a transaction that has failed it is closed already.
    await runner.query('CLOSE expected').catch(() => undefined);
    await end();
  }
}

/** The driver works in this very thread: each page is a statement of its own. */
async function* pagesByTime(
  { manager }: DataSource,
  { text, dataLocationId, until }: Selection,
): AsyncGenerator<Row[]> {
  const { runner, end } = await beginReading(manager);
  try {
    const page = new Statement(
      `${text} AND (it.updated_at, it.id) > (?, ?) ORDER BY it.updated_at, it.id LIMIT ${PAGE}`,
    );
    for (let after: unknown[] = ['', '']; ; ) {
      const rows = await rowsOf(runner, page, [dataLocationId, until, ...after]);
      yield rows;
      const last = rows[PAGE - 1];
      if (!last) return;
      after = [last[5], last[0]];
    }
  } finally {
    await end();
  }
}
