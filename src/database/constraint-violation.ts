import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';

/** SQLSTATE class 23 of PostgreSQL: a constraint refused a row; 22: the type of a column, for which SQLite has a check. */
const INTEGRITY = /^2[23]/;

/** Whether an error of a driver says that the database does not allow a value of a row. */
export function isConstraintViolation(error: unknown): boolean {
  const { code } = ((error as { driverError?: unknown }).driverError ?? error) as { code?: unknown };
  return typeof code === 'string' && (INTEGRITY.test(code) || code.startsWith('SQLITE_CONSTRAINT'));
}

/** Longer conditions say less than their names. */
const LONGEST_CONDITION = 100;

/** What the database says of a row that it refuses. Of a check it says the name alone: then the condition that must hold. */
export function refusalOf(error: unknown, { checks }: EntityMetadata): string {
  const { message } = error as Error;
  const check = checks.find(({ name }) => name && new RegExp(`\\b${name}\\b`).test(message));
  if (!check || check.expression.length > LONGEST_CONDITION) return message;
  return `${check.expression.replaceAll('"', '')} must hold (${check.name})`;
}
