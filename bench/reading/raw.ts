/** Reading by hand on the raw drivers: split queries, prepared once, linked by maps. */
import Sqlite from 'better-sqlite3';
import { Pool, types } from 'pg';
import type { Connected } from '../support/task.js';
import { isPostgresql } from '../support/task.js';

// biome-ignore lint/suspicious/noExplicitAny: rows as the drivers give them
type Row = Record<string, any>;

/** The functions of a driver that reading by hand needs. */
export interface Driver {
  /** Rows of a statement that is prepared once; `?` stands for each parameter, a list is one parameter. */
  rows(sql: string, parameters: readonly unknown[]): Promise<Row[]>;
  /** Rows one after the other. */
  stream(sql: string): AsyncIterable<Row>;
  /** The condition that a column has one of the values of a list. */
  isAnyOf(column: string): string;
  close(): Promise<void>;
}

/** A contender that reads by hand. */
export function byHand<Given>(work: (driver: Driver, given: Given) => Promise<unknown>) {
  return {
    async connect(database: string): Promise<Connected<Given>> {
      const driver = isPostgresql(database) ? onPostgresql(database) : onSqlite(database);
      return { run: (given) => work(driver, given), close: () => driver.close() };
    },
  };
}

/** As many connections as the package has by default. */
const CONNECTIONS = 10;

function onPostgresql(database: string): Driver {
  types.setTypeParser(types.builtins.INT8, Number);
  const pool = new Pool({ connectionString: database, max: CONNECTIONS, options: '-c TimeZone=UTC' });
  const names = new Map<string, { name: string; text: string }>();
  const named = (sql: string) => {
    let number = 0;
    const query = names.get(sql) ?? {
      name: `q${names.size}`,
      text: sql.replace(/\?/g, () => `$${++number}`),
    };
    names.set(sql, query);
    return query;
  };
  return {
    rows: async (sql, values) => (await pool.query({ ...named(sql), values: [...values] })).rows,
    async *stream(sql) {
      const client = await pool.connect();
      try {
        await client.query('BEGIN READ ONLY');
        await client.query(`DECLARE rows NO SCROLL CURSOR FOR ${sql}`);
        for (let rows: Row[] = [{}]; rows.length > 0; ) {
          ({ rows } = await client.query('FETCH 1000 FROM rows'));
          yield* rows;
        }
      } finally {
        await client.query('ROLLBACK');
        client.release();
      }
    },
    isAnyOf: (column) => `${column} = ANY(?)`,
    close: () => pool.end(),
  };
}

function onSqlite(database: string): Driver {
  const connection = new Sqlite(database);
  const statements = new Map<string, Sqlite.Statement>();
  const prepared = (sql: string) => {
    const statement = statements.get(sql) ?? connection.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  return {
    async rows(sql, values) {
      const given = values.map((value) => (Array.isArray(value) ? JSON.stringify(value) : value));
      return (prepared(sql).all(...given) as Row[]).map(withInstants);
    },
    async *stream(sql) {
      for (const row of prepared(sql).iterate()) yield withInstants(row as Row);
    },
    isAnyOf: (column) => `${column} IN (SELECT value FROM json_each(?))`,
    async close() {
      connection.close();
    },
  };
}

const instants = new Map<string, boolean>();

/** SQLite gives instants as text. */
function withInstants(row: Row): Row {
  for (const name in row) {
    if (!instants.has(name)) instants.set(name, /_(?:at|time)$/.test(name));
    if (instants.get(name) && row[name] !== null) row[name] = new Date(`${row[name].replace(' ', 'T')}Z`);
  }
  return row;
}

/** Links rows to their parents, which are read once. */
export async function link(driver: Driver, rows: Row[], key: string, table: string): Promise<void> {
  const keys = [...new Set(rows.map((row) => row[key]))];
  const parents = await driver.rows(`SELECT * FROM ${table} WHERE ${driver.isAnyOf('id')}`, [keys]);
  const byKey = new Map(parents.map((parent) => [parent.id, parent]));
  for (const row of rows) row[table] = byKey.get(row[key]);
}

/** Gives rows their children. */
export async function gather(driver: Driver, rows: Row[], table: string, key: string): Promise<Row[]> {
  const keys = rows.map((row) => row.id);
  const children = await driver.rows(`SELECT * FROM ${table} WHERE ${driver.isAnyOf(key)}`, [keys]);
  for (const row of rows) row[table] = [];
  const byKey = new Map(rows.map((row) => [row.id, row]));
  for (const child of children) byKey.get(child[key])?.[table].push(child);
  return children;
}
