import type { DataSource } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { onDialect } from './dialect.js';

/** Types whose entity values are driver values already. */
const PLAIN_TYPES = new Set<unknown>([
  'integer',
  'bigint',
  'double precision',
  'text',
  'uuid',
  'simple-enum',
]);
const PLAIN_ON = { postgresql: new Set<unknown>(['boolean']), sqlite: new Set<unknown>() };
const INSTANTS = new Set<unknown>([Date, 'datetime', 'timestamptz']);
/** Of an instant in the years that have four digits: `2026-11-24T03:00:00.123Z`. */
const ISO_LENGTH = 24;

/**
 * Converts the value of a property to the driver value, as TypeORM does.
 * @returns undefined where nothing is to be done
 */
export function valueWriter(
  dataSource: DataSource,
  column: ColumnMetadata,
): ((value: unknown) => unknown) | undefined {
  const { type, transformer, isArray } = column;
  const write = (value: unknown) => dataSource.driver.preparePersistentValue(value, column);
  if (transformer || isArray) return write;
  if (PLAIN_TYPES.has(type) || onDialect(dataSource, PLAIN_ON).has(type)) return undefined;
  if (!INSTANTS.has(type)) return write;
  return onDialect<(value: unknown) => unknown>(dataSource, {
    postgresql: (value) => (value instanceof Date ? value : write(value)),
    sqlite: (value) => (value instanceof Date ? sqliteInstant(value) : undefined) ?? write(value),
  });
}

/** @throws RangeError for an instant that is none, which TypeORM would write down as it is */
function sqliteInstant(value: Date): string | undefined {
  const text = value.toISOString();
  return text.length === ISO_LENGTH ? `${text.slice(0, 10)} ${text.slice(11, 23)}` : undefined;
}
