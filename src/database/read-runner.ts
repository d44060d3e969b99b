import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js';
import { dialectOf } from './dialect.js';
import { withSpareRunner } from './spare-runners.js';
import { type Row, Statement } from './statement.js';
import { type BoundStatement, together } from './together.js';
import type { SqliteRunner } from './typeorm/sqlite-runner.js';
import type { UnitRunner } from './typeorm/unit-runner.js';

/** Reads with the query runner of a manager, or with one of its own where the manager has none. */
export function withRunner<T>(manager: EntityManager, read: (runner: QueryRunner) => Promise<T>): Promise<T> {
  const runner = manager.queryRunner ?? sharedRunner(manager);
  return runner ? read(runner) : withSpareRunner(manager.dataSource, read);
}

/** By connection to SQLite: what reads on it outside of any query runner, since to make one takes as long as to read a row. */
const sharedRunners = new WeakMap<object, SqliteRunner>();

/** On SQLite, where a query runner holds nothing: the one that all reads of a data source share. */
export function sharedRunner({ dataSource }: EntityManager): SqliteRunner | undefined {
  if (dialectOf(dataSource).hasServer) return undefined;
  const { databaseConnection } = dataSource.driver as BetterSqlite3Driver;
  const known = sharedRunners.get(databaseConnection);
  if (known) return known;
  const runner = dataSource.createQueryRunner() as SqliteRunner;
  sharedRunners.set(databaseConnection, runner);
  return runner;
}

/** Lets the next read of a SQLite data source make a runner anew. */
export function forgetSharedRunner({ driver }: DataSource): void {
  sharedRunners.delete((driver as BetterSqlite3Driver).databaseConnection);
}

/** Reads several times from one state of the database: in the transaction of the manager, or in one of its own. */
export async function inOneState<T>(
  manager: EntityManager,
  read: (runner: QueryRunner) => Promise<T>,
): Promise<T> {
  const { runner, end } = await beginReading(manager);
  try {
    return await read(runner);
  } finally {
    // Nobody has to wait for it: there is nothing to be kept.
    void end();
  }
}

/** A transaction that is read in. */
export interface Reading {
  readonly runner: QueryRunner;
  /** Ends the transaction unless it is somebody else's; never fails. */
  readonly end: () => Promise<void>;
}

/** The transaction of the manager, or one of its own that only reads where it has none. */
export async function beginReading({ queryRunner, dataSource }: EntityManager): Promise<Reading> {
  if (queryRunner?.isTransactionActive) return { runner: queryRunner, end: async () => {} };
  const runner = dataSource.createQueryRunner() as UnitRunner;
  try {
    await runner.transactions.startByHand({ readsOneState: true });
  } catch (error) {
    await runner.release();
    throw error;
  }
  // What was not committed is rolled back.
  return { runner, end: () => runner.release().catch(() => undefined) };
}

const BEGIN: BoundStatement = [
  new Statement('START TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY'),
  [],
];
const COMMIT: BoundStatement = [new Statement('COMMIT'), []];

/** Reads with several statements in one round trip, from one state of the database as {@link inOneState} does. */
export async function readTogether(
  manager: EntityManager,
  statements: readonly BoundStatement[],
): Promise<(readonly Row[])[]> {
  const { queryRunner } = manager;
  if (queryRunner?.isTransactionActive) return together(queryRunner, statements);
  return withSpareRunner(manager.dataSource, async (runner) => {
    if (runner.transactions.scope.depth > 0) return together(runner, statements);
    // After an error the server skips COMMIT; releasing the runner rolls the transaction back.
    return (await together(runner, [BEGIN, ...statements, COMMIT])).slice(1, -1);
  });
}
