/** A row of the database that differs from its data file. */
export interface Difference {
  /** The natural key of the row. */
  readonly key: string;
  /** The properties and relations that differ. */
  readonly properties: readonly string[];
}

/** The outcome for the rows of one entity. */
export interface SeedResult {
  /** Name of the entity that the rows are of. */
  readonly entity: string;
  /** Rows that were missing and were added. */
  readonly added: number;
  /** Rows that agree with the files. */
  readonly unchanged: number;
  /** Rows that differ: kept, or with `force` set to the values of the files. */
  readonly differing: readonly Difference[];
}

/** A row that is missing in the database, or differs from its file. */
export interface RowDifference {
  /** Name of the entity that the row is of. */
  readonly entity: string;
  /** The natural key of the row. */
  readonly key: string;
  /** The differences; null where the row is missing. */
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
