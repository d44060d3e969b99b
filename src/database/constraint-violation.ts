/** SQLSTATE class 23 of PostgreSQL: a constraint refused a row. */
const INTEGRITY = /^23/;

/** Whether an error of a driver says that a constraint of the database refused a row. */
export function isConstraintViolation(error: unknown): boolean {
  const { code } = ((error as { driverError?: unknown }).driverError ?? error) as { code?: unknown };
  return typeof code === 'string' && (INTEGRITY.test(code) || code.startsWith('SQLITE_CONSTRAINT'));
}
