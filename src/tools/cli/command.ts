import { randomUUID } from 'node:crypto';
import { styleText } from 'node:util';
import { Command } from 'commander';
import { visible } from '../../visible.js';
import { useDatabase } from './connection.js';
import { beQuiet } from './progress.js';

/** Options of every command. */
export interface Output {
  /** Whether the result is printed as JSON. */
  readonly json?: boolean;
}

/**
 * A command of `opsdb`: it takes `--json`, and its help ends with examples.
 *
 * Results are printed with {@link print}. A mistake of the user is thrown as an OpsDbError. A result that reports a
 * problem, such as a broken invariant, is printed and sets `process.exitCode` to 1.
 */
export class OpsDbCommand extends Command {
  /**
   * @param name what the user types
   * @param examples complete command lines, each with its purpose; at least one
   */
  constructor(
    name: string,
    readonly examples: Readonly<Record<string, string>>,
  ) {
    super(name);
    this.option('--json', 'print JSON');
    const lines = Object.entries(examples).map(([line, meaning]) => `  # ${meaning}\n  ${line}`);
    this.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
  }
}

/** A command that works on a database: it takes `--database` and `--quiet`, too. */
export class DatabaseCommand extends OpsDbCommand {
  constructor(name: string, examples: Readonly<Record<string, string>>) {
    super(name, examples);
    this.option(
      '--database <name>',
      'a database other than that of the settings: a name on its server, a SQLite file, or a URL',
    )
      .option('--quiet', 'show no progress')
      .hook('preAction', (_, command) => {
        const { database, quiet = false } = command.opts<{ database?: string; quiet?: boolean }>();
        useDatabase(database);
        beQuiet(quiet);
      });
  }
}

/** Prints the result of a command on the standard output: one JSON document with `--json`, else text for people. */
export function print<T>(result: T, { json }: Output, describe: (result: T) => string): void {
  process.stdout.write(`${forPeople(json ? JSON.stringify(result, null, 2) : describe(result))}\n`);
}

type Severity = 'ok' | 'warn' | 'fail';

const COLOURS = { ok: 'green', warn: 'yellow', fail: 'red' } as const;

/** A random mark: no text from the database can contain it, so that data cannot set colours. */
const MARK = randomUUID();
const MARKED = new RegExp(`${MARK}<(ok|warn|fail)>(.*?)${MARK}<end>`, 'gs');

/** A word in the colour of its severity, where the standard output is a terminal and NO_COLOR is not set. */
export function coloured(severity: Severity, text: string): string {
  const isColoured = styleText(COLOURS[severity], text, { stream: process.stdout }) !== text;
  return isColoured ? `${MARK}<${severity}>${text}${MARK}<end>` : text;
}

/**
 * All text output passes through here: characters in the data that move the cursor or change the writing direction are
 * made visible.
 */
function forPeople(text: string): string {
  return visible(text).replace(MARKED, (_, severity: Severity, word: string) =>
    styleText(COLOURS[severity], word, { validateStream: false }),
  );
}
