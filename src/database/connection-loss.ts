/** What query runners on PostgreSQL add: errors that say what became of the work, and the guard of the read handle. */
import type { ClientBase } from 'pg';
import {
  EntityManager,
  QueryFailedError,
  type QueryRunner,
  QueryRunnerAlreadyReleasedError,
  QueryRunnerProviderAlreadyReleasedError,
} from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner.js';
import type { IsolationLevel } from 'typeorm/driver/types/IsolationLevel.js';
import type { ReplicationMode } from 'typeorm/driver/types/ReplicationMode.js';
import { OpsDbError } from '../errors.js';
import { isUnobserved, type Row, Statement } from './statement.js';

/** What a data source is for, and where it leads. */
export interface Handle {
  /** What it is for: `write` leads to the primary, `read` to replicas. */
  readonly role: 'write' | 'read';
  /** Its servers, `host:port`, for messages. */
  readonly servers: string;
  /** Whether a pooler stands before them that lends a connection for one transaction only. */
  readonly isPooled?: boolean;
}

/**
 * The connection to the server was lost in the middle of the work. It may be done again as `outcome` allows.
 *
 * @example
 * import { ConnectionLostError } from 'ccat-ops-db';
 *
 * const wasUndone = (error: unknown) => error instanceof ConnectionLostError && error.outcome === 'rolled_back';
 *
 * const server = { role: 'write', servers: 'db.example.org:5432' } as const;
 * console.log(wasUndone(new ConnectionLostError(server, 'rolled_back', new Error('reset')))); // true
 * console.log(wasUndone(new ConnectionLostError(server, 'unknown', new Error('reset')))); // false
 */
export class ConnectionLostError extends OpsDbError {
  /**
   * `rolled_back`: the work has certainly not been committed; `unknown`: the answer to the commit, or to a statement
   * outside of a transaction, was lost, so that it may have been committed.
   */
  readonly outcome: 'rolled_back' | 'unknown';

  constructor(handle: Handle, outcome: ConnectionLostError['outcome'], cause: Error) {
    const advice =
      outcome === 'rolled_back'
        ? 'nothing of the transaction was committed: do it again, or let withDbSession do so (retry)'
        : 'nobody knows whether it was committed: do it again only if twice does no harm (retry: { idempotent: true }), or look first';
    super(
      'connection_lost',
      `the connection of the ${handleText(handle)} was lost (${cause.message}); ${advice}`,
      { cause },
    );
    this.outcome = outcome;
  }
}

/** The name of a handle, for messages. */
export function handleText({ role, servers }: Handle): string {
  return `${role} handle (${servers})`;
}

/** Whether a server was lost or could not be reached, so that another one may do. */
export function isUnavailable(error: unknown): boolean {
  return (
    error instanceof OpsDbError && (error.code === 'connection_lost' || error.code === 'database_unreachable')
  );
}

type DriverError = Error & { readonly code?: string };

const COMMIT = /^\s*(?:commit|end|prepare\s+transaction)\b/i;
const WRITE =
  /^\s*(?:insert|update|delete|merge|truncate|create|alter|drop|grant|revoke|comment|copy|refresh|reindex|vacuum)\b/i;

/** TypeORM's runner with what it keeps to itself. */
interface PostgresqlRunner extends QueryRunner {
  query(sql: string, parameters?: unknown[], useStructuredResult?: boolean): Promise<never>;
  releasePostgresConnection(error?: Error): Promise<void>;
}

const BaseRunner = PostgresQueryRunner as unknown as new (
  driver: PostgresDriver,
  mode: ReplicationMode,
) => PostgresqlRunner;

/**
 * A query runner on PostgreSQL that watches over its connection, see the errors of {@link ConnectionLostError} and
 * `database_read_only`, and sends one statement at a time.
 */
export class WatchedQueryRunner extends BaseRunner {
  /** What a loss of the connection would mean for what is being done. */
  private outcome: ConnectionLostError['outcome'] = 'unknown';
  private lost?: Error;
  /** The driver is about to refuse a query on a connection that is busy with another, which TypeORM itself sends. */
  private last?: Promise<unknown>;

  constructor(
    driver: PostgresDriver,
    mode: ReplicationMode,
    private readonly handle: Handle,
  ) {
    super(driver, mode);
  }

  override releasePostgresConnection(error?: Error): Promise<void> {
    this.lost ??= error;
    return super.releasePostgresConnection(error);
  }

  override query(sql: string, parameters?: unknown[], useStructuredResult?: boolean): Promise<never> {
    const given: unknown = sql;
    const send = () =>
      this.watch(sql, () =>
        given instanceof Statement && isUnobserved(this.dataSource)
          ? this.rowsOf(given, parameters)
          : super.query(sql, parameters, useStructuredResult),
      );
    this.last = this.last ? this.last.then(send, send) : send();
    return this.last as Promise<never>;
  }

  /** Sends something on the connection with the guard and the errors of this runner. */
  async watch<T>(sql: string, send: () => Promise<T>): Promise<T> {
    const { handle } = this;
    if (handle.role === 'read' && WRITE.test(sql))
      throw readOnly(handle, `was not sent: ${beginning(String(sql))}`);
    if (!this.lost) this.outcome = this.outcomeIfLost(sql);
    try {
      return await send();
    } catch (error) {
      throw await this.explained(error);
    }
  }

  /** TypeORM says of a connection that was lost only that its runner is released. */
  afterLoss(error: unknown): unknown {
    const released =
      error instanceof QueryRunnerAlreadyReleasedError ||
      error instanceof QueryRunnerProviderAlreadyReleasedError;
    return this.lost && released ? new ConnectionLostError(this.handle, this.outcome, this.lost) : error;
  }

  /** What the parent does for a statement that nobody observes, without its broadcasts, which take as long again. */
  private async rowsOf(statement: Statement, parameters?: unknown[]): Promise<Row[]> {
    if (this.isReleased) throw new QueryRunnerAlreadyReleasedError();
    const connection: ClientBase = await this.connect();
    const { logger } = this.dataSource;
    // The driver and the loggers take it for a text.
    const text = statement as unknown as string;
    logger.logQuery(text, parameters, this);
    try {
      return (await connection.query<Row[]>(statement, parameters)).rows;
    } catch (error) {
      logger.logQueryError(error as Error, text, parameters, this);
      throw new QueryFailedError(text, parameters, error as Error);
    }
  }

  private outcomeIfLost(sql: string): ConnectionLostError['outcome'] {
    return this.handle.role === 'read' || (this.isTransactionActive && !COMMIT.test(sql))
      ? 'rolled_back'
      : 'unknown';
  }

  private async explained(error: unknown): Promise<unknown> {
    const cause = (error instanceof QueryFailedError ? error.driverError : error) as DriverError;
    if (cause.code === '25006') return readOnly(this.handle, `is refused: ${cause.message}`, error);
    if (isLoss(cause)) {
      // Otherwise the pool would hand the connection out again before it has noticed.
      await this.releasePostgresConnection(cause);
      return new ConnectionLostError(this.handle, this.outcome, cause);
    }
    return this.afterLoss(error);
  }
}

function isLoss({ code = '', message }: DriverError): boolean {
  return (
    /^(?:08|57P|E[A-Z]+$|25P03)/.test(code) ||
    /connection (?:terminated|error)|client was closed/i.test(message)
  );
}

function readOnly(handle: Handle, what: string, cause?: unknown): OpsDbError {
  const advice =
    handle.role === 'read'
      ? 'it takes no writes; use the write handle'
      : 'the server is a replica, or the transaction only reads; write to the primary (database_postgresql_host, ' +
        'CCAT_OPS_DB_DATABASE_POSTGRESQL_HOST)';
  return new OpsDbError('database_read_only', `a write on the ${handleText(handle)} ${what}; ${advice}`, {
    cause,
  });
}

function beginning(sql: string): string {
  const text = sql.trim().replace(/\s+/g, ' ');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

type Work<T> = (manager: EntityManager) => Promise<T>;

/** An entity manager whose transactions name a lost connection as what it is. */
export class WatchedEntityManager extends EntityManager {
  override transaction<T>(work: Work<T>): Promise<T>;
  override transaction<T>(isolationLevel: IsolationLevel, work: Work<T>): Promise<T>;
  override async transaction<T>(...given: [Work<T>] | [IsolationLevel, Work<T>]): Promise<T> {
    const runner = this.queryRunner;
    if (!runner) return this.inOwnRunner((manager) => manager.transaction(...(given as [Work<T>])));
    try {
      return await super.transaction(...(given as [Work<T>]));
    } catch (error) {
      throw runner instanceof WatchedQueryRunner ? runner.afterLoss(error) : error;
    }
  }

  private async inOwnRunner<T>(work: Work<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    try {
      return await work(runner.manager);
    } finally {
      await runner.release();
    }
  }
}
