import { statSync } from 'node:fs';
import path from 'node:path';
import { OpsDbError } from '../../errors.js';
import { IN_MEMORY } from '../connection-settings.js';
import { FifoMutex } from '../fifo-mutex.js';

/**
 * A SQLite file that this process has open. Data sources on one file have connections of their own, so that what one has
 * not committed stays unseen by the others; they write one after the other, and wait for each other without holding up the
 * process, as they would do in SQLite.
 */
export class SqliteFile {
  /** The mutex of writers. */
  readonly writing = new FifoMutex();
  /** Time of the last write [ms since 1970]. */
  lastActivity = 0;

  private constructor(
    private readonly name: string,
    private readonly identity: string | undefined,
  ) {}

  /** Identifies the file: another file may later have the same path. */
  static of(name: string): SqliteFile {
    const identity = name === IN_MEMORY ? undefined : identityOf(name);
    const known = identity === undefined ? undefined : files.get(identity)?.deref();
    // The file system may reuse the inode number of a removed file.
    if (known?.isThere) return known;
    const file = new SqliteFile(name, identity);
    if (identity) files.set(identity, new WeakRef(file));
    return file;
  }

  private get isThere(): boolean {
    return identityOf(this.name) === this.identity;
  }

  /** @throws OpsDbError `database_missing` where the file was removed or replaced since it was opened */
  assertThere(): void {
    if (!this.identity || this.isThere) return;
    throw new OpsDbError(
      'database_missing',
      `the SQLite database ${path.resolve(this.name)} was removed or replaced while it was open: nothing was written, for it ` +
        'would have been lost. Put the file back, or connect anew',
    );
  }
}

const files = new Map<string, WeakRef<SqliteFile>>();

function identityOf(name: string): string | undefined {
  const found = statSync(name, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}
