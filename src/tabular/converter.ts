/** The cells of one line by column; undefined is a cell of which an issue has been reported. */
export type Cells = Readonly<Record<string, string | undefined>>;

/** Says that a cell is bad: its column, its value as written, what is wrong and what is allowed. */
export type Report = (column: string, value: string, message: string) => void;

/** Makes what a table has out of columns that people find easier to write. */
export interface Converter {
  /** Columns that the file may have and the table has not; it applies to files with one of them. */
  readonly takes: readonly string[];
  /** Columns of the table that are made of them, and must not stand in the file as well. */
  readonly gives: readonly string[];
  /** @returns the columns that a file lacks beside those that it has, where it needs more than one of them */
  lacks?(names: readonly string[]): readonly string[];
  /** @returns the cells of what it gives; null where the line is none of the table's rows */
  convert(cells: Cells, report: Report): Cells | null;
}
