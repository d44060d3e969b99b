import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  ExecutedObsUnit,
  ObsUnit,
  RawDataFile,
  RawDataFilePhysicalCopy,
  RawDataPackage,
  RawDataPackageMetadata,
} from '../../../src/entities/index.js';
import {
  fileRawDataFiles,
  fileRawDataPackage,
  finishObservation,
  type NewRawDataFile,
  observingNight,
  startObservation,
} from '../../../src/services/filing/index.js';
import { describeEachDatabase } from '../../support/databases.js';
import { type Observed, observe, sha256, withoutTelescope } from '../../support/observed.js';

describe('the observing night', () => {
  it.each([
    ['2026-11-24T11:59:59.999Z', '2026-11-23'],
    ['2026-11-24T12:00:00.000Z', '2026-11-24'],
    ['2026-11-24T23:59:59.999Z', '2026-11-24'],
  ])('of %s is %s', (instant, night) => {
    expect(observingNight(new Date(instant))).toBe(night);
  });
});

describeEachDatabase('filing', (database) => {
  let dataSource: DataSource;
  let manager: EntityManager;
  let obsUnitId: number;
  let observed: Observed;

  beforeAll(async () => {
    dataSource = await database.open(await database.create('seed'));
    manager = dataSource.manager;
    ({ id: obsUnitId } = await manager.findOneByOrFail(ObsUnit, { name: 'Mars/focus/CHAI' }));
    await withoutTelescope(manager, obsUnitId);
  });
  beforeEach(async () => {
    observed = await observe(manager);
  });

  const startTime = new Date('2026-11-24T03:00:00.123Z');
  const endTime = new Date('2026-11-24T03:05:00.456Z');

  function newFile(more: Partial<NewRawDataFile> = {}): NewRawDataFile {
    const { executedObsUnitId, instrumentModuleId, sourceLocationId } = observed;
    const id = uuidv7();
    return {
      id,
      executedObsUnitId,
      instrumentModuleId,
      sourceLocationId,
      relativePath: `${id}.fits`,
      sizeBytes: 2 ** 40,
      fileType: 'fits',
      checksum: sha256(id),
      checksumAlgorithm: 'sha256',
      recordedAt: startTime,
      ...more,
    };
  }

  describe('an observation', () => {
    it('changes nothing when its start is sent twice, in whatever spelling of the key', async () => {
      const id = uuidv7();
      await startObservation(manager, { id, obsUnitId, startTime });
      const before = await manager.findOneByOrFail(ExecutedObsUnit, { id });
      await startObservation(manager, { id: id.toUpperCase(), obsUnitId, startTime });
      expect(await manager.findBy(ExecutedObsUnit, { id })).toEqual([before]);
      expect(before).toMatchObject({
        status: 'running',
        startTime,
        endTime: null,
        observingNight: '2026-11-23',
      });
    });

    it('is refused with the field that differs when the same key comes with another content', async () => {
      const id = await startObservation(manager, { obsUnitId, startTime });
      const again = startObservation(manager, { id, obsUnitId, startTime: endTime });
      await expect(again).rejects.toMatchObject({ code: 'filing_conflict' });
      await expect(again).rejects.toThrow(
        /startTime is "2026-11-24T03:00:00.123Z", not "2026-11-24T03:05:00.456Z"/,
      );
    });

    it('is refused when its unit is unknown', async () => {
      const start = startObservation(manager, { obsUnitId: 999_999, startTime });
      await expect(start).rejects.toMatchObject({
        code: 'filing_refused',
        message: expect.stringContaining('obsUnitId is 999999, which no ObsUnit has'),
      });
    });

    it('ends once, however often its end is sent', async () => {
      const id = await startObservation(manager, { obsUnitId, startTime });
      const end = { id, obsUnitId, endTime, pwvMm: 0.7 };
      expect(await finishObservation(manager, end)).toBe('finished');
      const finished = await manager.findOneByOrFail(ExecutedObsUnit, { id });
      expect(finished).toMatchObject({ status: 'completed', endTime, pwvMm: 0.7 });
      expect(await finishObservation(manager, end)).toBe('known');
      expect(await manager.findOneByOrFail(ExecutedObsUnit, { id })).toEqual(finished);
      const other = finishObservation(manager, { ...end, pwvMm: 0.8 });
      await expect(other).rejects.toThrow('pwvMm is 0.7, not 0.8');
    });

    it('is the same when it is sent again with values that JSON or the database write in another way', async () => {
      const instrumentConfiguration = { tunedAt: startTime, attenuation: undefined, offsets: [-0] };
      const start = { id: uuidv7(), obsUnitId, startTime, instrumentConfiguration };
      await startObservation(manager, start);
      await startObservation(manager, start);
      const end = { id: start.id, obsUnitId, endTime, temperatureC: -0, conditions: { note: undefined } };
      expect(await finishObservation(manager, end)).toBe('finished');
      expect(await finishObservation(manager, { ...end, id: end.id.toUpperCase() })).toBe('known');
    });

    it('keeps JSON of its end in the form of that of its start', async () => {
      const id = await startObservation(manager, { obsUnitId, startTime, instrumentConfiguration: { a: 1 } });
      await finishObservation(manager, { id, obsUnitId, endTime, conditions: { seeing_arcsec: 0.8 } });
      const type = database.type === 'sqlite' ? 'typeof' : 'pg_typeof';
      const [forms] = await dataSource.query(
        `SELECT ${type}(conditions) AS ended, ${type}(instrument_configuration) AS started FROM executed_obs_unit WHERE id = '${id}'`,
      );
      expect(forms.ended).toBe(forms.started);
      const { conditions } = await manager.findOneByOrFail(ExecutedObsUnit, { id });
      expect(conditions).toEqual({ seeing_arcsec: 0.8 });
    });

    it('is refused with the value and what is allowed when its key is no UUID', async () => {
      const refused = { code: 'filing_refused', message: expect.stringMatching(/"tonight".*must be a UUID/) };
      const id = 'tonight';
      await expect(startObservation(manager, { id, obsUnitId, startTime })).rejects.toMatchObject(refused);
      await expect(finishObservation(manager, { id, obsUnitId, endTime })).rejects.toMatchObject(refused);
    });

    it('is refused with the value when it begins at no instant, or its set-up cannot be written as JSON', async () => {
      const start = { obsUnitId, startTime: new Date('tonight') };
      await expect(startObservation(manager, start)).rejects.toMatchObject({
        code: 'filing_refused',
        message:
          'ExecutedObsUnit.startTime is Invalid Date; it must be a valid Date in the years 0001 to 9999',
      });
      const instrumentConfiguration: Record<string, unknown> = {};
      instrumentConfiguration.self = instrumentConfiguration;
      const endless = startObservation(manager, { obsUnitId, startTime, instrumentConfiguration });
      await expect(endless).rejects.toMatchObject({
        code: 'filing_refused',
        message: expect.stringMatching(
          /instrumentConfiguration is .*must be a value that can be written as JSON/,
        ),
      });
    });

    it('keeps its end when its start is sent again afterwards', async () => {
      const id = await startObservation(manager, { obsUnitId, startTime });
      await finishObservation(manager, { id, obsUnitId, endTime, status: 'aborted' });
      await startObservation(manager, { id, obsUnitId, startTime });
      expect(await manager.findOneByOrFail(ExecutedObsUnit, { id })).toMatchObject({
        status: 'aborted',
        endTime,
      });
    });

    it('tells an end before its start from the end of something unknown', async () => {
      const id = uuidv7();
      expect(await finishObservation(manager, { id, obsUnitId, endTime })).toBe('not_started');
      const unknown = finishObservation(manager, { id, obsUnitId: 999_999, endTime });
      await expect(unknown).rejects.toMatchObject({ code: 'filing_unknown' });
    });

    it('cannot end as the execution of another unit, or before it began', async () => {
      const id = await startObservation(manager, { obsUnitId, startTime });
      const elsewhere = finishObservation(manager, { id, obsUnitId: obsUnitId + 1, endTime });
      await expect(elsewhere).rejects.toThrow(`obsUnitId is ${obsUnitId}, not ${obsUnitId + 1}`);
      const early = finishObservation(manager, { id, obsUnitId, endTime: new Date(startTime.getTime() - 1) });
      await expect(early).rejects.toMatchObject({
        code: 'filing_refused',
        message: expect.stringContaining('ck_executed_obs_unit__times_ordered'),
      });
      expect((await manager.findOneByOrFail(ExecutedObsUnit, { id })).status).toBe('running');
    });
  });

  describe('files in bulk', () => {
    it('are written with their first copy, once, however often they are sent', async () => {
      const files = Array.from({ length: 1200 }, () => newFile());
      expect(await fileRawDataFiles(manager, files)).toEqual({ added: 1200, known: 0 });
      expect(await fileRawDataFiles(manager, files)).toEqual({ added: 0, known: 1200 });
      const more = [...files.slice(0, 10), newFile()];
      expect(await fileRawDataFiles(manager, more)).toEqual({ added: 1, known: 10 });
      const { id } = files[700] as NewRawDataFile;
      expect(await manager.findOneByOrFail(RawDataFile, { id })).toMatchObject({ ...files[700] });
      expect(await manager.findBy(RawDataFilePhysicalCopy, { rawDataFileId: id })).toMatchObject([
        { dataLocationId: observed.sourceLocationId, status: 'present' },
      ]);
    });

    it('are taken from an async iterable', async () => {
      async function* stream() {
        for (let index = 0; index < 3; index++) yield newFile();
      }
      expect(await fileRawDataFiles(manager, stream())).toEqual({ added: 3, known: 0 });
    });

    it('leave nothing behind when one of them is there with other content', async () => {
      const known = newFile();
      await fileRawDataFiles(manager, [known]);
      const fresh = newFile();
      const call = fileRawDataFiles(manager, [fresh, { ...known, sizeBytes: 1 }]);
      await expect(call).rejects.toMatchObject({ code: 'filing_conflict' });
      await expect(call).rejects.toThrow(/sizeBytes is 1099511627776, not 1/);
      expect(await manager.countBy(RawDataFile, { id: fresh.id })).toBe(0);
    });

    it('are the same in whatever spelling of the keys', async () => {
      const file = newFile({ executedObsUnitId: observed.executedObsUnitId.toUpperCase() });
      expect(await fileRawDataFiles(manager, [file])).toEqual({ added: 1, known: 0 });
      expect(await fileRawDataFiles(manager, [file])).toEqual({ added: 0, known: 1 });
    });

    it('are refused when another file has the path already', async () => {
      const known = newFile();
      await fileRawDataFiles(manager, [known]);
      const call = fileRawDataFiles(manager, [newFile({ relativePath: known.relativePath })]);
      await expect(call).rejects.toMatchObject({ code: 'filing_refused' });
    });

    it.each([
      ['a size below 0', { sizeBytes: -1 }, /sizeBytes is -1; it must be a whole number/],
      ['a size that is not whole', { sizeBytes: 0.5 }, /sizeBytes is 0.5; it must be a whole number/],
      [
        'an unknown module',
        { instrumentModuleId: 999_999 },
        /instrumentModuleId is 999999, which no InstrumentModule has/,
      ],
      [
        'a checksum of another length',
        { checksum: 'abc' },
        /checksum is "abc"; it must be as many hexadecimal digits/,
      ],
    ])('are refused, with the one that has %s, and none is written', async (_, fault, reason) => {
      const [good, bad] = [newFile(), newFile(fault)];
      const call = fileRawDataFiles(manager, [good, bad]);
      await expect(call).rejects.toMatchObject({ code: 'filing_refused' });
      await expect(call).rejects.toThrow(`RawDataFile ${bad.id}: `);
      await expect(call).rejects.toThrow(reason);
      expect(await manager.countBy(RawDataFile, { id: good.id })).toBe(0);
    });

    it('survive being sent twice at the same time', async () => {
      const files = Array.from({ length: 50 }, () => newFile());
      const results = await Promise.all([fileRawDataFiles(manager, files), fileRawDataFiles(manager, files)]);
      expect(results.reduce((sum, { added }) => sum + added, 0)).toBe(50);
      expect(await manager.countBy(RawDataFilePhysicalCopy, { rawDataFileId: files[0]?.id })).toBe(1);
    });
  });

  describe('a package', () => {
    const packageOf = (fileIds: readonly string[], more: { metadata?: Record<string, unknown> } = {}) => {
      const { executedObsUnitId, instrumentModuleId, sourceLocationId } = observed;
      return {
        id: uuidv7(),
        executedObsUnitId,
        instrumentModuleId,
        sourceLocationId,
        partNumber: 2,
        fileIds,
        ...more,
      };
    };

    it('takes its files, once, however often it is sent', async () => {
      const files = [newFile(), newFile()];
      await fileRawDataFiles(manager, files);
      const sent = packageOf(
        files.map(({ id }) => id),
        { metadata: { observation: { frequency_ghz: 492.16 } } },
      );
      expect(await fileRawDataPackage(manager, sent)).toEqual({ added: 1, known: 0 });
      const before = await manager.findOneByOrFail(RawDataPackage, { id: sent.id });
      expect(await fileRawDataPackage(manager, sent)).toEqual({ added: 0, known: 1 });
      expect(await manager.findOneByOrFail(RawDataPackage, { id: sent.id })).toEqual(before);
      expect(before).toMatchObject({ status: 'pending', state: 'waiting', fileCount: 2 });
      expect(await manager.countBy(RawDataFile, { rawDataPackageId: sent.id })).toBe(2);
      const { metadata } = await manager.findOneByOrFail(RawDataPackageMetadata, {
        rawDataPackageId: sent.id,
      });
      expect(metadata).toEqual(sent.metadata);
      const changed = fileRawDataPackage(manager, { ...sent, metadata: { observation: {} } });
      await expect(changed).rejects.toMatchObject({ code: 'filing_conflict' });
    });

    it('is the same in whatever spelling of the keys and of the metadata', async () => {
      const file = newFile();
      await fileRawDataFiles(manager, [file]);
      const sent = packageOf([file.id.toUpperCase()], { metadata: { at: startTime, weather: undefined } });
      const shouted = { ...sent, executedObsUnitId: sent.executedObsUnitId.toUpperCase() };
      expect(await fileRawDataPackage(manager, shouted)).toEqual({ added: 1, known: 0 });
      expect(await fileRawDataPackage(manager, shouted)).toEqual({ added: 0, known: 1 });
    });

    it('takes no other file when it is sent again with one', async () => {
      const files = [newFile(), newFile(), newFile()] as const;
      await fileRawDataFiles(manager, files);
      const sent = packageOf([files[0].id, files[1].id]);
      await fileRawDataPackage(manager, sent);
      const again = fileRawDataPackage(manager, { ...sent, fileIds: [files[0].id, files[2].id] });
      await expect(again).rejects.toMatchObject({ code: 'filing_conflict' });
      await expect(again).rejects.toThrow(new RegExp(`fileIds are not those.*${files[2].id}`));
      expect(await manager.countBy(RawDataFile, { rawDataPackageId: sent.id })).toBe(2);
    });

    it('is refused with the key of a file that is no UUID', async () => {
      await expect(fileRawDataPackage(manager, packageOf(['first.fits']))).rejects.toMatchObject({
        code: 'filing_refused',
        message: expect.stringMatching(/fileIds is .*"?'?first.fits.*; it must be a list of UUIDs/),
      });
    });

    it('is refused whole when a file is unknown or in another package', async () => {
      const fresh = newFile();
      await fileRawDataFiles(manager, [fresh]);
      const unknown = uuidv7();
      const taken = observed.fileIds[0] as string;
      const sent = packageOf([fresh.id, unknown, taken]);
      const call = fileRawDataPackage(manager, sent);
      await expect(call).rejects.toMatchObject({ code: 'filing_conflict' });
      await expect(call).rejects.toThrow(new RegExp(`Not filed: ${unknown}.*: ${taken}`));
      expect(await manager.countBy(RawDataPackage, { id: sent.id })).toBe(0);
      expect((await manager.findOneByOrFail(RawDataFile, { id: fresh.id })).rawDataPackageId).toBeNull();
    });
  });
});
