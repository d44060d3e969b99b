import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { type DataSource, In } from 'typeorm';
import { oneOf } from '../../src/database/one-of.js';
import { withDbSession } from '../../src/datasource.js';
import {
  DataLocation,
  InstrumentModule,
  ObsUnit,
  RawDataFile,
  RawDataPackage,
} from '../../src/entities/index.js';
import { claim, heartbeat } from '../../src/services/claiming/index.js';
import { fileRawDataFiles, fileRawDataPackage, startObservation } from '../../src/services/filing/index.js';
import { readByKey, readMany } from '../../src/services/reading/index.js';
import { describeEachDatabase, describePostgresql } from '../support/databases.js';

async function originIn({ manager }: DataSource) {
  const { id: obsUnitId } = await manager.findOneByOrFail(ObsUnit, { available: true });
  const { id: instrumentModuleId } = await manager.findOneByOrFail(InstrumentModule, { name: 'LFA' });
  const { id: sourceLocationId } = await manager.findOneByOrFail(DataLocation, { name: 'chai_raw_data' });
  const executedObsUnitId = await startObservation(manager, { obsUnitId, startTime: new Date() });
  return { executedObsUnitId, instrumentModuleId, sourceLocationId };
}

type Origin = Awaited<ReturnType<typeof originIn>>;
const file = (origin: Origin) => {
  const id = randomUUID();
  return { ...origin, id, relativePath: `night/${id}.fits`, sizeBytes: 2880 };
};
const filesOf = (origin: Origin, count: number) => Array.from({ length: count }, () => file(origin));

describeEachDatabase('lists', (database) => {
  let dataSource: DataSource;
  let origin: Origin;

  beforeAll(async () => {
    dataSource = await database.open(await database.create('seed'));
    origin = await originIn(dataSource);
  });

  it('take any number of values as one parameter', async () => {
    const { manager } = dataSource;
    const id = randomUUID();
    const { executedObsUnitId, instrumentModuleId, sourceLocationId } = origin;
    await fileRawDataPackage(manager, {
      id,
      executedObsUnitId,
      instrumentModuleId,
      sourceLocationId,
      fileIds: [],
    });
    await claim(manager, RawDataPackage, { limit: 1, worker: 'w' });
    const ids = Array.from({ length: 70_000 }, () => randomUUID());
    expect(await heartbeat(manager, RawDataPackage, [...ids, id], 'w')).toBe(1);
    const where = { id: oneOf(manager, [...ids, id]) };
    expect((await readMany(manager, RawDataPackage, { where })).map((found) => found.id)).toEqual([id]);
    const both = { id: oneOf(manager, [id]), executedObsUnitId: oneOf(manager, [executedObsUnitId]) };
    expect(await manager.countBy(RawDataPackage, both)).toBe(1);
  });

  it("say at once that TypeORM's In has too many values, without ending the transaction", async () => {
    let attempts = 0;
    const kept = file(origin);
    const ids = Array.from({ length: 70_000 }, () => randomUUID());
    await withDbSession(
      async (manager) => {
        attempts++;
        await fileRawDataFiles(manager, [kept]);
        const many = manager.findBy(RawDataFile, { id: In(ids) });
        await expect(many).rejects.toMatchObject({ code: 'parameters_too_many' });
        const read = readMany(manager, RawDataFile, { where: { id: In(ids) } });
        await expect(read).rejects.toMatchObject({ code: 'parameters_too_many' });
      },
      { dataSource, retry: {} },
    );
    expect(attempts).toBe(1);
    const where = { executedObsUnitId: In(ids) };
    const claimed = claim(dataSource.manager, RawDataPackage, { where, limit: 1, worker: 'w' });
    await expect(claimed).rejects.toMatchObject({ code: 'parameters_too_many' });
    expect(await dataSource.manager.existsBy(RawDataFile, { id: kept.id })).toBe(true);
  });

  it('are filed whatever their order when others file the same at the same time', async () => {
    const files = filesOf(origin, 400);
    const orders = [files, [...files].reverse(), [...files].sort(() => 0.5 - Math.random())];
    const filed = await Promise.all(
      [...orders, ...orders].map((some) => fileRawDataFiles(dataSource.manager, some)),
    );
    expect(filed.reduce((sum, { added }) => sum + added, 0)).toBe(400);
  });
});

describeEachDatabase('input of work that is tried again', (database) => {
  let dataSource: DataSource;
  let origin: Origin;

  beforeAll(async () => {
    dataSource = await database.open(await database.create('seed'));
    origin = await originIn(dataSource);
  });

  const passing = () => Object.assign(new Error('deadlock detected'), { code: '40P01' });
  /** Files in work whose first attempt fails. */
  const fileTwice = (files: Parameters<typeof fileRawDataFiles>[1]) => {
    let attempts = 0;
    return withDbSession(
      async (manager) => {
        const filed = await fileRawDataFiles(manager, files);
        if (attempts++ === 0) throw passing();
        return filed;
      },
      { dataSource, retry: { idempotent: true, minDelayMs: 1 } },
    );
  };
  const inFile = (files: { id: string }[]) =>
    dataSource.manager.countBy(RawDataFile, {
      id: oneOf(
        dataSource,
        files.map(({ id }) => id),
      ),
    });

  const onlyOnce: Record<
    string,
    (files: ReturnType<typeof filesOf>) => Parameters<typeof fileRawDataFiles>[1]
  > = {
    generator: (files) =>
      (function* () {
        yield* files;
      })(),
    'asynchronous generator': (files) =>
      (async function* () {
        yield* files;
      })(),
    iterator: (files) => files.values(),
    stream: (files) => Readable.from(files),
    'stream of the web': (files) =>
      Readable.toWeb(Readable.from(files)) as AsyncIterable<ReturnType<typeof file>>,
  };

  it.each(Object.keys(onlyOnce))('is refused where it is a used-up %s', async (kind) => {
    const files = filesOf(origin, 3);
    await expect(fileTwice(onlyOnce[kind]?.(files) ?? [])).rejects.toMatchObject({
      code: 'input_used_up',
      cause: expect.objectContaining({ code: '40P01' }),
    });
    expect(await inFile(files)).toBe(0);
    const once = onlyOnce[kind]?.(files) ?? [];
    expect((await fileRawDataFiles(dataSource.manager, once)).added).toBe(3);
    await expect(fileRawDataFiles(dataSource.manager, once)).rejects.toMatchObject({ code: 'input_used_up' });
  });

  it('is read again where it is a list, a set, or a function that makes it anew', async () => {
    const files = filesOf(origin, 6);
    expect((await fileTwice(files.slice(0, 2))).added).toBe(2);
    expect((await fileTwice(new Set(files.slice(2, 4)))).added).toBe(2);
    expect((await fileTwice(() => files.slice(4).values())).added).toBe(2);
    expect(await inFile(files)).toBe(6);
  });
});

describePostgresql('statements that the server keeps', (database) => {
  it('are made anew after the change of a table, where nothing was done yet', async () => {
    const options = await database.create('seed');
    const dataSource = await database.open(options);
    const other = await database.open(options);
    const { manager } = dataSource;
    const { id } = await manager.findOneByOrFail(ObsUnit, { available: true });
    const read = (by = manager) => readByKey(by, ObsUnit, id);
    const readGraph = (by = manager) => readByKey(by, ObsUnit, id, { relations: { source: true } });
    const claimNone = (by = manager) => claim(by, RawDataPackage, { limit: 1, worker: 'w' });
    let length = 500;
    const change = async () => {
      length++;
      await other.query(`ALTER TABLE obs_unit ALTER COLUMN name TYPE varchar(${length})`);
      await other.query(`ALTER TABLE raw_data_package ALTER COLUMN last_error TYPE varchar(${length})`);
    };
    await read();
    await readGraph();
    await claimNone();
    await change();
    for (let time = 0; time < 2; time++) {
      expect(await readGraph()).toMatchObject({ id, source: { name: expect.any(String) } });
      expect(await read()).toMatchObject({ id });
      expect(await claimNone()).toEqual([]);
    }
    await change();
    await dataSource.transaction(async (first) => {
      expect(await claimNone(first)).toEqual([]);
      expect(await first.transaction((nested) => read(nested))).toMatchObject({ id });
    });
    await change();
    const afterOthers = dataSource.transaction(async (used) => {
      await used.query('SELECT 1');
      return read(used);
    });
    await expect(afterOthers).rejects.toThrow(/cached plan/);
    expect(await read()).toMatchObject({ id });
  }, 60_000);
});
