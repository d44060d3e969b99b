import { createHash } from 'node:crypto';
import type { QueryRunner } from 'typeorm';
import type { UnitRunner } from './typeorm/unit-runner.js';

/** Values of a row in the order of the columns that were selected. */
export type Row = readonly unknown[];

/** A statement that the driver parses once per connection, and whose rows come as arrays. */
export class Statement {
  private generation = 0;
  private readonly key?: string;

  /**
   * @param text the SQL
   * @param isKept whether it comes again in these very characters; PostgreSQL keeps such statements for as long as the
   *   connection lasts
   */
  constructor(
    readonly text: string,
    isKept = true,
  ) {
    if (isKept) this.key = `opsdb_${createHash('md5').update(text).digest('hex')}`;
  }

  /** Under which name PostgreSQL keeps the statement. */
  get name(): string | undefined {
    return this.key && this.generation > 0 ? `${this.key}_${this.generation}` : this.key;
  }

  /**
   * Has the statement kept anew, after the change of a table that it names: PostgreSQL refuses the one that it keeps.
   * @param name that was refused; another call may have replaced it since
   */
  forget(name: string | undefined): void {
    if (name && name === this.name) this.generation++;
  }
}

/** Runs a statement on the connection of a query runner, with all that the runner does for any query. */
export function rowsOf(runner: QueryRunner, statement: Statement, parameters: unknown[]): Promise<Row[]> {
  return (runner as UnitRunner).rowsOf(statement, parameters);
}
