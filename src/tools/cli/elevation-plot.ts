import type { VisibleInterval } from '../../services/sky/index.js';

/** Height of a row of the plot [deg]. */
const ROW_DEG = 10;
const ROWS = 9;
/** Columns of the plot. */
const COLUMNS = 72;
const HOUR_MS = 3_600_000;

/** The elevation of a target in a window, and when the target may be observed. */
export interface ElevationPlot {
  readonly from: Date;
  readonly to: Date;
  readonly elevationAt: (instant: Date) => number | undefined;
  readonly intervals: readonly VisibleInterval[];
}

/** The elevation over time as text: `█` where it may be observed, `·` where not; hours in UTC below. */
export function elevationPlot({ from, to, elevationAt, intervals }: ElevationPlot): string {
  const stepMs = (to.getTime() - from.getTime()) / COLUMNS;
  const columns = Array.from({ length: COLUMNS }, (_, index) => {
    const instant = new Date(from.getTime() + (index + 0.5) * stepMs);
    const isOpen = intervals.some(({ start, end }) => start <= instant && instant <= end);
    return { row: Math.floor((elevationAt(instant) ?? -1) / ROW_DEG), mark: isOpen ? '█' : '·' };
  });
  const rows = Array.from({ length: ROWS }, (_, index) => {
    const row = ROWS - 1 - index;
    const marks = columns.map((column) => (Math.min(column.row, ROWS - 1) === row ? column.mark : ' '));
    return `${String(row * ROW_DEG).padStart(3)} ┤${marks.join('')}`;
  });
  return [...rows, `    └${'─'.repeat(COLUMNS)}`, `     ${hours(from, stepMs)}`]
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Every third hour under its column. */
function hours(from: Date, stepMs: number): string {
  let line = '';
  for (let hour = Math.ceil(from.getTime() / HOUR_MS); ; hour += 1) {
    const column = Math.round((hour * HOUR_MS - from.getTime()) / stepMs);
    if (column > COLUMNS - 2) return line;
    if (hour % 3 === 0 && column >= line.length)
      line = line.padEnd(column) + String(hour % 24).padStart(2, '0');
  }
}
