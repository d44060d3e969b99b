import { createHash } from 'node:crypto';
import type { QueryRunner } from 'typeorm';
import type { UnitRunner } from './typeorm/unit-runner.js';

/** Values of a row in the order of the columns that were selected. */
export type Row = readonly unknown[];

/** Names of statements by their text; the same text has the same name, whoever makes it. */
const names = new Map<string, string>();

/** How many names are known at most, so that texts which come once do not fill the memory. */
const MOST_NAMES = 1000;

/** How many statements were kept anew under another name, none of which is used twice. */
let replaced = 0;

function nameOf(text: string): string {
  return `opsdb_${createHash('md5').update(text).digest('hex')}`;
}

/** A statement that the driver parses once per connection, and whose rows come as arrays. */
export class Statement {
  /**
   * @param text the SQL
   * @param isKept whether it comes again in these very characters; PostgreSQL keeps such statements for as long as the
   *   connection lasts
   */
  constructor(
    readonly text: string,
    private readonly isKept = true,
  ) {}

  /** Under which name PostgreSQL keeps the statement. */
  get name(): string | undefined {
    if (!this.isKept) return undefined;
    return names.get(this.text) ?? this.named(nameOf(this.text));
  }

  /**
   * Has the statement kept anew, after the change of a table that it names: PostgreSQL refuses the one that it keeps.
   * @param name that was refused; another call may have replaced it since
   */
  forget(name: string | undefined): void {
    if (name && name === this.name) this.named(`${nameOf(this.text)}_${++replaced}`);
  }

  private named(name: string): string {
    const [oldest] = names.keys();
    if (names.size >= MOST_NAMES && oldest !== undefined) names.delete(oldest);
    names.set(this.text, name);
    return name;
  }
}

/** Runs a statement on the connection of a query runner, with all that the runner does for any query. */
export function rowsOf(runner: QueryRunner, statement: Statement, parameters: unknown[]): Promise<Row[]> {
  return (runner as UnitRunner).rowsOf(statement, parameters);
}
