import { inspect } from 'node:util';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import { OpsDbError } from '../../errors.js';

/** What may stand in columns of a type. */
interface Kind {
  /** What a value must be, for messages. */
  readonly wanted: string;
  /** A value as it comes back from the database, whatever its writer gave; undefined where it cannot be written. */
  readonly canonical: (value: unknown) => unknown;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const uuid: Kind = {
  wanted: 'a UUID, such as 0190a5d2-7c3e-7b6a-9f11-2a4c5e8d9b01',
  canonical(value) {
    if (typeof value !== 'string') return undefined;
    if (UUID.test(value)) return value;
    const lowered = value.toLowerCase();
    return UUID.test(lowered) ? lowered : undefined;
  },
};
const json: Kind = {
  wanted: 'a value that can be written as JSON',
  // What JSON has no word for is lost on the way, and instants become texts.
  canonical(value) {
    const text = jsonText(value);
    return text === undefined ? undefined : JSON.parse(text);
  },
};
const instant: Kind = {
  wanted: 'a valid Date',
  canonical: (value) => (value instanceof Date && !Number.isNaN(value.getTime()) ? value : undefined),
};
const flag: Kind = {
  wanted: 'true or false',
  canonical: (value) => (typeof value === 'boolean' ? value : undefined),
};
/** The database says which texts and numbers it takes. */
const plain: Kind = {
  wanted: 'a text or a number',
  canonical: (value) => (typeof value === 'string' || typeof value === 'number' ? value : undefined),
};
const real: Kind = {
  ...plain,
  // SQLite makes 0 of -0.
  canonical: (value) => (typeof value === 'number' ? value + 0 : plain.canonical(value)),
};

/** By type of column. */
const KINDS: ReadonlyMap<unknown, Kind> = new Map<unknown, Kind>([
  ['uuid', uuid],
  ['jsonb', json],
  ['boolean', flag],
  ['double precision', real],
  ...['integer', 'bigint', 'text', 'simple-enum', 'date'].map((type) => [type, plain] as const),
  ...[Date, 'datetime', 'timestamptz'].map((type) => [type, instant] as const),
]);

/**
 * Brings rows of an entity into the form in which they come back, so that what is sent twice is the same.
 * @returns what does so with a row: one that is in that form is returned as it is, of another a copy; it throws
 *   OpsDbError `filing_refused` on a value that is none for its column
 */
export function canonicalRows<R extends object>(metadata: EntityMetadata): (row: R) => R {
  const columns = metadata.columns.flatMap((column) => {
    const kind = KINDS.get(column.type);
    return kind ? [{ property: column.propertyName, column, kind }] : [];
  });
  return (row) => {
    let canonical = row as Record<string, unknown>;
    for (const { property, column, kind } of columns) {
      const given = canonical[property];
      if (given === undefined || given === null) continue;
      const value = kind.canonical(given);
      if (Object.is(value, given)) continue;
      if (value === undefined) throw refused(column, given, kind);
      if (canonical === row) canonical = { ...canonical };
      canonical[property] = value;
    }
    return canonical as R;
  };
}

function refused(
  { propertyName, entityMetadata }: ColumnMetadata,
  value: unknown,
  { wanted }: Kind,
): OpsDbError {
  const shown = typeof value === 'string' ? JSON.stringify(value) : inspect(value, { depth: 0 });
  return new OpsDbError(
    'filing_refused',
    `${entityMetadata.name}.${propertyName} is ${shown}; it must be ${wanted}`,
  );
}

/** The text of a value; undefined where it has none, such as a list that holds itself. */
function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
