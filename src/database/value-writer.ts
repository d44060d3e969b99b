import type { DataSource } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

/** Types whose values both drivers take as entities hold them. */
const PLAIN_TYPES = new Set<unknown>([
  'integer',
  'bigint',
  'double precision',
  'text',
  'uuid',
  'simple-enum',
]);
const INSTANTS = new Set<unknown>([Date, 'datetime', 'timestamptz']);
/** Of an instant in the years that have four digits: `2026-11-24T03:00:00.123Z`. */
const ISO_LENGTH = 24;

/**
 * What makes of the value of a property what the driver takes, with the same result as TypeORM.
 * @returns undefined where nothing is to be done
 */
export function valueWriter(
  { driver, options }: DataSource,
  column: ColumnMetadata,
): ((value: unknown) => unknown) | undefined {
  const { type, transformer, isArray } = column;
  const write = (value: unknown) => driver.preparePersistentValue(value, column);
  if (transformer || isArray) return write;
  const isPostgresql = options.type === 'postgres';
  if (PLAIN_TYPES.has(type) || (isPostgresql && type === 'boolean')) return undefined;
  if (!INSTANTS.has(type)) return write;
  return isPostgresql
    ? (value) => (value instanceof Date ? value : write(value))
    : (value) => (value instanceof Date ? sqliteInstant(value) : undefined) ?? write(value);
}

/** @throws RangeError for an instant that is none, which TypeORM would write down as it is */
function sqliteInstant(value: Date): string | undefined {
  const text = value.toISOString();
  return text.length === ISO_LENGTH ? `${text.slice(0, 10)} ${text.slice(11, 23)}` : undefined;
}
