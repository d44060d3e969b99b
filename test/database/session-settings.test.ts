import type { EntityManager } from 'typeorm';
import { ExecutedObsUnit, FixedSource, RawDataPackage } from '../../src/entities/index.js';
import { readSeedData, writeSeedData } from '../../src/seed/index.js';
import { claim } from '../../src/services/claiming/index.js';
import { fileRawDataPackage, startObservation } from '../../src/services/filing/index.js';
import { readByKey } from '../../src/services/reading/index.js';
import { describePostgresql, onServer } from '../support/databases.js';
import { observe } from '../support/observed.js';

/** The telescope has one execution at a time. */
let minute = 0;

/** What a database or a role may have for other programs. */
const FOREIGN = {
  datestyle: 'German',
  intervalstyle: 'iso_8601',
  extra_float_digits: '-15',
  bytea_output: 'escape',
  quote_all_identifiers: 'on',
  transform_null_equals: 'on',
  array_nulls: 'off',
  standard_conforming_strings: 'off',
  timezone: 'America/Santiago',
  default_transaction_isolation: 'serializable',
} as const;

/** Isolation levels with which two claims at once would fail, and where they may be set. */
const ISOLATIONS = ['serializable', 'repeatable read'].flatMap((level) =>
  ['DATABASE', 'ROLE'].map((owner) => ({ level, owner })),
);

describePostgresql('claims at once', (database) => {
  it.each(ISOLATIONS)('give each row once where the $owner has $level', async ({ level, owner }) => {
    const options = await database.create('seed');
    const { database: name, user } = options.settings.postgresql;
    const of = owner === 'ROLE' ? `ROLE "${user}" IN DATABASE ${name}` : `DATABASE ${name}`;
    await onServer(`ALTER ${of} SET default_transaction_isolation = '${level}'`);
    const { manager } = await database.open(options);
    const { executedObsUnitId, instrumentModuleId, sourceLocationId } = await observe(manager);
    const packed = { executedObsUnitId, instrumentModuleId, sourceLocationId, fileIds: [] };
    for (let partNumber = 2; partNumber <= 12; partNumber++)
      await fileRawDataPackage(manager, { ...packed, id: crypto.randomUUID(), partNumber });
    const workers = Array.from({ length: 6 }, (_, index) => `w${index}`);
    const given = await Promise.all(
      workers.flatMap((worker) => [1, 2].map(() => claim(manager, RawDataPackage, { limit: 1, worker }))),
    );
    const ids = given.flat().map(({ id }) => id);
    expect([ids.length, new Set(ids).size]).toEqual([12, 12]);
  });
});

describePostgresql('a database whose settings are those of another program', (database) => {
  const nameOf = () => database.options.settings.postgresql.database;
  const set = async (name: string, value: string) => {
    await onServer(`ALTER DATABASE ${nameOf()} SET ${name} = '${value}'`);
  };
  const openBehindPooler = () => {
    const { settings } = database.options;
    return database.open({
      settings: { ...settings, postgresql: { ...settings.postgresql, pooler: 'transaction' } },
    });
  };

  async function expectTheSame(manager: EntityManager): Promise<void> {
    const observed = await observe(manager);
    minute += 1;
    const startTime = new Date(Date.UTC(2026, 10, 24, 5, minute, 0, 123));
    const { obsUnitId } = await manager.findOneByOrFail(ExecutedObsUnit, { id: observed.executedObsUnitId });
    const id = await startObservation(manager, { obsUnitId, startTime });
    expect(await readByKey(manager, ExecutedObsUnit, id)).toMatchObject({
      startTime,
      observingNight: '2026-11-23',
    });
    const of = { executedObsUnitId: id, instrumentModuleId: observed.instrumentModuleId };
    const packageId = crypto.randomUUID();
    await fileRawDataPackage(manager, {
      ...of,
      id: packageId,
      sourceLocationId: observed.sourceLocationId,
      fileIds: [],
    });
    const where = { executedObsUnitId: id };
    const [claimed] = await claim(manager, RawDataPackage, { where, limit: 1, worker: 'w' });
    expect([claimed?.id, claimed?.scheduledAt]).toEqual([packageId, expect.any(Date)]);
    const { raDeg, decDeg } = await manager.findOneByOrFail(FixedSource, { name: 'Orion-KL' });
    expect([raDeg, decDeg]).toEqual([expect.closeTo(83.81, 2), expect.closeTo(-5.375, 2)]);
  }

  it('gives the same values, and the claim reaches its worker', async () => {
    const seeded = await database.open();
    await writeSeedData(seeded.manager, readSeedData(seeded));
    for (const [name, value] of Object.entries(FOREIGN)) await set(name, value);
    const { manager } = await database.open();
    await expectTheSame(manager);
    const [{ isolation }] = await manager.query(
      `SELECT current_setting('transaction_isolation') AS isolation`,
    );
    expect(isolation).toBe('read committed');
  });

  it('is refused behind a pooler with what to change, and used where that has been done', async () => {
    const refused = openBehindPooler();
    await expect(refused).rejects.toMatchObject({ code: 'settings_invalid' });
    await expect(refused).rejects.toThrow(
      /extra_float_digits = -15.*ALTER ROLE "?\w+"? SET extra_float_digits = '1'/,
    );
    for (const [name] of Object.entries(FOREIGN))
      if (!['datestyle', 'timezone', 'standard_conforming_strings'].includes(name))
        await onServer(`ALTER DATABASE ${nameOf()} RESET ${name}`);
    const { manager } = await openBehindPooler();
    await expectTheSame(manager);
  });
});
