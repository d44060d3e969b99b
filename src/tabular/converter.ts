/** The cells of one line by column; undefined is a cell of which an issue has been reported. */
export type Cells = Readonly<Record<string, string | undefined>>;

/** Reports an invalid cell: its column, its value as written, what is wrong and what is allowed. */
export type Report = (column: string, value: string, message: string) => void;

/** Converts columns that are easier to write into columns of a table. */
export interface Converter {
  /** Columns that the file may have and the table has not; it applies to files with one of them. */
  readonly takes: readonly string[];
  /** Columns of the table that are made of them, and must not be in the file as well. */
  readonly gives: readonly string[];
  /** @returns the columns that a file lacks, where several are needed together */
  lacks?(names: readonly string[]): readonly string[];
  /** @returns the cells of the columns in `gives`; null where the line is no row of the table */
  convert(cells: Cells, report: Report): Cells | null;
}
