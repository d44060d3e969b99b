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
  const bar = new SingleBar({
    format: '{bar} {value}/{total} {name}',
    stream: process.stderr,
    clearOnComplete: true,
  });
  bar.start(all, 0, { name: '' });
  return { step: (name) => bar.increment({ name }), stop: () => bar.stop() };
}
