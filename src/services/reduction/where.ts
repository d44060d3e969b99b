import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { type Dialect, dialectOf } from '../../database/dialect.js';
import type { Condition } from './rules.js';
import { join } from './tables.js';

/**
 * Adds a condition to a query on packages, with the joins that it needs. Nothing that the user wrote becomes part of the
 * statement: table and column come from the model, path and value are parameters.
 * @param name of the parameters, unique within the query
 */
export function addCondition(
  query: SelectQueryBuilder<ObjectLiteral>,
  condition: Condition,
  name: string,
): void {
  const { column, path, operator, value } = condition;
  const { driver } = query.dataSource;
  const dialect = dialectOf(query.dataSource);
  const toParameter = (one: unknown) => {
    if (operator === 'like') return dialect.likePattern(one as string);
    return path ? one : driver.preparePersistentValue(one, column);
  };
  const table = column.entityMetadata.name;
  const stored = `${driver.escape(table)}.${driver.escape(column.databaseName)}`;
  join(query, table);
  query.andWhere(comparison(condition, stored, name, dialect), {
    [name]: Array.isArray(value) ? dialect.listParameter(value.map(toParameter)) : toParameter(value),
    ...(path && { [`${name}Path`]: dialect.jsonPath(path) }),
  });
}

/** The condition in SQL; `neq` and `not_in` also hold where there is no value. */
function comparison(
  { path, operator, value, kind }: Condition,
  stored: string,
  name: string,
  dialect: Dialect,
): string {
  const left = path ? dialect.jsonAt(stored, `:${name}Path`, kind?.json) : stored;
  const ordered = kind?.json === 'string' ? dialect.inCodePointOrder(left) : left;
  switch (operator) {
    case 'eq':
      return value === null ? `${left} IS NULL` : `${left} = :${name}`;
    case 'neq':
      return value === null ? `${left} IS NOT NULL` : `${left} IS DISTINCT FROM :${name}`;
    case 'in':
      return dialect.isAnyOf(left, `:${name}`);
    case 'not_in':
      return `COALESCE(NOT ${dialect.isAnyOf(left, `:${name}`)}, TRUE)`;
    case 'gt':
      return `${ordered} > :${name}`;
    case 'gte':
      return `${ordered} >= :${name}`;
    case 'lt':
      return `${ordered} < :${name}`;
    case 'lte':
      return `${ordered} <= :${name}`;
    case 'like':
      return `${left} ${dialect.likeOperator} :${name}`;
  }
}
