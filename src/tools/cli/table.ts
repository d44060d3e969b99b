import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import { visibleLine } from '../../visible.js';

/** Every line and corner of the table's frame is left out; blanks keep the columns apart. */
const NO_FRAME = Object.fromEntries(
  ['top', 'mid', 'bottom', 'left', 'right']
    .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`])
    .concat('middle', 'mid-mid')
    .map((part) => [part, '']),
);

const GAP = 2;
/** Least width of a column [characters]. */
const LEAST = 8;

/**
 * A table as text: columns are separated by blanks, numbers are right-aligned.
 * @param width of the terminal [characters]; the widest columns are cut to fit
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  width = process.stdout.columns ?? Number.POSITIVE_INFINITY,
): string {
  const [shownHead = [], ...shown] = [head, ...rows].map((row) =>
    row.map((cell) => (typeof cell === 'string' ? visibleLine(cell) : cell)),
  );
  const view = new Table({
    head: shownHead.map(String),
    chars: NO_FRAME,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP },
    colWidths: fitting([shownHead, ...shown], width),
    colAligns: (rows[0] ?? []).map((cell) => (typeof cell === 'number' ? 'right' : 'left')),
  });
  view.push(...shown);
  return view.toString().replace(/ +$/gm, '');
}

function fitting(rows: readonly (readonly (string | number)[])[], width: number): number[] {
  const [first = []] = rows;
  const widths = first.map(
    (_, index) => GAP + Math.max(...rows.map((row) => stripVTControlCharacters(String(row[index])).length)),
  );
  const total = () => widths.reduce((sum, one) => sum + one, 0) - GAP;
  for (let most = Math.max(...widths); total() > width && most > LEAST; most = Math.max(...widths))
    widths[widths.indexOf(most)] = most - 1;
  return widths;
}
