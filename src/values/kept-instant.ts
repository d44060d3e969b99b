/** Parsers of instants in the fixed formats of the databases; `new Date(text)` takes more than twice as long. */

/** The format on SQLite: `2026-11-24 03:00:00.123`. `Date.UTC` takes the years 0 to 99 for 1900 to 1999. */
const SQLITE_INSTANT =
  /^(?!00)\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]) (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}$/;

/** The output format of PostgreSQL in UTC, without trailing zeros: `2026-11-24 03:00:00.12+00`. */
const POSTGRESQL_INSTANT = /^(?!00)\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?\+00$/;

/** Parses an instant of SQLite; undefined for another format. */
export function sqliteInstantOf(text: string): Date | undefined {
  return SQLITE_INSTANT.test(text) ? instantOf(text, text.length) : undefined;
}

/** Parses a `timestamptz` of PostgreSQL, truncated to milliseconds; undefined for another format or time zone. */
export function postgresqlInstantOf(text: string): Date | undefined {
  return POSTGRESQL_INSTANT.test(text) ? instantOf(text, text.length - '+00'.length) : undefined;
}

/** @param end where the fraction of the second ends */
function instantOf(text: string, end: number): Date {
  let milliseconds = 0;
  for (let at = 20; at < 23; at++)
    milliseconds = 10 * milliseconds + (at < end ? text.charCodeAt(at) - ZERO : 0);
  return new Date(
    Date.UTC(
      100 * twoDigits(text, 0) + twoDigits(text, 2),
      twoDigits(text, 5) - 1,
      twoDigits(text, 8),
      twoDigits(text, 11),
      twoDigits(text, 14),
      twoDigits(text, 17),
      milliseconds,
    ),
  );
}

const ZERO = '0'.charCodeAt(0);

function twoDigits(text: string, at: number): number {
  return 10 * (text.charCodeAt(at) - ZERO) + text.charCodeAt(at + 1) - ZERO;
}
