import type { DataSource, EntityMetadata, ObjectLiteral, QueryRunner } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import type { RelationMetadata } from 'typeorm/metadata/RelationMetadata.js';
import { dialectOf } from '../../database/dialect.js';
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
    const related = await fillerOf(dataSource, relation)(runner, instances);
    await fillRelations(dataSource, runner, related, deeper);
  }
}

/** Fills one relation. @returns the instances that it leads to */
type Filler = (runner: QueryRunner, instances: readonly ObjectLiteral[]) => Promise<ObjectLiteral[]>;

const fillers = new WeakMap<RelationMetadata, Filler>();

function fillerOf(dataSource: DataSource, relation: RelationMetadata): Filler {
  const filler = fillers.get(relation) ?? compileFiller(dataSource, relation);
  fillers.set(relation, filler);
  return filler;
}

function compileFiller(dataSource: DataSource, relation: RelationMetadata): Filler {
  const { propertyName, isManyToMany, isOneToMany, isManyToOne, isOneToOneOwner } = relation;
  if (isManyToMany) return throughJunction(dataSource, relation);
  const target = readerOf(dataSource, relation.inverseEntityMetadata);
  if (isManyToOne || isOneToOneOwner) {
    const [from, to] = pairOf(relation);
    return toParents(propertyName, target.hydrate, from, to, target.lookup(to));
  }
  const [from, to] = pairOf(relation.inverseRelation as RelationMetadata);
  return toChildren(propertyName, target.hydrate, to, from, target.lookup(from), isOneToMany);
}

/** The column with the foreign key of the owning side, and the column that it refers to. */
function pairOf({ joinColumns, entityMetadata, propertyName }: RelationMetadata) {
  const [from] = joinColumns;
  const to = from?.referencedColumn;
  if (joinColumns.length !== 1 || !from || !to || from.isVirtual)
    throw unsupported(entityMetadata, `the key of ${propertyName} is not one property`);
  return [from, to] as const;
}

function toParents(
  property: string,
  hydrate: Hydrate,
  from: ColumnMetadata,
  to: ColumnMetadata,
  lookup: Lookup,
): Filler {
  return async (runner, instances) => {
    const keys = new Set(instances.map((instance) => instance[from.propertyName]));
    keys.delete(null);
    const parents = keys.size === 0 ? [] : (await lookup(runner, [...keys])).map(hydrate);
    const byKey = new Map(parents.map((parent) => [parent[to.propertyName], parent]));
    for (const instance of instances) instance[property] = byKey.get(instance[from.propertyName]) ?? null;
    return parents;
  };
}

function toChildren(
  property: string,
  hydrate: Hydrate,
  to: ColumnMetadata,
  from: ColumnMetadata,
  lookup: Lookup,
  isMany: boolean,
): Filler {
  return async (runner, instances) => {
    const keys = instances.map((instance) => instance[to.propertyName]);
    const children = (await lookup(runner, keys)).map(hydrate);
    const byKey = grouped(children, (child) => child[from.propertyName]);
    for (const instance of instances) {
      const own = byKey.get(instance[to.propertyName]) ?? [];
      instance[property] = isMany ? own : (own[0] ?? null);
    }
    return children;
  };
}

function throughJunction(dataSource: DataSource, relation: RelationMetadata): Filler {
  const { propertyName, isOwning, junctionEntityMetadata, inverseEntityMetadata } = relation;
  const owning = (isOwning ? relation : relation.inverseRelation) as RelationMetadata;
  const [mine, theirs] = isOwning
    ? [owning.joinColumns, owning.inverseJoinColumns]
    : [owning.inverseJoinColumns, owning.joinColumns];
  const [from, to] = [mine[0], theirs[0]] as [ColumnMetadata, ColumnMetadata];
  const target = readerOf(dataSource, inverseEntityMetadata);
  const link = columnName(dataSource, from, 'link');
  const joined = `${columnName(dataSource, to, 'link')} = ${columnName(dataSource, to.referencedColumn as ColumnMetadata)}`;
  const query = queryOf(dataSource, inverseEntityMetadata)
    .innerJoin(junctionEntityMetadata?.tableName as string, 'link', joined)
    .addSelect(link, 'link')
    .where(dialectOf(dataSource).isAnyOf(link, ':values'));
  const lookup = prepared(query, 'values');
  const key = (from.referencedColumn as ColumnMetadata).propertyName;
  const place = selectedColumns(inverseEntityMetadata).findIndex(({ isPrimary }) => isPrimary);
  return async (runner, instances) => {
    const keys = instances.map((instance) => instance[key]);
    const rows = await lookup(runner, dialectOf(dataSource).listParameter(keys));
    const byKey = grouped(rows, (row) => row.at(-1));
    const related = new Map<unknown, ObjectLiteral>();
    for (const row of rows) if (!related.has(row[place])) related.set(row[place], target.hydrate(row));
    for (const instance of instances)
      instance[propertyName] = (byKey.get(instance[key]) ?? []).map((row) => related.get(row[place]));
    return [...related.values()];
  };
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => unknown): Map<unknown, T[]> {
  const groups = new Map<unknown, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
