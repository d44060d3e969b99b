import { withoutFormula } from '../../tabular/formula.js';

/** Cells that a reader would misunderstand without quotes. */
const TO_QUOTE = /[",\n\r]|^\s|\s$|^#|^\uFEFF/;

/** A line of a CSV file that people open in a spreadsheet, with its end. */
export function csvLine(cells: readonly string[]): string {
  return plainCsvLine(cells.map(withoutFormula));
}

/** A line of a CSV file that a program reads, with its end. */
export function plainCsvLine(cells: readonly string[]): string {
  const quoted = cells.map((text) => (TO_QUOTE.test(text) ? `"${text.replaceAll('"', '""')}"` : text));
  return `${quoted.join(',')}\n`;
}
