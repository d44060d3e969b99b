import { MultiBar, type Options, type Params, type SingleBar } from 'cli-progress';
import { visibleLine } from '../../visible.js';

/** Progress of one part of the work. */
export interface Part {
  readonly name: string;
  readonly done: number;
  readonly all: number;
}

/** Shows the progress of a command on the standard error stream. */
export interface Progress {
  /** Shows the amount done, the item that was done last, and the progress of the parts. */
  at(done: number, all: number, name: string, parts?: readonly Part[]): void;
  stop(): void;
}

const SILENT: Progress = { at: () => {}, stop: () => {} };

let isQuiet = false;

/** @param quiet whether no progress is shown */
export function beQuiet(quiet: boolean): void {
  isQuiet = quiet;
}

/** On a terminal a bar, and one for each part below it; elsewhere a line for each new item. */
export function progress(): Progress {
  if (isQuiet) return SILENT;
  return process.stderr.isTTY ? bars() : lines();
}

function lines(): Progress {
  let last: string | undefined;
  return {
    at(done, all, name) {
      if (name !== last) console.error(`${percentOf(done, all)} ${visibleLine(name)}`);
      last = name;
    },
    stop: () => {},
  };
}

function bars(): Progress {
  const view = new MultiBar({
    format: lineOf,
    emptyOnZero: true,
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    gracefulExit: false,
  });
  const shown = new Map<string, SingleBar>();
  const show = (key: string, done: number, all: number, name: string) => {
    const bar = shown.get(key) ?? view.create(all, done, { name });
    shown.set(key, bar);
    bar.setTotal(all);
    bar.update(done, { name: visibleLine(name) });
  };
  return {
    at(done, all, name, parts = []) {
      show('', done, all, name);
      for (const part of parts) show(`part ${part.name}`, part.done, part.all, part.name);
    },
    stop: () => view.stop(),
  };
}

/** A line that a terminal does not break, however narrow it is. */
const lineOf = (_: Options, { value, total }: Params, { name }: { readonly name: string }): string =>
  progressLine(value, total, name, process.stderr.columns ?? 80);

/** Bar, percentage and name; the name is cut short, and the bar, so that they fit. */
export function progressLine(done: number, all: number, name: string, columns: number): string {
  const size = Math.min(30, Math.max(4, Math.floor(columns / 4)));
  const filled = all === 0 ? 0 : Math.min(size, Math.floor((size * done) / all));
  const line = `${'█'.repeat(filled)}${'░'.repeat(size - filled)} ${percentOf(done, all)} ${name}`;
  return line.length < columns ? line : `${line.slice(0, Math.max(0, columns - 2))}…`;
}

function percentOf(done: number, all: number): string {
  return `${Math.floor(all === 0 ? 0 : (100 * done) / all)} %`.padStart(5);
}
