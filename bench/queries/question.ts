import type { EntityManager } from 'typeorm';
import type { Places } from '../support/year/context.js';
import type { Year } from '../support/year/year.js';

/** What the parameters of a question are taken from. */
export interface Asked extends Places {
  readonly year: Year;
}

/** One form of one of the fifteen queries, as a service asks it. */
export interface Question {
  /** Number of the query. */
  readonly number: number;
  /** What it is asked for. */
  readonly title: string;
  /** Asks it with typical parameters. What it writes is undone by the caller. */
  readonly ask: (manager: EntityManager, asked: Asked) => Promise<unknown>;
  /** That the answer itself grows from year to year, and why it must; its cost is counted per row of it. */
  readonly growingAnswer?: string;
}
