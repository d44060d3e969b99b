/** How a statement reaches the rows of one table. */
export interface Access {
  readonly table: string;
  /** The indexes that lead to the rows; none for reading them one after the other. */
  readonly indexes: readonly string[];
  /** Whether it scans the whole table instead of looking rows up. */
  readonly isSequential: boolean;
  /** Rows that were read, those that the condition excludes included. */
  readonly rowsRead?: number;
}

/** How a statement was executed. */
export interface Plan {
  readonly accesses: readonly Access[];
  readonly rowsReturned?: number;
  /** Pages of tables and indexes that were read. */
  readonly pages?: number;
}

/** The numbers of rows of the tables. */
export type RowCounts = ReadonlyMap<string, number>;
