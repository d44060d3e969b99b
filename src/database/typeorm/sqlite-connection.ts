import type { Database, Statement as Prepared, Transaction } from 'better-sqlite3';
import { OpsDbError } from '../../errors.js';
import type { Patience } from '../fifo-mutex.js';
import type { SqliteFile } from './sqlite-file.js';
import { TransactionScope } from './transaction-scope.js';

/** Statements that are never used again must not fill the memory. */
const MOST_PREPARED = 200;

/** What the query runners of one connection share. */
export class SqliteConnection {
  readonly scope: TransactionScope;
  /** Prepared statements as TypeORM's runner keeps them. */
  readonly statements = new Map<unknown, unknown>();
  private readonly preparedTexts = new Map<string, Prepared>();
  private transaction?: Transaction<(work: () => unknown) => unknown>;

  /** @param patienceMs how long a statement or transaction waits for others that do nothing [ms] */
  constructor(
    readonly file: SqliteFile,
    patienceMs: number,
  ) {
    this.scope = new TransactionScope(patienceWith(file, patienceMs));
  }

  /** A statement whose rows come as arrays; each text is prepared once. */
  prepared(connection: Database, sql: string): Prepared {
    const known = this.preparedTexts.get(sql);
    if (known) return known;
    const statement = connection.prepare(sql);
    if (statement.reader) statement.raw();
    if (this.preparedTexts.size === MOST_PREPARED) this.preparedTexts.clear();
    this.preparedTexts.set(sql, statement);
    return statement;
  }

  /**
   * Runs synchronous work in a transaction. The wrapper of the driver is kept, since making it takes as long as a small
   * transaction.
   */
  inOneGo<T>(connection: Database, work: () => T): T {
    this.transaction ??= connection.transaction((given) => given());
    return this.transaction.immediate(work) as T;
  }
}

/** Any activity on the file in this process extends the wait. */
function patienceWith(file: SqliteFile, ms: number): Patience {
  return {
    ms,
    get lastActivity() {
      return file.lastActivity;
    },
    set lastActivity(time) {
      file.lastActivity = time;
    },
    givenUp: () => keptByOthers(ms),
  };
}

function keptByOthers(patienceMs: number): OpsDbError {
  return new OpsDbError(
    'database_busy',
    `another transaction of this process, not another process, has kept the SQLite database for more than ${patienceMs} ms without a statement ` +
      '(database_sqlite_busy_timeout_ms, CCAT_OPS_DB_DATABASE_SQLITE_BUSY_TIMEOUT_MS). Within a ' +
      'transaction that a query runner has started, use that query runner or its manager; ' +
      'keep transactions short; or allow more time',
  );
}
