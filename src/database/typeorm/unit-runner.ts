import { QueryFailedError, type QueryRunner, TypeORMError } from 'typeorm';
import type { IsolationLevel } from 'typeorm/driver/types/IsolationLevel.js';
import { BroadcasterResult } from 'typeorm/subscriber/BroadcasterResult.js';
import type { Row, Statement } from '../statement.js';
import type { Transactions } from './transactions.js';

/** What the query runners of both databases add to TypeORM's. */
export interface UnitRunner extends QueryRunner {
  readonly transactions: Transactions;
  /** Whether the runner holds the connection, or works beside another one on it. */
  readonly ownsConnection: boolean;
  /** A runner on the same connection, and within the same transaction, whose own transactions are its own. */
  beside(): UnitRunner;
  /** Runs a statement; the rows come as arrays. Too many parameters are an error at once, before anything is sent. */
  rowsOf(statement: Statement, parameters?: readonly unknown[]): Promise<Row[]>;
}

/**
 * TypeORM assigns `isTransactionActive` in a constructor, and reads it where it would begin a transaction. As an accessor
 * it is always what the transactions of the runner say.
 */
export function readTransactionState(runner: { readonly prototype: UnitRunner }): void {
  Object.defineProperty(runner.prototype, 'isTransactionActive', {
    get(this: UnitRunner) {
      return this.transactions?.isActive ?? false;
    },
    set() {},
  });
}

/** The isolation level of a transaction: the one asked for, or that of the data source. */
export function isolationLevelOf(
  { dataSource }: QueryRunner,
  asked?: IsolationLevel,
): IsolationLevel | undefined {
  const level = asked ?? (dataSource.options as { isolationLevel?: IsolationLevel }).isolationLevel;
  const { supportedIsolationLevels } = dataSource.driver;
  if (level && supportedIsolationLevels && !supportedIsolationLevels.includes(level))
    throw new TypeORMError(`isolation level ${level} is not one of: ${supportedIsolationLevels.join(', ')}`);
  return level;
}

/** Whether subscribers or slow-query logs follow each statement. */
export function isObserved({ dataSource }: Pick<QueryRunner, 'dataSource'>): boolean {
  const { subscribers, options } = dataSource;
  return subscribers.length > 0 || Boolean(options.maxQueryExecutionTime);
}

/** Sends a statement as TypeORM's `query` does: with logs, events and `QueryFailedError`. */
export function observed<T>(
  runner: UnitRunner,
  sql: string,
  parameters: unknown[] | undefined,
  send: () => Promise<T>,
): Promise<T> {
  const { logger } = runner.dataSource;
  logger.logQuery(sql, parameters, runner);
  const sent = isObserved(runner) ? sendToObservers(runner, sql, parameters, send) : send();
  return sent.catch((error: Error) => {
    logger.logQueryError(error, sql, parameters, runner);
    throw new QueryFailedError(sql, parameters, error);
  });
}

/** Like {@link observed} for synchronous work; only the logger is called. */
export function observedNow<T>(runner: UnitRunner, sql: string, parameters: unknown[], send: () => T): T {
  const { logger } = runner.dataSource;
  logger.logQuery(sql, parameters, runner);
  try {
    return send();
  } catch (error) {
    logger.logQueryError(error as Error, sql, parameters, runner);
    throw new QueryFailedError(sql, parameters, error as Error);
  }
}

async function sendToObservers<T>(
  runner: UnitRunner,
  sql: string,
  parameters: unknown[] | undefined,
  send: () => T | Promise<T>,
): Promise<T> {
  const { broadcaster, dataSource } = runner;
  const { maxQueryExecutionTime } = dataSource.options;
  await broadcaster.broadcast('BeforeQuery', sql, parameters);
  const events = new BroadcasterResult();
  const start = Date.now();
  const tell = (succeeded: boolean, durationMs?: number, raw?: unknown, error?: unknown) =>
    broadcaster.broadcastAfterQueryEvent(events, sql, parameters, succeeded, durationMs, raw, error);
  try {
    const result = await send();
    const durationMs = Date.now() - start;
    if (maxQueryExecutionTime && durationMs > maxQueryExecutionTime)
      dataSource.logger.logQuerySlow(durationMs, sql, parameters, runner);
    tell(true, durationMs, result);
    return result;
  } catch (error) {
    tell(false, undefined, undefined, error);
    throw error;
  } finally {
    await events.wait();
  }
}
