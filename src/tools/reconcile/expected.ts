import type { DataSource } from 'typeorm';
import { dialectOf, onDialect } from '../../database/dialect.js';
import { beginReading } from '../../database/read-runner.js';
import { type Row, rowsOf, Statement } from '../../database/statement.js';

/** A copy as the database has it: its path, and behind it, with a tabulator before each, size, checksum, key, type and status. */
export type Expected = readonly [path: string, rest: string];

/** The classes that have copies, with the path of a row below the root of a location. */
const SUBJECTS = {
  raw_data_file: 'subject.relative_path',
  raw_data_package: 'subject.relative_path',
  data_transfer_package: 'subject.relative_path',
  data_product: `CAST(subject.executed_reduction_step_id AS text) || '/' || subject.relative_path`,
} as const;

/** Copies that are fetched at once: those of a larger page live long enough to fill the memory, and are read no faster. */
const PAGE = 2000;
/** A tabulator in SQL. */
const TAB = { postgresql: 'chr(9)', sqlite: 'char(9)' };

/** Which copies of one kind are read. */
interface Selection {
  /** What the columns are read from, and under which conditions. */
  readonly from: string;
  /** Path, and what stands behind it. */
  readonly columns: string;
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
  const tab = onDialect(dataSource, TAB);
  for (const [table, subjectPath] of Object.entries(SUBJECTS)) {
    const type = `${table}_physical_copy`;
    const path = `coalesce(it.path, ${subjectPath})`;
    const rest = [
      'CAST(coalesce(subject.size_bytes, 0) AS text)',
      `coalesce(subject.checksum, '')`,
      'CAST(it.id AS text)',
      `'${type}'`,
      'CAST(it.status AS text)',
    ];
    const columns = `${path}, ${rest.map((text) => `${tab} || ${text}`).join(' || ')}`;
    const from = `
      FROM physical_copy it JOIN ${table} subject ON subject.id = it.${table}_id
      WHERE it.data_location_id = ${parameter(1)} AND it.updated_at <= ${parameter(2)} AND it.type = '${type}'
        AND it.status <> 'deleted' AND it.status <> 'staged' AND ${path} IS NOT NULL`;
    yield* pagesOf(dataSource, { columns, from, dataLocationId, until: instantParameter(until) });
  }
}

/** In one pass, since many copies are written at the same instant, among which no index finds the next page. */
async function* pagesOfCursor(
  { manager }: DataSource,
  { columns, from, dataLocationId, until }: Selection,
): AsyncGenerator<Expected[]> {
  const { runner, end } = await beginReading(manager);
  let page: Promise<Row[]> | undefined;
  try {
    // All of it is read: what is fastest in the end, not what gives the first rows soonest.
    await runner.query('SET LOCAL cursor_tuple_fraction = 1');
    await runner.query(`DECLARE expected NO SCROLL CURSOR FOR SELECT ${columns} ${from}`, [
      dataLocationId,
      until,
    ]);
    const fetch = new Statement(`FETCH ${PAGE} FROM expected`, false);
    page = rowsOf(runner, fetch, []);
    for (;;) {
      const rows = (await page) as unknown as Expected[];
      const isLast = rows.length < PAGE;
      // The server reads on while this page is worked on.
      if (!isLast) page = rowsOf(runner, fetch, []);
      yield rows;
      if (isLast) return;
    }
  } finally {
    await page?.catch(() => undefined);
    // In a transaction that has failed it is closed already.
    await runner.query('CLOSE expected').catch(() => undefined);
    await end();
  }
}

/** The driver works in this very thread: each page is a statement of its own. */
async function* pagesByTime(
  { manager }: DataSource,
  { columns, from, dataLocationId, until }: Selection,
): AsyncGenerator<Expected[]> {
  const { runner, end } = await beginReading(manager);
  try {
    const page = new Statement(
      `SELECT ${columns}, it.updated_at, it.id ${from}
      AND (it.updated_at, it.id) > (?, ?) ORDER BY it.updated_at, it.id LIMIT ${PAGE}`,
    );
    for (let after: unknown[] = ['', '']; ; ) {
      const rows = await rowsOf(runner, page, [dataLocationId, until, ...after]);
      yield rows as unknown as Expected[];
      const last = rows[PAGE - 1];
      if (!last) return;
      after = last.slice(2);
    }
  } finally {
    await end();
  }
}
