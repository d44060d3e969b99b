import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { onDialect } from '../../database/dialect.js';
import type { Dims } from '../../entities/index.js';

/** What SQLite calls the types of JSON values. */
const SQLITE_TYPES: Readonly<Record<string, string>> = {
  string: `'text'`,
  number: `'integer', 'real'`,
  boolean: `'true', 'false'`,
  object: `'null'`,
};

/**
 * Adds to a query on products or runs that they have these dimensions, whatever others they have.
 * @param query selects products or runs under the alias
 * @param alias of the products or runs in the query
 * @param dims each value must be the same, and of the same type
 * @returns the query, with the condition added
 *
 * @example
 * import { DataProduct, whereDims } from 'ccat-ops-db';
 *
 * const products = session.createQueryBuilder(DataProduct, 'product').where({ type: 'science' });
 * console.log(await whereDims(products, 'product', { source: 'RScl' }).getCount()); // 1
 */
export function whereDims<E extends ObjectLiteral>(
  query: SelectQueryBuilder<E>,
  alias: string,
  dims: Dims,
): SelectQueryBuilder<E> {
  const add = onDialect(query.dataSource, { postgresql: containing, sqlite: withEach });
  return add(query, alias, dims);
}

function containing<E extends ObjectLiteral>(
  query: SelectQueryBuilder<E>,
  alias: string,
  dims: Dims,
): SelectQueryBuilder<E> {
  const name = `dims_${alias}`;
  return query.andWhere(`${alias}.dims @> CAST(:${name} AS jsonb)`, { [name]: JSON.stringify(dims) });
}

function withEach<E extends ObjectLiteral>(
  query: SelectQueryBuilder<E>,
  alias: string,
  dims: Dims,
): SelectQueryBuilder<E> {
  for (const [index, [name, value]] of Object.entries(dims).entries()) {
    const [key, of] = [`dim_${alias}_${index}`, `dimValue_${alias}_${index}`];
    const isSame = value === null ? '' : `AND dim.value = :${of}`;
    query.andWhere(
      `EXISTS (SELECT 1 FROM json_each(${alias}.dims) dim
        WHERE dim.key = :${key} AND dim.type IN (${SQLITE_TYPES[typeof value]}) ${isSame})`,
      { [key]: name, [of]: typeof value === 'boolean' ? Number(value) : value },
    );
  }
  return query;
}
