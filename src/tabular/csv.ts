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

/** The format of data files: commas, doubled quotes within quotes, comments on lines of their own after `#`. */
export const CSV_OPTIONS = {
  bom: true,
  info: true,
  trim: true,
  cast: cellText,
  comment: '#',
  comment_no_infix: true,
  // The row reader reports missing cells, and continues with the next line.
  relax_column_count: true,
  skip_empty_lines: true,
  // An unclosed quote must not read the rest of a large file into memory.
  max_record_size: 1_000_000,
} as const satisfies Options;
