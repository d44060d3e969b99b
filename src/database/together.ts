import type {
  DataSource,
  DeleteQueryBuilder,
  EntityManager,
  InsertQueryBuilder,
  ObjectLiteral,
  QueryBuilder,
  QueryRunner,
  UpdateQueryBuilder,
} from 'typeorm';
import { isConstraintViolation } from './constraint-violation.js';
import { dialectOf } from './dialect.js';
import { withRunner } from './read-runner.js';
import { type Row, Statement } from './statement.js';
import { PostgresqlRunner } from './typeorm/postgresql-runner.js';
import { isObserved, type UnitRunner } from './typeorm/unit-runner.js';

/** A statement with the values of its parameters. */
export type BoundStatement = readonly [Statement, readonly unknown[]];

/** A statement, or on SQLite what runs several of them on the connection in one go. */
export type Step = BoundStatement | ((runner: QueryRunner) => Promise<readonly Row[]>);

/** The statement of a query builder; it comes again in the same characters with other parameters. */
export function stepOf(query: QueryBuilder<ObjectLiteral>): BoundStatement {
  const [text, parameters] = query.getQueryAndParameters();
  return [new Statement(text), parameters];
}

/** What a query builder writes or deletes; the step gives as many rows, which say nothing, as that were. */
export function writeStepOf<E extends ObjectLiteral>(
  query: InsertQueryBuilder<E> | UpdateQueryBuilder<E> | DeleteQueryBuilder<E>,
): Step {
  // TypeORM adds RETURNING for some databases only.
  if (dialectOf(query.dataSource).hasServer) return stepOf((query as UpdateQueryBuilder<E>).returning('id'));
  const [text, parameters] = query.getQueryAndParameters();
  return async (runner) => {
    const { affected } = await runner.query(text, parameters, true);
    return Array.from({ length: affected ?? 0 }, () => []);
  };
}

/** The statement of a text with parameters by name, each `:name` in it. */
export function sqlStep(
  { driver }: Pick<DataSource, 'driver'>,
  sql: string,
  named: Readonly<Record<string, unknown>>,
): BoundStatement {
  const [text, parameters] = driver.escapeQueryWithParameters(sql, named);
  return [new Statement(text), parameters];
}

/**
 * A condition of what is sent together with others on PostgreSQL, as {@link sqlStep}: it fails where there are rows, by a
 * conversion of what is no number, since SQL alone has no other way to raise an error.
 * @param rows SQL behind FROM
 */
export function refuseIfAny(
  dataSource: Pick<DataSource, 'driver'>,
  rows: string,
  named: Readonly<Record<string, unknown>>,
): BoundStatement {
  const refusal = `CASE WHEN count(*) > 0 THEN CAST(count(*) || ' rows refused' AS integer) END`;
  return sqlStep(dataSource, `SELECT ${refusal} FROM ${rows}`, named);
}

/** Runs one step. @returns its rows */
export function runStep(runner: QueryRunner, step: Step): Promise<readonly Row[]> {
  return typeof step === 'function' ? step(runner) : (runner as UnitRunner).rowsOf(...step);
}

/**
 * Runs statements on the connection of a query runner, on PostgreSQL in one round trip: none may depend on the result of
 * another. Where one fails, none behind it is run.
 */
export function together(runner: QueryRunner, steps: readonly Step[]): Promise<(readonly Row[])[]> {
  if (!(runner instanceof PostgresqlRunner) || isObserved(runner)) return oneByOne(runner, steps);
  return runner.together(steps.filter((step): step is BoundStatement => typeof step !== 'function'));
}

async function oneByOne(runner: QueryRunner, steps: readonly Step[]): Promise<(readonly Row[])[]> {
  const rows: (readonly Row[])[] = [];
  for (const step of steps) rows.push(await runStep(runner, step));
  return rows;
}

/**
 * As {@link together}, and all of them take effect or none: on PostgreSQL one round trip, also without a transaction
 * around, since statements in one flush are a transaction of their own.
 */
export async function atOnce(manager: EntityManager, steps: readonly Step[]): Promise<(readonly Row[])[]> {
  return asOne(manager, (runner) => together(runner, steps));
}

/**
 * As {@link atOnce}, for what is usually new and in order.
 * @returns false where the database refuses a row or a value: nothing is left then, and the caller finds out why
 */
export async function tookEffect(manager: EntityManager, steps: readonly Step[]): Promise<boolean> {
  try {
    await atOnce(manager, steps);
    return true;
  } catch (error) {
    if (isConstraintViolation(error)) return false;
    throw error;
  }
}

/**
 * Does what is usually possible in one round trip on PostgreSQL, and where it is refused, and on SQLite, as carefully as it
 * takes to say why.
 */
export function atOnceOrCarefully<T>(
  manager: EntityManager,
  steps: () => readonly Step[],
  done: T,
  carefully: (nested: EntityManager) => Promise<T>,
): Promise<T> {
  return doneOrCarefully(manager, () => atOnce(manager, steps()).then(() => done), carefully);
}

/**
 * As {@link atOnceOrCarefully}, for what gives something else than whether it took effect.
 * @param atFirst what is usually possible: one flush, of which nothing is left where the database refuses it
 */
export async function doneOrCarefully<T>(
  manager: EntityManager,
  atFirst: () => Promise<T>,
  carefully: (nested: EntityManager) => Promise<T>,
): Promise<T> {
  if (!dialectOf(manager).hasServer) return manager.transaction(carefully);
  try {
    return await atFirst();
  } catch (error) {
    if (!isConstraintViolation(error)) throw error;
  }
  return manager.transaction(carefully);
}

/**
 * Runs what is one flush on PostgreSQL so that all of it takes effect or nothing: in a transaction, which a flush outside
 * of one is by itself.
 */
export function asOne<T>(manager: EntityManager, send: (runner: QueryRunner) => Promise<T>): Promise<T> {
  const { dataSource, queryRunner } = manager;
  const isByItself = !queryRunner?.isTransactionActive && dialectOf(dataSource).hasServer;
  return isByItself && !isObserved({ dataSource })
    ? withRunner(manager, send)
    : manager.transaction((nested) => send(nested.queryRunner as QueryRunner));
}
