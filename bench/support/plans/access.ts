/** How a statement reaches the rows of one table. */
export interface Access {
  readonly table: string;
  /** The indexes that lead to the rows; none for reading them one after the other. */
  readonly indexes: readonly string[];
  /** Whether it goes through the rows of the whole table instead of looking some of them up. */
  readonly isSequential: boolean;
  /** Rows that were looked at, those that were left out included. */
  readonly rowsRead?: number;
}

/** How a statement was carried out. */
export interface Plan {
  readonly accesses: readonly Access[];
  readonly rowsReturned?: number;
  /** Pages of tables and indexes that were looked at. */
  readonly pages?: number;
}

/** The numbers of rows of the tables. */
export type RowCounts = ReadonlyMap<string, number>;
