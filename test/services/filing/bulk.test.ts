import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, EntityManager, ObjectLiteral } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { bulkInsert } from '../../../src/database/bulk-insert.js';
import { BULK } from '../../../src/database/chunks.js';
import {
  ApiToken,
  ExecutedObsUnit,
  ObsUnit,
  RawDataFile,
  RawDataFilePhysicalCopy,
  RawDataPackagePhysicalCopy,
  User,
} from '../../../src/entities/index.js';
import { fileRawDataFiles, fileRows, type NewRawDataFile } from '../../../src/services/filing/index.js';
import { describeEachDatabase, describePostgresql } from '../../support/databases.js';
import { type Observed, observe, sha256, withoutTelescope } from '../../support/observed.js';

/** Texts and instants that a format of rows could get wrong. */
const TEXTS = ['a\tb', 'a\nb\r\n', 'a\\b', '\\N', '\\.', 'ʻOumuamua 🛰', '"\'', 'null', ' '];
const INSTANTS = ['1969-12-31T23:59:59.999Z', '2026-11-24T03:00:00.120Z', '9999-12-31T23:59:59.001Z'];

function fileOf(observed: Observed, more: Partial<NewRawDataFile> = {}): NewRawDataFile {
  const { executedObsUnitId, instrumentModuleId, sourceLocationId } = observed;
  const id = uuidv7();
  return {
    id,
    executedObsUnitId,
    instrumentModuleId,
    sourceLocationId,
    relativePath: `${id}.fits`,
    sizeBytes: 1,
    ...more,
  };
}

describeEachDatabase('writing in bulk', (database) => {
  let dataSource: DataSource;
  let manager: EntityManager;
  let observed: Observed;

  beforeAll(async () => {
    dataSource = await database.open(await database.create('seed'));
    manager = dataSource.manager;
  });
  beforeEach(async () => {
    observed = await observe(manager);
  });

  /** What the database holds after some rows were written and before this is undone, without what the clock and a sequence give. */
  async function left(
    entity: abstract new () => object,
    write: (nested: EntityManager) => Promise<unknown>,
  ): Promise<ObjectLiteral[]> {
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    try {
      await write(runner.manager);
      const { tableName } = dataSource.getMetadata(entity);
      const rows: ObjectLiteral[] = await runner.manager.query(`SELECT * FROM "${tableName}" ORDER BY id`);
      const isNumbered = typeof rows[0]?.id === 'number';
      return rows.map(({ id, created_at, updated_at, ...row }) => {
        expect([created_at, updated_at].map(String)).not.toContain('null');
        return isNumbered ? row : { id, ...row };
      });
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
  }

  async function expectSameAsInsert(entity: abstract new () => object, rows: ObjectLiteral[]): Promise<void> {
    const metadata = dataSource.getMetadata(entity);
    const inBulk = await left(entity, (nested) => bulkInsert(nested, metadata, rows));
    const plain = await left(entity, async (nested) => {
      for (const row of rows) await nested.insert(entity, { ...row });
    });
    expect(inBulk).toEqual(plain);
    expect(inBulk.length).toBeGreaterThanOrEqual(rows.length);
  }

  describe('leaves what insert leaves', () => {
    it('of texts, sizes and instants, some left out and some null', async () => {
      const checksum = { checksum: sha256('x'), checksumAlgorithm: 'sha256' } as const;
      await expectSameAsInsert(RawDataFile, [
        ...TEXTS.map((text) => fileOf(observed, { fileType: text })),
        ...INSTANTS.map((instant) => fileOf(observed, { recordedAt: new Date(instant), ...checksum })),
        fileOf(observed, { sizeBytes: Number.MAX_SAFE_INTEGER }),
        { ...fileOf(observed), recordedAt: null, fileType: null, rawDataPackageId: undefined },
      ]);
    });

    it('of JSON, enums, numbers and dates, with defaults where they are left out', async () => {
      const { id: obsUnitId } = await manager.findOneByOrFail(ObsUnit, { name: 'Mars/focus/CHAI' });
      await withoutTelescope(manager, obsUnitId);
      const start = { obsUnitId, startTime: new Date(INSTANTS[1] as string), observingNight: '2026-11-23' };
      await expectSameAsInsert(ExecutedObsUnit, [
        { id: uuidv7(), ...start },
        { id: uuidv7(), ...start, conditions: { texts: TEXTS, deep: { none: null, list: [1.5, true] } } },
        { id: uuidv7(), ...start, pwvMm: 0.1 + 0.2, temperatureC: -1e-7, status: 'running' },
        {
          id: uuidv7(),
          ...start,
          endTime: new Date('2026-11-24T04:00:00.001Z'),
          status: 'completed',
          note: 'a\tb',
        },
      ]);
    });

    it('of a member of a family', async () => {
      const { packageId: rawDataPackageId, sourceLocationId: dataLocationId } = observed;
      const verified = { checksum: sha256('x'), checksumAlgorithm: 'sha256', verifiedAt: new Date(0) };
      await expectSameAsInsert(RawDataPackagePhysicalCopy, [
        { id: uuidv7(), rawDataPackageId, dataLocationId: dataLocationId + 1, ...verified },
        { id: uuidv7(), rawDataPackageId, dataLocationId: dataLocationId + 2, status: 'staged' },
      ]);
    });

    it('of flags, and of keys that the database gives', async () => {
      const { id: userId } = await manager.findOneByOrFail(User, {});
      const token = { userId, tokenPrefix: 'prefix12', scopes: ['read:*'] };
      await expectSameAsInsert(
        ApiToken,
        [true, false, undefined].map((active, index) => ({
          ...token,
          id: 1000 + index,
          name: `bulk ${index}`,
          tokenHash: sha256(`bulk ${index}`),
          active,
        })),
      );
    });
  });

  it('leaves what insert leaves when files are filed', async () => {
    const files = Array.from({ length: 20 }, () => fileOf(observed));
    const copies = async (nested: EntityManager) => {
      for (const file of files) {
        await nested.insert(RawDataFile, file as object);
        await nested.insert(RawDataFilePhysicalCopy, {
          id: uuidv7(),
          rawDataFileId: file.id,
          dataLocationId: file.sourceLocationId,
        });
      }
    };
    const copiesOf = async (write: (nested: EntityManager) => Promise<unknown>) => {
      const rows = await left(RawDataFilePhysicalCopy, write);
      const places = rows.map(({ id, ...row }) => row).filter(({ raw_data_file_id }) => raw_data_file_id);
      return places.sort((a, b) => (a.raw_data_file_id < b.raw_data_file_id ? -1 : 1));
    };
    const filing = (nested: EntityManager) => fileRawDataFiles(nested, files);
    expect(await left(RawDataFile, filing)).toEqual(await left(RawDataFile, copies));
    expect(await copiesOf(filing)).toEqual(await copiesOf(copies));
  });

  describe('where some rows are there already', () => {
    it('writes the others, and each once', async () => {
      const [known, fresh, twice] = [fileOf(observed), fileOf(observed), fileOf(observed)];
      await fileRawDataFiles(manager, [known]);
      const sent = [fresh, { ...known, id: known.id.toUpperCase() }, twice, twice];
      expect(await fileRawDataFiles(manager, sent)).toEqual({ added: 2, known: 2 });
      for (const { id } of [known, fresh, twice]) {
        expect(await manager.countBy(RawDataFile, { id })).toBe(1);
        expect(await manager.countBy(RawDataFilePhysicalCopy, { rawDataFileId: id })).toBe(1);
      }
    });

    it('adds the first copy of a file that has none', async () => {
      const file = fileOf(observed);
      await fileRows(manager, RawDataFile, [{ ...file }]);
      expect(await fileRawDataFiles(manager, [file, fileOf(observed)])).toEqual({ added: 1, known: 1 });
      expect(await manager.countBy(RawDataFilePhysicalCopy, { rawDataFileId: file.id })).toBe(1);
    });

    it('names every field that differs, and keeps nothing of lists before and after', async () => {
      const known = fileOf(observed, { fileType: 'fits' });
      await fileRawDataFiles(manager, [known]);
      const before = await manager.count(RawDataFile);
      function* files() {
        for (let index = 0; index < BULK; index++) yield fileOf(observed);
        yield { ...known, sizeBytes: 2, fileType: 'g3' };
        yield fileOf(observed);
      }
      const call = fileRawDataFiles(manager, files());
      await expect(call).rejects.toMatchObject({ code: 'filing_conflict' });
      await expect(call).rejects.toThrow(
        `RawDataFile ${known.id} is there already with other content: sizeBytes is 1, not 2; fileType is "fits", not "g3"`,
      );
      expect(await manager.count(RawDataFile)).toBe(before);
    });
  });

  describe('refuses what the tables do not take, and leaves the transaction of its caller usable:', () => {
    const cases: Record<string, [Partial<Record<keyof NewRawDataFile, unknown>>, RegExp | string]> = {
      'a size below zero': [{ sizeBytes: -1 }, 'sizeBytes is -1; it must be a whole number, at least 0'],
      'an execution that is not known': [{ executedObsUnitId: uuidv7() }, /executedObsUnitId is/],
      'a module that is not known': [{ instrumentModuleId: 999_999 }, /instrumentModuleId is 999999/],
      'a path that is missing': [{ relativePath: null }, /null/i],
      'a checksum without its algorithm': [
        { checksum: sha256('x') },
        /checksum is .* hexadecimal digits as checksumAlgorithm says/,
      ],
      'an algorithm that is not known': [
        { checksum: 'x', checksumAlgorithm: 'sha1' },
        /hexadecimal digits as checksumAlgorithm says/,
      ],
      'an instant that is none': [
        { recordedAt: new Date(Number.NaN) },
        'recordedAt is Invalid Date; it must be a valid Date in the years 0001 to 9999',
      ],
      'a text that is none': [
        { relativePath: { a: 1 } },
        'relativePath is { a: 1 }; it must be a path below the root of its location',
      ],
      'a key that is no text': [{ id: 7 }, 'RawDataFile.id is 7; it must be a UUID'],
    };
    it.each(Object.entries(cases))('%s', async (_, [wrong, message]) => {
      const [first, last] = [fileOf(observed), fileOf(observed)];
      await manager.transaction(async (nested) => {
        await fileRawDataFiles(nested, [first]);
        const files = [fileOf(observed), fileOf(observed, wrong as object)].map(Object.freeze);
        const call = fileRawDataFiles(nested, files as NewRawDataFile[]);
        await expect(call).rejects.toMatchObject({ code: 'filing_refused' });
        await expect(call).rejects.toThrow(message);
        await fileRawDataFiles(nested, [last]);
      });
      const { executedObsUnitId } = observed;
      const kept = await manager.findBy(RawDataFile, { executedObsUnitId });
      expect(kept.map(({ id }) => id).sort()).toEqual([...observed.fileIds, first.id, last.id].sort());
    });
  });

  it('takes a bug in what writes the values for a bug', async () => {
    const column = dataSource.getMetadata(RawDataFile).findColumnWithPropertyName('fileType');
    const bug = new TypeError('text.trim is not a function');
    const from = (value: unknown) => value;
    const to = () => {
      throw bug;
    };
    Object.assign(column as object, { transformer: { from, to } });
    try {
      const call = fileRawDataFiles(manager, [fileOf(observed, { fileType: 'g3' })]);
      await expect(call).rejects.toBe(bug);
    } finally {
      Object.assign(column as object, { transformer: undefined });
    }
  });

  it('keeps nothing when what it reads the files from fails', async () => {
    const before = await manager.count(RawDataFile);
    async function* files() {
      yield fileOf(observed);
      await sleep(1);
      throw new Error('the telescope hung up');
    }
    await expect(fileRawDataFiles(manager, files())).rejects.toThrow('the telescope hung up');
    expect(await manager.count(RawDataFile)).toBe(before);
  });

  it('lets what it reads the files from ask the same transaction', async () => {
    await manager.transaction(async (nested) => {
      async function* files() {
        for (const id of observed.fileIds.slice(0, 2)) {
          const { relativePath } = await nested.findOneByOrFail(RawDataFile, { id });
          yield fileOf(observed, { relativePath: `again/${relativePath}` });
        }
      }
      expect(await fileRawDataFiles(nested, files())).toEqual({ added: 2, known: 0 });
    });
  });
});

describePostgresql('writing in bulk', (database) => {
  it('says what became of the files when the connection is lost in the middle', async () => {
    const dataSource = await database.open(await database.create('seed'));
    const observed = await observe(dataSource.manager);
    await dataSource.query(
      `CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$`,
    );
    await dataSource.query(
      `CREATE TRIGGER hang_up BEFORE INSERT ON raw_data_file FOR EACH ROW
        WHEN (NEW.relative_path = 'fatal') EXECUTE FUNCTION hang_up()`,
    );
    const call = fileRawDataFiles(dataSource.manager, [
      fileOf(observed),
      fileOf(observed, { relativePath: 'fatal' }),
    ]);
    // Where the server had not read all of the request when it ended, TCP may drop its last words.
    const outcome = expect.stringMatching(/^(rolled_back|unknown)$/);
    await expect(call).rejects.toMatchObject({ code: 'connection_lost', outcome });
    expect(await dataSource.manager.countBy(RawDataFile, { relativePath: 'fatal' })).toBe(0);
  });
});
