import type { ReadStream } from 'node:fs';
import { type QueryRunner, TransactionNotStartedError } from 'typeorm';
import {
  innermost,
  type TransactionMode,
  TransactionScope,
  transactionEnded,
  within,
} from './transaction-scope.js';

/** What a database sends for the begin and the end of a transaction; a scope of depth 2 or more is a savepoint. */
export interface TransactionStatements {
  /** @returns what is to be done when the transaction has ended, if anything */
  begin(scope: TransactionScope, mode: TransactionMode): Promise<(() => void) | undefined>;
  /** @throws the error of the server; OpsDbError `transaction_aborted` where it rolled back instead */
  commit(scope: TransactionScope): Promise<void>;
  rollBack(scope: TransactionScope): Promise<void>;
}

type TransactionEvent = `${'Before' | 'After'}Transaction${'Start' | 'Commit' | 'Rollback'}`;

/** A transaction, and the function that releases the outer scope. */
interface Begun {
  readonly scope: TransactionScope;
  readonly leave: () => void;
}

/** A statement that returns to a savepoint, and so undoes an error. */
const ROLLBACK_TO = /^\s*rollback\s+(?:(?:work|transaction)\s+)?to\b/i;

/**
 * The transactions of one query runner. Each is owned by who began it: a unit of work has a runner of its own, and
 * transactions that are begun by hand are a stack of their runner.
 */
export class Transactions {
  private readonly byHand: Begun[] = [];

  /** @param base the scope that the runner works in: a connection, or a transaction of it */
  constructor(
    private base: TransactionScope,
    private readonly runner: QueryRunner & TransactionStatements,
  ) {}

  /** The transaction that statements of the runner belong to, or that they are called in within it. */
  get scope(): TransactionScope {
    const { own } = this;
    if (own.ended) throw own.ended();
    return innermost(own);
  }

  get isActive(): boolean {
    return this.own.isTransaction;
  }

  /** The error for what begins after the end of the runner's transaction. */
  get ended(): (() => Error) | undefined {
    return this.own.ended;
  }

  private get own(): TransactionScope {
    return this.byHand.at(-1)?.scope ?? this.base;
  }

  /** Sends a statement after those before it. */
  async statement<T>(sql: string, send: (scope: TransactionScope) => Promise<T>): Promise<T> {
    if (this.scope.mode.standsForConnection) return this.singly(sql, send);
    const { scope, leave } = this.enterNow() ?? (await this.enter());
    try {
      if (scope.failure && ROLLBACK_TO.test(sql)) scope.failure = undefined;
      scope.assertUsable();
      const result = await send(scope);
      scope.use();
      return result;
    } catch (error) {
      scope.fail(error as Error);
      throw error;
    } finally {
      scope.patience.lastActivity = Date.now();
      leave();
    }
  }

  /** A savepoint around a statement keeps its error from the transaction that stands for the connection. */
  private async singly<T>(sql: string, send: (scope: TransactionScope) => Promise<T>): Promise<T> {
    const begun = await this.begin({});
    try {
      const result = await within(begun.scope, () => this.statement(sql, send));
      await this.commit(begun);
      return result;
    } catch (error) {
      await this.rollBack(begun);
      throw error;
    }
  }

  /** Opens a stream that has the connection until it is closed; the end of its transaction closes it. */
  async stream<T extends ReadStream>(open: (scope: TransactionScope) => Promise<T>): Promise<T> {
    const { scope, leave } = this.enterNow() ?? (await this.enter());
    try {
      scope.assertUsable();
      const stream = await open(scope);
      stream.once('error', (error) => scope.fail(error));
      stream.once('close', leave);
      scope.onInterrupt(() => {
        stream.destroy(transactionEnded('rolled back'));
        // A connection that is lost or given up does not answer any more.
        if (scope.root.ended) leave();
      });
      return stream;
    } catch (error) {
      scope.fail(error as Error);
      leave();
      throw error;
    }
  }

  /** Runs work in a transaction, and commits it; rolls it back where the work throws. The runner is of no use then. */
  async unit<T>(mode: TransactionMode, work: () => Promise<T>): Promise<T> {
    const begun = await this.begin(mode);
    this.base = begun.scope;
    try {
      await this.broadcast('AfterTransactionStart');
      const result = await within(begun.scope, work);
      await this.commit(begun);
      await this.broadcastAfter('AfterTransactionCommit', begun);
      return result;
    } catch (error) {
      if (await this.rollBack(begun))
        await this.broadcastAfter('AfterTransactionRollback', begun).catch(() => undefined);
      throw error;
    }
  }

  async startByHand(mode: TransactionMode): Promise<void> {
    this.byHand.push(await this.begin(mode));
    await this.broadcast('AfterTransactionStart');
  }

  async commitByHand(): Promise<void> {
    const begun = this.innermostByHand();
    await this.commit(begun);
    this.forget(begun);
    await this.broadcastAfter('AfterTransactionCommit', begun);
  }

  async rollBackByHand(): Promise<void> {
    const begun = this.innermostByHand();
    await this.rollBack(begun);
    this.forget(begun);
    await this.broadcastAfter('AfterTransactionRollback', begun);
  }

  /** Commits what was begun by hand. */
  async commitAll(): Promise<void> {
    while (this.byHand.length > 0) await this.commitByHand();
  }

  /** Rolls back what was begun by hand. */
  async end(): Promise<void> {
    while (this.byHand.length > 0) await this.rollBackByHand();
  }

  private async begin(mode: TransactionMode): Promise<Begun> {
    await this.broadcast('BeforeTransactionStart');
    const { scope: outer, leave } = this.enterNow() ?? (await this.enter());
    const scope = new TransactionScope(outer.patience, outer, mode);
    let leaveAll = leave;
    try {
      outer.assertUsable();
      const end = await this.runner.begin(scope, mode);
      leaveAll = () => {
        end?.();
        leave();
      };
      outer.assertUsable();
    } catch (error) {
      outer.fail(error as Error);
      leaveAll();
      throw error;
    }
    outer.inner = scope;
    return { scope, leave: leaveAll };
  }

  private async commit({ scope, leave }: Begun): Promise<void> {
    await this.broadcast('BeforeTransactionCommit');
    scope.interrupt();
    const done = await scope.mutex.take(scope.patience);
    let how: 'committed' | 'rolled back' = 'rolled back';
    try {
      scope.assertUsable();
      scope.close(() => transactionEnded(how));
      await this.runner.commit(scope);
      how = 'committed';
      leaveOuter(scope, leave);
    } finally {
      done();
    }
  }

  /** Waits for the statement that runs, and for nothing else: the rest is refused. @returns false after a commit */
  private async rollBack({ scope, leave }: Begun): Promise<boolean> {
    const { parent } = scope;
    if (parent?.inner !== scope) return false;
    await this.broadcast('BeforeTransactionRollback').catch(() => undefined);
    scope.close(() => transactionEnded('rolled back'));
    const done = await scope.settled();
    try {
      if (!parent.ended) await this.runner.rollBack(scope);
    } catch (error) {
      // The connection is unusable and is discarded on release. The caller gets the first error.
      parent.fail(error as Error);
    } finally {
      leaveOuter(scope, leave);
      done();
    }
    return true;
  }

  private async broadcast(event: TransactionEvent): Promise<void> {
    const { dataSource, broadcaster } = this.runner;
    if (dataSource.subscribers.length > 0) await broadcaster.broadcast(event);
  }

  /** Subscribers may use the runner of a transaction that has ended: what they send is no longer part of it. */
  private async broadcastAfter(event: TransactionEvent, { scope }: Begun): Promise<void> {
    if (this.runner.dataSource.subscribers.length === 0) return;
    const { base } = this;
    if (base === scope) this.base = scope.parent ?? scope;
    try {
      await this.broadcast(event);
    } finally {
      this.base = base;
    }
  }

  private innermostByHand(): Begun {
    const begun = this.byHand.at(-1);
    if (!begun) throw new TransactionNotStartedError();
    return begun;
  }

  private forget(begun: Begun): void {
    this.byHand.splice(this.byHand.indexOf(begun), 1);
  }

  private enterNow(): Begun | undefined {
    const { scope } = this;
    const leave = scope.mutex.takeNow();
    return leave && { scope, leave };
  }

  private async enter(): Promise<Begun> {
    for (const { own } = this; ; ) {
      if (own.ended) throw own.ended();
      const scope = innermost(own);
      const leave = await scope.mutex.take(scope.patience);
      if (!scope.ended) return { scope, leave };
      leave();
    }
  }
}

function leaveOuter(scope: TransactionScope, leave: () => void): void {
  const { parent } = scope;
  if (parent?.inner !== scope) return;
  parent.inner = undefined;
  leave();
}
