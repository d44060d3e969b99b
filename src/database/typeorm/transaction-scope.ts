import { AsyncLocalStorage } from 'node:async_hooks';
import type { IsolationLevel } from 'typeorm/driver/types/IsolationLevel.js';
import { OpsDbError } from '../../errors.js';
import { FifoMutex, type Patience } from '../fifo-mutex.js';

/** How a transaction begins. */
export interface TransactionMode {
  readonly isolationLevel?: IsolationLevel;
  /** It only reads, all from one state of the database. */
  readonly readsOneState?: boolean;
  /** It behaves like a connection without a transaction: each statement succeeds or fails by itself. */
  readonly standsForConnection?: boolean;
}

/**
 * Where statements follow one another: a connection (depth 0), a transaction on it (depth 1), or a savepoint of that
 * (depth 2 and more). A statement has the mutex of its scope while it runs, a nested transaction from its begin to its
 * end, so that what runs beside it in the outer one waits.
 */
export class TransactionScope {
  readonly mutex = new FifoMutex();
  readonly depth: number;
  /** The transaction that has the mutex of this scope. */
  inner?: TransactionScope;
  /** The first error of a statement. A transaction that has one cannot be committed. */
  failure?: Error;
  /** Whether a statement was done in this transaction. */
  isUsed = false;
  /** Whether the server knows of this transaction: it is begun with its first statement. */
  isBegun = false;
  /** What is to be sent in front of the next statement. */
  private ahead: string[] = [];
  private reason?: () => Error;
  private readonly unread = new Set<() => void>();

  constructor(
    readonly patience: Patience,
    readonly parent?: TransactionScope,
    readonly mode: TransactionMode = {},
  ) {
    this.depth = parent ? parent.depth + 1 : 0;
  }

  /** The error for what begins after the end of this scope or of one around it; undefined while all are open. */
  get ended(): (() => Error) | undefined {
    return this.reason ?? this.parent?.ended;
  }

  get savepoint(): string {
    return `opsdb_${this.depth - 1}`;
  }

  /** Whether what is sent in this scope belongs to a transaction, as far as its user knows. */
  get isTransaction(): boolean {
    return this.depth > 0 && !this.mode.standsForConnection;
  }

  get root(): TransactionScope {
    return this.parent?.root ?? this;
  }

  /** @throws what closed this scope; OpsDbError `transaction_aborted` */
  assertUsable(): void {
    const { ended, failure } = this;
    if (ended) throw ended();
    if (failure) throw transactionAborted(failure);
  }

  /** Queues a statement that travels in front of the next one of this scope. */
  sendAhead(sql: string): void {
    this.ahead.push(sql);
  }

  /** Empties the queue of statements to be sent ahead, those of the outer scopes first. */
  takeAhead(): string[] {
    const { ahead, parent } = this;
    const outer = parent?.takeAhead() ?? [];
    this.isBegun = true;
    if (ahead.length === 0) return outer;
    this.ahead = [];
    return [...outer, ...ahead];
  }

  /** Forgets what is to be sent in front of the next statement. */
  forgetAhead(): void {
    this.ahead = [];
  }

  /** Refuses whatever begins within from now on. */
  close(reason: () => Error): void {
    this.reason ??= reason;
    this.interrupt();
    this.inner?.close(reason);
  }

  /** Stops streams, which would hold the mutex until they are read. */
  interrupt(): void {
    for (const stop of this.unread) stop();
    this.unread.clear();
  }

  /** @param stop what {@link interrupt} calls */
  onInterrupt(stop: () => void): void {
    this.unread.add(stop);
  }

  /** Notes the error of a statement: PostgreSQL has aborted the transaction, and SQLite behaves alike. */
  fail(error: Error): void {
    if (this.isTransaction) this.failure ??= error;
  }

  /** Notes that a statement was done. */
  use(): void {
    this.isUsed = true;
    this.parent?.use();
  }

  /** Waits for the statement that runs in a scope that is closed. @returns what lets go of the scope */
  settled(): Promise<() => void> {
    let scope: TransactionScope = this;
    while (scope.inner) scope = scope.inner;
    return scope.mutex.take();
  }

  isWithin(other: TransactionScope): boolean {
    return this === other || (this.parent?.isWithin(other) ?? false);
  }
}

/** The transactions within which a function was called, the innermost first, on all connections. */
interface Frame {
  readonly scope: TransactionScope;
  readonly outer?: Frame;
}

const frames = new AsyncLocalStorage<Frame>();

/** Runs `work`, and what it starts, within a transaction. */
export function within<T>(scope: TransactionScope, work: () => T): T {
  return frames.run({ scope, outer: frames.getStore() }, work);
}

/** The innermost open transaction of a scope within which the caller runs; the scope itself where there is none. */
export function innermost(own: TransactionScope): TransactionScope {
  for (let frame = frames.getStore(); frame; frame = frame.outer)
    if (!frame.scope.ended && frame.scope.isWithin(own)) return frame.scope;
  return own;
}

/** The error for a transaction that cannot be committed. */
export function transactionAborted(cause: Error): OpsDbError {
  return new OpsDbError(
    'transaction_aborted',
    `the transaction cannot be committed, and nothing of it is kept: a statement in it has failed (${cause.message}). ` +
      'To go on after an error, do what may fail in a nested transaction (manager.transaction), or throw the error',
    { cause },
  );
}

/** The error for what begins after the end of its transaction. */
export function transactionEnded(how: 'committed' | 'rolled back'): OpsDbError {
  return new OpsDbError(
    'transaction_ended',
    `the transaction was ${how} and its connection released before this began: await all that is done within it ` +
      'before its end, and use another entity manager (withDbSession, the one of the data source) after it',
  );
}

const HOW_TO_END =
  'a unit of work ends with its callback, a transaction begun with startTransaction ends with commitTransaction or ' +
  'rollbackTransaction';

/** What begins or ends a transaction, also behind comments. */
const CONTROL =
  /^(?:\s|;|--.*\n|\/\*[\s\S]*?\*\/)*(?:begin|start\s+transaction|commit|end|abort|prepare\s+transaction|rollback(?!\s+(?:(?:work|transaction)\s+)?to\b))\b/i;

/** @throws OpsDbError `transaction_aborted` for a statement of a user that would begin or end a transaction */
export function assertNoControl(sql: string): void {
  if (!CONTROL.test(sql)) return;
  throw new OpsDbError(
    'transaction_aborted',
    `a statement that begins or ends a transaction was not sent (${sql.trim().slice(0, 60)}): ${HOW_TO_END}`,
  );
}

/** The error for one of several statements in a text that began a transaction or ended one. */
export function endedBy(sql: string): OpsDbError {
  return new OpsDbError(
    'transaction_aborted',
    `a transaction was begun or ended by a statement (${sql.trim().slice(0, 60)}): ${HOW_TO_END}`,
  );
}
