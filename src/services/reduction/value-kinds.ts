import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import * as v from 'valibot';
import { FILTER_OPERATORS, type FilterOperator } from '../../entities/index.js';
import { isCalendarDate, parseInstant } from '../../values/instant.js';

/** What a rule compares, and how it may. */
export interface ValueKind {
  /** What a value must be, for messages. */
  readonly allowed: string;
  /** Checks a value and gives it as the query takes it. */
  readonly schema: v.GenericSchema<unknown, unknown>;
  readonly operators: readonly FilterOperator[];
  /** Type of such values within a JSON column, as PostgreSQL and JavaScript call it; without one there are none. */
  readonly json?: 'string' | 'number' | 'boolean';
}

const EQUALITY: readonly FilterOperator[] = ['eq', 'neq', 'in', 'not_in'];
const ORDER: readonly FilterOperator[] = [...EQUALITY, 'gt', 'gte', 'lt', 'lte'];

const text: ValueKind = {
  allowed: 'a text',
  // PostgreSQL has no texts with the character 0.
  schema: v.pipe(v.string(), v.regex(/^[^\0]*$/)),
  operators: FILTER_OPERATORS,
  json: 'string',
};

const number: ValueKind = {
  allowed: 'a number',
  schema: v.pipe(v.number(), v.finite()),
  operators: ORDER,
  json: 'number',
};

const flag: ValueKind = {
  allowed: 'true or false',
  schema: v.boolean(),
  operators: ['eq', 'neq'],
  json: 'boolean',
};

const day = v.pipe(v.string(), v.check(isCalendarDate));
/** A day stands for its midnight in UTC. */
const toInstant = (text: string) => parseInstant(isCalendarDate(text) ? `${text}T00:00:00Z` : text);

const instant: ValueKind = {
  allowed: 'an instant with its zone such as 2026-11-24T03:00:00Z, or a date for its midnight in UTC',
  schema: v.pipe(
    v.string(),
    v.check((text) => toInstant(text) !== undefined),
    v.transform(toInstant),
  ),
  operators: ORDER,
};

const kinds: ReadonlyMap<unknown, ValueKind> = new Map([
  ['text', text],
  ['double precision', number],
  ['boolean', flag],
  [
    'integer',
    {
      allowed: 'a whole number of at most 32 bits',
      schema: v.pipe(v.number(), v.integer(), v.minValue(-(2 ** 31)), v.maxValue(2 ** 31 - 1)),
      operators: ORDER,
    },
  ],
  ['bigint', { allowed: 'a whole number', schema: v.pipe(v.number(), v.safeInteger()), operators: ORDER }],
  ['date', { allowed: 'a date such as 2026-11-24', schema: day, operators: ORDER }],
  ['uuid', { allowed: 'a UUID', schema: v.pipe(v.string(), v.uuid(), v.toLowerCase()), operators: EQUALITY }],
]);

/** Whether the values of a column are found by a path. */
export function isJson({ type }: ColumnMetadata): boolean {
  return type === 'jsonb';
}

/** The kind of the values of a column that is not JSON. */
export function kindOfColumn({ type, enum: values }: ColumnMetadata): ValueKind {
  if (!values) return kinds.get(type) ?? instant;
  const names = values as string[];
  return { allowed: `one of ${names.join(', ')}`, schema: v.picklist(names), operators: EQUALITY };
}

/** The kind that a value has by itself, for JSON columns; undefined when a rule cannot compare it. */
export function kindOfValue(value: unknown): ValueKind | undefined {
  return [text, number, flag].find(({ json }) => json === typeof value);
}
