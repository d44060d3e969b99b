import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm';
import type { Dialect } from './dialect.js';

/** Rows of one table that one statement writes; each value is an SQL expression of `n`. */
export interface Rows {
  /** The entity, or the name of a table of links. */
  readonly into: EntityTarget<ObjectLiteral>;
  /** Numbers `n` to write rows for. */
  readonly count: number;
  /** Which of the numbers get a row; all where left out. */
  readonly where?: string;
  /** Expressions by property. What is left out has the default of the database. */
  readonly values: Readonly<Record<string, string>>;
}

/** The INSERT for rows; the types of columns come from the database, since expressions have none of their own. */
export async function insertOf(
  dataSource: DataSource,
  dialect: Dialect,
  { into, count, where, values }: Rows,
): Promise<string> {
  const metadata = dataSource.getMetadata(into);
  const types = await typesOf(dataSource, metadata.tableName);
  const { discriminatorColumn, discriminatorValue } = metadata;
  const type = discriminatorColumn && { [discriminatorColumn.propertyName]: `'${discriminatorValue}'` };
  const columns = Object.entries({ ...type, ...values }).map(([property, expression]) => {
    const column = metadata.findColumnWithPropertyName(property);
    if (!column) throw new TypeError(`${metadata.name} has no property ${property}`);
    const { databaseName: name } = column;
    return [`"${name}"`, dialect.cast(expression, types.get(name) as string)] as const;
  });
  const names = columns.map(([name]) => name).join(', ');
  const expressions = columns.map(([, expression]) => expression).join(', ');
  return `INSERT INTO "${metadata.tableName}" (${names}) SELECT ${expressions} FROM ${dialect.series(count)} ${where ? `WHERE ${where}` : ''}`;
}

async function typesOf(dataSource: DataSource, table: string): Promise<ReadonlyMap<string, string>> {
  if (dataSource.options.type !== 'postgres') return new Map();
  const columns: { column_name: string; udt_name: string }[] = await dataSource.query(
    'SELECT column_name, udt_name FROM information_schema.columns WHERE table_name = $1',
    [table],
  );
  return new Map(columns.map(({ column_name, udt_name }) => [column_name, udt_name]));
}

/** Picks an expression by the first condition that holds. */
export function pick(
  cases: readonly (readonly [condition: string, expression: string])[],
  rest: string,
): string {
  return `CASE ${cases.map(([condition, expression]) => `WHEN ${condition} THEN ${expression}`).join(' ')} ELSE ${rest} END`;
}
