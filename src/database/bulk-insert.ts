import { setImmediate } from 'node:timers/promises';
import type { EntityManager, ObjectLiteral, QueryRunner } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import { dialectOf } from './dialect.js';
import type { Sent } from './pg/sent.js';
import { asOne } from './together.js';
import type { PostgresqlRunner } from './typeorm/postgresql-runner.js';
import type { SqliteRunner } from './typeorm/sqlite-runner.js';
import { valueWriter } from './value-writer.js';

/** Rows of an entity by property, keys given by the writer. */
type Rows = readonly ObjectLiteral[];

/** Rows to insert into the table of an entity. */
export type Insert = readonly [metadata: EntityMetadata, rows: Rows];

/**
 * Inserts many rows at the speed of the driver: with COPY on PostgreSQL, in one round trip, with one prepared statement on
 * SQLite. Columns, their types and the discriminator come from the metadata of the entity; what a row does not give is
 * left to the default of the database. Subscribers are not called, and relations are not looked at: rows give their keys.
 * @param manager of a transaction
 * @throws the error of the driver when a row breaks a constraint; the transaction is then to be rolled back
 */
export function bulkInsert(manager: EntityManager, metadata: EntityMetadata, rows: Rows): Promise<void> {
  return insertInto(manager.queryRunner as QueryRunner, [[metadata, rows]]);
}

/** Like {@link bulkInsert} for several tables, also outside of a transaction: either all rows are inserted or none. */
export function bulkInsertAll(manager: EntityManager, inserts: readonly Insert[]): Promise<void> {
  return asOne(manager, (runner) => insertInto(runner, inserts));
}

async function insertInto(runner: QueryRunner, inserts: readonly Insert[]): Promise<void> {
  if (dialectOf(runner.dataSource).hasServer) {
    await (runner as PostgresqlRunner).sendTogether(inserts.flatMap(copies));
    return;
  }
  for (const insert of inserts)
    for (const [target, rows] of targetsOf(insert))
      await insertPrepared(runner as SqliteRunner, target, rows);
}

/** The COPY statements with which PostgreSQL takes rows. */
export function copies(insert: Insert): Sent[] {
  return [...targetsOf(insert)].map(([target, rows]) => copy(target, rows));
}

function* targetsOf([metadata, rows]: Insert): Generator<[Target, Rows]> {
  const named = namesIn(rows);
  const columns = metadata.columns.filter(({ propertyName }) => named.has(propertyName));
  for (const group of bySameDefaults(columns, rows)) yield [targetOf(metadata, columns, group), group];
}

function namesIn(rows: Rows): ReadonlySet<string> {
  const names = new Set<string>();
  for (const row of rows) for (const name in row) names.add(name);
  return names;
}

/** A statement has one list of columns. A column that only some rows leave out must have its default in these rows. */
function bySameDefaults(columns: readonly ColumnMetadata[], rows: Rows): Iterable<Rows> {
  const filledIn = columns.filter(hasDefault).map(({ propertyName }) => propertyName);
  if (filledIn.length === 0) return [rows];
  const groups = new Map<string, ObjectLiteral[]>();
  for (const row of rows) {
    let leftOut = '';
    for (const property of filledIn) if (row[property] === undefined) leftOut += `${property} `;
    const group = groups.get(leftOut);
    if (group) group.push(row);
    else groups.set(leftOut, [row]);
  }
  return groups.values();
}

function hasDefault({ default: given, isCreateDate, isUpdateDate, isGenerated }: ColumnMetadata): boolean {
  return given !== undefined || isCreateDate || isUpdateDate || isGenerated;
}

/** How to write rows of an entity that leave the same columns to the database. */
interface Target {
  /** The table with the columns that are written. */
  readonly into: string;
  /** Gives the driver value of each column of a row. */
  readonly values: readonly ((row: ObjectLiteral) => unknown)[];
}

function targetOf(metadata: EntityMetadata, named: readonly ColumnMetadata[], rows: Rows): Target {
  const { discriminatorColumn, tableType, tablePath } = metadata;
  const type = tableType === 'entity-child' ? discriminatorColumn : undefined;
  const given = named.filter(
    (column) => column !== type && rows.some((row) => row[column.propertyName] !== undefined),
  );
  const columns = type ? [type, ...given] : given;
  const names = columns.map(({ databaseName }) => `"${databaseName}"`).join(', ');
  return {
    into: `"${tablePath}" (${names})`,
    values: columns.map((column) =>
      column === type ? () => metadata.discriminatorValue : readerOf(metadata, column),
    ),
  };
}

function readerOf({ dataSource }: EntityMetadata, column: ColumnMetadata): (row: ObjectLiteral) => unknown {
  const { propertyName } = column;
  const write = valueWriter(dataSource, column);
  if (!write) return (row) => row[propertyName];
  return (row) => {
    const value = row[propertyName] ?? null;
    return value === null ? null : write(value);
  };
}

/** Rows per chunk of text: small in memory, and large enough that the overhead per chunk does not count. */
const PIECE = 500;

function* pieces(rows: Rows): Generator<Rows> {
  for (let start = 0; start < rows.length; start += PIECE) yield rows.slice(start, start + PIECE);
}

function copy(target: Target, rows: Rows): Sent {
  function* lines() {
    const texts = target.values.map(textOf);
    for (const piece of pieces(rows))
      yield piece.map((row) => `${texts.map((text) => text(row)).join('\t')}\n`).join('');
  }
  return { text: `COPY ${target.into} FROM STDIN`, lines: { [Symbol.iterator]: lines } };
}

/** Gives the text of one column of each row; most columns of files have one value in many rows. */
function textOf(value: (row: ObjectLiteral) => unknown): (row: ObjectLiteral) => string {
  let last: unknown;
  let text = copyText(last);
  return (row) => {
    const next = value(row);
    if (next !== last) text = copyText(next);
    last = next;
    return text;
  };
}

const TO_ESCAPE = /[\\\t\n\r]/;
const ALL_TO_ESCAPE = /[\\\t\n\r]/g;
const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** A value in the text format of COPY. */
function copyText(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (value === null || value === undefined) return '\\N';
  if (value instanceof Date) return value.toISOString();
  const text = String(value);
  return TO_ESCAPE.test(text)
    ? text.replace(ALL_TO_ESCAPE, (character) => ESCAPED[character] as string)
    : text;
}

async function insertPrepared(runner: SqliteRunner, target: Target, rows: Rows): Promise<void> {
  const { into, values } = target;
  const placeholders = values.map(() => '?').join(', ');
  const text = `INSERT INTO ${into} VALUES (${placeholders})`;
  await runner.exclusive(text, async (connection) => {
    const statement = connection.prepare(text);
    for (const piece of pieces(rows)) {
      for (const row of piece) statement.run(values.map((value) => value(row)));
      // The driver blocks this thread: let other tasks run.
      await setImmediate();
    }
  });
}
