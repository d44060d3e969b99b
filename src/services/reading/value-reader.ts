import type { DataSource } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

/** Types whose values the drivers give as entities hold them. */
const PLAIN_TYPES = new Set<unknown>(['integer', 'bigint', 'double precision', 'text', 'uuid']);
const PLAIN_ON_POSTGRESQL = new Set<unknown>(['boolean', 'jsonb']);
/** An instant as SQLite keeps it: `2026-11-24 03:00:00.123`. */
const SQLITE_INSTANT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/;

/**
 * What makes the value of a property of what the driver gives, with the same result as TypeORM.
 * @returns undefined where nothing is to be done
 */
export function valueReader(
  { driver, options }: DataSource,
  column: ColumnMetadata,
): ((value: unknown) => unknown) | undefined {
  const { type, transformer, isArray } = column;
  const read = (value: unknown) => driver.prepareHydratedValue(value, column);
  if (transformer || isArray) return read;
  const isPostgresql = options.type === 'postgres';
  if (PLAIN_TYPES.has(type) || (isPostgresql && PLAIN_ON_POSTGRESQL.has(type))) return undefined;
  if (type === 'simple-enum' && column.enum?.every((value) => typeof value === 'string')) return undefined;
  if (isPostgresql || !(type === Date || type === 'datetime')) return read;
  return (value) =>
    typeof value === 'string' && SQLITE_INSTANT.test(value)
      ? new Date(`${value.slice(0, 10)}T${value.slice(11)}Z`)
      : read(value);
}
