import type { EntityManager, QueryRunner } from 'typeorm';
import { TurnQueryRunner } from '../database/sqlite-turns.js';

/** Reads with the query runner of a manager, or with one of its own where the manager has none. */
export async function withRunner<T>(
  manager: EntityManager,
  read: (runner: QueryRunner) => Promise<T>,
): Promise<T> {
  if (manager.queryRunner) return read(manager.queryRunner);
  const runner = manager.dataSource.createQueryRunner();
  try {
    return await read(runner);
  } finally {
    await runner.release();
  }
}

/** Reads several times from one state of the database: in the transaction of the manager, or in one of its own. */
export async function inOneState<T>(
  manager: EntityManager,
  read: (runner: QueryRunner) => Promise<T>,
): Promise<T> {
  await using reading = await beginReading(manager);
  return await read(reading.runner);
}

/** A transaction that is read in, until it is disposed of. */
export interface Reading extends AsyncDisposable {
  readonly runner: QueryRunner;
}

/** The transaction of the manager, or one of its own that only reads where it has none. */
export async function beginReading({ queryRunner, dataSource }: EntityManager): Promise<Reading> {
  if (queryRunner?.isTransactionActive) return { runner: queryRunner, async [Symbol.asyncDispose]() {} };
  const runner = dataSource.createQueryRunner();
  const end = async () => {
    // There is nothing to be kept, so that it does not matter whether it ends well.
    if (!runner.isReleased) await runner.rollbackTransaction().catch(() => undefined);
    await runner.release();
  };
  try {
    if (runner instanceof TurnQueryRunner) await runner.startReading();
    else await runner.startTransaction('REPEATABLE READ');
  } catch (error) {
    await runner.release();
    throw error;
  }
  return { runner, [Symbol.asyncDispose]: end };
}
