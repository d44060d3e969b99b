import type { EntityManager } from 'typeorm';
import { RawDataFile } from '../../../src/entities/index.js';
import { readByKey } from '../../../src/services/reading/index.js';
import {
  describeEachDatabase,
  describePostgresql,
  describeSqlite,
  type TestDatabase,
} from '../../support/databases.js';
import { observe } from '../../support/observed.js';

/** Gives a file an instant in SQL, past all checks. */
async function fileAt(manager: EntityManager, id: string, text: string): Promise<void> {
  await manager.query(`UPDATE raw_data_file SET recorded_at = '${text}' WHERE id = '${id}'`);
}

async function aFile(database: TestDatabase) {
  const { manager } = await database.open(await database.create('seed'));
  const { fileIds } = await observe(manager, 1);
  return { manager, id: fileIds[0] as string };
}

describeEachDatabase('an instant that is read', (database) => {
  let file: Awaited<ReturnType<typeof aFile>>;
  beforeAll(async () => {
    file = await aFile(database);
  });

  it.each([
    '0001-01-01 00:00:00.000',
    '0050-03-04 05:06:07.089',
    '0099-12-31 23:59:59.999',
    '0100-01-01 00:00:00.000',
    '1969-12-31 23:59:59.999',
    '2000-10-20 10:20:30.000',
    '2000-10-20 10:20:30.010',
    '2000-10-20 10:20:30.100',
    '2024-02-29 12:34:56.789',
    '9999-12-31 23:59:59.999',
  ])('is the one that is kept: %s', async (text) => {
    const { manager, id } = file;
    await fileAt(manager, id, text);
    const found = await readByKey(manager, RawDataFile, id);
    expect(found?.recordedAt?.toISOString()).toBe(`${text.replace(' ', 'T')}Z`);
  });
});

describePostgresql('an instant that PostgreSQL spells otherwise', (database) => {
  it.each([
    ['UTC', '2026-11-24 03:00:00.123999+00', new Date('2026-11-24T03:00:00.123Z')],
    ['UTC', '1969-12-31 23:59:59.999999+00', new Date('1969-12-31T23:59:59.999Z')],
    ['UTC', '12026-11-24 03:00:00+00', new Date('+012026-11-24T03:00:00.000Z')],
    ['UTC', '0044-03-15 12:00:00+00 BC', new Date('-000043-03-15T12:00:00.000Z')],
    ['UTC', 'infinity', Number.POSITIVE_INFINITY],
    ['Asia/Kolkata', '2026-11-24 08:30:00.5+05:30', new Date('2026-11-24T03:00:00.500Z')],
    ['Europe/Lisbon', '2026-07-24 03:00:00+01', new Date('2026-07-24T02:00:00.000Z')],
  ])('is the same instant, in %s: %s', async (zone, text, instant) => {
    const runner = (await database.open()).createQueryRunner();
    await runner.query(`SET TimeZone = '${zone}'`);
    const asked = `SELECT '${text}'::timestamptz AS "instant", '${text}'::timestamptz::text AS "text"`;
    expect(await runner.query(asked)).toEqual([{ instant, text }]);
    await runner.query('RESET TimeZone');
    await runner.release();
  });
});

describeSqlite('a text in place of an instant', (database) => {
  let file: Awaited<ReturnType<typeof aFile>>;
  beforeAll(async () => {
    file = await aFile(database);
  });

  it.each(['2026-11-24', '2026-11-24 03:00:00', '2026-11-24 24:00:00.000', '2026-02-30 00:00:00.000'])(
    'is the instant that find makes of it: %s',
    async (text) => {
      const { manager, id } = file;
      await fileAt(manager, id, text);
      const found = await manager.findOneByOrFail(RawDataFile, { id });
      expect(await readByKey(manager, RawDataFile, id)).toStrictEqual(found);
    },
  );

  it.each([
    '0000-01-01 00:00:00.000',
    '2026-00-01 00:00:00.000',
    '2026-13-01 00:00:00.000',
    '2026-01-00 00:00:00.000',
    '2026-01-32 00:00:00.000',
    '2026-01-01 25:00:00.000',
    '2026-01-01 00:60:00.000',
    '2026-01-01 00:00:60.000',
  ])('is refused as find refuses it: %s', async (text) => {
    const { manager, id } = file;
    await fileAt(manager, id, text);
    const refused = expect.objectContaining({ code: 'value_invalid' });
    await expect(manager.findOneBy(RawDataFile, { id })).rejects.toEqual(refused);
    await expect(readByKey(manager, RawDataFile, id)).rejects.toEqual(refused);
  });
});
