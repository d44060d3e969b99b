import type { EntityManager, QueryRunner } from 'typeorm';
import { dialectOf } from './dialect.js';
import { withRunner } from './read-runner.js';
import type { Row, Statement } from './statement.js';
import { PostgresqlRunner } from './typeorm/postgresql-runner.js';
import { isObserved, type UnitRunner } from './typeorm/unit-runner.js';

/** A statement with the values of its parameters. */
export type BoundStatement = readonly [Statement, readonly unknown[]];

/**
 * Runs statements on the connection of a query runner, on PostgreSQL in one round trip: none may depend on the result of
 * another. Where one fails, none behind it is run.
 */
export async function together(runner: QueryRunner, statements: readonly BoundStatement[]): Promise<Row[][]> {
  if (runner instanceof PostgresqlRunner && !isObserved(runner)) return runner.together(statements);
  const rows: Row[][] = [];
  for (const [statement, parameters] of statements)
    rows.push(await (runner as UnitRunner).rowsOf(statement, parameters));
  return rows;
}

/**
 * As {@link together}, and all of them take effect or none: on PostgreSQL one round trip, also without a transaction
 * around, since statements in one flush are a transaction of their own.
 */
export async function atOnce(
  manager: EntityManager,
  statements: readonly BoundStatement[],
): Promise<Row[][]> {
  const { dataSource, queryRunner } = manager;
  const isByItself = !queryRunner?.isTransactionActive && dialectOf(dataSource).hasServer;
  return isByItself && !isObserved({ dataSource })
    ? withRunner(manager, (runner) => together(runner, statements))
    : manager.transaction((nested) => together(nested.queryRunner as QueryRunner, statements));
}
