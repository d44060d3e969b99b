import { createHash } from 'node:crypto';
import type { DataSource, QueryRunner } from 'typeorm';

/** Values of a row in the order of the columns that were selected. */
export type Row = readonly unknown[];

/**
 * A statement that the driver parses once per connection, and whose rows come as arrays. It goes through query runners
 * and loggers like a text; the driver of PostgreSQL takes it as the description of a query.
 */
export class Statement {
  /** Tells the driver of PostgreSQL how to give the rows. */
  readonly rowMode = 'array';
  /** Under which name PostgreSQL keeps the statement. */
  readonly name?: string;

  /**
   * @param text the SQL
   * @param isKept whether it comes again in these very characters; PostgreSQL keeps such statements for as long as the
   *   connection lasts
   */
  constructor(
    readonly text: string,
    isKept = true,
  ) {
    if (isKept) this.name = `opsdb_${createHash('md5').update(text).digest('hex')}`;
  }

  toString(): string {
    return this.text;
  }
}

/** Whether nobody is to be told of a statement but the logger. */
export function isUnobserved({ subscribers, options }: DataSource): boolean {
  return subscribers.length === 0 && !options.maxQueryExecutionTime;
}

/** Runs a statement on the connection of a query runner, with all that the runner does for any query. */
export function rowsOf(runner: QueryRunner, statement: Statement, parameters: unknown[]): Promise<Row[]> {
  return runner.query(statement as unknown as string, parameters);
}
