import type { DataSource, EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import { In, IsNull, LessThan, MoreThan, Not } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  DataLocation,
  DiskDataLocation,
  entities,
  ObsUnit,
  PhysicalCopy,
  RawDataFile,
  RawDataPackage,
  Site,
} from '../../src/entities/index.js';
import { fileRawDataFiles } from '../../src/filing/index.js';
import { readByKey, readMany, streamMany } from '../../src/reading/index.js';
import { describeEachDatabase, type TestDatabase } from '../support/databases.js';
import { type Observed, observe, seed } from '../support/observed.js';
import { oneOfEach } from '../support/one-of-each.js';

type Entity = EntityTarget<ObjectLiteral>;
type Relations = { [property: string]: true | Relations };

describeEachDatabase('reading', (database) => {
  let dataSource: DataSource;
  let manager: EntityManager;
  let observed: Observed;

  const keyOf = (entity: Entity) => dataSource.getMetadata(entity).primaryColumns[0]?.propertyName as string;

  beforeAll(async () => {
    dataSource = await database.open();
    manager = dataSource.manager;
    await seed(dataSource);
    observed = await observe(manager, 3);
  });

  describe.each(entities.map((entity) => [entity.name, entity as Entity] as const))('%s', (_, entity) => {
    let one: EntityManager;
    beforeAll(async () => {
      one = await oneOfEachIn(database);
    });

    it('comes as find gives it, read and streamed', async () => {
      const order = { [keyOf(entity)]: 'ASC' };
      for (const from of [one, manager]) {
        const found = await from.find(entity, { order });
        expect(await readMany(from, entity, { order })).toStrictEqual(found);
        expect(await collected(streamMany(from, entity))).toStrictEqual(found);
      }
      expect(await one.exists(entity)).toBe(true);
    });

    it('comes by its key as find gives it', async () => {
      const [found] = (await one.find(entity, { take: 1 })) as [ObjectLiteral];
      expect(await readByKey(one, entity, found[keyOf(entity)])).toStrictEqual(found);
    });

    it('comes with its relations as find gives them, and with those of its parents', async () => {
      for (const from of [one, manager]) {
        const order = { [keyOf(entity)]: 'ASC' };
        const relations = relationsOf(dataSource, entity, 2);
        const found = await from.find(entity, { relations, order, take: 20 });
        expect(inOrder(await readMany(from, entity, { relations, order, take: 20 }))).toStrictEqual(
          inOrder(found),
        );
        if (!found[0]) continue;
        const first = await readByKey(from, entity, found[0][keyOf(entity)], { relations });
        expect(inOrder(first)).toStrictEqual(inOrder(found[0]));
      }
    });
  });
});

const opened: Map<TestDatabase, Promise<EntityManager>> = new Map();

/** A database with one row of each entity. */
function oneOfEachIn(database: TestDatabase): Promise<EntityManager> {
  const manager =
    opened.get(database) ??
    (async () => {
      const { manager } = await database.open(await database.create('tables'));
      await oneOfEach(manager);
      return manager;
    })();
  opened.set(database, manager);
  return manager;
}

async function collected<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

/** Every relation of an entity's own, and those of its parents. */
function relationsOf(dataSource: DataSource, entity: Entity, depth: number): Relations {
  const { relations, childEntityMetadatas } = dataSource.getMetadata(entity);
  const children = new Set(childEntityMetadatas.map(({ target }) => target));
  return Object.fromEntries(
    relations
      .filter(({ target }) => !children.has(target))
      .map(({ propertyName, inverseEntityMetadata, isManyToOne }) => [
        propertyName,
        depth > 1 && isManyToOne ? relationsOf(dataSource, inverseEntityMetadata.target, depth - 1) : true,
      ]),
  );
}

/** With the rows of every relation in one order. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(inOrder);
    return items.every((item) => typeof item === 'object')
      ? items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
      : items;
  }
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) === Object.prototype)
    return value;
  if (value instanceof Date) return value;
  const copy = Object.create(Object.getPrototypeOf(value));
  for (const [property, one] of Object.entries(value).sort()) copy[property] = inOrder(one);
  return copy;
}
