import type { Database, Statement } from 'better-sqlite3';
import type { EntityMetadata } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { valueWriter } from '../../database/value-writer.js';
import { checkOnSqlite } from '../../entities/column-rules.js';
import { OpsDbError } from '../../errors.js';
import type { Values } from '../../values/canonical.js';
import { sqliteDriver } from './driver.js';

/**
 * The rules that hold between the columns of a row, told by a database: tables in memory that have the checks of the
 * model and never keep a row. They know no other rows.
 */
export class RowChecks {
  private database?: Database;
  private readonly tables = new Set<string>();
  private readonly inserts = new Map<string, PreparedInsert>();

  /** @throws OpsDbError `filing_refused` for the first row that a check refuses */
  assertAllowed(metadata: EntityMetadata, rows: readonly Values[]): void {
    const database = this.tableOf(metadata);
    const insert = database.transaction(() => {
      for (const row of rows) this.insert(database, metadata, row);
      throw KEEP_NOTHING;
    });
    try {
      insert();
    } catch (error) {
      if (error !== KEEP_NOTHING) throw error;
    }
  }

  private insert(database: Database, metadata: EntityMetadata, row: Values): void {
    const { name, columns } = metadata;
    const given = columns.filter(({ propertyName }) => (row[propertyName] ?? null) !== null);
    const key = `${name} ${given.map(({ propertyName }) => propertyName).join(' ')}`;
    const { statement, valuesOf } = this.inserts.get(key) ?? prepared(database, metadata, given);
    this.inserts.set(key, { statement, valuesOf });
    try {
      statement.run(valuesOf(row));
    } catch (cause) {
      const subject = row.id === undefined ? name : `${name} ${row.id}`;
      throw new OpsDbError('filing_refused', `${subject}: ${(cause as Error).message}`, { cause });
    }
  }

  private tableOf(metadata: EntityMetadata): Database {
    this.database ??= new (sqliteDriver())(':memory:');
    const { tableName } = metadata;
    if (this.tables.has(tableName)) return this.database;
    this.database.exec(tableWithChecks(metadata.parentEntityMetadata ?? metadata));
    this.tables.add(tableName);
    return this.database;
  }
}

/** An INSERT for rows that have the same properties. */
interface PreparedInsert {
  readonly statement: Statement;
  readonly valuesOf: (row: Values) => unknown[];
}

function prepared(
  database: Database,
  { tableName, tableType, dataSource, discriminatorColumn, discriminatorValue }: EntityMetadata,
  given: readonly ColumnMetadata[],
): PreparedInsert {
  const type = tableType === 'entity-child' ? discriminatorColumn : undefined;
  const columns = given.filter((column) => column !== type);
  const names = [...columns, ...(type ? [type] : [])].map(({ databaseName }) => `"${databaseName}"`);
  const text = `INSERT INTO "${tableName}" (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
  const writers = columns.map((column) => [column.propertyName, valueWriter(dataSource, column)] as const);
  const valuesOf = (row: Values) => [
    ...writers.map(([property, write]) => (write ? (write(row[property]) ?? row[property]) : row[property])),
    ...(type ? [discriminatorValue] : []),
  ];
  return { statement: database.prepare(text), valuesOf };
}

const KEEP_NOTHING = new Error('keep nothing');

/** A table with the columns, defaults and checks of a class, and nothing that looks at other rows. */
function tableWithChecks({ tableName, columns, checks, dataSource: { driver } }: EntityMetadata): string {
  const lines = columns.map((column) => {
    const {
      databaseName,
      type,
      default: given,
      isNullable,
      isGenerated,
      isCreateDate,
      isUpdateDate,
    } = column;
    const isJson = type === 'jsonb';
    const byDefault = isJson && given !== undefined ? "'{}'" : driver.normalizeDefault(column);
    const mustBeGiven =
      !isNullable && !isGenerated && !isCreateDate && !isUpdateDate && byDefault === undefined;
    return [
      `"${databaseName}" ${isJson ? 'text' : driver.normalizeType(column)}`,
      ...(byDefault === undefined ? [] : [`DEFAULT (${byDefault})`]),
      ...(mustBeGiven ? ['NOT NULL'] : []),
    ].join(' ');
  });
  const rules = checks.map(
    ({ name, expression }) => `CONSTRAINT "${name}" CHECK (${checkOnSqlite(expression)})`,
  );
  return `CREATE TABLE "${tableName}" (${[...lines, ...rules].join(', ')})`;
}
