import { inspect } from 'node:util';
import { closest } from 'fastest-levenshtein';
import type { DataSource } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { safeParse } from 'valibot';
import { FILTER_OPERATORS, type FilterOperator, type FilterRule } from '../../entities/index.js';
import { InvalidInputError, type Issue } from '../../errors.js';
import { findColumn, findTable, TABLES } from './tables.js';
import { isJson, kindOfColumn, kindOfValue, type ValueKind } from './value-kinds.js';

/** A rule that was found to be valid. */
export interface Condition {
  readonly column: ColumnMetadata;
  /** Names and numbers on the way through a JSON column; undefined for other columns. */
  readonly path: readonly (string | number)[] | undefined;
  readonly operator: FilterOperator;
  /** The value or list of values as the query takes them; null asks whether there is a value. */
  readonly value: unknown;
  /** What is compared; undefined where the value is null. */
  readonly kind: ValueKind | undefined;
}

/** Keys of a rule. */
const KEYS: readonly string[] = [
  'table',
  'column',
  'operator',
  'value',
  'json_path',
] satisfies (keyof FilterRule)[];
/** A list with more values than this belongs into a table. */
const LONGEST_LIST = 1000;
/** How a value is shown: whatever it is, on one line. */
const SHOWN = { breakLength: Infinity, depth: 1, maxArrayLength: 5, maxStringLength: 80 };

type Report = (key: string, value: unknown, message: string) => void;
type Given = Readonly<Record<keyof FilterRule, unknown>>;

/**
 * Checks the rules of a grouping, which may come from anywhere.
 * @throws InvalidInputError `filter_rule_invalid` with all issues of all rules
 */
export function checkRules(dataSource: DataSource, rules: unknown): Condition[] {
  if (!Array.isArray(rules))
    throw invalid([issue('filterRules', 'filterRules', rules, 'must be a list of rules')]);
  const issues: Issue[] = [];
  const conditions = rules.flatMap((rule, index) => {
    const report: Report = (...details) => issues.push(issue(`rule ${index + 1}`, ...details));
    return checkRule(dataSource, rule, report) ?? [];
  });
  if (issues.length > 0) throw invalid(issues);
  return conditions;
}

/** The error for rules or dimensions with issues. */
export function invalid(issues: readonly Issue[]): InvalidInputError {
  return new InvalidInputError(
    'filter_rule_invalid',
    'The grouping cannot be used; nothing was selected:',
    issues,
  );
}

/** One issue, with its value as it is shown. */
export function issue(origin: string, key: string, value: unknown, message: string): Issue {
  return { origin, key, value: inspect(value, SHOWN), message };
}

/** What to say of a name that is none of those allowed. */
export function unknownName(name: unknown, allowed: readonly string[]): string {
  const hint = typeof name === 'string' ? `did you mean ${closest(name, allowed)}? ` : '';
  return `${hint}allowed: ${allowed.join(', ')}`;
}

function checkRule(dataSource: DataSource, rule: unknown, report: Report): Condition | undefined {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) {
    report('rule', rule, `must be an object with the keys ${KEYS.join(', ')}`);
    return undefined;
  }
  for (const [key, value] of Object.entries(rule))
    if (!KEYS.includes(key)) report(key, value, `is no key of a rule; ${unknownName(key, KEYS)}`);
  const given = rule as Given;
  const operator = checkOperator(given, report);
  const column = checkColumn(dataSource, given, report);
  const path = column && checkPath(column, given, report);
  if (!operator || !column) return undefined;
  const checked = checkValue(column, operator, given.value, report);
  return checked && { column, path, operator, ...checked };
}

function checkOperator({ operator }: Given, report: Report): FilterOperator | undefined {
  const known = FILTER_OPERATORS.find((name) => name === operator);
  if (!known) report('operator', operator, `is no operator; ${unknownName(operator, FILTER_OPERATORS)}`);
  return known;
}

function checkColumn(
  dataSource: DataSource,
  { table, column }: Given,
  report: Report,
): ColumnMetadata | undefined {
  const metadata = findTable(dataSource, table);
  if (!metadata) {
    report('table', table, `is no table of a rule; ${unknownName(table, TABLES)}`);
    return undefined;
  }
  const known = findColumn(metadata, column);
  const names = metadata.columns.map(({ propertyName }) => propertyName);
  if (!known) report('column', column, `is no column of ${metadata.name}; ${unknownName(column, names)}`);
  return known;
}

function checkPath(
  column: ColumnMetadata,
  { json_path: path }: Given,
  report: Report,
): (string | number)[] | undefined {
  const { propertyName } = column;
  if (!isJson(column)) {
    if (path != null) report('json_path', path, `has no meaning, since ${propertyName} is not a JSON column`);
    return undefined;
  }
  const pieces = typeof path === 'string' ? path.split('.') : [];
  // Quotes and backslashes have a meaning of their own in the path languages of the databases.
  if (pieces.length === 0 || !pieces.every((piece) => /^[^"\\\p{Cc}]+$/u.test(piece)))
    report(
      'json_path',
      path,
      `must lead to a value in ${propertyName}: names joined by dots, without quotes and backslashes, ` +
        'such as observation.frequency_ghz',
    );
  return pieces.map((piece) => (/^(0|[1-9]\d{0,8})$/.test(piece) ? Number(piece) : piece));
}

function checkValue(
  column: ColumnMetadata,
  operator: FilterOperator,
  value: unknown,
  report: Report,
): Pick<Condition, 'value' | 'kind'> | undefined {
  if (value === null && (operator === 'eq' || operator === 'neq')) return { value, kind: undefined };
  const takesList = operator === 'in' || operator === 'not_in';
  if (takesList && !(Array.isArray(value) && value.length > 0 && value.length <= LONGEST_LIST)) {
    report('value', value, `must be a list of 1 to ${LONGEST_LIST} values for ${operator}`);
    return undefined;
  }
  const values: unknown[] = takesList ? (value as unknown[]) : [value];
  const kind = isJson(column) ? kindOfValue(values[0]) : kindOfColumn(column);
  if (!kind) {
    report('value', value, 'must be a text, a number, true, false or a list; null for eq and neq only');
    return undefined;
  }
  if (!kind.operators.includes(operator))
    report('operator', operator, `does not fit ${kind.allowed}; allowed: ${kind.operators.join(', ')}`);
  const results = values.map((one) => safeParse(kind.schema, one));
  for (const [index, { success }] of results.entries())
    if (!success) report(takesList ? `value[${index}]` : 'value', values[index], `must be ${kind.allowed}`);
  if (operator === 'like' && /(^|[^\\])(\\\\)*\\$/.test(String(value)))
    report('value', value, 'must not end with a single backslash, which makes the next character literal');
  const taken = results.map(({ output }) => output);
  return { value: takesList ? taken : taken[0], kind };
}
