import { wholeProgram } from './program.js';

/** The words after `opsdb` in a line of a shell, up to a redirection or the end of a substitution. */
export function wordsOf(line: string): string[] {
  const [, words = ''] = /\bopsdb(?: ([^<>|)]*))?/.exec(line) ?? [];
  return words.match(/[^\s'"]+|'[^']*'|"[^"]*"/g)?.map((word) => word.replace(/^(['"])(.*)\1$/, '$2')) ?? [];
}

/**
 * The command of a new program that accepts the words; its action is not run.
 * @throws CommanderError when none does
 */
export async function commandTaking(words: readonly string[]): Promise<string> {
  const program = wholeProgram();
  let taken = '';
  for (const command of program.commands)
    command.action(() => {
      taken = command.name();
    });
  await program.parseAsync(words, { from: 'user' });
  return taken;
}
