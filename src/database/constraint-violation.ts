/** SQLSTATE class 23 of PostgreSQL: a constraint refused a row; 22: the type of a column, for which SQLite has a check. */
const INTEGRITY = /^2[23]/;

/** Whether an error of a driver says that the database does not allow a value of a row. */
export function isConstraintViolation(error: unknown): boolean {
  const { code } = ((error as { driverError?: unknown }).driverError ?? error) as { code?: unknown };
  return typeof code === 'string' && (INTEGRITY.test(code) || code.startsWith('SQLITE_CONSTRAINT'));
}
