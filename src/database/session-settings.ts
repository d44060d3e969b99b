import { OpsDbError } from '../errors.js';

/**
 * Settings of PostgreSQL that change what values and statements mean, with what this package needs: a database or a role
 * may have others for other programs.
 */
const NEEDED = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, MDY',
  client_encoding: 'UTF8',
  standard_conforming_strings: 'on',
  IntervalStyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  quote_all_identifiers: 'off',
  transform_null_equals: 'off',
  array_nulls: 'on',
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
} as const;

/** What poolers take with the login and keep for each of their clients. */
const TAKEN_BY_POOLERS = ['TimeZone', 'DateStyle', 'client_encoding', 'standard_conforming_strings'] as const;

/** The needed settings and further ones, as the server takes them with the login. */
export function sessionOptions(further: Readonly<Record<string, string | number>>): string {
  return Object.entries({ ...NEEDED, ...further })
    .map(([name, value]) => `-c ${name}=${String(value).replace(/[\\ ]/g, '\\$&')}`)
    .join(' ');
}

/** The needed settings that a pooler takes with the login. */
export function poolerParameters(): Record<string, string> {
  return Object.fromEntries(TAKEN_BY_POOLERS.map((name) => [name, NEEDED[name]]));
}

/**
 * Holds the settings of the sessions behind a pooler against what is needed: they are those of the role, since a pooler
 * takes few with the login.
 * @throws OpsDbError `settings_invalid` that names each setting and how to change it
 */
export async function assertSessionSettings(
  query: (text: string) => Promise<{ readonly rows: readonly Record<string, string>[] }>,
): Promise<void> {
  const names = Object.keys(NEEDED) as (keyof typeof NEEDED)[];
  const columns = names.map((name) => `current_setting('${name}') AS "${name}"`);
  const { rows } = await query(`SELECT quote_ident(current_user) AS role, ${columns.join(', ')}`);
  const [found = {}] = rows;
  const wrong = names.filter((name) => !isAsNeeded(name, found[name]));
  if (wrong.length === 0) return;
  const statements = wrong.map((name) => `ALTER ROLE ${found.role} SET ${name} = '${NEEDED[name]}'`);
  throw new OpsDbError(
    'settings_invalid',
    `behind the pooler (database_postgresql_pooler) sessions have ${wrong.map((name) => `${name} = ${found[name]}`).join(', ')}, ` +
      `with which values would be read as others. Run ${statements.join('; ')} as an administrator, and have the pooler ` +
      'connect anew',
  );
}

function isAsNeeded(name: keyof typeof NEEDED, value: string | undefined): boolean {
  // Each from 1 on gives all digits that tell a number from the next one.
  if (name === 'extra_float_digits') return Number(value) >= 1;
  if (name === 'DateStyle') return value?.startsWith('ISO') ?? false;
  return value?.toLowerCase() === NEEDED[name].toLowerCase();
}
