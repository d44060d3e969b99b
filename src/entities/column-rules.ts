/**
 * The description and the rules of columns: recorded when a column is declared, for the checks of the database and for
 * readers that report an invalid value before the database does.
 */
import { Check, Column, type ColumnOptions, type ColumnType } from 'typeorm';

/** The description of a column; it becomes the comment in the database. */
export interface Described {
  /** One sentence without its full stop: what the value is. */
  readonly comment: string;
  /** What null means. The column is nullable exactly when this is given. */
  readonly null?: string;
  /** The value that the database fills in when none is given. */
  readonly default?: string | number | boolean | object;
  /** Whether a trigger of the database fills the column in, whatever is given. */
  readonly keptByDatabase?: true;
}

/** Limits of a number; the database checks them and so do the readers of data files. */
export interface Range {
  /** The smallest value allowed. */
  readonly min?: number;
  /** The largest value allowed. */
  readonly max?: number;
  /** The value must be larger than this. */
  readonly above?: number;
  /** The value must be smaller than this. */
  readonly below?: number;
}

/** The rules for the values of a column beside its type. */
export interface ColumnRule extends Range {
  /** Whether rows of the entity must have a value: the column says nothing of null. */
  readonly required: boolean;
  /** The exact number of characters of a text. */
  readonly length?: number;
  /** The exact number of characters of a text by the value of another property; it is null where that is. */
  readonly lengthBy?: { readonly property: string; readonly lengths: Readonly<Record<string, number>> };
  /** Whether a text is a path below the root of a location. */
  readonly isRelativePath?: boolean;
  /** The unit of a number in VOUnits spelling. */
  readonly unit?: string;
  /** Whether a trigger of the database fills the column in, whatever is given. */
  readonly keptByDatabase?: true;
}

/**
 * The rules of a column of an entity, for readers that report an invalid value before the database does.
 * @returns undefined where the column was not declared with a helper of `columns.ts`
 */
export function columnRule(entity: abstract new () => object, property: string): ColumnRule | undefined {
  for (let prototype = entity.prototype; prototype; prototype = Object.getPrototypeOf(prototype)) {
    const rule = rules.get(prototype)?.get(property);
    if (rule) return rule;
  }
  return undefined;
}

const rules = new WeakMap<object, Map<string, ColumnRule>>();

/** The rules of the columns that one class declares itself, by property. */
export function ownRules(entity: abstract new () => object): ReadonlyMap<string, ColumnRule> {
  return rules.get(entity.prototype) ?? new Map();
}

/** Declares a column, and records its rules. */
export function define(
  target: object,
  property: string,
  type: ColumnType,
  { comment, null: meaning, default: fallback, keptByDatabase }: Described,
  more: ColumnOptions = {},
  rule: Partial<ColumnRule> = {},
): void {
  const required = meaning === undefined;
  Column({
    type,
    nullable: !required,
    comment: required ? `${comment}.` : `${comment}; null: ${meaning}.`,
    default: fallback,
    ...more,
  })(target, property);
  const known = rules.get(target) ?? new Map<string, ColumnRule>();
  rules.set(target, known.set(property, { ...rule, required, keptByDatabase }));
}

/**
 * Adds a check on a column to the table of its entity.
 * @param onSqlite where SQLite has another spelling; {@link checkOnSqlite} has it
 */
export function addCheck(target: object, expression: string, onSqlite?: string): void {
  Check(expression)(target.constructor);
  if (onSqlite !== undefined) sqliteChecks.set(expression, onSqlite);
}

const sqliteChecks = new Map<string, string>();

/** A check as SQLite spells it. */
export function checkOnSqlite(expression: string): string {
  return sqliteChecks.get(expression) ?? expression;
}
