import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { type ColumnRule, columnRule } from '../entities/column-rules.js';
import { DATE_WANTED, isCalendarDate, isStorableInstant, parseInstant } from './instant.js';
import { canonicalJson, JSON_WANTED } from './json.js';
import { isRelativePath, PATH_WANTED } from './relative-path.js';
import { composed, isStorableText } from './text.js';

/** The other values of the row that a value is of, by property. */
type Row = Readonly<Record<string, unknown>>;

/** The values that a column accepts. */
export interface ValueKind {
  /** What a value must be, for messages. */
  readonly wanted: string;
  /** What both databases keep alike of a value, whatever the rules of its column; undefined where they keep nothing. */
  readonly storable: (value: unknown) => unknown;
  /** The one form of a value that the rules of its column allow; undefined where they allow none. */
  readonly canonical: (value: unknown, row: Row) => unknown;
}

/** The smallest and the largest value of a column of 32 bits. */
export const INT32 = { min: -(2 ** 31), max: 2 ** 31 - 1 };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The spelling of a UUID that PostgreSQL gives; undefined for what is none. */
export function canonicalUuid(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (UUID.test(value)) return value;
  const lowered = value.toLowerCase();
  return UUID.test(lowered) ? lowered : undefined;
}

function storableText(value: unknown): string | undefined {
  return typeof value === 'string' && isStorableText(value) ? value : undefined;
}

function storableInstant(value: unknown): Date | undefined {
  const instant = typeof value === 'string' ? parseInstant(value) : value;
  return instant instanceof Date && isStorableInstant(instant) ? instant : undefined;
}

function storableDate(value: unknown): string | undefined {
  return typeof value === 'string' && isCalendarDate(value) ? value : undefined;
}

/** SQLite stores -0 as 0. */
function storableNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value + 0 : undefined;
}

function storableInteger(value: unknown): number | undefined {
  return Number.isSafeInteger(value) ? (value as number) + 0 : undefined;
}

function alike(wanted: string, storable: ValueKind['storable']): ValueKind {
  return { wanted, storable, canonical: storable };
}

const uuid = alike('a UUID, such as 0190a5d2-7c3e-7b6a-9f11-2a4c5e8d9b01', canonicalUuid);
/** A JSON value. */
export const json = alike(JSON_WANTED, canonicalJson);
const date = alike(DATE_WANTED, storableDate);
const flag = alike('true or false', (value) => (typeof value === 'boolean' ? value : undefined));
const instant: ValueKind = {
  wanted: 'a valid Date in the years 0001 to 9999',
  storable: storableInstant,
  canonical: (value) => (value instanceof Date ? storableInstant(value) : undefined),
};

function number(what: string, rule: ColumnRule, storable: (value: unknown) => number | undefined): ValueKind {
  const { min = -Infinity, max = Infinity, above = -Infinity, below = Infinity } = rule;
  const limits = [
    [rule.min, 'at least'],
    [rule.above, 'greater than'],
    [rule.max, 'at most'],
    [rule.below, 'less than'],
  ] as const;
  const terms = limits.flatMap(([limit, word]) => (limit === undefined ? [] : [`${word} ${limit}`]));
  return {
    wanted: [what, ...terms].join(', '),
    storable,
    canonical(value) {
      const number = storable(value);
      if (number === undefined) return undefined;
      return number >= min && number <= max && number > above && number < below ? number : undefined;
    },
  };
}

function integer(rule: ColumnRule): ValueKind {
  return number('a whole number of at most 32 bits', rule, (value) => {
    const whole = storableInteger(value);
    return whole !== undefined && whole >= INT32.min && whole <= INT32.max ? whole : undefined;
  });
}

function text({ length }: ColumnRule): ValueKind {
  const size = length === undefined ? 'a text that is not empty' : `a text of ${length} characters`;
  return {
    wanted: `${size}, in valid Unicode without the character U+0000`,
    storable: storableText,
    canonical(value) {
      const storable = storableText(value);
      const spelled = storable && composed(storable);
      return length === undefined || spelled?.length === length ? spelled || undefined : undefined;
    },
  };
}

const relativePath: ValueKind = {
  wanted: PATH_WANTED,
  storable: storableText,
  canonical: (value) =>
    typeof value === 'string' && isRelativePath(value) ? storableText(value) : undefined,
};

const HEXADECIMAL = /^[0-9a-f]*$/;

/** Checksums are compared as texts: one form, or the same content counts as damaged. */
function checksum({ property, lengths }: NonNullable<ColumnRule['lengthBy']>): ValueKind {
  const wanted = Object.entries(lengths).map(([name, length]) => `${length} for ${name}`);
  return {
    wanted: `as many hexadecimal digits as ${property} says: ${wanted.join(', ')}; base64, as object stores give it, is to be converted`,
    storable: storableText,
    canonical(value, row) {
      if (typeof value !== 'string' || value.length !== lengths[String(row[property])]) return undefined;
      const lowered = value.toLowerCase();
      return HEXADECIMAL.test(lowered) ? lowered : undefined;
    },
  };
}

/** A list of UUIDs. */
export const uuids = alike('a list of UUIDs', (values) => {
  if (!Array.isArray(values)) return undefined;
  const canonical = values.map(canonicalUuid);
  return canonical.includes(undefined) ? undefined : canonical;
});

/** A list of keys that the database has given. */
export const keys = alike('a list of whole numbers', (values) =>
  Array.isArray(values) && values.every(Number.isSafeInteger) ? values : undefined,
);

/** A name. */
export const name = text({ required: true });

/** One of a list of texts. */
export function oneOf(values: readonly string[]): ValueKind {
  const known = new Set<unknown>(values);
  return alike(`one of ${values.join(', ')}`, (value) => (known.has(value) ? value : undefined));
}

/** The types of columns that hold instants, on both databases. */
export const INSTANTS: ReadonlySet<unknown> = new Set([
  Date,
  'datetime',
  'timestamptz',
  'timestamp with time zone',
]);

/** By type of column. */
const KINDS: ReadonlyMap<unknown, (rule: ColumnRule) => ValueKind> = new Map<
  unknown,
  (rule: ColumnRule) => ValueKind
>([
  ['uuid', () => uuid],
  ['jsonb', () => json],
  ['boolean', () => flag],
  ['date', () => date],
  ['integer', integer],
  ['bigint', (rule) => number('a whole number', rule, storableInteger)],
  ['double precision', (rule) => number('a finite number', rule, storableNumber)],
  ['text', text],
  ...[...INSTANTS].map((type) => [type, () => instant] as const),
]);

const known = new WeakMap<ColumnMetadata, ValueKind>();

/** What may stand in a column; undefined for one of a type that the model does not have. */
export function kindOf(column: ColumnMetadata): ValueKind | undefined {
  const kind = known.get(column) ?? makeKind(column);
  if (kind) known.set(column, kind);
  return kind;
}

function makeKind(column: ColumnMetadata): ValueKind | undefined {
  const rule = ruleOf(column);
  const { discriminatorValue, tableType } = column.entityMetadata;
  if (column.isDiscriminator && tableType === 'entity-child') return oneOf([discriminatorValue as string]);
  if (column.enum) return oneOf(column.enum as string[]);
  if (rule.isRelativePath) return relativePath;
  if (rule.lengthBy) return checksum(rule.lengthBy);
  return KINDS.get(column.type)?.(rule);
}

/** What holds for a column in rows of the class that it is a column of. */
export function ruleOf({ entityMetadata, target, propertyName, isNullable }: ColumnMetadata): ColumnRule {
  const rule = [entityMetadata.target, target]
    .filter((owner) => typeof owner === 'function')
    .map((owner) => columnRule(owner as new () => object, propertyName))
    .find((found) => found !== undefined);
  return rule ?? { required: !isNullable };
}
