import type { DataSource } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { onDialect } from '../../database/dialect.js';
import { isStorableInstant } from '../../values/instant.js';
import { sqliteInstantOf } from '../../values/kept-instant.js';

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
    if (value instanceof Date && isStorableInstant(value)) return value;
    return (typeof value === 'string' && sqliteInstantOf(value)) || read(value);
  };
}
