import type { Options } from 'csv-parse';
import { cellText } from './formula.js';

/** One line of a data file, or several where a cell in quotes has line breaks. */
export interface CsvRecord {
  readonly record: readonly string[];
  readonly info: {
    /** The line that the record ends on, from 1. */
    readonly lines: number;
  };
}

/** How data files are written: commas, quotes doubled within quotes, comments on lines of their own after `#`. */
export const CSV_OPTIONS = {
  bom: true,
  info: true,
  trim: true,
  cast: cellText,
  comment: '#',
  comment_no_infix: true,
  // The row reader says which cells a line lacks, and goes on with the next line.
  relax_column_count: true,
  skip_empty_lines: true,
  // A quote that is never closed must not take the rest of a large file into memory.
  max_record_size: 1_000_000,
} as const satisfies Options;
