import type { EntityManager, EntityMetadata, FindOptionsRelations, ObjectLiteral } from 'typeorm';
import {
  ApiToken,
  ExecutedObsUnit,
  FixedSource,
  fileRawDataFiles,
  fileRawDataPackage,
  finishObservation,
  fromPlain,
  Instrument,
  InstrumentModule,
  ObsUnit,
  RawDataFile,
  readPayload,
  Source,
  startObservation,
  toPlain,
  User,
} from '../../../src/index.js';
import { concrete, metadataOf } from '../../entities/model.js';
import { Trial } from '../../entities/trial.js';
import { describeEachDatabase } from '../../support/databases.js';

const classes = concrete.filter(({ target }) => typeof target === 'function').map(({ name }) => name);
const throughJson = (value: unknown) => JSON.parse(JSON.stringify(value));

/** The issues that something throws, as path and message. */
function faultsOf(work: () => unknown): Record<string, string> {
  try {
    work();
  } catch (error) {
    const { code, issues } = error as {
      code: string;
      issues: { key: string; value: string; message: string }[];
    };
    expect(code).toBe('plain_invalid');
    return Object.fromEntries(issues.map(({ key, value, message }) => [`${key} = ${value}`, message]));
  }
  return {};
}

describeEachDatabase('toPlain and fromPlain', (database) => {
  let trial: Trial;
  let manager: EntityManager;

  beforeAll(async () => {
    trial = await Trial.begin(await database.open());
    manager = trial.manager;
  });

  afterAll(() => trial.end());

  function load(name: string, withRelations: boolean): Promise<ObjectLiteral> {
    const { target, primaryColumns, relations } = metadataOf(name);
    const where = Object.fromEntries(
      primaryColumns.map(({ propertyName }) => [propertyName, trial.rows[name]?.[propertyName]]),
    );
    const all = Object.fromEntries(relations.map(({ propertyName }) => [propertyName, true]));
    const query = withRelations ? { relations: all as FindOptionsRelations<ObjectLiteral> } : {};
    return manager.findOneOrFail<ObjectLiteral>(target, { where, ...query });
  }

  it.each(classes)('keep a row of %s, alone and with what belongs to it', async (name) => {
    const { target, parentEntityMetadata } = metadataOf(name);
    const family = (parentEntityMetadata as EntityMetadata | undefined)?.target;
    for (const withRelations of [false, true]) {
      const row = await load(name, withRelations);
      const plain = throughJson(toPlain(row));
      for (const entity of [target, family].filter((each) => each !== undefined))
        expect(fromPlain(entity as typeof User, plain)).toStrictEqual(row);
    }
  });

  it('save what was made of plain values', async () => {
    const { id, ...plain } = throughJson(toPlain(await load('FixedSource', false)));
    const made = fromPlain(Source, { ...plain, name: 'Another' });
    expect(made).toBeInstanceOf(FixedSource);
    await trial.attempt(async () => {
      await manager.save(made);
      expect(await manager.findOneByOrFail(FixedSource, { name: 'Another' })).toMatchObject({ raDeg: 83.8 });
    });
  });

  it('leave out the hash of a token unless asked', async () => {
    const [user] = (await manager.find(User)) as [User];
    const token = await manager
      .createQueryBuilder(ApiToken, 'token')
      .addSelect('token.tokenHash')
      .leftJoinAndSelect('token.user', 'user')
      .getOneOrFail();
    expect(JSON.stringify(toPlain(token))).not.toContain(token.tokenHash);
    expect(toPlain(token)).toMatchObject({ user: { username: user.username } });
    expect(toPlain(token, { secrets: true }).tokenHash).toBe(token.tokenHash);
  });

  it('read what services file', async () => {
    const [execution, file, location] = [
      ...['0190e2a4-7c1f-7000-8000-000000000001', '0190E2A4-7C1F-7000-8000-000000000002'],
      trial.rows.DiskDataLocation?.id,
    ];
    const [obsUnitId, instrumentModuleId] = [trial.rows.ObsUnit?.id, trial.rows.InstrumentModule?.id];
    const from = { executedObsUnitId: execution, instrumentModuleId, sourceLocationId: location };
    await trial.attempt(async () => {
      const start = { id: execution, obsUnitId, startTime: '2026-11-24T05:00:00.120+01:00' };
      await startObservation(manager, readPayload('ObservationStart', start));
      const sizeBytes = Number.MAX_SAFE_INTEGER;
      const recordedAt = '2026-11-24T04:10:00Z';
      const sent = { ...from, id: file, relativePath: 'a.fits', sizeBytes, recordedAt };
      await fileRawDataFiles(manager, [readPayload('NewRawDataFile', sent)]);
      const package_ = {
        ...from,
        id: '0190e2a4-7c1f-7000-8000-000000000003',
        fileIds: [file],
        metadata: { a: 1 },
      };
      await fileRawDataPackage(manager, readPayload('NewRawDataPackage', package_));
      const end = { id: execution, obsUnitId, endTime: '2026-11-24T04:30:00Z', pwvMm: 0.4 };
      await finishObservation(manager, readPayload('ObservationEnd', end));
      expect(await manager.findOneByOrFail(ExecutedObsUnit, { id: execution })).toMatchObject({
        startTime: new Date('2026-11-24T04:00:00.120Z'),
        status: 'completed',
        pwvMm: 0.4,
      });
      expect(await manager.findOneByOrFail(RawDataFile, { id: file?.toLowerCase() })).toMatchObject({
        sizeBytes,
        recordedAt: new Date(recordedAt),
        rawDataPackageId: package_.id,
      });
    });
  });
});

describe('fromPlain', () => {
  it('says everything that is wrong, where it stands, the value and what is allowed', () => {
    const plain = {
      name: '',
      priority: 101,
      state: 'actve',
      notBefore: '2026-11-24 03:00',
      requestedTimeS: null,
      obsModeId: 1.5,
      sourceId: 1,
      observingProgramId: 1,
      durtionS: 600,
      source: { type: 'fixed_source', name: 'Orion', category: 'nebula', raDeg: 360, decDeg: '-5' },
      instrumentModuleConfigurations: [{ type: 'heterodyne' }, 7],
    };
    expect(faultsOf(() => fromPlain(ObsUnit, plain))).toMatchObject({
      'name = ""': expect.stringContaining('must be a text that is not empty'),
      'priority = 101': 'must be a whole number of at most 32 bits, at least 0, at most 100',
      'state = "actve"': expect.stringMatching(/^must be one of .*active/),
      'notBefore = "2026-11-24 03:00"': expect.stringContaining('2026-11-24T03:00:00Z'),
      'requestedTimeS = null': expect.stringContaining('must be a whole number'),
      'obsModeId = 1.5': 'must be a whole number of at most 32 bits',
      'durtionS = 600': 'is not known; did you mean durationS?',
      'durationS = nothing': 'must be given',
      'source.category = "nebula"': expect.stringMatching(/^must be one of .*galactic_cloud/),
      'source.raDeg = 360': 'must be a finite number, at least 0, less than 360',
      'source.decDeg = "-5"': 'must be a finite number, at least -90, at most 90',
      'instrumentModuleConfigurations[0].type = "heterodyne"': expect.stringMatching(/^must be one of chai/),
      'instrumentModuleConfigurations[1] = 7': 'must be an object',
    });
  });

  it.each([
    ['no object', 'a text', { 'Source = "a text"': 'must be an object' }],
    ['no member', { name: 'Mars' }, { 'type = nothing': expect.stringContaining('one of') }],
  ])('refuses what is %s', (_, plain, issues) => {
    expect(faultsOf(() => fromPlain(Source, plain))).toEqual(issues);
  });

  it('refuses classes and objects that are not of the model', () => {
    const invalid = { code: 'plain_invalid' };
    expect(() => fromPlain(Date, {})).toThrow(expect.objectContaining(invalid));
    expect(() => toPlain({ id: 1 })).toThrow(expect.objectContaining(invalid));
  });

  it('has a row within itself once', () => {
    const instrument = Object.assign(new Instrument(), { name: 'CHAI' });
    instrument.modules = [Object.assign(new InstrumentModule(), { name: 'LFA', instrument })];
    expect(toPlain(instrument)).toEqual({ name: 'CHAI', modules: [{ name: 'LFA' }] });
  });
});

describe('readPayload', () => {
  it('says everything that is wrong', () => {
    const sent = {
      id: 'x',
      sizeBytes: -1,
      relativePath: 'a',
      recordedAt: null,
      checksumAlgorithm: 'md5',
      checksum: 'f',
    };
    expect(faultsOf(() => readPayload('NewRawDataFile', sent))).toEqual({
      'sourceLocationId = nothing': 'must be given',
      'id = "x"': expect.stringContaining('must be a UUID'),
      'sizeBytes = -1': expect.stringContaining('must be a whole number, at least 0'),
      'recordedAt = null': expect.stringContaining('must be an instant of RFC 3339'),
      'checksum = "f"': expect.stringContaining('32 for md5'),
    });
    expect(faultsOf(() => readPayload('ObservationEnd', { status: 'running' }))).toMatchObject({
      'status = "running"': 'must be one of completed, aborted, failed',
    });
  });
});

test('plain values and their entity share nothing', () => {
  const conditions = { pwv: [{ mm: 0.4 }] };
  const startTime = new Date('2026-11-24T03:00:00Z');
  const execution = Object.assign(new ExecutedObsUnit(), { id: 'a', startTime, conditions });
  const unit = Object.assign(new ObsUnit(), { name: 'u', tags: ['x'], executions: [execution] });
  Object.assign(execution, { obsUnit: unit });
  const plain = toPlain(execution) as ObjectLiteral;
  expect(shared(plain, execution)).toEqual([]);
  const json = { ...throughJson({ ...plain, id: '0190a5d2-7c3e-7b6a-9f11-2a4c5e8d9b01', obsUnitId: 1 }) };
  delete json.obsUnit;
  json.observingNight = '2026-11-23';
  json.status = 'running';
  const made = fromPlain(ExecutedObsUnit, json);
  expect(shared(made, json)).toEqual([]);
});

/** The objects that are reached from both of two. */
function shared(one: object, other: object): unknown[] {
  const reached = (from: unknown, found: Set<unknown>): Set<unknown> => {
    if (typeof from !== 'object' || from === null || found.has(from)) return found;
    found.add(from);
    for (const part of Object.values(from)) reached(part, found);
    return found;
  };
  const others = reached(other, new Set());
  return [...reached(one, new Set())].filter((object) => others.has(object));
}
