/** What query runners on PostgreSQL add: errors that say what became of the work, and the guard of the read handle. */
import {
  EntityManager,
  QueryFailedError,
  type QueryRunner,
  QueryRunnerAlreadyReleasedError,
  QueryRunnerProviderAlreadyReleasedError,
} from 'typeorm';
import type { IsolationLevel } from 'typeorm/driver/types/IsolationLevel.js';
import { OpsDbError } from '../errors.js';

/** What a data source is for, and where it leads. */
export interface Handle {
  /** What it is for: `write` leads to the primary, `read` to replicas. */
  readonly role: 'write' | 'read';
  /** Its servers, `host:port`, for messages. */
  readonly servers: string;
  /** Whether a pooler stands before them that lends a connection for one transaction only. */
  readonly isPooled?: boolean;
}

/** The connection to the server was lost in the middle of the work. It may be done again as `outcome` allows. */
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

/** What happened to the connection of a query runner. */
interface Course {
  readonly handle: Handle;
  lost?: Error;
  outcome: ConnectionLostError['outcome'];
}

type DriverError = Error & { readonly code?: string };

/** TypeORM's runner with what it keeps to itself. */
interface WatchableRunner extends QueryRunner {
  releasePostgresConnection(error?: Error): Promise<void>;
}

const courses = new WeakMap<QueryRunner, Course>();

const COMMIT = /^\s*(?:commit|end|prepare\s+transaction)\b/i;
const WRITE =
  /^\s*(?:insert|update|delete|merge|truncate|create|alter|drop|grant|revoke|comment|copy|refresh|reindex|vacuum)\b/i;

/** Watches over a query runner on PostgreSQL: see the errors of {@link ConnectionLostError} and `database_read_only`. */
export function watched(given: QueryRunner, handle: Handle): QueryRunner {
  const runner = given as WatchableRunner;
  const course: Course = { handle, outcome: 'unknown' };
  courses.set(runner, course);
  const release = runner.releasePostgresConnection.bind(runner);
  runner.releasePostgresConnection = (error) => {
    course.lost ??= error;
    return release(error);
  };
  const query = runner.query.bind(runner) as (sql: string, ...more: unknown[]) => Promise<unknown>;
  runner.query = (sql: string, ...more: unknown[]) =>
    watchedStatement(runner, sql, () => query(sql, ...more)) as Promise<never>;
  return runner;
}

/**
 * Sends a statement with the guard and the errors of a watched query runner; for what goes to the driver itself.
 *
 * @param runner from the driver of a data source on PostgreSQL
 * @param send sends it on the connection of the runner
 */
export async function watchedStatement<T>(
  runner: QueryRunner,
  sql: string,
  send: () => Promise<T>,
): Promise<T> {
  const course = courses.get(runner);
  if (!course) return send();
  const { handle } = course;
  if (handle.role === 'read' && WRITE.test(sql)) throw readOnly(handle, `was not sent: ${beginning(sql)}`);
  if (!course.lost) course.outcome = outcomeIfLost(runner, handle, sql);
  try {
    return await send();
  } catch (error) {
    throw await explained(runner as WatchableRunner, course, error);
  }
}

/** What a loss in the middle of a statement would mean. */
function outcomeIfLost(
  { isTransactionActive }: QueryRunner,
  { role }: Handle,
  sql: string,
): Course['outcome'] {
  return role === 'read' || (isTransactionActive && !COMMIT.test(sql)) ? 'rolled_back' : 'unknown';
}

async function explained(runner: WatchableRunner, course: Course, error: unknown): Promise<unknown> {
  const cause = (error instanceof QueryFailedError ? error.driverError : error) as DriverError;
  if (cause.code === '25006') return readOnly(course.handle, `is refused: ${cause.message}`, error);
  if (isLoss(cause)) {
    // Otherwise the pool would hand the connection out again before it has noticed.
    await runner.releasePostgresConnection(cause);
    return new ConnectionLostError(course.handle, course.outcome, cause);
  }
  return afterLoss(runner, error);
}

/** TypeORM says of a connection that was lost only that its runner is released. */
function afterLoss(runner: QueryRunner, error: unknown): unknown {
  const course = courses.get(runner);
  const released =
    error instanceof QueryRunnerAlreadyReleasedError ||
    error instanceof QueryRunnerProviderAlreadyReleasedError;
  return course?.lost && released
    ? new ConnectionLostError(course.handle, course.outcome, course.lost)
    : error;
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
      throw afterLoss(runner, error);
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
