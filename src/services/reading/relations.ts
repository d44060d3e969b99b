import type { DataSource, EntityMetadata, ObjectLiteral, QueryRunner, SelectQueryBuilder } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';
import { dialectOf } from '../../database/dialect.js';
import type { Row } from '../../database/statement.js';
import { type Hydrate, selectedColumns } from './hydrator.js';
import { columnName, type Lookup, prepared, queryOf, readerOf } from './reader.js';
import { unsupported } from './unsupported.js';

/** Relations to fill, each with what is to be filled in the rows that it leads to. */
export type RelationTree = ReadonlyMap<RelationMetadata, RelationTree>;

/**
 * The relations of TypeORM's `relations` option.
 * @throws OpsDbError `read_unsupported` for a relation that there is not, or that only a member of the family has
 */
export function relationTree(metadata: EntityMetadata, asked: unknown): RelationTree {
  const tree = new Map<RelationMetadata, RelationTree>();
  const entries = Array.isArray(asked) ? asked.map((name) => [name, true]) : Object.entries(asked ?? {});
  const children = new Set(metadata.childEntityMetadatas.map(({ target }) => target));
  for (const [name, deeper] of entries) {
    if (!deeper) continue;
    const relation = metadata.findRelationWithPropertyPath(name);
    if (!relation || children.has(relation.target))
      throw unsupported(metadata, `it has no relation ${name} of its own`);
    tree.set(relation, relationTree(relation.inverseEntityMetadata, deeper === true ? {} : deeper));
  }
  return tree;
}

/** How one relation is read and put into the instances that were read before. */
export interface Link {
  /** The column of the instances by which their rows are found. */
  readonly key: ColumnMetadata;
  /** Whether several instances may have the same key. */
  readonly isShared: boolean;
  /** The entity that the relation leads to. */
  readonly target: EntityMetadata;
  /** Reads the rows of some keys. */
  readonly lookup: Lookup;
  /** Selects the rows in which a column, of which the name is given, fulfils a condition. */
  readonly query: (condition: (column: string) => string) => SelectQueryBuilder<ObjectLiteral>;
  /** Puts the rows into the instances. @returns the instances that the relation leads to */
  readonly put: (instances: readonly ObjectLiteral[], rows: readonly Row[]) => ObjectLiteral[];
}

/**
 * Fills relations of instances that were read, with one statement for each relation. An instance that several lead to
 * is one and the same.
 */
export async function fillRelations(
  dataSource: DataSource,
  runner: QueryRunner,
  instances: readonly ObjectLiteral[],
  tree: RelationTree,
): Promise<void> {
  if (instances.length === 0) return;
  for (const [relation, deeper] of tree) {
    const link = linkOf(dataSource, relation);
    const keys = keysOf(link, instances);
    const rows = keys.length === 0 ? [] : await link.lookup(runner, keys);
    await fillRelations(dataSource, runner, link.put(instances, rows), deeper);
  }
}

function keysOf({ key, isShared }: Link, instances: readonly ObjectLiteral[]): unknown[] {
  const keys = instances.map((instance) => instance[key.propertyName]);
  return isShared ? [...new Set(keys)].filter((one) => one !== null) : keys;
}

const links = new WeakMap<RelationMetadata, Link>();

/** How a relation is read. */
export function linkOf(dataSource: DataSource, relation: RelationMetadata): Link {
  const link = links.get(relation) ?? newLink(dataSource, relation);
  links.set(relation, link);
  return link;
}

function newLink(dataSource: DataSource, relation: RelationMetadata): Link {
  const { propertyName, isManyToMany, isOneToMany, isManyToOne, isOneToOneOwner, inverseEntityMetadata } =
    relation;
  if (isManyToMany) return throughJunction(dataSource, relation);
  const { hydrate, lookup } = readerOf(dataSource, inverseEntityMetadata);
  if (isManyToOne || isOneToOneOwner) {
    const [from, to] = pairOf(relation);
    const put = putParents(propertyName, hydrate, from, to);
    return {
      ...rowsBy(dataSource, inverseEntityMetadata, to),
      key: from,
      isShared: true,
      lookup: lookup(to),
      put,
    };
  }
  const [from, to] = pairOf(relation.inverseRelation as RelationMetadata);
  const put = putChildren(propertyName, hydrate, to, from, isOneToMany);
  return {
    ...rowsBy(dataSource, inverseEntityMetadata, from),
    key: to,
    isShared: false,
    lookup: lookup(from),
    put,
  };
}

/** The rows of an entity by one of its columns. */
function rowsBy(
  dataSource: DataSource,
  target: EntityMetadata,
  column: ColumnMetadata,
): Pick<Link, 'target' | 'query'> {
  const name = columnName(dataSource, column);
  return { target, query: (condition) => queryOf(dataSource, target).where(condition(name)) };
}

/** The column with the foreign key of the owning side, and the column that it refers to. */
function pairOf({ joinColumns, entityMetadata, propertyName }: RelationMetadata) {
  const [from] = joinColumns;
  const to = from?.referencedColumn;
  if (joinColumns.length !== 1 || !from || !to || from.isVirtual)
    throw unsupported(entityMetadata, `the key of ${propertyName} is not one property`);
  return [from, to] as const;
}

function putParents(
  property: string,
  hydrate: Hydrate,
  from: ColumnMetadata,
  to: ColumnMetadata,
): Link['put'] {
  return (instances, rows) => {
    const parents = rows.map(hydrate);
    const byKey = new Map(parents.map((parent) => [parent[to.propertyName], parent]));
    for (const instance of instances) instance[property] = byKey.get(instance[from.propertyName]) ?? null;
    return parents;
  };
}

function putChildren(
  property: string,
  hydrate: Hydrate,
  to: ColumnMetadata,
  from: ColumnMetadata,
  isMany: boolean,
): Link['put'] {
  return (instances, rows) => {
    const children = rows.map(hydrate);
    const byKey = grouped(children, (child) => child[from.propertyName]);
    for (const instance of instances) {
      const own = byKey.get(instance[to.propertyName]) ?? [];
      instance[property] = isMany ? own : (own[0] ?? null);
    }
    return children;
  };
}

function throughJunction(dataSource: DataSource, relation: RelationMetadata): Link {
  const { propertyName, isOwning, junctionEntityMetadata, inverseEntityMetadata } = relation;
  const owning = (isOwning ? relation : relation.inverseRelation) as RelationMetadata;
  const [mine, theirs] = isOwning
    ? [owning.joinColumns, owning.inverseJoinColumns]
    : [owning.inverseJoinColumns, owning.joinColumns];
  const [from, to] = [mine[0], theirs[0]] as [ColumnMetadata, ColumnMetadata];
  const { hydrate } = readerOf(dataSource, inverseEntityMetadata);
  const link = columnName(dataSource, from, 'link');
  const joined = `${columnName(dataSource, to, 'link')} = ${columnName(dataSource, to.referencedColumn as ColumnMetadata)}`;
  const query: Link['query'] = (condition) =>
    queryOf(dataSource, inverseEntityMetadata)
      .innerJoin(junctionEntityMetadata?.tableName as string, 'link', joined)
      .addSelect(link, 'link')
      .where(condition(link));
  const look = prepared(
    query((column) => dialectOf(dataSource).isAnyOf(column, ':values')),
    'values',
  );
  const key = from.referencedColumn as ColumnMetadata;
  const columns = selectedColumns(inverseEntityMetadata);
  const place = columns.findIndex(({ isPrimary }) => isPrimary);
  return {
    key,
    isShared: false,
    target: inverseEntityMetadata,
    query,
    lookup: (runner, keys) => look(runner, dialectOf(dataSource).listParameter(keys)),
    put(instances, rows) {
      // The key of the other side stands behind the columns of the entity.
      const byKey = grouped(rows, (row) => row[columns.length]);
      const related = new Map<unknown, ObjectLiteral>();
      for (const row of rows) if (!related.has(row[place])) related.set(row[place], hydrate(row));
      for (const instance of instances)
        instance[propertyName] = (byKey.get(instance[key.propertyName]) ?? []).map((row) =>
          related.get(row[place]),
        );
      return [...related.values()];
    },
  };
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => unknown): Map<unknown, T[]> {
  const groups = new Map<unknown, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
