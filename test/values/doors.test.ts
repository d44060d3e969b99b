import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ExecutedObsUnit, ObsUnit, RawDataFile } from '../../src/entities/index.js';
import {
  fileRawDataFiles,
  fileRawDataPackage,
  fileRows,
  finishObservation,
  type NewRawDataFile,
  startObservation,
} from '../../src/services/filing/index.js';
import { readPayload } from '../../src/services/schemas/index.js';
import { describeEachDatabase } from '../support/databases.js';
import { type Observed, observe, sha256 } from '../support/observed.js';

/** Values of a file that are refused at every door, with the property that the message names. */
const REFUSED: Readonly<Record<string, readonly [property: string, ...values: unknown[]]>> = {
  'a path that leads out of its root': ['relativePath', '../a', 'a/../b', 'a/..', '..', '/a', '//a'],
  'a path that is spelled in two ways': ['relativePath', './a', 'a/./b', 'a//b', 'a/', '.', 'ne\u0301.fits'],
  'a path with a control character': ['relativePath', 'a\nb', 'a\u0000b', 'a\u007fb', 'a\u009bb', 'a\u202eb'],
  'a path that is none': ['relativePath', '', 'a\ud800b', 'x'.repeat(1025), 'é'.repeat(513), 5, null],
  'a size that is none': ['sizeBytes', '5033164800', -1, 1.5, Number.NaN, Infinity, 2 ** 53, 5n, true, null],
  'an algorithm that is not known': ['checksum', { checksum: '0d6e0cf1', checksumAlgorithm: 'adler32' }],
  'a checksum that is none': [
    'checksum',
    { checksum: 'DW4M8Q==', checksumAlgorithm: 'crc32c' },
    { checksum: 'd6e0cf1', checksumAlgorithm: 'crc32c' },
    { checksum: 'g'.repeat(64), checksumAlgorithm: 'sha256' },
    { checksum: '0x6e0cf1', checksumAlgorithm: 'crc32c' },
    { checksum: sha256('x') },
    { checksumAlgorithm: 'md5' },
    { checksum: sha256('x'), checksumAlgorithm: 'md5' },
  ],
  'a key that is none': ['id', '', 'first', 7, '{0190a5d2-7c3e-7b6a-9f11-2a4c5e8d9b01}', null],
  'a format that is none': ['fileType', '', 'a\u0000', '\udc00', 5],
  'a property that is not known': ['chekcsum', 'x'],
};

const refused = Object.entries(REFUSED).flatMap(([what, [property, ...values]]) =>
  values.map((value) => [what, property, value] as const),
);

describeEachDatabase('what is filed', (database) => {
  let dataSource: DataSource;
  let manager: EntityManager;
  let observed: Observed;
  let obsUnitId: number;

  beforeAll(async () => {
    dataSource = await database.open(await database.create('seed'));
    manager = dataSource.manager;
    observed = await observe(manager);
    ({ id: obsUnitId } = await manager.findOneByOrFail(ObsUnit, { name: 'Mars/focus/CHAI' }));
  });

  function fileOf(more: Readonly<Record<string, unknown>> = {}): NewRawDataFile {
    const { executedObsUnitId, instrumentModuleId, sourceLocationId } = observed;
    const id = uuidv7();
    const of = { executedObsUnitId, instrumentModuleId, sourceLocationId };
    return { id, ...of, relativePath: `${id}.fits`, sizeBytes: 2880, ...more };
  }

  /** A value of one property, or of several. */
  const given = (property: string, value: unknown) =>
    typeof value === 'object' && value !== null ? { ...value } : { [property]: value };

  test.each(refused)('is refused with %s: %s = %j, in JSON as well', async (_, property, value) => {
    const file = fileOf(given(property, value));
    await expect(fileRawDataFiles(manager, [file])).rejects.toMatchObject({
      code: 'filing_refused',
      message: expect.stringContaining(property),
    });
    expect(() => readPayload('NewRawDataFile', file)).toThrow(
      expect.objectContaining({
        code: 'plain_invalid',
        issues: expect.arrayContaining([expect.objectContaining({ key: property })]),
      }),
    );
  });

  test.each([
    ['as it is', {}, {}],
    ['with a size of -0', { sizeBytes: -0 }, { sizeBytes: 0 }],
    [
      'with a checksum in capitals',
      { checksum: sha256('x').toUpperCase(), checksumAlgorithm: 'sha256' },
      { checksum: sha256('x') },
    ],
    ['with a format in two spellings', { fileType: 'e\u0301' }, { fileType: '\u00e9' }],
    ['with a path of many kinds of characters', { relativePath: 'C#1 50%+/né/…a..b/.hidden' }, {}],
    ['with nulls', { fileType: null, checksum: null, checksumAlgorithm: null, recordedAt: null }, {}],
  ])('twice is the same twice, %s', async (_, more, stored) => {
    const file = fileOf(more);
    expect(await fileRawDataFiles(manager, [file])).toEqual({ added: 1, known: 0 });
    expect(await fileRawDataFiles(manager, [{ ...file, id: file.id.toUpperCase() }])).toEqual({
      added: 0,
      known: 1,
    });
    expect(await manager.findOneByOrFail(RawDataFile, { id: file.id })).toMatchObject({ ...more, ...stored });
  });

  test.each(['2026-1-5', '20261124', 'today', 'infinity', '2026-02-30', '0000-01-01', new Date()])(
    'is refused with the night %s',
    async (observingNight) => {
      const row = { id: uuidv7(), obsUnitId, startTime: new Date(), observingNight };
      await expect(fileRows(manager, ExecutedObsUnit, [row])).rejects.toMatchObject({
        code: 'filing_refused',
        message: expect.stringContaining('observingNight'),
      });
    },
  );

  test.each(['+012345-01-01T00:00:00Z', '-000024-01-01T00:00:00Z', '0000-06-01T00:00:00Z', 'none'])(
    'is refused with the instant %s',
    async (text) => {
      const startTime = new Date(text);
      const start = startObservation(manager, { obsUnitId, startTime });
      await expect(start).rejects.toMatchObject({
        code: 'filing_refused',
        message: expect.stringContaining('startTime'),
      });
    },
  );

  test.each([
    { a: '\ud800' },
    { a: 'a\u0000' },
    { '\u0000': 1 },
    { a: Number.NaN },
    { a: new Map([[1, 2]]) },
    { a: 5n },
    JSON.parse(`${'{"a":'.repeat(200)}1${'}'.repeat(200)}`),
  ])('is refused with JSON that one of the databases would change: %p', async (instrumentConfiguration) => {
    const start = startObservation(manager, { obsUnitId, startTime: new Date(), instrumentConfiguration });
    await expect(start).rejects.toMatchObject({
      code: 'filing_refused',
      message: expect.stringContaining('instrumentConfiguration'),
    });
  });

  test('is refused where a value is needed and none is given', async () => {
    const { relativePath: _, ...file } = fileOf();
    const calls = [
      () => fileRawDataFiles(manager, [file as NewRawDataFile]),
      () => fileRawDataFiles(manager, [undefined as never]),
      () => fileRows(manager, RawDataFile, [{ ...fileOf(), id: undefined as never }]),
      () => fileRawDataPackage(manager, { ...fileOf(), fileIds: undefined } as never),
      () => startObservation(manager, { obsUnitId } as never),
      () => startObservation(manager, undefined as never),
      () => finishObservation(manager, { id: uuidv7(), obsUnitId } as never),
      () =>
        finishObservation(manager, {
          id: uuidv7(),
          obsUnitId,
          endTime: new Date(),
          status: 'running' as never,
        }),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'filing_refused' });
    for (const files of [undefined, null, 'ab', 5, {}])
      await expect(fileRawDataFiles(manager, files as never)).rejects.toMatchObject({
        code: 'value_invalid',
      });
  });

  test('has paths in the database that stay below their root, and checksums in lower case', async () => {
    const file = fileOf({ checksum: sha256('x'), checksumAlgorithm: 'sha256' });
    await fileRawDataFiles(manager, [file]);
    const set = (assignment: string, value: string) =>
      dataSource.query(`UPDATE raw_data_file SET ${assignment} = '${value}' WHERE id = '${file.id}'`);
    for (const path of [
      '../a',
      'a/../b',
      'a/..',
      '..',
      '/a',
      './a',
      'a//b',
      'a/',
      '.',
      '',
      'a\nb',
      'x'.repeat(1025),
    ])
      await expect(set('relative_path', path)).rejects.toThrow('ck_raw_data_file__relative_path');
    for (const path of ['a', 'a/b', '..a', 'a..', 'a/...', '.a', 'n\u00e9 [1]*?.fits', 'x'.repeat(1024)])
      await set('relative_path', path);
    for (const checksum of [sha256('x').toUpperCase(), 'g'.repeat(64), `${'0'.repeat(63)}=`])
      await expect(set('checksum', checksum)).rejects.toThrow('ck_raw_data_file__checksum');
  });
});
