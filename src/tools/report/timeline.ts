import { ALARM, coloursOf, drawing, element, label, legend, marksOf } from '../html/markup.js';
import type { NightExecution } from './night.js';

const LEFT = 90;
export const WIDTH = 1000;
export const ROW = 22;
export const HEAD = 20;
export const DAY_MS = 24 * 3600 * 1000;
const HOURS = [0, 3, 6, 9, 12, 15, 18, 21, 24];
const BROKEN_OFF = { style: `outline:2px solid ${ALARM}`, text: 'outlined: aborted or failed' };

/** A bar for each execution, from noon to noon: the nights one below the other, or the programs of a single night. */
export function timeline(executions: readonly NightExecution[]): string {
  const colours = coloursOf(executions.map(({ instrument }) => instrument));
  const isOneNight = new Set(executions.map(({ observingNight }) => observingNight)).size === 1;
  const lines = new Map<string, NightExecution[]>();
  for (const execution of executions) {
    const line = isOneNight ? execution.program : execution.observingNight;
    lines.set(line, [...(lines.get(line) ?? []), execution]);
  }
  const rows = [...lines].map(([name, some], index) => row(name, some, HEAD + index * ROW, colours));
  const height = HEAD + lines.size * ROW;
  const picture = drawing('Executions', LEFT + WIDTH + 30, height + 4, [...hourLines(LEFT, height), ...rows]);
  const marks = marksOf(colours);
  return legend(executions.some(isBrokenOff) ? [...marks, BROKEN_OFF] : marks) + picture;
}

/** Whether an execution ended before its time. */
export function isBrokenOff({ status }: NightExecution): boolean {
  return status === 'aborted' || status === 'failed';
}

/** Grid lines and labels of the hours from noon to noon. @param left x of noon */
export function hourLines(left: number, height: number): string[] {
  return HOURS.map((hour) => {
    const x = left + (WIDTH * hour) / 24;
    const name = label('text', `${String((hour + 12) % 24).padStart(2, '0')} h`, { x, y: 12, class: 'tick' });
    return name + element('line', { x1: x, x2: x, y1: HEAD - 4, y2: height, class: 'grid' });
  });
}

/** The x coordinate of an instant of a night. @param left x of noon */
export function across(left: number, night: string, instant: Date): number {
  return left + (WIDTH * (instant.getTime() - Date.parse(`${night}T12:00:00Z`))) / DAY_MS;
}

function row(
  name: string,
  executions: readonly NightExecution[],
  y: number,
  colours: ReadonlyMap<string, string>,
): string {
  const bars = executions.map((execution) => {
    const { observingNight, startTime, endTime, obsUnit, instrument, status, files } = execution;
    const x = across(LEFT, observingNight, startTime);
    const length = endTime ? (WIDTH * (endTime.getTime() - startTime.getTime())) / DAY_MS : 0;
    const title = `${startTime.toISOString().slice(11, 16)} ${obsUnit}, ${instrument}, ${status}, ${files} files`;
    const shape = {
      class: isBrokenOff(execution) ? 'execution broken-off' : 'execution',
      x,
      y,
      width: Math.max(1.5, length),
      height: ROW - 6,
      fill: colours.get(instrument) ?? '',
    };
    return element('rect', shape, [label('title', title)]);
  });
  return label('text', name, { x: 0, y: y + 12 }) + bars.join('');
}
