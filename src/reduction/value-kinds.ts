import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import * as z from 'zod';
import { FILTER_OPERATORS, type FilterOperator } from '../entities/index.js';

/** What a rule compares, and how it may. */
export interface ValueKind {
  /** What a value must be, for messages. */
  readonly allowed: string;
  /** Checks a value and gives it as the query takes it. */
  readonly schema: z.ZodType;
  readonly operators: readonly FilterOperator[];
  /** Type of such values within a JSON column, as PostgreSQL and JavaScript call it; without one there are none. */
  readonly json?: 'string' | 'number' | 'boolean';
}

const EQUALITY: readonly FilterOperator[] = ['eq', 'neq', 'in', 'not_in'];
const ORDER: readonly FilterOperator[] = [...EQUALITY, 'gt', 'gte', 'lt', 'lte'];

const text: ValueKind = {
  allowed: 'a text',
  // PostgreSQL has no texts with the character 0.
  schema: z.string().regex(/^[^\0]*$/),
  operators: FILTER_OPERATORS,
  json: 'string',
};

const number: ValueKind = { allowed: 'a number', schema: z.number(), operators: ORDER, json: 'number' };

const flag: ValueKind = {
  allowed: 'true or false',
  schema: z.boolean(),
  operators: ['eq', 'neq'],
  json: 'boolean',
};

const instant: ValueKind = {
  allowed: 'an instant with its zone such as 2026-11-24T03:00:00Z, or a date for its midnight in UTC',
  schema: z.union([z.iso.date(), z.iso.datetime({ offset: true })]).transform((given) => new Date(given)),
  operators: ORDER,
};

const kinds: ReadonlyMap<unknown, ValueKind> = new Map([
  ['text', text],
  ['double precision', number],
  ['boolean', flag],
  ['integer', { allowed: 'a whole number of at most 32 bits', schema: z.int32(), operators: ORDER }],
  ['bigint', { allowed: 'a whole number', schema: z.int(), operators: ORDER }],
  ['date', { allowed: 'a date such as 2026-11-24', schema: z.iso.date(), operators: ORDER }],
  ['uuid', { allowed: 'a UUID', schema: z.guid().toLowerCase(), operators: EQUALITY }],
]);

/** Whether the values of a column are found by a path. */
export function isJson({ type }: ColumnMetadata): boolean {
  return type === 'jsonb';
}

/** The kind of the values of a column that is not JSON. */
export function kindOfColumn({ type, enum: values }: ColumnMetadata): ValueKind {
  if (!values) return kinds.get(type) ?? instant;
  const names = values as string[];
  return { allowed: `one of ${names.join(', ')}`, schema: z.enum(names), operators: EQUALITY };
}

/** The kind that a value has by itself, for JSON columns; undefined when a rule cannot compare it. */
export function kindOfValue(value: unknown): ValueKind | undefined {
  return [text, number, flag].find(({ json }) => json === typeof value);
}
