import type { DataSource } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { onDialect } from '../../database/dialect.js';

/** Types whose values the drivers give as entities hold them. */
const PLAIN_TYPES = new Set<unknown>(['integer', 'bigint', 'double precision', 'text', 'uuid']);
const PLAIN_ON = { postgresql: new Set<unknown>(['boolean', 'jsonb']), sqlite: new Set<unknown>() };

/**
 * What makes the value of a property of what the driver gives, with the same result as TypeORM.
 * @returns undefined where nothing is to be done
 */
export function valueReader(
  dataSource: DataSource,
  column: ColumnMetadata,
): ((value: unknown) => unknown) | undefined {
  const { type, transformer, isArray } = column;
  const read = (value: unknown) => dataSource.driver.prepareHydratedValue(value, column);
  if (transformer || isArray) return read;
  if (PLAIN_TYPES.has(type) || onDialect(dataSource, PLAIN_ON).has(type)) return undefined;
  if (type === 'simple-enum' && column.enum?.every((value) => typeof value === 'string')) return undefined;
  if (type === 'boolean') return (value) => (value === null ? null : Boolean(value));
  if (!(type === Date || type === 'datetime')) return (value) => (value === null ? null : read(value));
  return (value) => {
    if (value === null) return null;
    return typeof value === 'string' && SQLITE_INSTANT.test(value) ? instantOf(value) : read(value);
  };
}

/** An instant as SQLite keeps it: `2026-11-24 03:00:00.123`. `Date.UTC` takes the years 0 to 99 for 1900 to 1999. */
const SQLITE_INSTANT =
  /^(?!00)\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]) (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}$/;

/** The instant of a text of that form; JavaScript takes more than twice as long to read a text itself. */
function instantOf(text: string): Date {
  const milliseconds = 10 * twoDigits(text, 20) + text.charCodeAt(22) - ZERO;
  return new Date(
    Date.UTC(
      100 * twoDigits(text, 0) + twoDigits(text, 2),
      twoDigits(text, 5) - 1,
      twoDigits(text, 8),
      twoDigits(text, 11),
      twoDigits(text, 14),
      twoDigits(text, 17),
      milliseconds,
    ),
  );
}

const ZERO = '0'.charCodeAt(0);

function twoDigits(text: string, at: number): number {
  return 10 * (text.charCodeAt(at) - ZERO) + text.charCodeAt(at + 1) - ZERO;
}
