import type {
  EntityManager,
  EntityMetadata,
  EntityTarget,
  FindManyOptions,
  FindOptionsRelations,
  ObjectLiteral,
  QueryRunner,
  SelectQueryBuilder,
} from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { dialectOf } from '../../database/dialect.js';
import { inOneState, withRunner } from '../../database/read-runner.js';
import { rowsOf, Statement } from '../../database/statement.js';
import { assertWhole } from '../../values/arguments.js';
import { comparableOrNone } from '../../values/comparable.js';
import { gathered } from './gather.js';
import { readGraph } from './graph.js';
import { type Bound, queryOf, readerOf } from './reader.js';
import { fillRelations, type RelationTree, relationTree } from './relations.js';
import { unsupported } from './unsupported.js';

/** Which rows to read, spelled as for TypeORM's `find`. */
export type ReadOptions<Entity> = Pick<
  FindManyOptions<Entity>,
  'where' | 'relations' | 'order' | 'skip' | 'take'
>;

/** The key of a row: a UUID, or a number for what the database numbers. */
export type EntityKey = string | number;

/**
 * Reads entities at the speed of the driver. The instances are those of `find`, except that a row which several lead to
 * is one instance; each relation is read by a statement of its own, all on one state of the database.
 *
 * @param manager of a transaction, or of a data source
 * @param options as for `find`, as far as {@link ReadOptions} goes: conditions and order on columns and on those of
 *   parents, whole relations
 * @throws OpsDbError `read_unsupported` for what only `find` does; `value_invalid` for a condition that its column can never
 *   fulfil, and for `skip` and `take` that are no whole numbers from 0 on; the errors of `find`
 *
 * @example
 * import { ExecutedObsUnit, readMany } from 'ccat-ops-db';
 *
 * const executions = await readMany(session, ExecutedObsUnit, {
 *   where: { observingNight: '2026-11-30' },
 *   relations: { obsUnit: true },
 *   order: { startTime: 'ASC' },
 * });
 * console.log(executions.length, executions[0]?.obsUnit?.name); // 4 3C273/daisy/Prime-Cam
 */
export async function readMany<Entity extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<Entity>,
  options: ReadOptions<Entity> = {},
): Promise<Entity[]> {
  const { dataSource } = manager;
  const metadata = dataSource.getMetadata(entity);
  const { hydrate } = readerOf(dataSource, metadata);
  const tree = relationTree(metadata, options.relations);
  const [text, parameters] = rootQuery(manager, metadata, options).getQueryAndParameters();
  if (tree.size > 0 && dialectOf(dataSource).hasServer)
    return graphOf(manager, metadata, { text, parameters, isKept: false }, tree);
  const statement = new Statement(text, false);
  const read = async (runner: QueryRunner) => {
    const instances = (await rowsOf(runner, statement, parameters)).map(hydrate);
    await fillRelations(dataSource, runner, instances, tree);
    return loaded(runner, metadata, instances) as Promise<Entity[]>;
  };
  return tree.size === 0 ? withRunner(manager, read) : inOneState(manager, read);
}

/**
 * Reads the entity with a key at the speed of the driver. What is asked for at the same time on one connection or data
 * source comes in one statement; each caller gets an instance of its own.
 *
 * @param manager of a transaction, or of a data source
 * @param options `relations`: as for {@link readMany}
 * @returns null where there is no such row, also for a key that no row can have
 * @throws OpsDbError `read_unsupported`; the errors of `find`
 *
 * @example
 * import { RawDataPackage, readByKey } from 'ccat-ops-db';
 *
 * const { id } = await session.findOneByOrFail(RawDataPackage, { fileCount: 18 });
 * const found = await readByKey(session, RawDataPackage, id, { relations: { rawDataFiles: true } });
 * console.log(found?.state, found?.rawDataFiles?.length); // archived 18
 * const unknown = '00000000-0000-7000-8000-000000000000';
 * console.log(await readByKey(session, RawDataPackage, unknown)); // null
 */
export async function readByKey<Entity extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<Entity>,
  key: EntityKey,
  { relations }: { readonly relations?: FindOptionsRelations<Entity> } = {},
): Promise<Entity | null> {
  const { dataSource } = manager;
  const metadata = dataSource.getMetadata(entity);
  const reader = readerOf(dataSource, metadata);
  if (key === undefined || key === null) throw unsupported(metadata, `the key is ${key}`);
  const known = comparableOrNone(metadata.primaryColumns[0] as ColumnMetadata, key) as EntityKey | undefined;
  const tree = relationTree(metadata, relations);
  if (known === undefined) return null;
  if (tree.size === 0) {
    const row = await gathered(manager, reader, known);
    if (!row) return null;
    const instance = reader.hydrate(row);
    if (dataSource.subscribers.length > 0)
      await withRunner(manager, (runner) => loaded(runner, metadata, [instance]));
    return instance as Entity;
  }
  if (dialectOf(dataSource).hasServer) {
    const [instance] = await graphOf<Entity>(manager, metadata, reader.boundOne(known), tree);
    return instance ?? null;
  }
  return inOneState(manager, async (runner) => {
    const instances = (await reader.one(runner, known)).map(reader.hydrate);
    await fillRelations(dataSource, runner, instances, tree);
    const [instance] = await loaded(runner, metadata, instances);
    return (instance as Entity) ?? null;
  });
}

async function graphOf<Entity extends ObjectLiteral>(
  manager: EntityManager,
  metadata: EntityMetadata,
  root: Bound,
  tree: RelationTree,
): Promise<Entity[]> {
  const { hydrate } = readerOf(manager.dataSource, metadata);
  const instances = await readGraph(manager, metadata, root, tree, hydrate);
  const all = instances as Entity[];
  if (manager.dataSource.subscribers.length === 0) return all;
  return withRunner(manager, (runner) => loaded(runner, metadata, all)) as Promise<Entity[]>;
}

const OPTIONS: readonly string[] = ['where', 'relations', 'order', 'skip', 'take'];

/** TypeORM's query for the rows of the entity itself. */
export function rootQuery<Entity extends ObjectLiteral>(
  { dataSource }: EntityManager,
  metadata: EntityMetadata,
  options: ReadOptions<Entity>,
): SelectQueryBuilder<ObjectLiteral> {
  const other = Object.keys(options).filter((option) => !OPTIONS.includes(option));
  if (other.length > 0) throw unsupported(metadata, `it was asked for ${other.join(', ')}`);
  const { where, order, skip, take } = options;
  const query = queryOf(dataSource, metadata).setFindOptions({ where, order } as FindManyOptions);
  for (const { relation } of query.expressionMap.joinAttributes)
    if (relation?.isOneToMany || relation?.isManyToMany)
      throw unsupported(
        metadata,
        `where or order goes through ${relation.propertyName}, which leads to several rows`,
      );
  for (const [name, count] of Object.entries({ skip, take }))
    if (count !== undefined && count !== null) assertWhole(name, count);
  return query.offset(skip).limit(take);
}

/** Calls what listens to entities being loaded, as `find` does. */
export async function loaded(
  runner: QueryRunner,
  metadata: EntityMetadata,
  instances: ObjectLiteral[],
): Promise<ObjectLiteral[]> {
  if (runner.dataSource.subscribers.length > 0 && instances.length > 0)
    await runner.broadcaster.broadcast('Load', metadata, instances);
  return instances;
}
