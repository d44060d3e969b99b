import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type { ClientBase } from 'pg';
import type { EntityManager, ObjectLiteral } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import type { WatchedQueryRunner } from './connection-loss.js';
import { valueWriter } from './value-writer.js';

/** Rows of an entity by property, keys given by the writer. */
type Rows = readonly ObjectLiteral[];

/**
 * Inserts many rows at the speed of the driver: with COPY on PostgreSQL, with one prepared statement on SQLite. Columns,
 * their types and the discriminator come from the metadata of the entity; what a row does not give is left to the
 * default of the database. Subscribers are not called, and relations are not looked at: rows give their keys.
 * @param manager of a transaction
 * @throws the error of the driver when a row breaks a constraint; the transaction is then to be rolled back
 */
export async function bulkInsert(
  manager: EntityManager,
  metadata: EntityMetadata,
  rows: Rows,
): Promise<void> {
  const insert = manager.dataSource.options.type === 'postgres' ? copy : insertPrepared;
  for (const group of bySameDefaults(metadata, rows)) await insert(manager, metadata, group);
}

/** A statement has one list of columns: what is left out in some rows only must get its default there. */
function bySameDefaults({ columns }: EntityMetadata, rows: Rows): Iterable<Rows> {
  const filledIn = columns.filter(hasDefault).map(({ propertyName }) => propertyName);
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
  readonly columns: readonly ColumnMetadata[];
  /** The values of a row in the order of the columns, as the driver takes them. */
  readonly valuesOf: (row: ObjectLiteral) => unknown[];
}

function targetOf({ dataSource }: EntityManager, metadata: EntityMetadata, rows: Rows): Target {
  const { discriminatorColumn, discriminatorValue, tableType, tablePath } = metadata;
  const type = tableType === 'entity-child' ? discriminatorColumn : undefined;
  const given = metadata.columns.filter(
    (column) => column !== type && rows.some((row) => row[column.propertyName] !== undefined),
  );
  const columns = type ? [type, ...given] : given;
  const names = columns.map(({ databaseName }) => `"${databaseName}"`).join(', ');
  const constants = type ? [discriminatorValue] : [];
  const properties = given.map((column) => [column.propertyName, valueWriter(dataSource, column)] as const);
  const valuesOf = (row: ObjectLiteral) => {
    const values: unknown[] = [...constants];
    for (const [property, write] of properties) {
      const value = row[property];
      values.push(value === undefined || value === null ? null : write(value));
    }
    return values;
  };
  return { into: `"${tablePath}" (${names})`, columns, valuesOf };
}

/** Rows in one piece: few enough to be small, enough for the pieces not to count. */
const PIECE = 500;

function* pieces(rows: Rows): Generator<Rows> {
  for (let start = 0; start < rows.length; start += PIECE) yield rows.slice(start, start + PIECE);
}

async function copy(manager: EntityManager, metadata: EntityMetadata, rows: Rows): Promise<void> {
  // Not at the top: only users of PostgreSQL need it.
  const { from }: typeof import('pg-copy-streams') = require('pg-copy-streams');
  const { into, valuesOf } = targetOf(manager, metadata, rows);
  const statement = `COPY ${into} FROM STDIN`;
  function* lines() {
    for (const piece of pieces(rows)) yield piece.map((row) => copyLine(valuesOf(row))).join('');
  }
  const runner = manager.queryRunner as WatchedQueryRunner;
  const client: ClientBase = await runner.connect();
  await runner.watch(statement, () =>
    pipeline(Readable.from(lines(), { objectMode: false }), client.query(from(statement))),
  );
}

const TO_ESCAPE = /[\\\t\n\r]/;
const ALL_TO_ESCAPE = /[\\\t\n\r]/g;
const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** A row in the text format of COPY. */
function copyLine(values: readonly unknown[]): string {
  let line = '';
  for (const value of values) line += `${copyText(value)}\t`;
  return `${line.slice(0, -1)}\n`;
}

function copyText(value: unknown): string {
  if (value === null || value === undefined) return '\\N';
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'number') return String(value);
  const text = String(value);
  return TO_ESCAPE.test(text)
    ? text.replace(ALL_TO_ESCAPE, (character) => ESCAPED[character] as string)
    : text;
}

async function insertPrepared(manager: EntityManager, metadata: EntityMetadata, rows: Rows): Promise<void> {
  const { into, columns, valuesOf } = targetOf(manager, metadata, rows);
  const values = columns.map(({ type }) => (type === 'jsonb' ? 'jsonb(?)' : '?')).join(', ');
  const connection: Database = await manager.queryRunner?.connect();
  const statement = connection.prepare(`INSERT INTO ${into} VALUES (${values})`);
  for (const piece of pieces(rows)) {
    for (const row of piece) statement.run(valuesOf(row));
    // The driver works in this very thread: let others have it.
    await setImmediate();
  }
}
