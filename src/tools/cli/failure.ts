import { inspect } from 'node:util';
import { CommanderError } from 'commander';
import { InvalidInputError, OpsDbError } from '../../errors.js';
import { errorOfSurroundings } from '../../surroundings.js';
import { visible } from '../../visible.js';

/** What a failed command says on the standard error stream with `--json`: one line, the last one. */
export interface Failure {
  readonly error: {
    /** That of an OpsDbError; `usage` for what cannot be understood, `bug` for what is no mistake of the user. */
    readonly code: string;
    readonly message: string;
    /** Each single issue, where the error has several. */
    readonly issues?: InvalidInputError['issues'];
  };
}

/**
 * Says why a command failed.
 * @returns the exit code: 1 for what the user can mend, 2 for a bug, 0 where only help was asked for
 */
export function reportFailure(error: unknown, json: boolean): number {
  if (error instanceof CommanderError && /^commander\.(help|version)/.test(error.code)) return error.exitCode;
  const failure = failureOf(error);
  const isBug = failure.error.code === 'bug';
  if (json) console.error(visible(JSON.stringify(failure)));
  else console.error(visible(isBug ? inspect(error) : `opsdb: ${failure.error.message}`));
  return isBug ? 2 : 1;
}

function failureOf(error: unknown): Failure {
  if (error instanceof InvalidInputError)
    return { error: { code: error.code, message: error.message, issues: error.issues } };
  const known = error instanceof OpsDbError ? error : errorOfSurroundings(error);
  if (known) return { error: { code: known.code, message: known.message } };
  if (error instanceof CommanderError)
    return {
      error: {
        code: 'usage',
        message: `${error.message.replace(/^error: /, '')}\n(--help after a command shows its options and examples)`,
      },
    };
  return {
    error: { code: 'bug', message: error instanceof Error ? (error.stack ?? error.message) : String(error) },
  };
}
