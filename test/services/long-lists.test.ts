import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import {
  DataLocation,
  ObsUnit,
  RawDataFile,
  RawDataPackage,
  RawDataPackagePhysicalCopy,
} from '../../src/entities/index.js';
import { heartbeat } from '../../src/services/claiming/index.js';
import {
  fileObsUnits,
  fileRawDataFiles,
  fileRawDataPackage,
  markOfNoExecution,
} from '../../src/services/filing/index.js';
import { declareBad } from '../../src/services/health/index.js';
import { endDeletions, recordCopies, requestStaging } from '../../src/services/transfer/index.js';
import { describeEachDatabase, describePostgresql } from '../support/databases.js';
import { type Observed, observe } from '../support/observed.js';

/** More than a statement may have parameters, on both databases. */
const LENGTH = 66_000;
const KEYS = Array.from({ length: LENGTH }, () => randomUUID());

type Given = Observed & { readonly manager: EntityManager; readonly place: number };

/** Every call that takes a list, with what it does with keys that no row has: a result, or the error's code. */
const CALLS: Readonly<Record<string, readonly [call: (given: Given) => Promise<unknown>, unknown]>> = {
  heartbeat: [({ manager }) => heartbeat(manager, RawDataPackage, KEYS, 'w'), 0],
  markOfNoExecution: [({ manager }) => markOfNoExecution(manager, KEYS), 0],
  requestStaging: [
    ({ manager, place }) =>
      requestStaging(manager, { id: randomUUID(), destinationLocationId: place, packageIds: KEYS }),
    'filing_refused',
  ],
  declareBad: [
    ({ manager }) =>
      declareBad(manager, RawDataPackagePhysicalCopy, { ids: KEYS, reason: 'tape torn', by: 'w' }),
    0,
  ],
  'recordCopies of unknown packages': [
    ({ manager, place }) =>
      recordCopies(manager, RawDataPackagePhysicalCopy, {
        dataLocationId: place,
        copies: KEYS.map((of) => ({ of })),
        by: 'w',
      }),
    'filing_refused',
  ],
  endDeletions: [
    ({ manager }) => endDeletions(manager, RawDataPackagePhysicalCopy, { ids: KEYS, by: 'w' }),
    0,
  ],
  'fileRawDataPackage of an execution': [
    ({ manager, executedObsUnitId, instrumentModuleId, sourceLocationId }) =>
      fileRawDataPackage(manager, {
        id: randomUUID(),
        executedObsUnitId,
        instrumentModuleId,
        sourceLocationId,
        partNumber: 7,
        fileIds: KEYS,
      }),
    'filing_conflict',
  ],
  'fileRawDataPackage of none': [
    ({ manager, instrumentModuleId, sourceLocationId }) =>
      fileRawDataPackage(manager, { id: randomUUID(), instrumentModuleId, sourceLocationId, fileIds: KEYS }),
    'filing_conflict',
  ],
};

describeEachDatabase('a list of any length', (database) => {
  let given: Given;

  beforeAll(async () => {
    const dataSource = await database.open(await database.create('seed'));
    const { manager } = dataSource;
    const { id: place } = await manager.findOneByOrFail(DataLocation, { locationType: 'processing' });
    given = { ...(await observe(manager)), manager, place };
  });

  test.each(Object.entries(CALLS))('is taken by %s', async (_, [call, expected]) => {
    const error: { code?: string; message?: string } = {};
    const result = await call(given).catch(
      (thrown) => Object.assign(error, thrown, { message: thrown.message }).code,
    );
    expect(result).toEqual(expected);
    expect((error.message ?? '').length).toBeLessThan(2000);
  });

  test('is refused as a whole, with the one row of it that is wrong', async () => {
    const { manager, executedObsUnitId, instrumentModuleId, sourceLocationId } = given;
    const of = { executedObsUnitId, instrumentModuleId, sourceLocationId };
    const files = Array.from({ length: 3000 }, (_, index) => ({
      ...of,
      id: randomUUID(),
      relativePath: `many/${index === 2345 ? 7 : index}.fits`,
      sizeBytes: 1,
    }));
    const before = await manager.count(RawDataFile);
    await expect(fileRawDataFiles(manager, files)).rejects.toMatchObject({
      code: 'filing_refused',
      message: expect.stringMatching(new RegExp(`${files[7]?.id}|${files[2345]?.id}`)),
    });
    expect(await manager.count(RawDataFile)).toBe(before);
  });

  describe('of which parts are read while others are written', () => {
    const size = 25_000;
    const wrong = { 12000: { relativePath: 'parts/7.fits' }, 22000: { sizeBytes: -1 } };
    const fileAt = (index: number, more: object = {}) => {
      const { executedObsUnitId, instrumentModuleId, sourceLocationId } = given;
      const of = { executedObsUnitId, instrumentModuleId, sourceLocationId };
      return { ...of, id: randomUUID(), relativePath: `parts/${index}.fits`, sizeBytes: 1, ...more };
    };

    test.each([
      ['the database refuses', wrong, /relative_?path/i],
      ['is no value', { 22000: wrong[22_000] }, /sizeBytes is -1/],
    ])('is refused for the first one that %s, and read no further', async (_, others, message) => {
      const before = await given.manager.count(RawDataFile);
      let isClosed = false;
      function* files() {
        try {
          for (let index = 0; index < 40_000; index++)
            yield fileAt(index, (others as Record<number, object>)[index]);
        } finally {
          isClosed = true;
        }
      }
      await expect(fileRawDataFiles(given.manager, files())).rejects.toMatchObject({
        code: 'filing_refused',
        message: expect.stringMatching(message),
      });
      expect(isClosed).toBe(true);
      expect(await given.manager.count(RawDataFile)).toBe(before);
    });

    test('is refused at once where the source is slow to give more', async () => {
      let end = () => {};
      const ended = new Promise<void>((resolve) => {
        end = resolve;
      });
      async function* files() {
        for (let index = 0; index < 21_000; index++)
          yield fileAt(index, index === 12_000 ? wrong[12_000] : {});
        await ended;
      }
      await expect(fileRawDataFiles(given.manager, files())).rejects.toMatchObject({
        code: 'filing_refused',
      });
      end();
    });

    test('may come from the same transaction', async () => {
      const undone = given.manager.transaction(async (manager) => {
        async function* files() {
          for (let index = 0; index < size; index++) {
            if (index % 5000 === 0) await manager.existsBy(DataLocation, { id: given.place });
            yield fileAt(index);
          }
        }
        expect(await fileRawDataFiles(manager, files())).toEqual({ added: size, known: 0 });
        throw new Error('not kept');
      });
      await expect(undone).rejects.toThrow('not kept');
    });
  });
});

// On SQLite TypeORM inserts one row a statement.
describePostgresql('obs units whose values are more than a statement may have', (database) => {
  test('are filed', async () => {
    const { manager } = await database.open(await database.create('seed'));
    const { id, createdAt, updatedAt, ...unit } = await manager.findOneByOrFail(ObsUnit, { available: true });
    const units = Array.from({ length: 3000 }, (_, index) => ({ ...unit, name: `unit ${index}` }));
    expect((await fileObsUnits(manager, units)).map(({ name }) => name)).toEqual(
      units.map(({ name }) => name),
    );
  });
});
