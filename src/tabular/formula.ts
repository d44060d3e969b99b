/** Cells that a spreadsheet would run as a formula. They are written, and read, with an apostrophe in front. */

const FORMULA = /^'*[=+\-@\t\r]/;
const APOSTROPHE = /^'+[=+\-@\t\r]/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** The text of a cell as it is written to a file. */
export function withoutFormula(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

/** The text of a cell of a file, as it was before {@link withoutFormula}. */
export function cellText(text: string): string {
  return APOSTROPHE.test(text) ? text.slice(1) : text;
}
