/** What goes wrong around the program, on disks, in files and at limits: no bug, but something that a user can mend. */
import { OpsDbError, type OpsDbErrorCode } from './errors.js';

/** An error of Node, of a driver, or one that has such an error as its cause. */
interface LowLevelError {
  readonly code?: unknown;
  readonly message?: string;
  readonly path?: string;
  readonly cause?: unknown;
  readonly driverError?: unknown;
}

interface Kind {
  /** Codes of Node, SQLite and PostgreSQL. */
  readonly codes: RegExp;
  readonly code: OpsDbErrorCode;
  /** What to do, as the end of a sentence. */
  readonly advice: string;
}

const KINDS: readonly Kind[] = [
  {
    codes: /^(?:ENOSPC|EDQUOT|SQLITE_FULL|53100)$/,
    code: 'disk_full',
    advice: 'make room on the disk and do it again; what was committed before is there',
  },
  {
    codes: /^(?:SQLITE_CORRUPT.*|XX001|XX002)$/,
    code: 'database_corrupt',
    advice:
      'stop what writes to it, keep a copy, look at it with opsdb doctor, and restore the latest backup',
  },
  {
    codes: /^(?:SQLITE_IOERR.*|EIO|58030)$/,
    code: 'database_corrupt',
    advice:
      'the disk or the network file system below fails: look at its log, and restore the latest backup if files were lost',
  },
  {
    codes: /^(?:SQLITE_BUSY.*|SQLITE_LOCKED.*|55P03)$/,
    code: 'database_busy',
    advice: 'wait for what works on it, and try again',
  },
  {
    codes: /^(?:53[23]00|53400|57P03)$/,
    code: 'database_busy',
    advice: 'the server is at its limit or not ready: try again, or allow more in its configuration',
  },
  {
    codes: /^57014$/,
    code: 'database_busy',
    advice:
      'it took too long or somebody ended it: try again, or allow more with database_postgresql_statement_timeout_ms',
  },
  {
    codes: /^(?:SQLITE_READONLY.*|SQLITE_PERM|SQLITE_AUTH|42501|25006)$/,
    code: 'database_not_writable',
    advice: 'let this user write there, or use another login',
  },
  {
    codes: /^SQLITE_NOTADB$/,
    code: 'database_not_writable',
    advice:
      'it is no SQLite database, or its beginning was overwritten: name another file, or restore the latest backup',
  },
  {
    codes: /^SQLITE_CANTOPEN.*$/,
    code: 'database_not_writable',
    advice: 'it must be a file in a folder that is there',
  },
  {
    codes: /^(?:22003|22008|22P02|22P05|22021|54\d{3}|SQLITE_TOOBIG|SQLITE_MISMATCH|ERR_OUT_OF_RANGE)$/,
    code: 'argument_invalid',
    advice: 'give a value within the range of its column',
  },
  { codes: /^ERR_INVALID_ARG_VALUE$/, code: 'argument_invalid', advice: 'a name has no null character' },
  {
    codes: /^(?:ENOENT|ENOTDIR)$/,
    code: 'file_unusable',
    advice: 'create the folder, or name one that is there',
  },
  {
    codes: /^(?:EACCES|EPERM)$/,
    code: 'file_unusable',
    advice: 'change its permissions, or name another place',
  },
  {
    codes: /^EROFS$/,
    code: 'file_unusable',
    advice: 'the file system is mounted read-only: name another place',
  },
  {
    codes: /^ELOOP$/,
    code: 'file_unusable',
    advice: 'its symbolic links lead in a circle: mend them, or name another place',
  },
  { codes: /^ENAMETOOLONG$/, code: 'file_unusable', advice: 'choose a shorter name' },
  {
    codes: /^(?:EISDIR|EEXIST|ENOTEMPTY)$/,
    code: 'file_unusable',
    advice: 'something else has that name: name another place',
  },
  {
    codes: /^(?:EMFILE|ENFILE)$/,
    code: 'file_unusable',
    advice: 'too many files are open: allow more (ulimit -n)',
  },
];

/** What can be done about an error of the surroundings. */
export interface Explained {
  readonly code: OpsDbErrorCode;
  /** What the system said. */
  readonly reason: string;
  /** What to do, as the end of a sentence. */
  readonly advice: string;
}

/** Whether an error comes from the surroundings, and what to do then; undefined for everything else, which is a bug. */
export function explainSurroundings(error: unknown): Explained | undefined {
  for (let one = error as LowLevelError | undefined, depth = 0; one && depth < DEEPEST; depth += 1) {
    const { code, message = '' } = one;
    const kind = typeof code === 'string' ? KINDS.find(({ codes }) => codes.test(code)) : undefined;
    if (kind) return { code: kind.code, reason: message, advice: kind.advice };
    one = (one.driverError ?? one.cause) as LowLevelError | undefined;
  }
  return undefined;
}

const DEEPEST = 8;

/** The same as an error to throw or to report. */
export function errorOfSurroundings(error: unknown): OpsDbError | undefined {
  const explained = explainSurroundings(error);
  return (
    explained && new OpsDbError(explained.code, `${explained.reason}: ${explained.advice}`, { cause: error })
  );
}
