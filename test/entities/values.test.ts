import type { EntityManager, ObjectLiteral } from 'typeorm';
import { describeEachDatabase } from '../support/databases.js';
import { columns, metadataOf } from './model.js';
import { Trial } from './trial.js';

/** Values that a kind of column must give back as they were, each with a column to try them on. */
const KINDS: readonly { kind: string; entity: string; property: string; values: readonly unknown[] }[] = [
  {
    kind: 'a text',
    entity: 'ObsUnit',
    property: 'availabilityReason',
    values: ['é „ 12CO\n%_\\\'"', ' ', null],
  },
  { kind: 'a text of fixed length', entity: 'InputSet', property: 'contentHash', values: ['0'.repeat(64)] },
  { kind: 'a checksum', entity: 'RawDataFile', property: 'checksum', values: [null] },
  { kind: 'a whole number', entity: 'ObsUnit', property: 'requestedTimeS', values: [1, 2 ** 31 - 1] },
  {
    kind: 'a byte count',
    entity: 'RawDataFile',
    property: 'sizeBytes',
    values: [0, 5_033_164_800, Number.MAX_SAFE_INTEGER],
  },
  {
    kind: 'a real number',
    entity: 'InstrumentSlot',
    property: 'offsetXArcmin',
    values: [0.1 + 0.2, -1e-300, 1.7976931348623157e308, 0],
  },
  { kind: 'a flag', entity: 'Site', property: 'active', values: [true, false] },
  {
    kind: 'an instant',
    entity: 'ObsUnit',
    property: 'notBefore',
    values: ['2026-11-24T03:00:00.001Z', '1969-12-31T23:59:59.999Z', '2026-03-29T01:30:00.120Z', null].map(
      (text) => text && new Date(text),
    ),
  },
  {
    kind: 'a calendar date',
    entity: 'ExecutedObsUnit',
    property: 'observingNight',
    values: ['2026-11-24', '2028-02-29'],
  },
  { kind: 'an enum', entity: 'ObsUnit', property: 'state', values: ['active'] },
  {
    kind: 'a JSON object',
    entity: 'ObsUnit',
    property: 'mappingParameters',
    values: [{}, { 'ä"\'': [1, 0.1, -0.5, true, null, 'x', { deep: [] }], text: '' }],
  },
  { kind: 'a JSON list', entity: 'FixedSource', property: 'aliases', values: [[], ['M 42', 'ä"\'']] },
  {
    kind: 'a JSON value that may be null',
    entity: 'PrimeCamObservationConfiguration',
    property: 'azimuthRanges',
    values: [[{ elevation: 40.5, az_min: -180, az_max: 0, duration: 1 }], null],
  },
  { kind: 'an integer key', entity: 'ObsUnit', property: 'subObservingProgramId', values: [null] },
  { kind: 'a UUID', entity: 'RawDataFile', property: 'rawDataPackageId', values: [null] },
];

// On PostgreSQL a trigger numbers the steps of the history by their transaction.
const defaults = columns.filter(
  ({ name, column, rule }) =>
    rule && column.default !== undefined && name !== 'StatusHistory.transactionNumber',
);

describeEachDatabase('a value', (database) => {
  let trial: Trial;
  let manager: EntityManager;

  beforeAll(async () => {
    trial = await Trial.begin(await database.open());
    manager = trial.manager;
  });

  afterAll(() => trial.end());

  it.each(KINDS)('is read as it was written: $kind', async ({ entity, property, values }) => {
    const { id } = trial.rows[entity] as ObjectLiteral;
    for (const value of values) {
      const read = await trial.attempt(async () => {
        await manager.update(entity, { id }, { [property]: value });
        return manager.findOneByOrFail<ObjectLiteral>(entity, { id });
      });
      expect(read[property]).toEqual(value);
    }
  });

  it.each(defaults)('is filled in when none is given: $name', async ({ entity, column }) => {
    const [key] = metadataOf(entity).primaryColumns.map(({ propertyName }) => propertyName);
    const row = trial.rows[entity] as ObjectLiteral;
    const read = await manager.findOneByOrFail<ObjectLiteral>(entity, {
      [key as string]: row[key as string],
    });
    expect(read[column.propertyName]).toEqual(column.default);
  });
});

it('a value of every type that columns have is tried', () => {
  const typeOf = (name: string) => columns.find((column) => column.name === name)?.column.type;
  const tried = new Set(KINDS.map(({ entity, property }) => typeOf(`${entity}.${property}`)));
  const untried = columns.filter(({ column, rule }) => rule && !tried.has(column.type));
  expect(untried.map(({ name }) => name)).toEqual([]);
});
