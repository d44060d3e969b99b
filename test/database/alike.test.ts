import { type EntityManager, ILike, In, LessThan, Like, MoreThan, Not } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  DataLocation,
  ExecutedObsUnit,
  FixedSource,
  ObsUnit,
  RawDataFile,
  RawDataPackage,
  Site,
} from '../../src/entities/index.js';
import { claim } from '../../src/services/claiming/index.js';
import { readByKey, readMany } from '../../src/services/reading/index.js';
import { describeEachDatabase } from '../support/databases.js';
import { type Observed, observe } from '../support/observed.js';

/** What cases work with. */
interface Given extends Observed {
  readonly manager: EntityManager;
  readonly obsUnitId: number;
}

/** What both databases answer. */
type Answer = unknown;

/** Stands for an error with a code of this package. */
const REFUSED = 'refused';

const ofSource =
  (raDeg: unknown) =>
  async ({ manager }: Given) => {
    const name = uuidv7();
    await manager.insert(FixedSource, {
      name,
      category: 'galactic_cloud',
      raDeg: raDeg as number,
      decDeg: 1,
    });
    return (await manager.findOneByOrFail(FixedSource, { name })).raDeg;
  };
const ofSite =
  (name: unknown) =>
  async ({ manager }: Given) => {
    const shortName = uuidv7();
    await manager.insert(Site, { name: name as string, shortName });
    return (await manager.findOneByOrFail(Site, { shortName })).name;
  };
let executions = 0;
const ofExecution =
  (values: object) =>
  async ({ manager, obsUnitId }: Given) => {
    const own = new Date(Date.parse('2026-01-01T12:00:00Z') + 1000 * executions++);
    const row = { id: uuidv7(), obsUnitId, startTime: own, observingNight: '2026-01-01', ...values };
    await manager.insert(ExecutedObsUnit, row);
    const { startTime, observingNight } = await manager.findOneByOrFail(ExecutedObsUnit, { id: row.id });
    return [startTime.toISOString(), observingNight];
  };
const ofUnit =
  (values: object) =>
  async ({ manager, obsUnitId }: Given) => {
    await manager.update(ObsUnit, obsUnitId, { notBefore: null, notAfter: null, ...values });
    const { notBefore, notAfter } = await manager.findOneByOrFail(ObsUnit, { id: obsUnitId });
    return [notBefore?.toISOString() ?? null, notAfter?.toISOString() ?? null];
  };
const byKey =
  (entity: typeof Site | typeof RawDataFile, key: unknown) =>
  ({ manager }: Given) =>
    readByKey<Site | RawDataFile>(manager, entity, key as string);
/** What is read of an file whose time somebody has set to `infinity`; it is undone. */
const infinite =
  (read: (given: Given, id: string) => Promise<Answer>) =>
  async (given: Given): Promise<Answer> => {
    const { manager } = given;
    const id = given.fileIds[0] as string;
    await manager.query(`UPDATE raw_data_file SET recorded_at = 'infinity' WHERE id = '${id}'`);
    try {
      return await read(given, id);
    } finally {
      await manager.update(RawDataFile, { id }, { recordedAt: null });
    }
  };
const countOf = (where: (given: Given) => object) => (given: Given) =>
  given.manager.countBy(ExecutedObsUnit, where(given));
const capitals = ({ executedObsUnitId }: Given) => executedObsUnitId.toUpperCase();
const retentions = { order: { retentionDays: 'ASC', id: 'ASC' } } as const;

/** Every case with the one answer that both databases give. */
const CASES: Readonly<Record<string, readonly [(given: Given) => Promise<Answer>, Answer]>> = {
  'saving NaN': [ofSource(Number.NaN), REFUSED],
  'saving Infinity': [ofSource(Infinity), REFUSED],
  'saving -0': [async (given) => Object.is(await ofSource(-0)(given), 0), true],
  'saving a number as text': [ofSource('5'), REFUSED],
  'saving a text with U+0000': [ofSite('a\u0000b'), REFUSED],
  'saving half a character': [ofSite('a\ud800b'), REFUSED],
  'saving a number as a text': [ofSite(5), REFUSED],
  'saving a text of many kinds': [ofSite('n\u00e9 \ud83d\ude80'), 'n\u00e9 \ud83d\ude80'],
  'saving year 12345': [ofExecution({ startTime: new Date('+012345-01-01T00:00:00Z') }), REFUSED],
  'saving year -24': [ofExecution({ startTime: new Date('-000024-01-01T00:00:00Z') }), REFUSED],
  'saving year 0': [ofExecution({ startTime: new Date('0000-06-01T00:00:00Z') }), REFUSED],
  'saving year 1': [
    ofUnit({ notBefore: new Date('0001-01-01T00:00:00Z') }),
    ['0001-01-01T00:00:00.000Z', null],
  ],
  'saving year 9999': [
    ofUnit({ notAfter: new Date('9999-12-31T23:59:59.999Z') }),
    [null, '9999-12-31T23:59:59.999Z'],
  ],
  'saving no instant': [ofExecution({ startTime: new Date('none') }), REFUSED],
  'saving infinity': [ofExecution({ startTime: 'infinity' }), REFUSED],
  'saving an instant as text': [
    ofExecution({ startTime: '2026-11-23T04:00:00+01:00' }),
    ['2026-11-23T03:00:00.000Z', '2026-01-01'],
  ],
  'saving the night today': [ofExecution({ observingNight: 'today' }), REFUSED],
  'saving the night infinity': [ofExecution({ observingNight: 'infinity' }), REFUSED],
  'saving the night 2026-1-5': [ofExecution({ observingNight: '2026-1-5' }), REFUSED],
  'saving JSON with U+0000': [ofExecution({ conditions: { a: '\u0000' } }), REFUSED],
  'saving a status that is none': [ofExecution({ status: 'asleep' }), REFUSED],

  'the key of a row as text, where it is a number': [async (given) => (await byKey(Site, '1')(given))?.id, 1],
  'an empty key': [byKey(RawDataFile, ''), null],
  'a key that is no UUID': [byKey(RawDataFile, 'nope'), null],
  'a key with U+0000': [byKey(RawDataFile, `${uuidv7()}\0`), null],
  'a key in braces': [byKey(RawDataFile, `{${uuidv7()}}`), null],
  'a number as UUID': [byKey(RawDataFile, 7), null],
  'an object as key': [byKey(RawDataFile, {}), null],
  'a text as number': [byKey(Site, 'nope'), null],
  'a key that is not whole': [byKey(Site, 1.5), null],
  'a key of more than 32 bits': [byKey(Site, 2 ** 40), null],
  'NaN as key': [byKey(Site, Number.NaN), null],
  'true as key': [byKey(Site, true), null],
  'no key': [byKey(Site, undefined), REFUSED],
  'a key with relations that no row can have': [
    ({ manager }) => readByKey(manager, ExecutedObsUnit, 'nope', { relations: { obsUnit: true } }),
    null,
  ],

  'a UUID in capitals in readByKey': [
    async (given) => (await readByKey(given.manager, ExecutedObsUnit, capitals(given)))?.id !== undefined,
    true,
  ],
  'a UUID in capitals in a condition': [countOf((given) => ({ id: capitals(given) })), 1],
  'a UUID in capitals in a list': [countOf((given) => ({ id: In([capitals(given)]) })), 1],
  'a UUID in capitals that is left out': [
    async (given) =>
      (await given.manager.count(ExecutedObsUnit)) -
      (await countOf(() => ({ id: Not(capitals(given)) }))(given)),
    1,
  ],
  'a UUID in capitals in a query by hand': [
    (given) =>
      given.manager
        .createQueryBuilder(ExecutedObsUnit, 'it')
        .where('it.id = :id', { id: capitals(given) })
        .getCount(),
    1,
  ],
  'a UUID in capitals in an update': [
    async (given) =>
      (await given.manager.update(ExecutedObsUnit, { id: capitals(given) }, { note: 'seen' })).affected,
    1,
  ],
  'a UUID in capitals as foreign key': [
    async (given) => {
      const { instrumentModuleId, sourceLocationId } = given;
      const of = { executedObsUnitId: capitals(given), instrumentModuleId, sourceLocationId };
      const id = uuidv7();
      await given.manager.insert(RawDataFile, {
        ...of,
        id: id.toUpperCase(),
        relativePath: id,
        sizeBytes: 1,
      });
      const { executedObsUnitId } = given;
      return (
        (await given.manager.findOneByOrFail(RawDataFile, { id })).executedObsUnitId === executedObsUnitId
      );
    },
    true,
  ],

  'a UUID that is none in a condition': [countOf(() => ({ id: 'nope' })), REFUSED],
  'NaN in a condition': [countOf(() => ({ obsUnitId: Number.NaN })), REFUSED],
  'a number in a condition that is not whole': [countOf(() => ({ obsUnitId: 1.5 })), REFUSED],
  'a number in a condition of more than 32 bits': [
    countOf(() => ({ obsUnitId: MoreThan(2 ** 40) })),
    REFUSED,
  ],
  'a number as text in a condition': [
    async (given) =>
      (await countOf(() => ({ obsUnitId: String(given.obsUnitId) }))(given)) ===
      (await countOf(() => ({ obsUnitId: given.obsUnitId }))(given)),
    true,
  ],
  'an instant as text in a condition': [countOf(() => ({ startTime: LessThan('0001-01-01T00:00:00Z') })), 0],
  'February 30 in a condition': [countOf(() => ({ startTime: '2026-02-30T00:00:00Z' })), REFUSED],
  'the night today in a condition': [countOf(() => ({ observingNight: 'today' })), REFUSED],
  'a status that is none in a condition': [countOf(() => ({ status: 'asleep' })), REFUSED],
  'a text with U+0000 in a condition': [countOf(() => ({ note: 'a\u0000' })), REFUSED],
  'undefined in a condition of find': [
    async (given) => countOf(() => ({ note: undefined }))(given).catch(({ name }) => name),
    'TypeORMError',
  ],

  'find with take -1': [({ manager }) => manager.find(Site, { take: -1 }), REFUSED],
  'find with skip -1': [({ manager }) => manager.find(Site, { skip: -1 }), REFUSED],
  'find with take 1.5': [({ manager }) => manager.find(Site, { take: 1.5 }), REFUSED],
  'find with take Infinity': [({ manager }) => manager.find(Site, { take: Infinity }), REFUSED],
  'find with take -1 and a relation': [
    ({ manager }) => manager.find(Site, { take: -1, relations: { dataLocations: true } }),
    REFUSED,
  ],
  'readMany with take -1': [({ manager }) => readMany(manager, Site, { take: -1 }), REFUSED],
  'readMany with skip NaN': [({ manager }) => readMany(manager, Site, { skip: Number.NaN }), REFUSED],
  'readMany with take 0': [({ manager }) => readMany(manager, Site, { take: 0 }), []],
  'claim with limit -1': [
    ({ manager }) => claim(manager, RawDataPackage, { limit: -1, worker: 'w' }),
    REFUSED,
  ],

  'nulls in order, by find': [
    async ({ manager }) => nullsLast((await manager.find(DataLocation, retentions)).map(retentionOf)),
    true,
  ],
  'nulls in order, by readMany': [
    async ({ manager }) => nullsLast((await readMany(manager, DataLocation, retentions)).map(retentionOf)),
    true,
  ],
  'nulls in order, by a query': [
    async ({ manager }) =>
      nullsLast(
        (await manager.createQueryBuilder(DataLocation, 'it').orderBy('it.retentionDays').getMany()).map(
          retentionOf,
        ),
      ),
    true,
  ],
  'nulls in order, with pages of a relation': [
    async ({ manager }) =>
      nullsLast(
        (await manager.find(DataLocation, { ...retentions, relations: { site: true }, take: 100 })).map(
          retentionOf,
        ),
      ),
    true,
  ],
  'nulls in reverse order': [
    async ({ manager }) =>
      nullsLast(
        (await manager.find(DataLocation, { order: { retentionDays: 'DESC' } })).map(retentionOf).reverse(),
      ),
    true,
  ],
  'nulls where they are asked for': [
    async ({ manager }) =>
      (
        await manager.find(DataLocation, { order: { retentionDays: { direction: 'ASC', nulls: 'FIRST' } } })
      )[0]?.retentionDays,
    null,
  ],

  'Like in other capitals': [({ manager }) => manager.countBy(FixedSource, { name: Like('ORION%') }), 0],
  'Like in the same capitals': [
    async ({ manager }) => (await manager.countBy(FixedSource, { name: Like('Orion%') })) > 0,
    true,
  ],
  'ILike in other capitals': [
    async ({ manager }) => (await manager.countBy(FixedSource, { name: ILike('ORION%') })) > 0,
    true,
  ],

  'Like with a backslash before _': [({ manager }) => manager.countBy(Site, { name: Like('wi\\_d') }), 0],
  'Like with a backslash before a letter': [
    ({ manager }) => manager.countBy(Site, { name: Like('\\wi_d') }),
    1,
  ],
  'Like with two backslashes': [({ manager }) => manager.countBy(Site, { name: Like('wi\\\\%') }), 0],
  'Like with a backslash in a query by hand': [
    ({ manager }) =>
      manager.createQueryBuilder(Site, 'it').where(`it.name LIKE 'wi\\_d' OR it.name LIKE '.i%'`).getCount(),
    0,
  ],
  'Like with a backslash in an update': [
    async ({ manager }) => (await manager.update(Site, { name: Like('wi\\_d') }, { name: 'other' })).affected,
    0,
  ],
  'Like with a backslash at its end': [
    ({ manager }) => manager.countBy(Site, { name: Like('wi_\\') }).catch(({ message }) => message),
    'LIKE pattern must not end with escape character',
  ],
  'Like over lines and beyond the basic plane': [
    async (given) => {
      await ofSite('a\n\u{1F680}b')(given);
      return given.manager.countBy(Site, { name: Like('a__b') });
    },
    1,
  ],

  'an infinite instant, by find': [
    infinite(({ manager }, id) => manager.findOneBy(RawDataFile, { id })),
    REFUSED,
  ],
  'an infinite instant, by readByKey': [
    infinite(({ manager }, id) => readByKey(manager, RawDataFile, id)),
    REFUSED,
  ],
  'an infinite instant, by readMany': [
    infinite(({ manager }, id) => readMany(manager, RawDataFile, { where: { id } })),
    REFUSED,
  ],
  'an infinite instant that is not read': [
    infinite(({ manager }, id) =>
      manager.findOne(RawDataFile, { select: { sizeBytes: true }, where: { id } }),
    ),
    { sizeBytes: 5_033_164_800 },
  ],

  'no alternative of conditions in a deletion': [
    ({ manager }) => manager.delete(Site, []).catch(({ name }) => name),
    'TypeORMError',
  ],
  'no alternative of conditions in an update': [
    ({ manager }) => manager.update(Site, [], { name: 'x' }).catch(({ name }) => name),
    'TypeORMError',
  ],
  'no alternative of conditions': [
    async ({ manager }) => (await manager.countBy(Site, [])) === (await manager.count(Site)),
    true,
  ],
  'no alternative of conditions in readMany': [
    async ({ manager }) =>
      (await readMany(manager, Site, { where: [] })).length === (await manager.count(Site)),
    true,
  ],
  'no alternative of conditions in a claim': [
    ({ manager }) => claim(manager, RawDataPackage, { where: [] as never, limit: 1, worker: 'w' }),
    REFUSED,
  ],

  'a key that was changed while its relation is loaded': [
    async ({ manager, obsUnitId }) => {
      const where = { id: obsUnitId };
      const unit = await manager.findOneOrFail(ObsUnit, { where, relations: { source: true } });
      const other = await manager.findOneByOrFail(FixedSource, {
        id: Not(unit.sourceId),
        name: Like('Orion%'),
      });
      unit.sourceId = other.id;
      await manager.save(unit);
      return (await manager.findOneByOrFail(ObsUnit, where)).sourceId === other.id;
    },
    true,
  ],
  'a relation that was changed beside its key': [
    async ({ manager, obsUnitId }) => {
      const where = { id: obsUnitId };
      const unit = await manager.findOneOrFail(ObsUnit, { where, relations: { source: true } });
      const other = await manager.findOneByOrFail(FixedSource, {
        id: Not(unit.sourceId),
        name: Like('Orion%'),
      });
      unit.source = other;
      await manager.save(unit);
      return (await manager.findOneByOrFail(ObsUnit, where)).sourceId === other.id;
    },
    true,
  ],
};

const retentionOf = ({ retentionDays }: DataLocation) => retentionDays;

/** Whether there are nulls, all of them behind numbers that rise. */
function nullsLast(values: readonly (number | null)[]): boolean {
  const numbers = values.filter((value) => value !== null);
  const sorted = [...numbers].sort((a, b) => a - b);
  const expected = [...sorted, ...values.filter((value) => value === null)];
  return numbers.length < values.length && JSON.stringify(values) === JSON.stringify(expected);
}

describeEachDatabase('both databases have one answer', (database) => {
  let given: Given;

  beforeAll(async () => {
    const dataSource = await database.open(await database.create('seed'));
    const { manager } = dataSource;
    const observed = await observe(manager);
    const { obsUnitId } = await manager.findOneByOrFail(ExecutedObsUnit, { id: observed.executedObsUnitId });
    await manager.insert(Site, { name: 'wild', shortName: 'wild' });
    given = { ...observed, manager, obsUnitId };
  });

  test.each(Object.entries(CASES))('to %s', async (_, [work, answer]) => {
    const found = await Promise.resolve()
      .then(() => work(given))
      .catch((error) => {
        if (error.code === 'value_invalid' || error.code === 'read_unsupported') return REFUSED;
        throw error;
      });
    expect(found).toEqual(answer);
  });
});
