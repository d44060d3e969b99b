import type { DataSource } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { onDialect } from '../../database/dialect.js';

/** Types whose values the drivers give as entities hold them. */
const PLAIN_TYPES = new Set<unknown>(['integer', 'bigint', 'double precision', 'text', 'uuid']);
const PLAIN_ON = { postgresql: new Set<unknown>(['boolean', 'jsonb']), sqlite: new Set<unknown>() };
/** An instant as SQLite keeps it: `2026-11-24 03:00:00.123`. */
const SQLITE_INSTANT = /^(?!0000)\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/;

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
  if (!(type === Date || type === 'datetime')) return read;
  return (value) =>
    typeof value === 'string' && SQLITE_INSTANT.test(value)
      ? new Date(`${value.slice(0, 10)}T${value.slice(11)}Z`)
      : read(value);
}
