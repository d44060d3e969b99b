import Table from 'cli-table3';

/** Every line and corner of the table's frame is left out; blanks keep the columns apart. */
const NO_FRAME = Object.fromEntries(
  ['top', 'mid', 'bottom', 'left', 'right']
    .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`])
    .concat('middle', 'mid-mid')
    .map((part) => [part, '']),
);

/** Rows under a head as text, columns apart by blanks, numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const view = new Table({
    head: [...head],
    chars: NO_FRAME,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    colAligns: (rows[0] ?? []).map((cell) => (typeof cell === 'number' ? 'right' : 'left')),
  });
  view.push(...rows.map((row) => [...row]));
  return view.toString().replace(/ +$/gm, '');
}
