/** A row of the database that is not as its data file says. */
export interface Difference {
  /** The natural key of the row. */
  readonly key: string;
  /** The properties and relations that differ. */
  readonly properties: readonly string[];
}

/** What became of the rows of one entity. */
export interface SeedResult {
  /** Name of the entity that the rows are of. */
  readonly entity: string;
  /** Rows that were not there and were written. */
  readonly added: number;
  /** Rows that were there as the files say. */
  readonly unchanged: number;
  /** Rows that were there otherwise: kept, or with `force` set to what the files say. */
  readonly differing: readonly Difference[];
}

/** A row that was not in the database, or is not there as its file says. */
export interface RowDifference {
  /** Name of the entity that the row is of. */
  readonly entity: string;
  /** The natural key of the row. */
  readonly key: string;
  /** What differs; null where the row was not there. */
  readonly changes: readonly Change[] | null;
}

/** A property of a row that differs. */
export interface Change {
  /** The property that differs. */
  readonly property: string;
  /** The value in the database; missing where the property is a reference or a list of links. */
  readonly from?: unknown;
  /** The value in the file; missing where the property is a reference or a list of links. */
  readonly to?: unknown;
}
