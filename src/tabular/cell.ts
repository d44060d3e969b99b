import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { type ColumnRule, columnRule, type Range } from '../entities/column-rules.js';
import { INSTANT_WANTED, parseInstant } from '../values/instant.js';
import { canonicalJson, JSON_WANTED } from '../values/json.js';
import { INT32, kindOf } from '../values/kinds.js';
import { parseNumber, parseWholeNumber } from './number.js';

/** The error for a cell that does not fit its column: what is wrong and what is allowed. */
export class CellError extends Error {}

/**
 * The value of a cell of a data file.
 * @param text the cell; empty stands for null or for the column's default
 * @returns undefined where the database shall fill in its default
 * @throws CellError when the text is no value of the column
 */
export function parseCell(text: string, column: ColumnMetadata): unknown {
  const rule = columnRule(column.target as new () => object, column.propertyName);
  if (text === '') return emptyValue(column, rule);
  if (column.enum) return oneOf(text, column.enum as string[]);
  switch (column.type) {
    case 'boolean':
      return oneOf(text, ['true', 'false']) === 'true';
    case 'integer':
      return within(within(given(parseWholeNumber(text), 'a whole number'), rule), INT32);
    case 'bigint':
      return within(given(parseWholeNumber(text), 'a whole number'), rule);
    case 'double precision':
      assertNotPacked(text, rule);
      return within(given(parseNumber(text), 'a number with a decimal point'), rule);
    case 'jsonb':
      return json(text, column.default);
    case Date:
      return instant(text);
    default:
      return canonical(text, column);
  }
}

function emptyValue(column: ColumnMetadata, rule: ColumnRule | undefined): null | undefined {
  if (!rule?.required) return null;
  if (column.default !== undefined) return undefined;
  throw new CellError('must not be empty');
}

/** Four digits before the point are no angle: they are hours or degrees, minutes and seconds without separators. */
function assertNotPacked(text: string, rule: ColumnRule | undefined): void {
  if (rule?.unit !== 'deg' || !/^[+-]?\d{4,}(\.\d*)?$/.test(text)) return;
  throw new CellError('must be a number of degrees; it looks like minutes and seconds written together');
}

function oneOf(text: string, allowed: readonly string[]): string {
  if (allowed.includes(text)) return text;
  throw new CellError(`allowed are ${allowed.join(', ')}`);
}

function given(value: number | undefined, what: string): number {
  // Without the sign of -0, which only PostgreSQL keeps.
  if (value !== undefined) return value + 0;
  throw new CellError(`must be ${what}`);
}

function within(value: number, { min, max, above, below }: Range = {}): number {
  if (min !== undefined && value < min) throw new CellError(`must be at least ${min}`);
  if (max !== undefined && value > max) throw new CellError(`must be at most ${max}`);
  if (above !== undefined && value <= above) throw new CellError(`must be greater than ${above}`);
  if (below !== undefined && value >= below) throw new CellError(`must be less than ${below}`);
  return value;
}

function json(text: string, fallback: unknown): unknown {
  const value = canonicalJson(parsedJson(text));
  if (value === undefined) throw new CellError(`must be ${JSON_WANTED}`);
  if (Array.isArray(fallback) && !Array.isArray(value)) throw new CellError('must be a list in JSON');
  if (fallback !== undefined && !Array.isArray(fallback) && !isObject(value))
    throw new CellError('must be an object in JSON');
  return value;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CellError(`must be JSON: ${(error as Error).message}`);
  }
}

function instant(text: string): Date {
  const value = parseInstant(text);
  if (value) return value;
  throw new CellError(`must be ${INSTANT_WANTED}`);
}

function canonical(text: string, column: ColumnMetadata): unknown {
  const kind = kindOf(column);
  const value = kind ? kind.canonical(text, {}) : text;
  if (value !== undefined) return value;
  throw new CellError(`must be ${kind?.wanted}`);
}
