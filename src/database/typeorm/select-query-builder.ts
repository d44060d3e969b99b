import {
  type EntityMetadata,
  FindOperator,
  type FindOptionsWhere,
  type ObjectLiteral,
  SelectQueryBuilder,
} from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { invalidArgument } from '../../values/arguments.js';
import { comparableValue } from '../../values/comparable.js';
import { dialectOf } from '../dialect.js';

type Nulls = 'NULLS FIRST' | 'NULLS LAST';
type Order = 'ASC' | 'DESC';

/** Operators whose values are compared with those of the column. */
const COMPARING: readonly string[] = [
  ...['equal', 'in', 'any', 'not', 'and', 'or', 'between'],
  ...['lessThan', 'lessThanOrEqual', 'moreThan', 'moreThanOrEqual'],
];

/**
 * TypeORM's queries with one answer on both databases: nulls come where PostgreSQL has them, a limit is a whole number from 0
 * on, and the conditions of `find` compare values in the form in which the databases keep them.
 */
export class ModelSelectQueryBuilder<Entity extends ObjectLiteral> extends SelectQueryBuilder<Entity> {
  override orderBy(sort?: unknown, order: Order = 'ASC', nulls?: Nulls): this {
    if (typeof sort !== 'string') return super.orderBy(sort as never);
    return super.orderBy(sort, order, nulls ?? this.placeOfNulls(sort, order));
  }

  override addOrderBy(sort: string, order: Order = 'ASC', nulls?: Nulls): this {
    return super.addOrderBy(sort, order, nulls ?? this.placeOfNulls(sort, order));
  }

  override limit(limit?: number): this {
    assertCount('limit', limit);
    return super.limit(limit);
  }

  override offset(offset?: number): this {
    assertCount('offset', offset);
    return super.offset(offset);
  }

  override take(take?: number): this {
    assertCount('take', take);
    return super.take(take);
  }

  override skip(skip?: number): this {
    assertCount('skip', skip);
    return super.skip(skip);
  }

  protected override buildWhere(
    where: FindOptionsWhere<ObjectLiteral>[] | FindOptionsWhere<ObjectLiteral>,
    metadata: EntityMetadata,
    alias: string,
    embedPrefix?: string,
  ): string {
    const compared = Array.isArray(where) || embedPrefix ? where : comparable(metadata, where);
    return super.buildWhere(compared, metadata, alias, embedPrefix);
  }

  /** Sorts null as PostgreSQL does, as the largest value; columns without null are left, so that they use an index. */
  private placeOfNulls(sort: string, order: Order): Nulls | undefined {
    if (!dialectOf(this.dataSource).sortsNullsFirst) return undefined;
    const [alias, ...path] = sort.split('.');
    const known = this.expressionMap.aliases.find(({ name, hasMetadata }) => hasMetadata && name === alias);
    const column = known?.metadata.findColumnWithPropertyPath(path.join('.'));
    if (column && !column.isNullable && known === this.expressionMap.mainAlias) return undefined;
    return order.toUpperCase() === 'DESC' ? 'NULLS FIRST' : 'NULLS LAST';
  }
}

function assertCount(name: string, count: unknown): void {
  if (count === undefined || count === null) return;
  if (!Number.isSafeInteger(Number(count)) || Number(count) < 0)
    throw invalidArgument(name, count, 'a whole number from 0 on');
}

function comparable(metadata: EntityMetadata, where: ObjectLiteral): ObjectLiteral {
  const compared = Object.entries(where).map(([property, value]) => {
    const column = metadata.findColumnWithPropertyPathStrict(property);
    return [property, column && !column.transformer ? comparedWith(column, value) : value];
  });
  return Object.fromEntries(compared);
}

/**
 * A value, or an operator with values, in the form in which both databases keep what they are compared with.
 * @throws OpsDbError `value_invalid` for a value that the column can never have
 */
export function comparedWith(column: ColumnMetadata, value: unknown): unknown {
  if (value === null || value === undefined) return value;
  if (!(value instanceof FindOperator)) return comparableValue(column, value);
  if (!COMPARING.includes(value.type)) return value;
  // The operators have no way to change their values.
  const given = (value as unknown as { _value: unknown })._value;
  const changed = Array.isArray(given)
    ? given.map((each) => comparedWith(column, each))
    : comparedWith(column, given);
  return Object.assign(Object.create(Object.getPrototypeOf(value)), value, { _value: changed });
}
