import { coloursOf, drawing, element, label, legend } from './markup.js';
import type { NightExecution } from './night.js';

const LEFT = 90;
const WIDTH = 1000;
const ROW = 22;
const HEAD = 20;
const DAY_MS = 24 * 3600 * 1000;
const HOURS = [0, 3, 6, 9, 12, 15, 18, 21, 24];

/** The nights one below the other, each from noon to noon, with a bar for each execution. */
export function timeline(executions: readonly NightExecution[]): string {
  const colours = coloursOf(executions.map(({ instrument }) => instrument));
  const nights = new Map<string, NightExecution[]>();
  for (const execution of executions) {
    const { observingNight } = execution;
    nights.set(observingNight, [...(nights.get(observingNight) ?? []), execution]);
  }
  const rows = [...nights].map(([night, some], index) => row(night, some, HEAD + index * ROW, colours));
  const height = HEAD + nights.size * ROW;
  const hours = HOURS.map((hour) => {
    const x = LEFT + (WIDTH * hour) / 24;
    const name = label('text', `${String((hour + 12) % 24).padStart(2, '0')} h`, { x, y: 12, class: 'tick' });
    return name + element('line', { x1: x, x2: x, y1: HEAD - 4, y2: height, class: 'grid' });
  });
  const picture = drawing('Executions by night', LEFT + WIDTH + 30, height + 4, [...hours, ...rows]);
  return legend(colours) + picture;
}

function row(
  night: string,
  executions: readonly NightExecution[],
  y: number,
  colours: ReadonlyMap<string, string>,
): string {
  const start = Date.parse(`${night}T12:00:00Z`);
  const bars = executions.map(({ startTime, endTime, obsUnit, instrument, status, files }) => {
    const x = LEFT + (WIDTH * (startTime.getTime() - start)) / DAY_MS;
    const length = endTime ? (WIDTH * (endTime.getTime() - startTime.getTime())) / DAY_MS : 0;
    const title = `${startTime.toISOString().slice(11, 16)} ${obsUnit}, ${instrument}, ${status}, ${files} files`;
    const shape = {
      x,
      y,
      width: Math.max(1.5, length),
      height: ROW - 6,
      fill: colours.get(instrument) ?? '',
    };
    return element('rect', { class: 'execution', ...shape }, [label('title', title)]);
  });
  return label('text', night, { x: 0, y: y + 12 }) + bars.join('');
}
