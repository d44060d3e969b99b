/** One step of one row, as it was committed. */
export interface StatusChange {
  /** Where to go on after this change: the `since` of a later call. */
  readonly cursor: string;
  /** Class name of what changed. */
  readonly entity: string;
  /** Key of the row. */
  readonly id: string;
  /** Property that changed. */
  readonly property: string;
  /** Status before; null where the row is new. */
  readonly from: string | null;
  /** Status after. */
  readonly to: string;
  /** When it changed, UTC. */
  readonly at: Date;
  /** Worker, service or user that changed it; null where nobody said so. */
  readonly by: string | null;
  /** Why it changed, such as an error; null where there is nothing to say. */
  readonly reason: string | null;
}

/** Reads the changes of one database in batches. */
export interface Feed {
  /** Reads on. @returns what has been committed since, in order; empty when there is nothing more at present */
  read(): Promise<readonly StatusChange[]>;
}

/** Where a feed begins, and what it reads. */
export interface FeedOptions {
  /** Names of the classes; undefined for all. */
  readonly names?: readonly string[];
  /** A cursor, the beginning, or undefined for now. */
  readonly since?: string;
}

export const BEGINNING = 'beginning';

/** Changes per batch. */
export const PIECE = 1000;
