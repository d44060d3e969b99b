import type { EntityManager } from 'typeorm';

/** What a call does once everything is there that it needs. */
export type Work = (manager: EntityManager) => Promise<unknown>;

/** A call that a service makes over the link. */
export interface Call {
  /** As it is called, with its size. */
  readonly name: string;
  /** How many round trips it may take; none where it is only looked at. */
  readonly atMost?: number;
  /** Puts everything there that the call needs, without the link; done anew for each time that it is measured. */
  readonly prepare: (manager: EntityManager) => Promise<Work>;
  /** The same with TypeORM's own calls, where there is something to compare with. */
  readonly typeorm?: (manager: EntityManager) => Promise<Work>;
}
