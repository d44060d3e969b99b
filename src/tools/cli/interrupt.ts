import { visibleLine } from '../../visible.js';

/** What Ctrl-C, or the end of the machine, does to a command. */

const SHOW_CURSOR = '\u001b[?25h';

const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

const NOTHING_DONE = () => 'nothing was changed';

let outcome: (() => string) | undefined = NOTHING_DONE;

/** @param say what was and was not done so far, as the middle of a sentence */
export function whenInterrupted(say: () => string): void {
  outcome = say;
}

/** The command goes on until it is interrupted, and ends well then. @returns what is aborted then */
export function endsByItself(): AbortController {
  outcome = undefined;
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  return stop;
}

/** Ends the program at a signal: the cursor is shown again, and one sentence says what was done. */
export function endWhenInterrupted(): void {
  for (const [signal, code] of Object.entries(SIGNALS))
    process.on(signal, () => {
      if (outcome) end(outcome(), code);
    });
}

function end(text: string, code: number): never {
  const { stderr } = process;
  stderr.write(
    `${stderr.isTTY ? `\r\u001b[J${SHOW_CURSOR}` : ''}opsdb: interrupted; ${visibleLine(text)}.\n`,
  );
  process.exit(code);
}
