import type { EntityManager } from 'typeorm';

/** The call itself, after its preparation. */
export type Work = (manager: EntityManager) => Promise<unknown>;

/** A call that a service makes over the link. */
export interface Call {
  /** Name of the call, with its size. */
  readonly name: string;
  /** How many round trips it may take; without a limit where left out. */
  readonly atMost?: number;
  /** Creates the rows that the call needs, without the link; done again before each measurement. */
  readonly prepare: (manager: EntityManager) => Promise<Work>;
  /** The same with TypeORM's own calls, where it can be compared. */
  readonly typeorm?: (manager: EntityManager) => Promise<Work>;
}
