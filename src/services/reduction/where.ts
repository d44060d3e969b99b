import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { Condition } from './rules.js';
import { join } from './tables.js';
import type { ValueKind } from './value-kinds.js';

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
  const { driver, options } = query.dataSource;
  const isPostgresql = options.type === 'postgres';
  const toParameter = (one: unknown) => {
    if (operator === 'like' && !isPostgresql) return globOf(one as string);
    return path ? one : driver.preparePersistentValue(one, column);
  };
  const table = column.entityMetadata.name;
  const stored = `${driver.escape(table)}.${driver.escape(column.databaseName)}`;
  join(query, table);
  query.andWhere(comparison(condition, stored, name, isPostgresql), {
    [name]: Array.isArray(value) ? value.map(toParameter) : toParameter(value),
    ...(path && { [`${name}Path`]: jsonPath(path, isPostgresql) }),
  });
}

/** The condition in SQL; `neq` and `not_in` also hold where there is no value. */
function comparison(
  { path, operator, value, kind }: Condition,
  stored: string,
  name: string,
  isPostgresql: boolean,
): string {
  const at = isPostgresql ? atOnPostgresql : atOnSqlite;
  const left = path ? at(stored, `:${name}Path`, kind?.json) : stored;
  // The order of SQLite, by code points, whatever language the database was created for.
  const ordered = isPostgresql && kind?.json === 'string' ? `(${left}) COLLATE "C"` : left;
  switch (operator) {
    case 'eq':
      return value === null ? `${left} IS NULL` : `${left} = :${name}`;
    case 'neq':
      return value === null ? `${left} IS NOT NULL` : `${left} IS DISTINCT FROM :${name}`;
    case 'in':
      return `${left} IN (:...${name})`;
    case 'not_in':
      return `COALESCE(${left} NOT IN (:...${name}), TRUE)`;
    case 'gt':
      return `${ordered} > :${name}`;
    case 'gte':
      return `${ordered} >= :${name}`;
    case 'lt':
      return `${ordered} < :${name}`;
    case 'lte':
      return `${ordered} <= :${name}`;
    case 'like':
      return `${left} ${isPostgresql ? 'LIKE' : 'GLOB'} :${name}`;
  }
}

/** The value at a path where it is of the type that the rule compares, else null. */
function atOnPostgresql(stored: string, path: string, type: ValueKind['json']): string {
  const found = `jsonb_path_query_first(${stored}, CAST(${path} AS jsonpath), '{}', TRUE)`;
  const text = `(${found} #>> '{}')`;
  const values = { string: text, number: `CAST(${found} AS numeric)`, boolean: `CAST(${found} AS boolean)` };
  return type ? `CASE jsonb_typeof(${found}) WHEN '${type}' THEN ${values[type]} END` : text;
}

/** The same on SQLite, where true is 1 and false is 0. */
function atOnSqlite(stored: string, path: string, type: ValueKind['json']): string {
  const found = `json_extract(${stored}, ${path})`;
  const types = { string: `'text'`, number: `'integer', 'real'`, boolean: `'true', 'false'` };
  return type ? `CASE WHEN json_type(${stored}, ${path}) IN (${types[type]}) THEN ${found} END` : found;
}

/** Without `strict`, PostgreSQL looks for a name in each element of a list. */
function jsonPath(path: readonly (string | number)[], isPostgresql: boolean): string {
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : `."${step}"`));
  return `${isPostgresql ? 'strict ' : ''}$${steps.join('')}`;
}

/** The LIKE pattern as one of GLOB: LIKE of SQLite takes small letters for capitals. */
function globOf(pattern: string): string {
  return pattern.replace(/\\(.)|(.)/gsu, (_, literal: string | undefined, character: string) => {
    if (character === '%') return '*';
    if (character === '_') return '?';
    return (literal ?? character).replace(/[*?[]/, '[$&]');
  });
}
