import { DataSource, type EntityManager } from 'typeorm';
import { DateUtils } from 'typeorm/util/DateUtils.js';

/** The kinds of value that JSON has at a path and a rule may compare. */
export type JsonType = 'string' | 'number' | 'boolean';

/** Everything that the two databases spell differently. Other files ask here and compare no database types themselves. */
export interface Dialect {
  /** As the setting `database_type` has it. */
  readonly name: 'postgresql' | 'sqlite';
  /** Whether a server with roles, sessions and replicas answers; otherwise it is a file. */
  readonly hasServer: boolean;
  /** The isolation level under which all reads of a transaction see one state of the database. */
  readonly snapshotIsolation: 'REPEATABLE READ' | 'SERIALIZABLE';
  /** Whether null sorts before all values; otherwise after them. */
  readonly sortsNullsFirst: boolean;
  /** The current time of the database's clock, which is the same for all workers, to the millisecond. */
  readonly now: string;
  /** The current time plus a number of seconds, which may be negative. */
  nowPlus(seconds: string): string;
  /** Time until an instant [s]; negative when it has passed. */
  secondsUntil(instant: string): string;
  /** The placeholder of the parameter at a position, from 1. */
  parameter(position: number): string;
  /** The smaller one of two numbers. */
  least(one: string, other: string): string;
  /** Two to the power of a whole number. */
  powerOfTwo(exponent: string): string;
  /** The condition that a column has one of the values of a list, which is one parameter. */
  isAnyOf(column: string, parameter: string): string;
  /** A list as the parameter of {@link Dialect.isAnyOf}. */
  listParameter(values: readonly unknown[]): unknown;
  /** An instant as a parameter of a statement that is sent past TypeORM. */
  instantParameter(instant: Date): unknown;
  /** Text in the order of its code points, whatever language the database was created for. */
  inCodePointOrder(text: string): string;
  /** The operator that compares with a pattern of {@link Dialect.likePattern}; capitals count. */
  readonly likeOperator: string;
  /** A pattern of LIKE as the operator takes it. */
  likePattern(pattern: string): string;
  /** A path within JSON, as a parameter of {@link Dialect.jsonAt}. */
  jsonPath(steps: readonly (string | number)[]): string;
  /** The value at a path where it is of the given type, else null; without a type as text. */
  jsonAt(stored: string, path: string, type: JsonType | undefined): string;
}

function dollarPath(steps: readonly (string | number)[]): string {
  return `$${steps.map((step) => (typeof step === 'number' ? `[${step}]` : `."${step}"`)).join('')}`;
}

const postgresql: Dialect = {
  name: 'postgresql',
  hasServer: true,
  snapshotIsolation: 'REPEATABLE READ',
  sortsNullsFirst: false,
  now: 'statement_timestamp()',
  nowPlus: (seconds) => `statement_timestamp() + make_interval(secs => ${seconds})`,
  secondsUntil: (instant) =>
    `CAST(extract(epoch FROM ${instant} - statement_timestamp()) AS double precision)`,
  parameter: (position) => `$${position}`,
  least: (one, other) => `LEAST(${one}, ${other})`,
  powerOfTwo: (exponent) => `power(2, ${exponent})`,
  isAnyOf: (column, parameter) => `${column} = ANY(${parameter})`,
  listParameter: (values) => values,
  instantParameter: (instant) => instant,
  inCodePointOrder: (text) => `(${text}) COLLATE "C"`,
  likeOperator: 'LIKE',
  likePattern: (pattern) => pattern,
  // Without `strict`, PostgreSQL looks for a name in each element of a list.
  jsonPath: (steps) => `strict ${dollarPath(steps)}`,
  jsonAt: (stored, path, type) => {
    const found = `jsonb_path_query_first(${stored}, CAST(${path} AS jsonpath), '{}', TRUE)`;
    const text = `(${found} #>> '{}')`;
    const values = {
      string: text,
      number: `CAST(${found} AS numeric)`,
      boolean: `CAST(${found} AS boolean)`,
    };
    return type ? `CASE jsonb_typeof(${found}) WHEN '${type}' THEN ${values[type]} END` : text;
  },
};

const sqlite: Dialect = {
  name: 'sqlite',
  hasServer: false,
  snapshotIsolation: 'SERIALIZABLE',
  sortsNullsFirst: true,
  // In the spelling that TypeORM reads.
  now: `strftime('%Y-%m-%d %H:%M:%f','now')`,
  nowPlus: (seconds) => `strftime('%Y-%m-%d %H:%M:%f', 'now', (${seconds}) || ' seconds')`,
  secondsUntil: (instant) => `(julianday(${instant}) - julianday('now')) * 86400`,
  parameter: () => '?',
  least: (one, other) => `MIN(${one}, ${other})`,
  powerOfTwo: (exponent) => `(1 << ${exponent})`,
  isAnyOf: (column, parameter) => `${column} IN (SELECT value FROM json_each(${parameter}))`,
  listParameter: (values) => JSON.stringify(values.map(storedOnSqlite)),
  instantParameter: storedOnSqlite,
  inCodePointOrder: (text) => text,
  // LIKE of SQLite ignores case.
  likeOperator: 'GLOB',
  likePattern: globOf,
  jsonPath: dollarPath,
  // True is 1 and false is 0.
  jsonAt: (stored, path, type) => {
    const found = `json_extract(${stored}, ${path})`;
    const types = { string: `'text'`, number: `'integer', 'real'`, boolean: `'true', 'false'` };
    return type ? `CASE WHEN json_type(${stored}, ${path}) IN (${types[type]}) THEN ${found} END` : found;
  },
};

/** TypeORM's spelling of instants. */
function storedOnSqlite(value: unknown): unknown {
  return value instanceof Date ? DateUtils.mixedDateToUtcDatetimeString(value) : value;
}

/** A pattern of LIKE as one of GLOB. */
function globOf(pattern: string): string {
  return pattern.replace(/\\(.)|(.)/gsu, (_, literal: string | undefined, character: string) => {
    if (character === '%') return '*';
    if (character === '_') return '?';
    return (literal ?? character).replace(/[*?[]/, '[$&]');
  });
}

/** The dialect of a data source or entity manager. */
export function dialectOf(handle: DataSource | EntityManager): Dialect {
  const { options } = handle instanceof DataSource ? handle : handle.dataSource;
  return options.type === 'postgres' ? postgresql : sqlite;
}

/** Chooses one of two implementations by database, where more than a spelling differs. */
export function onDialect<T>(handle: DataSource | EntityManager, ways: Record<Dialect['name'], T>): T {
  return ways[dialectOf(handle).name];
}
