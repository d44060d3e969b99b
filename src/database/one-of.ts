import { type DataSource, type EntityManager, Raw } from 'typeorm';
import { dialectOf } from './dialect.js';

let lists = 0;

/**
 * The condition that a property has one of some values, however many, as one parameter. TypeORM's `In` takes a parameter
 * for each, of which a statement has 65,535 at most.
 */
export function oneOf(
  handle: DataSource | EntityManager,
  values: readonly unknown[],
): ReturnType<typeof Raw> {
  const dialect = dialectOf(handle);
  // Two lists in one statement must not share a name.
  lists = (lists + 1) % 1_000_000;
  const name = `oneOf${lists}`;
  return Raw((column) => dialect.isAnyOf(column, `:${name}`), { [name]: dialect.listParameter(values) });
}
