import type { DataSource, EntityManager, Logger } from 'typeorm';

/** A statement that was sent to the database. */
export interface Statement {
  readonly sql: string;
  readonly parameters: unknown[];
}

/** Does something in a transaction that is rolled back, so that it can be done again. */
export async function undone<T>(
  dataSource: DataSource,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> {
  const undo = Symbol('undo');
  let result: T | undefined;
  try {
    await dataSource.transaction(async (manager) => {
      result = await work(manager);
      throw undo;
    });
  } catch (error) {
    if (error !== undo) throw error;
  }
  return result as T;
}

const OF_TRANSACTIONS = /^\s*(START|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA)\b/i;

/** The statements with which a call reads and writes; what it wrote is undone. */
export async function statementsOf(
  dataSource: DataSource,
  work: (manager: EntityManager) => Promise<unknown>,
): Promise<Statement[]> {
  const statements: Statement[] = [];
  const nothing = () => {};
  const { logger } = dataSource;
  const recorder: Logger = {
    logQuery(sql, parameters) {
      if (!OF_TRANSACTIONS.test(sql))
        statements.push({ sql, parameters: Array.isArray(parameters) ? [...parameters] : [] });
    },
    logQueryError: nothing,
    logQuerySlow: nothing,
    logSchemaBuild: nothing,
    logMigration: nothing,
    log: nothing,
  };
  dataSource.logger = recorder;
  try {
    await undone(dataSource, work);
  } finally {
    dataSource.logger = logger;
  }
  return statements;
}
