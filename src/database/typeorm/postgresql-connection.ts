import { once } from 'node:events';
import type { PoolClient } from 'pg';
import { QueryFailedError, type QueryRunner, QueryRunnerAlreadyReleasedError } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import type { ReplicationMode } from 'typeorm/driver/types/ReplicationMode.js';
import { OpsDbError } from '../../errors.js';
import { ConnectionLostError, type Handle, isLoss, readOnly, refuseWrite } from '../connection-loss.js';
import { failedStatement, sendAheadOfNext } from '../pg/pipeline.js';
import type { ChosenServer } from '../servers/server-pool.js';
import { endedBy, TransactionScope } from './transaction-scope.js';

/** How long work on one connection waits for other work on it that does nothing [ms]. */
const PATIENCE_MS = 60_000;

const COMMIT = /^\s*(?:commit|end|prepare\s+transaction)\b/i;

type Send<T> = (client: PoolClient) => Promise<T>;

/**
 * The connection that a query runner takes from the pool with its first statement. It is given back idle, or thrown away.
 *
 * TypeORM's runner hears of a lost connection too, but keeps to itself that there was one; therefore the connection is
 * taken and given back here, with the methods of the driver that do so.
 */
export class PostgresqlConnection {
  readonly scope = new TransactionScope({ ms: PATIENCE_MS, lastActivity: 0, givenUp: standstill });
  private taking?: Promise<PoolClient>;
  private client?: PoolClient;
  private giveBack?: (error?: Error) => void;
  private lost?: Error;
  /** What a loss of the connection would mean for what is being done. */
  private outcome: ConnectionLostError['outcome'] = 'unknown';

  /** @param owner is released when the data source is destroyed */
  constructor(
    private readonly owner: QueryRunner,
    private readonly driver: PostgresDriver,
    private readonly mode: ReplicationMode,
    private readonly handle: Handle,
  ) {}

  take(): Promise<PoolClient> {
    this.taking ??= this.takeFromPool();
    return this.taking;
  }

  /** Whether it is there, is not lost, and leads to a server that the pool would choose. */
  get isReady(): boolean {
    const client = this.client as Partial<ChosenServer> | undefined;
    return client !== undefined && !this.scope.ended && client.isOfChosenServer !== false;
  }

  /** Sends a statement, within a transaction or outside of one. It must not end its transaction. */
  statement<T>(sql: string, scope: TransactionScope, send: Send<T>, isOneQuery = false): Promise<T> {
    refuseWrite(this.handle, sql);
    // As few promises as possible: once AsyncLocalStorage is in use, Node 20 calls its hooks for each of them.
    return scope.depth > 0 ? this.within(sql, scope, send, isOneQuery) : this.send(sql, scope, send);
  }

  /** Sends a statement within a transaction; what begins the transaction or a savepoint travels with a single query. */
  private async within<T>(
    sql: string,
    scope: TransactionScope,
    send: Send<T>,
    isOneQuery: boolean,
  ): Promise<T> {
    const ahead = scope.takeAhead();
    const { owner } = this;
    for (const text of ahead) owner.dataSource.logger.logQuery(text, undefined, owner);
    const isBefore = ahead.length > 0 && !isOneQuery;
    if (isBefore) await this.send(ahead.join('; '), scope, (client) => client.query(ahead.join('; ')));
    return this.send(sql, scope, async (client) => {
      const result = await (ahead.length > 0 && isOneQuery ? sendBehind(client, ahead, send) : send(client));
      if (client.getTransactionStatus() === 'I') throw endedBy(sql);
      return result;
    });
  }

  /** Sends to the connection; errors of the driver become those of this package. */
  async send<T>(sql: string, scope: TransactionScope, send: Send<T>): Promise<T> {
    const client = this.client ?? (await this.take());
    if (!this.lost) this.outcome = this.outcomeIfLost(sql, scope);
    try {
      return await send(client);
    } catch (error) {
      throw this.explained(error);
    }
  }

  async isInTransaction(): Promise<boolean> {
    return (await this.taking)?.getTransactionStatus() !== 'I';
  }

  /** Gives the connection back when what runs on it has come to its end. */
  async release(): Promise<void> {
    this.scope.close(() => new QueryRunnerAlreadyReleasedError());
    const client = await this.taking?.catch(() => undefined);
    const done = await this.scope.settled();
    if (client && this.giveBack) this.detach(await endTransaction(client));
    done();
  }

  private async takeFromPool(): Promise<PoolClient> {
    const { driver, mode } = this;
    const isForReplica = mode === 'slave' && driver.isReplicated;
    try {
      const [client, release] = (await (isForReplica
        ? driver.obtainSlaveConnection()
        : driver.obtainMasterConnection())) as [PoolClient, PoolClient['release']];
      const onError = (error: Error) => this.lose(error);
      client.on('error', onError);
      this.giveBack = (error) => {
        client.removeListener('error', onError);
        release(error);
      };
      driver.connectedQueryRunners.push(this.owner);
      this.client = client;
      return client;
    } catch (error) {
      this.taking = undefined;
      throw error;
    }
  }

  /** The pool closes a connection that is given back with an error. */
  private detach(error?: Error): void {
    const { connectedQueryRunners } = this.driver;
    const index = connectedQueryRunners.indexOf(this.owner);
    if (index >= 0) connectedQueryRunners.splice(index, 1);
    this.giveBack?.(error);
    this.giveBack = undefined;
  }

  private explained(error: unknown): unknown {
    const cause = (error instanceof QueryFailedError ? error.driverError : error) as Error & {
      code?: string;
    };
    if (cause.code === '25006') return readOnly(this.handle, `is refused: ${cause.message}`, error);
    if (!isLoss(cause)) return error;
    // What is sent in one flush is committed at its end only, which a statement that ends the session does not come to.
    if (failedStatement(cause)) this.outcome = 'rolled_back';
    this.lose(cause);
    return new ConnectionLostError(this.handle, this.outcome, cause);
  }

  /** Discards the connection at once: the pool might hand it out again before it notices the loss. */
  private lose(error: Error): void {
    if (this.lost) return;
    this.lost = error;
    this.detach(error);
    this.scope.close(() => new ConnectionLostError(this.handle, this.outcome, error));
  }

  private outcomeIfLost(sql: string, { depth }: TransactionScope): ConnectionLostError['outcome'] {
    return this.handle.role === 'read' || (depth > 0 && !COMMIT.test(sql)) ? 'rolled_back' : 'unknown';
  }
}

async function sendBehind<T>(client: PoolClient, ahead: readonly string[], send: Send<T>): Promise<T> {
  const sendUnsent = sendAheadOfNext(client, ahead);
  try {
    return await send(client);
  } finally {
    await sendUnsent();
  }
}

/** How long a connection may take to become idle when its last statement has ended [ms]. */
const IDLE_WITHIN_MS = 100;

/** Rolls back what somebody began with a statement. @returns why the connection is of no further use */
async function endTransaction(client: PoolClient): Promise<Error | undefined> {
  // The server may send the error of a statement a moment before it is ready for the next one.
  const idle = isBusy(client) && once(client, 'drain', { signal: AbortSignal.timeout(IDLE_WITHIN_MS) });
  await Promise.resolve(idle).catch(() => undefined);
  if (isBusy(client)) return new Error('the connection was given back while a statement ran on it');
  if (client.getTransactionStatus() === 'I') return undefined;
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/** Whether the server has not answered everything yet. */
function isBusy(client: PoolClient): boolean {
  return (client as { readyForQuery?: boolean }).readyForQuery !== true;
}

function standstill(): OpsDbError {
  return new OpsDbError(
    'database_busy',
    `a nested transaction has kept the connection for ${PATIENCE_MS / 1000} s without a statement, while something else of ` +
      'the same transaction waited for it: within a nested transaction use its own manager, and do not wait there for ' +
      'what runs beside it',
  );
}
