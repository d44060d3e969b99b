import {
  type DataSource,
  type EntityManager,
  type EntityTarget,
  In,
  IsNull,
  MoreThan,
  type ObjectLiteral,
} from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  DiskDataLocation,
  entities,
  RawDataFile,
  RawDataPackage,
  Site,
} from '../../../src/entities/index.js';
import { readByKey, readMany, streamMany } from '../../../src/services/reading/index.js';
import { describeEachDatabase, type TestDatabase } from '../../support/databases.js';
import { type Observed, observe } from '../../support/observed.js';
import { oneOfEach } from '../../support/one-of-each.js';

type Entity = EntityTarget<ObjectLiteral>;
type Relations = { [property: string]: true | Relations };

/** Something to wait for until it is resolved. */
function latch(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

describeEachDatabase('reading', (database) => {
  let dataSource: DataSource;
  let manager: EntityManager;
  let observed: Observed;

  const keyOf = (entity: Entity) => dataSource.getMetadata(entity).primaryColumns[0]?.propertyName as string;

  beforeAll(async () => {
    dataSource = await database.open(await database.create('seed'));
    manager = dataSource.manager;
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
        const found = await from.find(entity, { relations, order, take: 5 });
        expect(inOrder(await readMany(from, entity, { relations, order, take: 5 }))).toStrictEqual(
          inOrder(found),
        );
        if (!found[0]) continue;
        const first = await readByKey(from, entity, found[0][keyOf(entity)], { relations });
        expect(inOrder(first)).toStrictEqual(inOrder(found[0]));
      }
    });
  });

  describe('many', () => {
    it('come by conditions on columns and on parents, ordered and in part', async () => {
      const options = {
        where: [
          { executedObsUnit: { status: 'running' as const }, sizeBytes: MoreThan(1) },
          { id: In(observed.fileIds), rawDataPackageId: IsNull() },
        ],
        relations: { executedObsUnit: true, sourceLocation: { site: true } },
        order: { executedObsUnit: { startTime: 'DESC' as const }, relativePath: 'ASC' as const },
        skip: 1,
        take: 2,
      };
      const read = await readMany(manager, RawDataFile, options);
      expect(read).toHaveLength(2);
      expect(read).toStrictEqual(await manager.find(RawDataFile, options));
    });

    it('lead to one instance where they lead to one row', async () => {
      const relations = { sourceLocation: true };
      const [first, second] = await readMany(manager, RawDataFile, { relations, take: 2 });
      expect(first?.sourceLocation).toBeInstanceOf(DiskDataLocation);
      expect(first?.sourceLocation).toBe(second?.sourceLocation);
    });

    it.each([
      ['select', { select: { id: true } }, 'it was asked for select'],
      ['a relation that is none', { relations: { nothing: true } }, 'it has no relation nothing'],
      [
        'conditions on children',
        { where: { rawDataFiles: { fileType: 'fits' } } },
        'where or order goes through rawDataFiles',
      ],
    ])('are refused with what is not supported: %s', async (_, options, message) => {
      const call = readMany(manager, RawDataPackage, options as object);
      await expect(call).rejects.toMatchObject({ code: 'read_unsupported' });
      await expect(call).rejects.toThrow(message);
    });
  });

  describe('by key', () => {
    it('gives null for a key that is not there, and refuses none', async () => {
      expect(await readByKey(manager, RawDataFile, uuidv7())).toBeNull();
      expect(await readByKey(manager, Site, 999_999)).toBeNull();
      const none = readByKey(manager, Site, undefined as unknown as number);
      await expect(none).rejects.toMatchObject({ code: 'read_unsupported' });
    });

    it('gives each of many readers at once an instance of its own', async () => {
      const [id, other] = observed.fileIds as [string, string];
      const keys = [id, other, id, uuidv7()];
      const read = await Promise.all(keys.map((key) => readByKey(manager, RawDataFile, key)));
      expect(read.map((row) => row?.id)).toEqual([id, other, id, undefined]);
      expect(read[0]).toStrictEqual(read[2]);
      expect(read[0]).not.toBe(read[2]);
      expect(read[0]?.createdAt).not.toBe(read[2]?.createdAt);
    });

    it('keeps what one reader does wrong from the others', async () => {
      const [id] = observed.fileIds as [string];
      const sound = readByKey(manager, RawDataFile, id);
      const wrong = readByKey(manager, RawDataFile, 'no key');
      expect(await wrong).toBeNull();
      expect((await sound)?.id).toBe(id);
    });

    it('sees what its own transaction has written, and nobody else does', async () => {
      const [id] = observed.fileIds as [string];
      const rollback = new Error('rollback');
      const call = dataSource.transaction(async (nested) => {
        await nested.update(RawDataFile, id, { fileType: 'changed' });
        expect((await readByKey(nested, RawDataFile, id))?.fileType).toBe('changed');
        const relations = { rawDataFiles: true };
        const [read] = await readMany(nested, RawDataPackage, {
          where: { id: observed.packageId },
          relations,
        });
        expect(read?.rawDataFiles?.map(({ fileType }) => fileType)).toContain('changed');
        for await (const file of streamMany(nested, RawDataFile, { where: { id } }))
          expect(file.fileType).toBe('changed');
        throw rollback;
      });
      await expect(call).rejects.toBe(rollback);
      expect((await readByKey(manager, RawDataFile, id))?.fileType).toBeNull();
    });

    it('is answered in a transaction and beside it at the same moment', async () => {
      const [id] = observed.fileIds as [string];
      const { promise: begun, resolve: begin } = latch();
      const { promise: asked, resolve: ask } = latch();
      const within = dataSource.transaction(async (nested) => {
        await nested.update(RawDataFile, id, { fileType: 'changed' });
        begin();
        await asked;
        const [own, other] = await Promise.all([
          readByKey(nested, RawDataFile, id),
          readByKey(manager, RawDataFile, id),
        ]);
        await nested.update(RawDataFile, id, { fileType: null });
        return [own?.fileType, other?.fileType];
      });
      await begun;
      const beside = readByKey(manager, RawDataFile, id);
      ask();
      // On SQLite what is called within a transaction belongs to it.
      expect(await within).toEqual(['changed', database.type === 'sqlite' ? 'changed' : null]);
      expect((await beside)?.fileType).toBeNull();
    });
  });

  describe('a stream', () => {
    const MANY = 2500;
    let stretch: Observed;
    beforeAll(async () => {
      stretch = await observe(manager, MANY);
    });

    it('gives every row once, in the order of the keys, with its relations', async () => {
      const where = [{ rawDataPackageId: stretch.packageId }, { id: In(observed.fileIds) }];
      const relations = { physicalCopies: true };
      const streamed = await collected(streamMany(manager, RawDataFile, { where, relations }));
      expect(streamed.map(({ id }) => id)).toEqual([...stretch.fileIds, ...observed.fileIds].sort());
      expect(streamed.every(({ physicalCopies }) => physicalCopies?.length === 1)).toBe(true);
    });

    it('can be left early, and leaves nothing behind', async () => {
      for (let round = 0; round < 20; round++)
        for await (const file of streamMany(manager, RawDataFile)) {
          expect(file).toBeInstanceOf(RawDataFile);
          break;
        }
      expect(await manager.count(RawDataFile)).toBeGreaterThan(MANY);
    });

    it('goes on while its rows are changed', async () => {
      const where = { rawDataPackageId: stretch.packageId };
      let count = 0;
      for await (const { id } of streamMany(manager, RawDataFile, { where }))
        if (count++ % 500 === 0) await manager.update(RawDataFile, id, { fileType: 'seen' });
      expect(count).toBe(MANY);
      expect(await manager.countBy(RawDataFile, { fileType: 'seen' })).toBe(5);
    });
  });

  it('calls what listens to entities being loaded', async () => {
    const seen: string[] = [];
    dataSource.subscribers.push({
      listenTo: () => RawDataFile,
      afterLoad: ({ id }: RawDataFile) => void seen.push(id),
    });
    const [id] = observed.fileIds as [string];
    await readByKey(manager, RawDataFile, id);
    await readMany(manager, RawDataFile, { where: { id } });
    dataSource.subscribers.pop();
    expect(seen).toEqual([id, id]);
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
      // A key of several columns is left to find.
      .filter(({ joinColumns, inverseRelation }) =>
        [joinColumns, inverseRelation?.joinColumns ?? []].every((key) => key.length < 2),
      )
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
