import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Database } from 'better-sqlite3';
import type { ClientBase } from 'pg';
import type { DataSource, EntityManager, ObjectLiteral, QueryRunner } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import { watchedStatement } from './connection-loss.js';

/** Rows of an entity by property, keys given by the writer. */
type Rows = readonly ObjectLiteral[];

/**
 * Inserts many rows at the speed of the driver: with COPY on PostgreSQL, with one prepared statement on SQLite. Columns,
 * their types and the discriminator come from the metadata of the entity; what no row gives is left to the defaults of
 * the database. Subscribers are not called.
 * @param manager of a transaction
 * @throws the error of the driver when a row breaks a constraint; the transaction is then to be rolled back
 */
export async function bulkInsert(
  manager: EntityManager,
  metadata: EntityMetadata,
  rows: Rows,
): Promise<void> {
  for (const group of bySameProperties(rows)) {
    const encode = encoder(manager.dataSource, metadata, group[0] as ObjectLiteral);
    if (manager.dataSource.options.type === 'postgres') await copy(manager, metadata, encode, group);
    else await insertPrepared(manager, metadata, encode, group);
  }
}

/** What is left out in some rows only must get its default there, and a statement has one list of columns. */
function bySameProperties(rows: Rows): Iterable<ObjectLiteral[]> {
  const groups = new Map<string, ObjectLiteral[]>();
  for (const row of rows) {
    const given = Object.keys(row).filter((property) => row[property] !== undefined);
    const group = groups.get(given.join());
    if (group) group.push(row);
    else groups.set(given.join(), [row]);
  }
  return groups.values();
}

interface Encoder {
  readonly columns: readonly ColumnMetadata[];
  /** The values of a row in the order of the columns, as the driver takes them. */
  readonly valuesOf: (row: ObjectLiteral) => unknown[];
}

function encoder({ driver }: DataSource, metadata: EntityMetadata, sample: ObjectLiteral): Encoder {
  const { discriminatorColumn, discriminatorValue } = metadata;
  const given = metadata.columns.filter(({ propertyName }) => sample[propertyName] !== undefined);
  const isMember = discriminatorColumn !== undefined && metadata.tableType === 'entity-child';
  const columns = isMember ? [discriminatorColumn, ...given] : given;
  const constants = isMember ? [discriminatorValue] : [];
  const valuesOf = (row: ObjectLiteral) => {
    const values: unknown[] = [...constants];
    for (const column of given) values.push(driver.preparePersistentValue(row[column.propertyName], column));
    return values;
  };
  return { columns, valuesOf };
}

async function copy(
  manager: EntityManager,
  { tablePath }: EntityMetadata,
  { columns, valuesOf }: Encoder,
  rows: Rows,
): Promise<void> {
  // Not at the top: only users of PostgreSQL need it.
  const { from }: typeof import('pg-copy-streams') = require('pg-copy-streams');
  const runner = manager.queryRunner as QueryRunner;
  const client: ClientBase = await runner.connect();
  const names = columns.map(({ databaseName }) => `"${databaseName}"`).join(', ');
  const statement = `COPY "${tablePath}" (${names}) FROM STDIN`;
  const lines = Readable.from(blocks(rows, valuesOf), { objectMode: false });
  await watchedStatement(runner, statement, () => pipeline(lines, client.query(from(statement))));
}

/** Rows in one piece that is sent: few enough to be small, enough for the pieces not to count. */
const BLOCK = 500;

function* blocks(rows: Rows, valuesOf: Encoder['valuesOf']): Generator<string> {
  for (let start = 0; start < rows.length; start += BLOCK) {
    let text = '';
    for (const row of rows.slice(start, start + BLOCK)) text += `${valuesOf(row).map(copyText).join('\t')}\n`;
    yield text;
  }
}

const TO_ESCAPE = /[\\\t\n\r]/g;
const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** A value in the text format of COPY. */
function copyText(value: unknown): string {
  if (value === null || value === undefined) return '\\N';
  if (value instanceof Date) return value.toISOString();
  const text = typeof value === 'string' ? value : String(value);
  return text.replace(TO_ESCAPE, (character) => ESCAPED[character] as string);
}

async function insertPrepared(
  manager: EntityManager,
  { tablePath }: EntityMetadata,
  { columns, valuesOf }: Encoder,
  rows: Rows,
): Promise<void> {
  const connection: Database = await manager.queryRunner?.connect();
  const names = columns.map(({ databaseName }) => `"${databaseName}"`).join(', ');
  const values = columns.map(({ type }) => (type === 'jsonb' ? 'jsonb(?)' : '?')).join(', ');
  const statement = connection.prepare(`INSERT INTO "${tablePath}" (${names}) VALUES (${values})`);
  for (const row of rows)
    statement.run(valuesOf(row).map((value) => (typeof value === 'boolean' ? Number(value) : value)));
}
