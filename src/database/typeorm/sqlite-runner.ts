/**
 * Transactions on the one connection that a SQLite data source has.
 *
 * TypeORM lets everything run on that connection at once: transactions begin within each other, and a statement
 * of one is rolled back with another. A connection each is no way out, since better-sqlite3 blocks the process
 * while it waits for a lock, so that the one who holds it cannot commit. Hence a FIFO mutex: a transaction has the
 * connection to itself from its begin to its end, a statement outside of one for as long as it runs.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type { ObjectLiteral, QueryFailedError, QueryRunner } from 'typeorm';
import type { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js';
import { BetterSqlite3QueryRunner } from 'typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner.js';
import type { IsolationLevel } from 'typeorm/driver/types/IsolationLevel.js';
import { OpsDbError } from '../../errors.js';
import type { Row, Statement } from '../statement.js';
import { assertParameters } from './parameter-limit.js';
import type { SqliteConnection } from './sqlite-connection.js';
import {
  assertNoControl,
  endedBy,
  type TransactionMode,
  type TransactionScope,
} from './transaction-scope.js';
import { type TransactionStatements, Transactions } from './transactions.js';
import {
  isObserved,
  isolationLevelOf,
  observed,
  observedNow,
  readTransactionState,
  type UnitRunner,
} from './unit-runner.js';

/** Statements that write nothing. */
const READ = /^\s*(?:select|explain|pragma)\b/i;

type Leave = () => void;

/** TypeORM's runner on SQLite whose transactions are owned by who begins them. */
export class SqliteRunner extends BetterSqlite3QueryRunner implements UnitRunner, TransactionStatements {
  readonly transactions: Transactions;
  readonly ownsConnection: boolean;
  private releasing?: Promise<void>;

  /** @param other the runner whose transaction this one shares */
  constructor(
    driver: BetterSqlite3Driver,
    private readonly shared: SqliteConnection,
    other?: SqliteRunner,
  ) {
    super(driver);
    // The parent keeps its prepared statements for itself; preparing them once per runner would cost more than running them.
    Object.assign(this, { stmtCache: shared.statements });
    this.ownsConnection = !other;
    this.transactions = new Transactions(other?.transactions.scope ?? shared.scope, this);
    if (other) this.data = other.data;
  }

  beside(): SqliteRunner {
    const runner = new SqliteRunner(this.driver as BetterSqlite3Driver, this.shared, this);
    this.dataSource.createEntityManager(runner);
    return runner;
  }

  override async query(
    sql: string,
    parameters?: unknown[] | ObjectLiteral,
    useStructuredResult?: boolean,
  ): ReturnType<QueryRunner['query']> {
    assertParameters('SQLite', parameters);
    return this.exclusive(sql, () => {
      assertNoControl(sql);
      return super.query(sql, parameters, useStructuredResult);
    });
  }

  rowsOf({ text }: Statement, parameters: readonly unknown[] = []): Promise<Row[]> {
    assertParameters('SQLite', parameters);
    const given = [...parameters];
    if (isObserved(this))
      return this.exclusive(text, (connection) =>
        observed(this, text, given, async () => this.allOf(connection, text, given)),
      );
    return this.statement(text, (scope) =>
      whenUnlocked(scope.patience.ms, () => {
        const connection: Database = this.driver.databaseConnection;
        const rows = observedNow(this, text, given, () => this.allOf(connection, text, given));
        assertKept(connection, scope, text);
        return rows;
      }),
    );
  }

  /**
   * Has the connection to itself for what counts as one statement: it waits for those before it, is part of the
   * transaction of the runner, and fails it when it throws.
   * @param sql for messages
   * @param send gets the connection of the driver, and may send several statements
   */
  exclusive<T>(sql: string, send: (connection: Database) => T | Promise<T>): Promise<T> {
    return this.statement(sql, (scope) =>
      whenUnlocked(scope.patience.ms, async () => {
        const connection: Database = this.driver.databaseConnection;
        const result = await send(connection);
        assertKept(connection, scope, sql);
        return result;
      }),
    );
  }

  /**
   * Runs several statements as one transaction, without letting go of the thread in between.
   * @param work gets what runs a statement and gives its rows as arrays; it must not wait for anything
   */
  inOneGo<T>(work: (all: (sql: string, parameters: readonly unknown[]) => Row[]) => T): Promise<T> {
    return this.statement('', (scope) =>
      whenUnlocked(scope.patience.ms, () => {
        const connection: Database = this.driver.databaseConnection;
        const all = (sql: string, parameters: readonly unknown[]) => {
          assertParameters('SQLite', parameters);
          return observedNow(this, sql, [...parameters], () => this.allOf(connection, sql, parameters));
        };
        return this.shared.inOneGo(connection, () => work(all));
      }),
    );
  }

  override startTransaction(isolationLevel?: IsolationLevel): Promise<void> {
    return this.transactions.startByHand({ isolationLevel });
  }

  override commitTransaction(): Promise<void> {
    return this.transactions.commitByHand();
  }

  override rollbackTransaction(): Promise<void> {
    return this.transactions.rollBackByHand();
  }

  /** Ends the use of this runner; what it has not committed is rolled back. */
  override release(): Promise<void> {
    this.releasing ??= this.end();
    return this.releasing;
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.transactions.commitAll();
    } finally {
      await this.release();
    }
  }

  /** All isolation levels are that of SQLite, which is the highest. */
  async begin(scope: TransactionScope, { isolationLevel, readsOneState }: TransactionMode): Promise<Leave> {
    isolationLevelOf(this, isolationLevel);
    if (scope.depth > 1 || readsOneState) {
      await this.control(scope, scope.depth > 1 ? `SAVEPOINT ${scope.savepoint}` : 'BEGIN');
      return () => {};
    }
    const leave = await this.shared.file.writing.take(scope.patience);
    try {
      // A deferred transaction that reads before it writes fails when another process has written in between.
      await this.control(scope, 'BEGIN IMMEDIATE');
      return leave;
    } catch (error) {
      leave();
      throw error;
    }
  }

  async commit(scope: TransactionScope): Promise<void> {
    if (scope.depth === 1 && !scope.mode.readsOneState) this.shared.file.assertThere();
    await this.control(scope, scope.depth === 1 ? 'COMMIT' : `RELEASE SAVEPOINT ${scope.savepoint}`);
  }

  async rollBack(scope: TransactionScope): Promise<void> {
    // An error such as a full disk has ended the transaction already.
    if (!(this.driver.databaseConnection as Database).inTransaction) return;
    if (scope.depth === 1) return this.control(scope, 'ROLLBACK');
    await this.control(scope, `ROLLBACK TO SAVEPOINT ${scope.savepoint}`);
    await this.control(scope, `RELEASE SAVEPOINT ${scope.savepoint}`);
  }

  /** As {@link Transactions.statement}; what writes by itself waits for those who write on other connections to the file. */
  private statement<T>(sql: string, send: (scope: TransactionScope) => Promise<T>): Promise<T> {
    return this.transactions.statement(sql, (scope) =>
      scope.depth > 0 || READ.test(sql) ? send(scope) : this.write(scope, send),
    );
  }

  private async write<T>(scope: TransactionScope, send: (scope: TransactionScope) => Promise<T>): Promise<T> {
    const { file } = this.shared;
    const leave = file.writing.takeNow() ?? (await file.writing.take(scope.patience));
    try {
      file.assertThere();
      return await send(scope);
    } finally {
      leave();
    }
  }

  /** Runs what begins or ends a transaction. */
  private async control(scope: TransactionScope, sql: string): Promise<void> {
    const connection: Database = this.driver.databaseConnection;
    await whenUnlocked(scope.patience.ms, () =>
      observed(this, sql, undefined, async () => this.allOf(connection, sql, [])),
    );
  }

  private allOf(connection: Database, sql: string, parameters: readonly unknown[]): Row[] {
    const statement = this.shared.prepared(connection, sql);
    const values = parameters.map((value) => (typeof value === 'boolean' ? Number(value) : value));
    if (statement.reader) return statement.all(...values) as Row[];
    statement.run(...values);
    return [];
  }

  private async end(): Promise<void> {
    await this.transactions.end();
    this.isReleased = true;
    await super.release();
  }
}

readTransactionState(SqliteRunner);

/** @throws OpsDbError `transaction_aborted` for a statement that has begun a transaction or ended one */
function assertKept(connection: Database, { depth }: TransactionScope, sql: string): void {
  if (connection.inTransaction === depth > 0) return;
  if (depth === 0) connection.exec('ROLLBACK');
  throw endedBy(sql);
}

/**
 * Retries while another process has locked the database. SQLite's own wait would block the whole process.
 */
export async function whenUnlocked<T>(patienceMs: number, work: () => T | Promise<T>): Promise<T> {
  for (const end = Date.now() + patienceMs; ; await sleep(10 * Math.random())) {
    try {
      return await work();
    } catch (error) {
      if (!isLocked(error)) throw error;
      if (Date.now() >= end) throw lockedByOthers(error, patienceMs);
    }
  }
}

function isLocked(error: unknown): boolean {
  // Errors of `inOneGo` are not wrapped.
  const { code } = ((error as QueryFailedError).driverError ?? error) as { code?: string };
  return code?.startsWith('SQLITE_BUSY') ?? false;
}

function lockedByOthers(cause: unknown, patienceMs: number): OpsDbError {
  return new OpsDbError(
    'database_busy',
    `another process has kept the SQLite database for more than ${patienceMs} ms ` +
      '(database_sqlite_busy_timeout_ms, CCAT_OPS_DB_DATABASE_SQLITE_BUSY_TIMEOUT_MS): ' +
      'try again, keep transactions short, or allow more time',
    { cause },
  );
}
