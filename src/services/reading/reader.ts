import type { DataSource, EntityMetadata, ObjectLiteral, QueryRunner, SelectQueryBuilder } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { dialectOf } from '../../database/dialect.js';
import { type Row, rowsOf, Statement } from '../../database/statement.js';
import { type BoundStatement, stepOf } from '../../database/together.js';
import { type Hydrate, hydrator } from './hydrator.js';
import { assertReadable } from './unsupported.js';

/** The name of the table in statements. */
export const ALIAS = 'entity';

/** Reads rows by values of one column. */
export type Lookup = (runner: QueryRunner, values: readonly unknown[]) => Promise<Row[]>;

/** What is compiled once per data source and entity. */
export interface Reader {
  readonly metadata: EntityMetadata;
  readonly hydrate: Hydrate;
  /** Reads the row of one key. */
  readonly one: (runner: QueryRunner, key: unknown) => Promise<Row[]>;
  /** The statement of {@link one}. */
  readonly boundOne: (key: unknown) => Bound;
  /** Reads the rows in which a column has one of some values. */
  readonly lookup: (column: ColumnMetadata) => Lookup;
}

const readers = new WeakMap<EntityMetadata, Reader>();

/**
 * The reader of an entity.
 * @throws OpsDbError `read_unsupported`
 */
export function readerOf(dataSource: DataSource, metadata: EntityMetadata): Reader {
  const known = readers.get(metadata);
  if (known) return known;
  assertReadable(metadata);
  const lookups = new Map<ColumnMetadata, Lookup>();
  const reader: Reader = {
    metadata,
    hydrate: hydrator(dataSource, metadata),
    one: prepared(byKey(dataSource, metadata), 'key'),
    boundOne: compiled(byKey(dataSource, metadata), 'key'),
    lookup(column) {
      const lookup = lookups.get(column) ?? lookupBy(dataSource, metadata, column);
      lookups.set(column, lookup);
      return lookup;
    },
  };
  readers.set(metadata, reader);
  return reader;
}

/** A query of whole rows of an entity. */
export function queryOf(
  dataSource: DataSource,
  { target }: EntityMetadata,
): SelectQueryBuilder<ObjectLiteral> {
  return dataSource.createQueryBuilder().select(ALIAS).from(target, ALIAS);
}

function byKey(dataSource: DataSource, metadata: EntityMetadata): SelectQueryBuilder<ObjectLiteral> {
  const [key] = metadata.primaryColumns as [ColumnMetadata];
  return queryOf(dataSource, metadata).where(`${columnName(dataSource, key)} = :key`);
}

function lookupBy(dataSource: DataSource, metadata: EntityMetadata, column: ColumnMetadata): Lookup {
  const condition = dialectOf(dataSource).isAnyOf(columnName(dataSource, column), ':values');
  const look = prepared(queryOf(dataSource, metadata).where(condition), 'values');
  return (runner, values) => look(runner, dialectOf(dataSource).listParameter(values));
}

/**
 * The statement that reads the entities in which a column has one of some values, to be sent together with others.
 * @param property the property of the column
 */
export function lookupStep(
  dataSource: DataSource,
  metadata: EntityMetadata,
  property: string,
  values: readonly unknown[],
): BoundStatement {
  const column = metadata.findColumnWithPropertyName(property) as ColumnMetadata;
  const condition = dialectOf(dataSource).isAnyOf(columnName(dataSource, column), ':values');
  const list = dialectOf(dataSource).listParameter(values);
  const query = queryOf(dataSource, metadata).where(condition, { values: list });
  return stepOf(query);
}

/** A column with the alias of its entity, quoted. */
export function columnName({ driver }: DataSource, column: ColumnMetadata, alias = ALIAS): string {
  return `${driver.escape(alias)}.${driver.escape(column.databaseName)}`;
}

/** A statement as a text, with the values of its parameters. */
export interface Bound {
  readonly text: string;
  readonly parameters: unknown[];
  /** Whether it comes again in these very characters. */
  readonly isKept: boolean;
}

/** Compiles a query with one parameter that changes from call to call. */
export function compiled(
  query: SelectQueryBuilder<ObjectLiteral>,
  parameter: string,
): (value: unknown) => Bound {
  const changing = {};
  const [text, parameters] = query.setParameter(parameter, changing).getQueryAndParameters();
  return (value) => ({
    text,
    parameters: parameters.map((one) => (one === changing ? value : one)),
    isKept: true,
  });
}

/** As {@link compiled}, for a statement that is sent by itself. */
export function prepared(
  query: SelectQueryBuilder<ObjectLiteral>,
  parameter: string,
): (runner: QueryRunner, value: unknown) => Promise<Row[]> {
  const bound = compiled(query, parameter);
  const statement = new Statement(bound(undefined).text);
  return (runner, value) => rowsOf(runner, statement, bound(value).parameters);
}
