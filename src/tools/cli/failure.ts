import { inspect } from 'node:util';
import { CommanderError } from 'commander';
import { InvalidInputError, OpsDbError } from '../../errors.js';
import { errorOfSurroundings } from '../../surroundings.js';
import { visible } from '../../visible.js';

/** The last line on the standard error stream of a command that failed with `--json`. */
export interface Failure {
  readonly error: {
    /** Code of the OpsDbError; `usage` for a command line that cannot be understood, `bug` for any other error. */
    readonly code: string;
    readonly message: string;
    /** Each single issue, where the error has several. */
    readonly issues?: InvalidInputError['issues'];
  };
}

/**
 * Reports why a command failed.
 * @returns the exit code: 1 for a mistake of the user, 2 for a bug, 0 where only help was requested
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
