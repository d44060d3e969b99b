import type { DataSource } from 'typeorm';

/** Differences of the two databases in the statements that fill tables. Expressions are SQL. */
export interface Dialect {
  /** Rows to select from, with the column `n` from 0 on. */
  series(count: number): string;
  /** A UUID in the form of version 7: milliseconds first, then a code of three digits and a number. */
  uuid(milliseconds: string, code: string, number: string): string;
  /** The moment so many seconds after the end of the year. */
  instant(seconds: string): string;
  /** The date of the noon before that moment. */
  night(seconds: string): string;
  /** A number as so many hexadecimal digits. */
  hex(number: string, digits: number): string;
  /** An expression as a value of a column. */
  cast(expression: string, type: string): string;
}

const HALF_A_DAY_S = 12 * 3600;

/** The dialect of a database, for a year that ends at an instant. */
export function dialectOf({ options }: DataSource, end: Date): Dialect {
  return options.type === 'postgres' ? postgresql(end) : sqlite(end);
}

function postgresql(end: Date): Dialect {
  const instant = (seconds: string) =>
    `(TIMESTAMPTZ '${end.toISOString()}' + (${seconds}) * INTERVAL '1 second')`;
  const hex = (number: string, digits: number) => `lpad(to_hex((${number})::bigint), ${digits}, '0')`;
  return {
    series: (count) => `generate_series(0::bigint, ${count - 1}) AS series(n)`,
    uuid: (milliseconds, code, number) =>
      `(${hex(milliseconds, 12)} || '7${code}8000' || ${hex(number, 12)})::uuid`,
    instant,
    night: (seconds) => `CAST(${instant(`${seconds} - ${HALF_A_DAY_S}`)} AS date)`,
    hex,
    cast: (expression, type) => `CAST(${expression} AS "${type}")`,
  };
}

function sqlite(end: Date): Dialect {
  const seconds = end.getTime() / 1000;
  const format = (pattern: string, offset: string) =>
    `strftime('${pattern}', ${seconds} + (${offset}), 'unixepoch')`;
  return {
    series: (count) =>
      `(WITH RECURSIVE series(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM series WHERE n + 1 < ${count}) SELECT n FROM series)`,
    uuid: (milliseconds, code, number) =>
      `printf('%08x-%04x-7${code}-8000-%012x', (${milliseconds}) >> 16, (${milliseconds}) & 65535, ${number})`,
    instant: (offset) => format('%Y-%m-%d %H:%M:%f', offset),
    night: (offset) => format('%Y-%m-%d', `${offset} - ${HALF_A_DAY_S}`),
    hex: (number, digits) => `printf('%0${digits}x', ${number})`,
    cast: (expression) => expression,
  };
}
