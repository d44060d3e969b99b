import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import { OpsDbError } from '../errors.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** By type of column: a value as it comes back from the database, whatever its writer gave. */
const CANONICAL: ReadonlyMap<unknown, (value: unknown) => unknown> = new Map([
  ['uuid', (value) => (typeof value === 'string' ? value.toLowerCase() : value)],
  // What JSON has no word for is lost on the way, and instants become texts.
  ['jsonb', (value) => (value === null ? null : JSON.parse(JSON.stringify(value)))],
  // SQLite makes 0 of -0.
  ['double precision', (value) => (typeof value === 'number' ? value + 0 : value)],
]);

/**
 * Brings rows of an entity into the form in which they come back, so that what is sent twice is the same.
 * @returns what does so with a row; it throws OpsDbError `filing_refused` on a key that is no UUID
 */
export function canonicalRows<R extends object>(metadata: EntityMetadata): (row: R) => R {
  const columns = metadata.columns.filter(({ type }) => CANONICAL.has(type));
  return (row) => {
    const canonical = { ...row } as Record<string, unknown>;
    for (const column of columns) {
      const value = canonical[column.propertyName];
      if (value !== undefined) canonical[column.propertyName] = canonicalValue(column, value);
    }
    return canonical as R;
  };
}

function canonicalValue({ type, propertyName, entityMetadata }: ColumnMetadata, value: unknown): unknown {
  if (type === 'uuid' && typeof value === 'string' && !UUID.test(value))
    throw new OpsDbError(
      'filing_refused',
      `${entityMetadata.name}.${propertyName} is ${JSON.stringify(value)}; it must be a UUID, such as 0190a5d2-7c3e-7b6a-9f11-2a4c5e8d9b01`,
    );
  return CANONICAL.get(type)?.(value);
}
