import { setImmediate } from 'node:timers/promises';
import type {
  EntityManager,
  EntityTarget,
  FindManyOptions,
  ObjectLiteral,
  QueryRunner,
  SelectQueryBuilder,
} from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { onDialect } from '../../database/dialect.js';
import { beginReading, inOneState } from '../../database/read-runner.js';
import { type Row, rowsOf, Statement } from '../../database/statement.js';
import { selectedColumns } from './hydrator.js';
import { loaded, rootQuery } from './read-rows.js';
import { ALIAS, columnName, readerOf } from './reader.js';
import { fillRelations, relationTree } from './relations.js';

/** Which rows to stream, spelled as for TypeORM's `find`. */
export type StreamOptions<Entity> = Pick<FindManyOptions<Entity>, 'where' | 'relations'>;

/** Rows that are in memory at a time: enough for the way to the server not to count. */
const PAGE = 1000;

/**
 * Reads any number of entities one after the other, in the order of their keys, at the speed of the driver and in
 * memory that does not grow. On PostgreSQL all come from one state of the database, and the transaction that it takes
 * lasts until the loop ends; on SQLite each thousand comes from the state of its moment, and the loop may write.
 *
 * @param manager of a transaction, or of a data source
 * @param options as for `readMany`
 * @throws OpsDbError `read_unsupported` for what only `find` does; the errors of `find`
 *
 * @example
 * import { RawDataFile, streamMany } from 'ccat-ops-db';
 *
 * const files: Record<string, number> = {};
 * for await (const file of streamMany(session, RawDataFile, { relations: { instrumentModule: true } })) {
 *   const module = file.instrumentModule?.name ?? '';
 *   files[module] = (files[module] ?? 0) + 1;
 * }
 * console.log(files); // { '280 GHz': 18, LFA: 3, HFA: 1 }
 */
export async function* streamMany<Entity extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<Entity>,
  options: StreamOptions<Entity> = {},
): AsyncGenerator<Entity, void, undefined> {
  const { dataSource } = manager;
  const metadata = dataSource.getMetadata(entity);
  const { hydrate } = readerOf(dataSource, metadata);
  const tree = relationTree(metadata, options.relations);
  const [key] = metadata.primaryColumns as [ColumnMetadata];
  const query = rootQuery(manager, metadata, options).orderBy(`${ALIAS}.${key.propertyName}`);
  const finish = async (runner: QueryRunner, rows: readonly Row[]) => {
    const instances = rows.map(hydrate);
    await fillRelations(dataSource, runner, instances, tree);
    return loaded(runner, metadata, instances) as Promise<Entity[]>;
  };
  const pages = onDialect(dataSource, { postgresql: pagesOfCursor, sqlite: pagesByKey });
  for await (const page of pages(manager, query, key, finish)) yield* page;
}

type Query = SelectQueryBuilder<ObjectLiteral>;
type Finish<T> = (runner: QueryRunner, rows: readonly Row[]) => Promise<T[]>;

let cursors = 0;

async function* pagesOfCursor<T>(
  manager: EntityManager,
  query: Query,
  _: ColumnMetadata,
  finish: Finish<T>,
): AsyncGenerator<T[], void, undefined> {
  const { runner, end } = await beginReading(manager);
  const cursor = `opsdb_${cursors++}`;
  const [text, parameters] = query.getQueryAndParameters();
  const fetch = new Statement(`FETCH ${PAGE} FROM ${cursor}`, false);
  try {
    await runner.query(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${text}`, parameters);
    for (;;) {
      const rows = await rowsOf(runner, fetch, []);
      yield await finish(runner, rows);
      if (rows.length < PAGE) return;
    }
  } finally {
    // In a transaction that has failed it is closed already.
    await runner.query(`CLOSE ${cursor}`).catch(() => undefined);
    await end();
  }
}

async function* pagesByKey<T>(
  manager: EntityManager,
  query: Query,
  key: ColumnMetadata,
  finish: Finish<T>,
): AsyncGenerator<T[], void, undefined> {
  const place = selectedColumns(key.entityMetadata).indexOf(key);
  query.limit(PAGE);
  for (;;) {
    const [text, parameters] = query.getQueryAndParameters();
    const [page, last] = await inOneState(manager, async (runner) => {
      const rows = await rowsOf(runner, new Statement(text, false), parameters);
      return [await finish(runner, rows), rows[PAGE - 1]] as const;
    });
    yield page;
    if (!last) return;
    // The driver works in this very thread: let others have it.
    await setImmediate();
    query.expressionMap.extraAppendedAndWhereCondition = `${columnName(query.dataSource, key)} > :after`;
    query.setParameter('after', last[place]);
  }
}
