import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import { OpsDbError } from '../errors.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** By type of column: a value as it comes back from the database, whatever its writer gave. */
const CANONICAL: ReadonlyMap<unknown, (value: unknown, column: ColumnMetadata) => unknown> = new Map([
  ['uuid', (value, column) => (typeof value === 'string' ? canonicalUuid(value, column) : value)],
  // What JSON has no word for is lost on the way, and instants become texts.
  ['jsonb', (value) => (value === null ? null : JSON.parse(JSON.stringify(value)))],
  // SQLite makes 0 of -0.
  ['double precision', (value) => (typeof value === 'number' ? value + 0 : value)],
]);

/**
 * Brings rows of an entity into the form in which they come back, so that what is sent twice is the same.
 * @returns what does so with a row: one that is in that form is returned as it is, of another a copy; it throws
 *   OpsDbError `filing_refused` on a key that is no UUID
 */
export function canonicalRows<R extends object>(metadata: EntityMetadata): (row: R) => R {
  const columns = metadata.columns.flatMap((column) => {
    const canonicalValue = CANONICAL.get(column.type);
    return canonicalValue ? [{ column, canonicalValue, property: column.propertyName }] : [];
  });
  return (row) => {
    let canonical = row as Record<string, unknown>;
    for (const { column, canonicalValue, property } of columns) {
      const given = canonical[property];
      const value = given === undefined ? undefined : canonicalValue(given, column);
      if (Object.is(value, given)) continue;
      if (canonical === row) canonical = { ...canonical };
      canonical[property] = value;
    }
    return canonical as R;
  };
}

function canonicalUuid(given: string, { propertyName, entityMetadata }: ColumnMetadata): string {
  if (UUID.test(given)) return given;
  const value = given.toLowerCase();
  if (UUID.test(value)) return value;
  throw new OpsDbError(
    'filing_refused',
    `${entityMetadata.name}.${propertyName} is ${JSON.stringify(given)}; it must be a UUID, such as 0190a5d2-7c3e-7b6a-9f11-2a4c5e8d9b01`,
  );
}
