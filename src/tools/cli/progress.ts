import { MultiBar, SingleBar } from 'cli-progress';
import { visibleLine } from '../../visible.js';

/** How far a part of the work is. */
export interface Part {
  readonly name: string;
  readonly done: number;
  readonly all: number;
}

/** Shows how far a command is, on the standard error stream. */
export interface Progress {
  /** One more step is done. */
  step(name: string): void;
  /** So many steps are done; of each part so much. */
  at(done: number, name: string, parts: readonly Part[]): void;
  stop(): void;
}

/** A bar on a terminal and one for each part below it; one line a step elsewhere. */
export function progress(all: number): Progress {
  let done = 0;
  const step = (at: Progress['at']) => (name: string) => at(done + 1, name, []);
  if (!process.stderr.isTTY) {
    const at = (now: number, name: string) => {
      done = now;
      console.error(`${done}/${all} ${visibleLine(name)}`);
    };
    return { at, step: step(at), stop: () => {} };
  }
  const bars = new MultiBar({
    format: '{bar} {value}/{total} {name}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    emptyOnZero: true,
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
  });
  const whole = bars.create(all, 0, { name: '' });
  const ofParts = new Map<string, SingleBar>();
  const at: Progress['at'] = (now, name, parts) => {
    done = now;
    whole.update(done, { name: visibleLine(name) });
    for (const part of parts) {
      const bar = ofParts.get(part.name) ?? bars.create(part.all, part.done, { name: part.name });
      ofParts.set(part.name, bar);
      bar.setTotal(part.all);
      bar.update(part.done);
    }
  };
  return { at, step: step(at), stop: () => bars.stop() };
}

/** Shows how much of some files has been read, on the standard error stream. */
export interface ReadingProgress {
  /** So much has been read, the last of it from a file. */
  reach(bytes: number, all: number, file: string): void;
  stop(): void;
}

/** A bar on a terminal, one line a file elsewhere. */
export function readingProgress(): ReadingProgress {
  if (!process.stderr.isTTY) {
    let last: string | undefined;
    return {
      reach: (_bytes, _all, file) => {
        if (file !== last) console.error(`reading ${visibleLine(file)}`);
        last = file;
      },
      stop: () => {},
    };
  }
  let bar: SingleBar | undefined;
  return {
    reach: (bytes, all, name) => {
      bar ??= started('{bar} {percentage}% {name}', all);
      bar.update(bytes, { name: visibleLine(name) });
    },
    stop: () => bar?.stop(),
  };
}

function started(format: string, all: number): SingleBar {
  const bar = new SingleBar({ format, stream: process.stderr, clearOnComplete: true });
  bar.start(all, 0, { name: '' });
  return bar;
}
