import { closest, distance } from 'fastest-levenshtein';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import { OpsDbError, type OpsDbErrorCode } from '../errors.js';
import { INSTANT_WANTED, parseInstant } from './instant.js';
import { canonicalUuid, kindOf, ruleOf, type ValueKind } from './kinds.js';
import { shown } from './shown.js';

/** Values by property. */
export type Values = Readonly<Record<string, unknown>>;

/** Each property that may be given, and whether it must be. */
export type Properties = Readonly<Record<string, 'required' | 'optional'>>;

/** The properties that one door accepts. Doors are constants: their checks are compiled once. */
export interface Door {
  /** The accepted properties, and which of them are required; by default every column is accepted. */
  readonly properties?: Properties;
  /** Further required properties. */
  readonly required?: readonly string[];
  /** Properties that are no column, or narrower than theirs. */
  readonly others?: Readonly<Record<string, Pick<ValueKind, 'wanted' | 'canonical'>>>;
  /** Whether values come from parsed JSON, in which instants are texts. */
  readonly isJson?: boolean;
  /** Whether nothing may be null, also where the column may be. */
  readonly isWithoutNull?: boolean;
}

/** Called with an invalid property: its value, and what is wrong as a sentence without its subject. */
export type Report = (property: string, value: unknown, message: string) => void;

/** Brings a row into canonical form; invalid values are reported and left as they are. */
export type Canonicalise = (row: Values, report: Report) => Values;

/**
 * Compiles what brings rows of an entity into the one form in which both databases keep them, so that what is sent twice is
 * the same twice. Every door does it first: what is filed, loaded from files, parsed from JSON or claimed with.
 * @returns a row that is in that form as it is, of another a copy
 */
export function canonicaliserOf(metadata: EntityMetadata, door: Door): Canonicalise {
  const doors = compiled.get(metadata) ?? new Map<Door, Canonicalise>();
  compiled.set(metadata, doors);
  const known = doors.get(door) ?? compile(metadata, door);
  doors.set(door, known);
  return known;
}

const compiled = new WeakMap<EntityMetadata, Map<Door, Canonicalise>>();

/** A door at which the first property that is wrong is an error. */
export interface StrictDoor extends Door {
  /** The code of the error. */
  readonly code: OpsDbErrorCode;
}

/**
 * As {@link canonicaliserOf}, for rows of which each must be right.
 * @returns what throws an OpsDbError with the code of the door, that names the property, its value and what is allowed
 */
export function canonicalRows<R extends object>(metadata: EntityMetadata, door: StrictDoor): (row: R) => R {
  const { name } = metadata;
  const { code } = door;
  const canonicalise = canonicaliserOf(metadata, door);
  return (row) => {
    if (typeof row !== 'object' || row === null)
      throw new OpsDbError(code, `${name} is ${shown(row)}; it must be an object`);
    return canonicalise(row as Values, (property, value, message) => {
      const id = property === 'id' ? undefined : canonicalUuid((row as Values).id);
      const subject = id === undefined ? `${name}.${property}` : `${name} ${id}: ${property}`;
      throw new OpsDbError(code, `${subject} is ${shown(value)}; it ${message}`);
    }) as R;
  };
}

/**
 * One value of a row in the form of {@link canonicalRows}.
 * @throws OpsDbError with the code, that names the property, the value and what is allowed
 */
export function canonicalValue(
  metadata: EntityMetadata,
  property: string,
  value: unknown,
  code: OpsDbErrorCode,
): unknown {
  const column = metadata.findColumnWithPropertyName(property);
  const kind = column && kindOf(column);
  const canonical = kind ? kind.canonical(value, {}) : value;
  if (canonical !== undefined) return canonical;
  throw new OpsDbError(code, `${metadata.name}.${property} is ${shown(value)}; it must be ${kind?.wanted}`);
}

/** Rows that the database has, in the form of {@link canonicalRows} as far as they can be brought into it. */
export function canonicalAsFound<R extends object>(metadata: EntityMetadata): (row: R) => R {
  const entries = entriesOf(metadata, {});
  return (row) => {
    const found = { ...row } as Record<string, unknown>;
    for (const [property, { canonical }] of entries)
      if (found[property] !== undefined)
        found[property] = canonical(found[property], found) ?? found[property];
    return found as R;
  };
}

/** A property that may be given. */
interface Entry {
  readonly canonical: ValueKind['canonical'];
  readonly wanted: string;
  readonly isNullable: boolean;
  /** A property that must be given together with this one. */
  readonly goesWith?: string;
}

function entriesOf(metadata: EntityMetadata, door: Door): ReadonlyMap<string, Entry> {
  const { properties, isJson, isWithoutNull, others = {} } = door;
  const columns = metadata.columns.filter(
    ({ propertyName, isVirtual }) => !isVirtual && (!properties || propertyName in properties),
  );
  const ofColumns = columns.map((column): [string, Entry] => {
    const kind = kindOf(column);
    const isInstant = isJson && kind?.storable(EPOCH) === EPOCH;
    const { canonical = asItIs, wanted = 'a value' } = isInstant ? instantAsText : (kind ?? {});
    const { required, lengthBy } = ruleOf(column);
    return [
      column.propertyName,
      { canonical, wanted, isNullable: !isWithoutNull && !required, goesWith: lengthBy?.property },
    ];
  });
  const ofOthers = Object.entries(others).map(([property, kind]): [string, Entry] => [
    property,
    { ...kind, isNullable: false },
  ]);
  return new Map([...ofColumns, ...ofOthers]);
}

const EPOCH = new Date(0);
const asItIs = (value: unknown) => value;
const instantAsText = {
  wanted: INSTANT_WANTED,
  canonical: (value: unknown) => (typeof value === 'string' ? parseInstant(value) : undefined),
};

function compile(metadata: EntityMetadata, door: Door): Canonicalise {
  const entries = entriesOf(metadata, door);
  const required = Object.entries(door.properties ?? {})
    .flatMap(([property, need]) => (need === 'required' ? [property] : []))
    .concat(door.required ?? []);
  const pairs = [...entries].flatMap(([property, { goesWith }]) =>
    goesWith === undefined ? [] : [[property, goesWith] as const],
  );
  return (row, report) => {
    for (const property of required)
      if (row[property] === undefined) report(property, undefined, 'must be given');
    let copy: Record<string, unknown> | undefined;
    for (const property in row) {
      const value = row[property];
      if (value === undefined) continue;
      const entry = entries.get(property);
      if (!entry) {
        report(property, value, unknownProperty(metadata, property, entries));
        continue;
      }
      if (value === null && entry.isNullable) continue;
      const canonical = value === null ? undefined : entry.canonical(value, row);
      if (Object.is(canonical, value)) continue;
      if (canonical === undefined) {
        report(property, value, `must be ${entry.wanted}`);
        continue;
      }
      copy ??= { ...row };
      copy[property] = canonical;
    }
    for (const [property, by] of pairs)
      if ((row[by] ?? null) !== null && (row[property] ?? null) === null)
        report(property, row[property], `must be given, since ${by} is ${shown(row[by])}`);
    return copy ?? row;
  };
}

/** Length of a name that is compared with known names [characters]. */
const LONGEST_NAME = 100;

function unknownProperty(
  { relations }: EntityMetadata,
  property: string,
  entries: ReadonlyMap<string, Entry>,
): string {
  const relation = relations.find(({ propertyName }) => propertyName === property);
  const key = relation?.joinColumns[0]?.propertyName;
  if (key) return `is a relation, of which the key is to be given: ${key}`;
  const known = [...entries.keys()];
  const name = property.slice(0, LONGEST_NAME);
  const near = closest(name, known);
  const isNear = distance(name, near) <= Math.ceil(name.length / 3);
  return isNear ? `is not known; did you mean ${near}?` : `is not known; known are ${known.join(', ')}`;
}
