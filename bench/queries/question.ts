import type { EntityManager } from 'typeorm';
import type { Places } from '../support/year/context.js';
import type { Year } from '../support/year/year.js';

/** Source of the parameters of a query. */
export interface Asked extends Places {
  readonly year: Year;
}

/** One form of one of the fifteen queries, as a service asks it. */
export interface Question {
  /** Number of the query. */
  readonly number: number;
  /** Its purpose. */
  readonly title: string;
  /** Runs the query with typical parameters; the caller rolls its writes back. */
  readonly ask: (manager: EntityManager, asked: Asked) => Promise<unknown>;
  /** Why the result itself grows from year to year; its cost is then counted per row of the result. */
  readonly growingAnswer?: string;
}
