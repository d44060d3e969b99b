import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { invalidArgument } from './arguments.js';
import { isStorableInstant } from './instant.js';
import { INSTANTS, kindOf } from './kinds.js';

const NUMBERS: readonly unknown[] = ['integer', 'bigint', 'double precision'];
const NUMBER = /^-?\d+(?:\.\d+)?$/;

/**
 * A value that is compared with those of a column, in the form in which both databases keep it; a number may be a text, as it
 * comes from an address.
 * @throws OpsDbError `value_invalid` for a value that the column can never have
 */
export function comparableValue(column: ColumnMetadata, value: unknown): unknown {
  const comparable = comparableOrNone(column, value);
  if (comparable !== undefined) return comparable;
  const { propertyName, entityMetadata } = column;
  throw invalidArgument(`${entityMetadata.name}.${propertyName}`, value, kindOf(column)?.wanted ?? 'a value');
}

/** As {@link comparableValue}, undefined for a value that the column can never have. */
export function comparableOrNone(column: ColumnMetadata, value: unknown): unknown {
  const kind = kindOf(column);
  // JSON is compared by operators of its own.
  if (!kind || column.type === 'jsonb') return value;
  const isNumber = typeof value === 'string' && NUMBERS.includes(column.type) && NUMBER.test(value);
  return kind.storable(isNumber ? Number(value) : value);
}

const INFINITE: readonly unknown[] = [Infinity, -Infinity];

/**
 * A value as it was read. PostgreSQL's `infinity` comes as a number, what is no instant on SQLite as an invalid Date.
 * @throws OpsDbError `value_invalid` for an instant that neither database would have taken from this package
 */
export function readableValue(column: ColumnMetadata, value: unknown): unknown {
  const isReadable = value instanceof Date ? isStorableInstant(value) : !INFINITE.includes(value);
  if (isReadable || !INSTANTS.has(column.type)) return value;
  const { propertyName, entityMetadata } = column;
  const wanted =
    'a valid Date in the years 0001 to 9999: something else wrote it, put the row right with an UPDATE in SQL';
  throw invalidArgument(`${entityMetadata.name}.${propertyName} in the database`, value, wanted);
}

/**
 * A value as it is stored, which TypeORM writes otherwise on each database.
 * @throws OpsDbError `value_invalid` for a value that one of the databases would refuse or change
 */
export function storableValue(column: ColumnMetadata, value: unknown): unknown {
  const kind = value === null || value === undefined || column.transformer ? undefined : kindOf(column);
  if (!kind) return value;
  const storable = kind.storable(value);
  if (storable !== undefined) return storable;
  const { propertyName, entityMetadata } = column;
  throw invalidArgument(`${entityMetadata.name}.${propertyName}`, value, kind.wanted);
}
