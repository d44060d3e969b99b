import { SingleBar } from 'cli-progress';

/** Shows how far a command is, on the standard error stream. */
export interface Progress {
  /** One more part is done. */
  step(name: string): void;
  stop(): void;
}

/** A bar on a terminal, one line a part elsewhere. */
export function progress(all: number): Progress {
  if (!process.stderr.isTTY) {
    let done = 0;
    return {
      step: (name) => {
        done += 1;
        console.error(`${done}/${all} ${name}`);
      },
      stop: () => {},
    };
  }
  const bar = started('{bar} {value}/{total} {name}', all);
  return { step: (name) => bar.increment({ name }), stop: () => bar.stop() };
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
        if (file !== last) console.error(`reading ${file}`);
        last = file;
      },
      stop: () => {},
    };
  }
  let bar: SingleBar | undefined;
  return {
    reach: (bytes, all, name) => {
      bar ??= started('{bar} {percentage}% {name}', all);
      bar.update(bytes, { name });
    },
    stop: () => bar?.stop(),
  };
}

function started(format: string, all: number): SingleBar {
  const bar = new SingleBar({ format, stream: process.stderr, clearOnComplete: true });
  bar.start(all, 0, { name: '' });
  return bar;
}
