/**
 * Transactions on the one connection that a SQLite data source has.
 *
 * TypeORM lets everything run on that connection at once: transactions begin within each other, and a statement
 * of one is rolled back with another. A connection each is no way out, since better-sqlite3 blocks the process
 * while it waits for a lock, so that the one who holds it cannot commit. Hence turns: a transaction has the
 * connection to itself from its begin to its end, a statement outside of one for as long as it runs.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Statement as Prepared, Transaction } from 'better-sqlite3';
import {
  EntityManager,
  QueryFailedError,
  QueryRunnerAlreadyReleasedError,
  TransactionNotStartedError,
} from 'typeorm';
import type { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js';
import { BetterSqlite3QueryRunner } from 'typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner.js';
import type { IsolationLevel } from 'typeorm/driver/types/IsolationLevel.js';
import { OpsDbError } from '../errors.js';
import { FifoMutex } from './fifo-mutex.js';
import { isUnobserved, type Row, Statement } from './statement.js';

/** A stretch of work in which one thing happens at a time: the whole connection, or one transaction of it. */
class Scope {
  readonly turns: FifoMutex;
  readonly depth: number;
  ended = false;

  constructor(
    readonly patienceMs: number,
    readonly parent?: Scope,
  ) {
    this.turns = new FifoMutex(patienceMs);
    this.depth = parent ? parent.depth + 1 : 0;
  }

  get open(): boolean {
    return !this.ended && (this.parent?.open ?? true);
  }

  isWithin(other: Scope): boolean {
    return this === other || (this.parent?.isWithin(other) ?? false);
  }
}

/** Texts that never come again must not fill the memory. */
const MOST_PREPARED = 200;

/** What the query runners of one connection share. */
export class SharedConnection {
  readonly statements = new Map<unknown, unknown>();
  readonly connection: Scope;
  private readonly preparedTexts = new Map<string, Prepared>();
  private transaction?: Transaction<(work: () => unknown) => unknown>;
  private readonly context = new AsyncLocalStorage<Scope>();

  /** @param patienceMs how long a statement or transaction waits for its turn [ms] */
  constructor(patienceMs: number) {
    this.connection = new Scope(patienceMs);
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

  /** Runs work that waits for nothing in a transaction; making what does so takes as long as a small one. */
  inOneGo<T>(connection: Database, work: () => T): T {
    this.transaction ??= connection.transaction((given) => given());
    return this.transaction.immediate(work) as T;
  }

  /** The transaction within which the caller runs; one that has ended counts no more. */
  get current(): Scope {
    let scope = this.context.getStore();
    while (scope && !scope.open) scope = scope.parent;
    return scope ?? this.connection;
  }

  /** Runs `work`, and what it starts, within a transaction. */
  within<T>(scope: Scope, work: () => T): T {
    return this.context.run(scope, work);
  }
}

/** A query runner that takes turns with the others of its connection. */
export class TurnQueryRunner extends BetterSqlite3QueryRunner {
  /** The transactions that this runner has begun, the innermost last. */
  private readonly begun: { readonly scope: Scope; readonly leave: () => void }[] = [];
  private isToRead = false;

  constructor(
    driver: BetterSqlite3Driver,
    private readonly shared: SharedConnection,
  ) {
    super(driver);
    // The parent keeps its prepared statements for itself; preparing them once per runner would cost more than running them.
    Object.assign(this, { stmtCache: shared.statements });
  }

  /** The innermost transaction for a statement of this runner: its own one, or one within that the caller runs in. */
  get scope(): Scope {
    const own = this.begun.at(-1)?.scope ?? this.shared.connection;
    if (!own.open) throw new TransactionNotStartedError();
    const { current } = this.shared;
    return current.isWithin(own) ? current : own;
  }

  override async query(sql: string, parameters?: unknown[], useStructuredResult?: boolean) {
    const given: unknown = sql;
    if (given instanceof Statement && isUnobserved(this.dataSource)) return this.rowsOf(given, parameters);
    const { leave, scope } = await this.enter();
    // A deferred transaction that reads before it writes fails when another process has written in between.
    const statement = sql === 'BEGIN TRANSACTION' && !this.isToRead ? 'BEGIN IMMEDIATE' : sql;
    try {
      if (given instanceof Statement) await this.prepare(given);
      return await whenUnlocked(scope.patienceMs, () =>
        super.query(statement, parameters, useStructuredResult),
      );
    } finally {
      leave();
      if (given instanceof Statement && !given.name) this.shared.statements.delete(given);
    }
  }

  override async startTransaction(isolationLevel?: IsolationLevel): Promise<void> {
    const { scope: outer, leave } = await this.enter();
    const scope = new Scope(outer.patienceMs, outer);
    this.transactionDepth = outer.depth;
    try {
      await this.shared.within(scope, () => super.startTransaction(isolationLevel));
      this.begun.push({ scope, leave });
    } catch (error) {
      leave();
      throw error;
    } finally {
      this.isTransactionActive = this.begun.length > 0;
    }
  }

  /**
   * Runs several statements as one transaction, without letting go of the thread in between.
   * @param work gets what runs a statement and gives its rows as arrays; it must not wait for anything
   */
  async inOneGo<T>(work: (all: (sql: string, parameters: readonly unknown[]) => Row[]) => T): Promise<T> {
    const { leave, scope } = this.enterNow() ?? (await this.enter());
    try {
      const connection: Database = this.driver.databaseConnection;
      const all = (sql: string, parameters: readonly unknown[]) => this.allOf(connection, sql, parameters);
      return await whenUnlocked(scope.patienceMs, () => this.shared.inOneGo(connection, () => work(all)));
    } finally {
      leave();
    }
  }

  /** Begins a transaction that only reads: it does not wait for those of other processes that write. */
  async startReading(): Promise<void> {
    this.isToRead = true;
    try {
      await this.startTransaction();
    } finally {
      this.isToRead = false;
    }
  }

  override async commitTransaction(): Promise<void> {
    const { scope } = this.innermost();
    const done = await scope.turns.take();
    try {
      await this.shared.within(new Scope(scope.patienceMs, scope), () => super.commitTransaction());
      this.end();
    } finally {
      done();
    }
  }

  override async rollbackTransaction(): Promise<void> {
    const { scope } = this.innermost();
    // A statement that does not come to its end must not keep the transaction from its own.
    const done = await scope.turns.take().catch(() => undefined);
    try {
      await this.shared.within(new Scope(scope.patienceMs, scope), () => super.rollbackTransaction());
    } finally {
      this.end();
      done?.();
    }
  }

  /** Ends the use of this runner; what it has not committed is rolled back. */
  override async release(): Promise<void> {
    while (this.begun.length > 0) await this.rollbackTransaction().catch(() => undefined);
    this.isReleased = true;
    return super.release();
  }

  /** Runs `work`, and what it starts on the data source, within the transaction that this runner has begun. */
  within<T>(work: () => T): T {
    return this.shared.within(this.scope, work);
  }

  /** What the parent does for a statement that nobody observes, without its broadcasts, which take as long again. */
  private async rowsOf({ text }: Statement, parameters: readonly unknown[] = []): Promise<Row[]> {
    if (this.isReleased) throw new QueryRunnerAlreadyReleasedError();
    const { leave, scope } = this.enterNow() ?? (await this.enter());
    try {
      const connection: Database = this.driver.databaseConnection;
      return await whenUnlocked(scope.patienceMs, () => this.allOf(connection, text, parameters));
    } finally {
      leave();
    }
  }

  /** Keeps a prepared statement where the parent looks for it; it would not have the rows as arrays. */
  private async prepare(statement: Statement): Promise<void> {
    if (this.shared.statements.has(statement)) return;
    const connection: Database = await this.connect();
    try {
      this.shared.statements.set(statement, connection.prepare(statement.text).raw());
    } catch (error) {
      throw new QueryFailedError(statement.text, undefined, error as Error);
    }
  }

  private allOf(connection: Database, sql: string, parameters: readonly unknown[]): Row[] {
    const { logger } = this.dataSource;
    logger.logQuery(sql, [...parameters], this);
    try {
      const statement = this.shared.prepared(connection, sql);
      const values = parameters.map((value) => (typeof value === 'boolean' ? Number(value) : value));
      if (statement.reader) return statement.all(...values) as Row[];
      statement.run(...values);
      return [];
    } catch (error) {
      logger.logQueryError(error as Error, sql, [...parameters], this);
      throw new QueryFailedError(sql, [...parameters], error as Error);
    }
  }

  /** Without waiting, where it is nobody else's turn: undefined where it is. */
  private enterNow(): { scope: Scope; leave: () => void } | undefined {
    const { scope } = this;
    const leave = scope.turns.takeNow();
    return leave && { scope, leave };
  }

  private async enter(): Promise<{ scope: Scope; leave: () => void }> {
    for (;;) {
      const { scope } = this;
      const leave = await scope.turns.take();
      if (scope.open) return { scope, leave };
      leave();
    }
  }

  private innermost(): { scope: Scope } {
    const innermost = this.begun.at(-1);
    if (!innermost) throw new TransactionNotStartedError();
    this.transactionDepth = innermost.scope.depth;
    if (innermost.scope.open) return innermost;
    this.end();
    throw new TransactionNotStartedError();
  }

  private end(): void {
    const ended = this.begun.pop();
    if (!ended) return;
    ended.scope.ended = true;
    this.isTransactionActive = this.begun.length > 0;
    ended.leave();
  }
}

/** Does something again for as long as another process has the database. */
async function whenUnlocked<T>(patienceMs: number, work: () => T | Promise<T>): Promise<T> {
  for (const end = Date.now() + patienceMs; ; await sleep(10 * Math.random())) {
    try {
      return await work();
    } catch (error) {
      if (!isLocked(error)) throw error;
      if (Date.now() >= end) throw lockedByOthers(error, patienceMs);
    }
  }
}

type Work<T> = (manager: EntityManager) => Promise<T>;

/** An entity manager whose transactions take in what their callbacks start on the data source. */
export class TurnEntityManager extends EntityManager {
  override transaction<T>(work: Work<T>): Promise<T>;
  override transaction<T>(isolationLevel: IsolationLevel, work: Work<T>): Promise<T>;
  override transaction<T>(...given: [Work<T>] | [IsolationLevel, Work<T>]): Promise<T> {
    const work = given.find((argument) => typeof argument === 'function') as Work<T>;
    const isolationLevel = given.find((argument) => typeof argument === 'string') as IsolationLevel;
    const runner = this.queryRunner as TurnQueryRunner | undefined;
    if (runner && !runner.isReleased) {
      // A runner of its own, so that what goes on beside it in the outer transaction is not rolled back with it.
      const { manager } = this.dataSource;
      return runner.within(() => manager.transaction(isolationLevel, work));
    }
    return super.transaction(isolationLevel, (manager) =>
      (manager.queryRunner as TurnQueryRunner).within(() => work(manager)),
    );
  }
}

function isLocked(error: unknown): boolean {
  // What begins a transaction in one go is not wrapped.
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
