import type { ReadStream } from 'node:fs';
import type { PoolClient, QueryArrayResult } from 'pg';
import { type ObjectLiteral, QueryFailedError, type QueryRunner } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner.js';
import type { IsolationLevel } from 'typeorm/driver/types/IsolationLevel.js';
import type { ReplicationMode } from 'typeorm/driver/types/ReplicationMode.js';
import { type Handle, refuseWrite } from '../connection-loss.js';
import { failedStatement, sendTogether } from '../pg/pipeline.js';
import type { Sent } from '../pg/sent.js';
import type { Row, Statement } from '../statement.js';
import { assertParameters } from './parameter-limit.js';
import { PostgresqlConnection } from './postgresql-connection.js';
import {
  assertNoControl,
  type TransactionMode,
  type TransactionScope,
  transactionAborted,
} from './transaction-scope.js';
import { type TransactionStatements, Transactions } from './transactions.js';
import {
  isObserved,
  isolationLevelOf,
  observed,
  readTransactionState,
  type UnitRunner,
} from './unit-runner.js';

/**
 * TypeORM's runner on PostgreSQL whose transactions are owned by who begins them, and whose errors say what became of
 * the work. Statements are sent one after the other.
 */
export class PostgresqlRunner extends PostgresQueryRunner implements UnitRunner, TransactionStatements {
  readonly transactions: Transactions;
  readonly ownsConnection: boolean;
  private readonly connectionOfRunner: PostgresqlConnection;
  private releasing?: Promise<void>;

  /** @param other the runner whose connection and transaction this one shares */
  constructor(
    driver: PostgresDriver,
    mode: ReplicationMode,
    private readonly handle: Handle,
    other?: PostgresqlRunner,
  ) {
    super(driver, mode);
    this.ownsConnection = !other;
    this.connectionOfRunner =
      other?.connectionOfRunner ?? new PostgresqlConnection(this, driver, mode, handle);
    this.transactions = new Transactions(other?.transactions.scope ?? this.connectionOfRunner.scope, this);
    if (other) this.data = other.data;
  }

  beside(): PostgresqlRunner {
    const runner = new PostgresqlRunner(this.driver, this.mode, this.handle, this);
    this.dataSource.createEntityManager(runner);
    return runner;
  }

  override connect(): Promise<PoolClient> {
    return this.connectionOfRunner.take();
  }

  override release(): Promise<void> {
    this.releasing ??= this.end();
    return this.releasing;
  }

  override async query(
    sql: string,
    parameters?: unknown[] | ObjectLiteral,
    useStructuredResult?: boolean,
  ): ReturnType<QueryRunner['query']> {
    assertParameters('PostgreSQL', parameters);
    return this.oneQuery(sql, () => {
      assertNoControl(sql);
      return super.query(sql, parameters, useStructuredResult);
    });
  }

  rowsOf(statement: Statement, values: readonly unknown[] = []): Promise<Row[]> {
    assertParameters('PostgreSQL', values);
    return this.keptQuery([statement], (client) => {
      const { text, name } = statement;
      return observed(this, text, values as unknown[], () =>
        sendTogether(client, [{ text, name, rowMode: 'array', values }]).then(([result]) => rowsIn(result)),
      );
    });
  }

  /** Sends statements in one flush, see {@link sendTogether}; only the logger is told of them. */
  together(statements: readonly (readonly [Statement, readonly unknown[]])[]): Promise<Row[][]> {
    const kept = statements.map(([statement]) => statement);
    return this.keptQuery(kept, (client) =>
      this.flush(
        client,
        statements.map(([{ text, name }, values]) => ({ text, name, values, rowMode: 'array' })),
      ),
    );
  }

  /** As {@link together}, also with rows to copy. */
  sendTogether(statements: readonly Sent[]): Promise<Row[][]> {
    return this.oneQuery(statements.map(({ text }) => text).join('; '), (client) =>
      this.flush(client, statements),
    );
  }

  private flush(client: PoolClient, statements: readonly Sent[]): Promise<Row[][]> {
    const { logger } = this.dataSource;
    for (const { text, values } of statements) {
      refuseWrite(this.handle, text);
      assertParameters('PostgreSQL', values);
    }
    const sent = this.handle.isPooled ? statements.map((one) => ({ ...one, name: undefined })) : statements;
    for (const { text, values } of statements) logger.logQuery(text, values as unknown[], this);
    return sendTogether(client, sent).then(
      (results) => results.map(rowsIn),
      (error) => {
        const { text, values } = failedStatement(error) ?? { text: '' };
        if (!text) throw error;
        logger.logQueryError(error as Error, text, values as unknown[], this);
        throw new QueryFailedError(text, values as unknown[], error as Error);
      },
    );
  }

  /**
   * Has the connection to itself for what counts as one statement: it waits for those before it, is part of the
   * transaction of the runner, and fails it when it throws.
   * @param sql for messages, and to tell what a lost connection means
   * @param send gets the client of the driver, and may send several statements
   */
  exclusive<T>(sql: string, send: (client: PoolClient, scope: TransactionScope) => Promise<T>): Promise<T> {
    return this.transactions.statement(sql, (scope) =>
      this.connectionOfRunner.statement(sql, scope, (client) => send(client, scope)),
    );
  }

  /** As {@link exclusive}, for what is one query of the driver: what begins the transaction goes with it. */
  private oneQuery<T>(
    sql: string,
    send: (client: PoolClient, scope: TransactionScope) => Promise<T>,
  ): Promise<T> {
    return this.transactions.statement(sql, (scope) =>
      this.connectionOfRunner.statement(sql, scope, (client) => send(client, scope), true),
    );
  }

  /** Sends statements that the server may keep, and again where a table was changed since and nothing was done yet. */
  private keptQuery<T>(
    statements: readonly Statement[],
    send: (client: PoolClient) => Promise<T>,
  ): Promise<T> {
    return this.oneQuery(statements.map(({ text }) => text).join('; '), (client, scope) => {
      const names = statements.map(({ name }) => name);
      return send(client).catch(async (error: unknown) => {
        if (!isOfOldPlan(error)) throw error;
        for (const [at, statement] of statements.entries()) statement.forget(names[at]);
        if (scope.depth > 0 && scope.isUsed) throw error;
        await this.beginAgain(scope);
        return send(client);
      });
    });
  }

  override stream(
    sql: string,
    parameters?: unknown[],
    onEnd?: () => void,
    onError?: (error: Error) => void,
  ): Promise<ReadStream> {
    return this.transactions.stream((scope) =>
      this.connectionOfRunner.statement(sql, scope, () => {
        assertNoControl(sql);
        return super.stream(sql, parameters, onEnd, onError);
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

  override async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.transactions.commitAll();
    } finally {
      await this.release();
    }
  }

  async begin(scope: TransactionScope, mode: TransactionMode): Promise<undefined> {
    const start = this.startText(mode);
    await this.ahead(scope, scope, scope.depth === 1 ? start : `SAVEPOINT ${scope.savepoint}`);
  }

  private startText({ isolationLevel, readsOneState }: TransactionMode): string {
    const level = isolationLevelOf(this, isolationLevel);
    const asked = level ? ` ISOLATION LEVEL ${level}` : '';
    return `START TRANSACTION${readsOneState ? ' ISOLATION LEVEL REPEATABLE READ, READ ONLY' : asked}`;
  }

  async commit(scope: TransactionScope): Promise<void> {
    const { isBegun, parent } = scope;
    // What is left to be sent are releases of savepoints, which end with the transaction.
    scope.forgetAhead();
    if (!isBegun) return;
    if (parent && scope.depth > 1) return this.ahead(scope, parent, `RELEASE SAVEPOINT ${scope.savepoint}`);
    if ((await this.control(scope, 'COMMIT')) === 'ROLLBACK')
      throw transactionAborted(new Error('the server answered COMMIT with ROLLBACK'));
  }

  async rollBack(scope: TransactionScope): Promise<void> {
    const undo = `ROLLBACK TO SAVEPOINT ${scope.savepoint}; RELEASE SAVEPOINT ${scope.savepoint}`;
    // The server has ended the transaction itself where it refused the commit.
    if (scope.isBegun && (await this.connectionOfRunner.isInTransaction()))
      await this.control(scope, scope.depth === 1 ? 'ROLLBACK' : undo);
  }

  /** Sends what begins or ends a transaction with the next statement of a scope; at once where each is to be observed. */
  private async ahead(scope: TransactionScope, next: TransactionScope, sql: string): Promise<void> {
    if (!isObserved(this)) return next.sendAhead(sql);
    scope.isBegun = true;
    await this.control(scope, sql);
  }

  /** Undoes the error of the first statement of a transaction; outside of one a flush may have begun its own. */
  private async beginAgain(scope: TransactionScope): Promise<void> {
    if (scope.depth > 1) await this.control(scope, `ROLLBACK TO SAVEPOINT ${scope.savepoint}`);
    else if (await this.connectionOfRunner.isInTransaction()) await this.control(scope, 'ROLLBACK');
    if (scope.depth === 1) await this.control(scope, this.startText(scope.mode));
  }

  /** Sends what begins or ends a transaction. @returns the command that the server says it has done */
  private control(scope: TransactionScope, sql: string): Promise<string> {
    return this.connectionOfRunner.send(sql, scope, (client) =>
      observed(this, sql, undefined, async () => (await client.query(sql)).command),
    );
  }

  /** Whether it has a connection that the pool would hand out again. */
  get isReady(): boolean {
    return this.connectionOfRunner.isReady;
  }

  private async end(): Promise<void> {
    await this.transactions.end();
    if (this.ownsConnection) await this.connectionOfRunner.release();
    this.isReleased = true;
  }
}

readTransactionState(PostgresqlRunner);

function rowsIn(result?: QueryArrayResult): Row[] {
  return (result as QueryArrayResult).rows;
}

/** A table was changed since the server has planned a statement that it keeps under a name. */
function isOfOldPlan(error: unknown): boolean {
  return (error as { code?: string }).code === '0A000' && /cached plan/.test((error as Error).message);
}
