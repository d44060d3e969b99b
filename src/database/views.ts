import type { DataSource, QueryRunner } from 'typeorm';
import { type View, viewColumnComment, viewColumns, views } from '../views/index.js';
import { type Dialect, dialectOf, onDialect } from './dialect.js';
import { Statement } from './statement.js';
import type { BoundStatement } from './together.js';

/** The statements that make a view; on PostgreSQL with its comments, which TypeORM gives to tables only. */
export function viewStatements(view: View, dialect: Dialect): string[] {
  const create = `CREATE VIEW "${view.name}" AS\n${view.select(dialect.name)}`;
  if (!dialect.hasServer) return [create];
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
  return [
    create,
    `COMMENT ON VIEW "${view.name}" IS ${quoted(view.comment)}`,
    ...viewColumns(view.entity).map(
      (column) => `COMMENT ON COLUMN "${view.name}"."${column.name}" IS ${quoted(viewColumnComment(column))}`,
    ),
  ];
}

const POSTGRESQL = `SELECT relname AS name FROM pg_class
  WHERE relkind = 'v' AND relnamespace = to_regnamespace(quote_ident(current_schema()))`;

/** The missing views of a database. */
export async function missingViews(dataSource: DataSource, runner?: QueryRunner): Promise<View[]> {
  const query = onDialect(dataSource, {
    postgresql: POSTGRESQL,
    sqlite: `SELECT name FROM sqlite_master WHERE type = 'view'`,
  });
  const rows: { name: string }[] = await dataSource.query(query, [], runner);
  return missingAmong(rows.map(({ name }) => name));
}

/** The statement of {@link missingViews} on PostgreSQL, to be sent together with others. */
export function viewsStatement(): BoundStatement {
  return [new Statement(POSTGRESQL, false), []];
}

/** The views that are missing from a list of names. */
export function missingAmong(names: readonly unknown[]): View[] {
  return views.filter(({ name }) => !names.includes(name));
}

/** Creates the missing views. */
export async function createMissingViews(dataSource: DataSource, runner?: QueryRunner): Promise<void> {
  const dialect = dialectOf(dataSource);
  for (const view of await missingViews(dataSource, runner))
    for (const statement of viewStatements(view, dialect)) await dataSource.query(statement, [], runner);
}

/**
 * Drops the views, which their tables could not be dropped before.
 * @param path the quoted name of an object, with its schema where there are several
 */
export async function dropViews(runner: QueryRunner, path: (name: string) => string): Promise<void> {
  for (const { name } of views) await runner.query(`DROP VIEW IF EXISTS ${path(name)}`);
}
