import { OpsDbError } from '../../errors.js';

/** More than these a statement cannot have; the drivers say so in ways that look like a lost connection. */
const MOST = { PostgreSQL: 65_535, SQLite: 32_766 } as const;

/** @throws OpsDbError `parameters_too_many` */
export function assertParameters(database: keyof typeof MOST, parameters: unknown): void {
  const most = MOST[database];
  if (!Array.isArray(parameters) || parameters.length <= most) return;
  throw new OpsDbError(
    'parameters_too_many',
    `a statement has ${parameters.length} parameters and was not sent: on ${database} it may have ${most}. TypeORM's In ` +
      'takes one for each value, and its insert one for each value of each row: divide the list (save has the option ' +
      'chunk), or pass it as one parameter, as the functions of this package do',
  );
}
