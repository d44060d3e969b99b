import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  ExecutedObsUnit,
  InstrumentModule,
  ObsUnit,
  RawDataFile,
  RawDataFileKind,
  RawDataPackage,
} from '../../../src/entities/index.js';
import {
  assignExecutions,
  fileRawDataFiles,
  fileRawDataPackage,
  finishObservation,
  markOfNoExecution,
  type NewRawDataFile,
  readoutFile,
  startObservation,
} from '../../../src/services/filing/index.js';
import { planPackages } from '../../../src/services/transfer/index.js';
import { describeEachDatabase } from '../../support/databases.js';
import { locationId } from '../../support/observed.js';

describe('the path of a file that the readout wrote', () => {
  const none = { board: null, drone: null, sequence: null, measurement: null, date: null };
  const session = 1795100000;

  it.each<[string, object]>([
    [
      '17951/rfsoc01_drone2/r01d2_1795100000_003.g3',
      { ...none, kind: 'timestream', board: 1, drone: 2, sequence: 3 },
    ],
    [
      'g3/17951/rfsoc11_drone4/r11d4_1795100000_012.g3',
      { ...none, kind: 'timestream', board: 11, drone: 4, sequence: 12 },
    ],
    [
      '17951/rfsoc01_drone2/1795100000_000.g3',
      { ...none, kind: 'timestream', board: 1, drone: 2, sequence: 0 },
    ],
    ...Object.entries({ timestream: 'timestream', vna: 'vna_sweep', targ: 'target_sweep', log: 'log' }).map(
      ([folder, kind]) =>
        [
          `mars_daisy/20261119/1795100000/${folder}/B1D3/file.npy`,
          { ...none, kind, board: 1, drone: 3, measurement: 'mars_daisy', date: '20261119' },
        ] as [string, object],
    ),
    [
      'm/20261119/1795100000/config/B2D1/combs/comb.npy',
      { ...none, kind: 'configuration', board: 2, drone: 1, measurement: 'm', date: '20261119' },
    ],
    [
      'm/20261119/1795100000/config/B2D1/res/f_res.npy',
      { ...none, kind: 'configuration', board: 2, drone: 1, measurement: 'm', date: '20261119' },
    ],
    ['level0_1795100000.h5', { ...none, kind: 'level0' }],
    ['books/level0_1795100000.h5', { ...none, kind: 'level0' }],
    ['17951/1795100000.g3', { ...none, kind: 'housekeeping' }],
  ])('is read: %s', (path, expected) => {
    expect(readoutFile(path)).toEqual({ ...expected, session });
  });

  it.each([
    '17952/rfsoc01_drone2/r01d2_1795100000_003.g3',
    '17952/1795100000.g3',
    'm/20261119/1795100000/maps/B2D1/a.npy',
    'm/20261119/1795100000/targ/a.npy',
    'level0_1795100000.h5.tmp',
    '20261124/1795100000_Mars_LFA_000.fits',
    '',
  ])('is in none of the forms: %p', (path) => {
    expect(readoutFile(path)).toBeNull();
  });
});

describeEachDatabase('files as they are written', (database) => {
  let dataSource: DataSource;
  let manager: EntityManager;
  let sourceLocationId: number;
  const modules = new Map<string, number>();
  const START = new Date('2026-11-24T03:00:00Z');
  const END = new Date('2026-11-24T03:10:00Z');
  const at = (seconds: number) => new Date(START.getTime() + seconds * 1000);

  beforeAll(async () => {
    dataSource = await database.open(await database.create('seed'));
    sourceLocationId = await locationId(dataSource.manager, 'ccat', 'primecam_raw_data');
    for (const { id, name, instrument } of await dataSource.manager.find(InstrumentModule, {
      relations: { instrument: true },
    }))
      modules.set(`${instrument?.name}/${name}`, id);
  });

  /** Does work of which nothing stays. */
  async function tried(work: () => Promise<void>): Promise<void> {
    const undone = new Error('undone');
    const trial = dataSource.transaction(async (nested) => {
      manager = nested;
      await work();
      throw undone;
    });
    await expect(trial).rejects.toBe(undone);
  }

  async function observe(obsUnit: string, startTime = START, readoutSession?: number): Promise<string> {
    const { id: obsUnitId } = await manager.findOneByOrFail(ObsUnit, { name: obsUnit });
    const id = await startObservation(manager, { obsUnitId, startTime, readoutSession });
    const endTime = new Date(startTime.getTime() + END.getTime() - START.getTime());
    await finishObservation(manager, { id, obsUnitId, endTime });
    return id;
  }

  it.each([
    ['280 GHz', '280GHz', 'Prime-Cam'],
    ['850 GHz', '850ghz', undefined],
    ['EoR-Spec', 'EoR_Spec', undefined],
    ['EoR-Spec', 'eor-spec', 'prime-cam'],
    ['LFA', 'LFA', undefined],
  ])('are of the module %s that is called %s of %s', (name, spelling, instrument) =>
    tried(async () => {
      const instrumentModule = instrument ? `${instrument}/${spelling}` : spelling;
      const id = await file({ instrumentModule, recordedAt: START });
      const found = await manager.findOneOrFail(RawDataFile, {
        where: { id },
        relations: { instrumentModule: true },
      });
      expect(found.instrumentModule?.name).toBe(name);
    }),
  );

  it('are refused where the name of their module is of none, of several or of another', () =>
    tried(async () => {
      const named = (instrumentModule: unknown, more = {}) =>
        file({ instrumentModule: instrumentModule as string, recordedAt: START, ...more });
      await expect(named('280GHz')).rejects.toThrow(
        /several instruments: write Prime-Cam\/280 GHz or Mod-Cam/,
      );
      await expect(named('EoR Spec')).rejects.toThrow(
        /no instrument module; the nearest are EoR-Spec, EoR_Spec/,
      );
      await expect(named('')).rejects.toMatchObject({ code: 'filing_refused' });
      const instrumentModuleId = modules.get('CHAI/LFA');
      await expect(named('HFA', { instrumentModuleId })).rejects.toMatchObject({ code: 'filing_refused' });
      await named('LFA', { instrumentModuleId });
    }));

  it('are packaged under the name of their module', () =>
    tried(async () => {
      const executedObsUnitId = await observe('VelaC/pong/280');
      const of = { executedObsUnitId, instrumentModule: 'Prime-Cam/280GHz', sourceLocationId };
      const fileIds = [await file(of)];
      const id = uuidv7();
      expect(await fileRawDataPackage(manager, { ...of, id, fileIds })).toEqual({ added: 1, known: 0 });
      expect(await fileRawDataPackage(manager, { ...of, id, fileIds })).toEqual({ added: 0, known: 1 });
      const { instrumentModuleId } = await manager.findOneByOrFail(RawDataPackage, { id });
      expect(instrumentModuleId).toBe(modules.get('Prime-Cam/280 GHz'));
    }));

  it('cannot be of two modules of an instrument that the readout calls alike', () =>
    tried(async () => {
      const id = modules.get('Prime-Cam/350 GHz') as number;
      const twice = manager.transaction((nested) =>
        nested.update(InstrumentModule, id, { readoutName: '280GHz' }),
      );
      await expect(twice).rejects.toThrow(/uq_instrument_module__instrument_id_readout_name|readout_name/);
    }));

  async function file(given: Partial<NewRawDataFile>): Promise<string> {
    const id = uuidv7();
    await fileRawDataFiles(manager, [
      { id, sourceLocationId, relativePath: `${id}.g3`, sizeBytes: 1, ...given },
    ]);
    return id;
  }

  const LFA_HFA = 'Orion-KL/otf/CI10+CO76';
  const LFA = 'PKS0537/cross_scan/CHAI';
  const lfa = () => modules.get('CHAI/LFA') as number;
  const executionOf = async (id: string) =>
    (await manager.findOneByOrFail(RawDataFile, { id })).executedObsUnitId;

  it('are filed before their execution is known, twice without harm', () =>
    tried(async () => {
      const sweep: NewRawDataFile = {
        id: uuidv7(),
        sourceLocationId,
        instrumentModuleId: lfa(),
        recordedAt: START,
        relativePath: 'm/20261124/1795489200/vna/B1D1/vna.npy',
        sizeBytes: 9,
        kind: RawDataFileKind.VNA_SWEEP,
        readoutSession: 1795489200,
      };
      expect(await fileRawDataFiles(manager, [sweep])).toEqual({ added: 1, known: 0 });
      expect(await fileRawDataFiles(manager, [sweep])).toEqual({ added: 0, known: 1 });
      expect(await manager.findOneByOrFail(RawDataFile, { id: sweep.id })).toMatchObject({
        executedObsUnitId: null,
        ofNoExecution: false,
        kind: 'vna_sweep',
        readoutSession: 1795489200,
      });
      await expect(fileRawDataFiles(manager, [{ ...sweep, id: uuidv7() }])).rejects.toMatchObject({
        code: 'filing_refused',
      });
    }));

  it('need a module or a session, and a time, while their execution is not known', () =>
    tried(async () => {
      for (const given of [{ instrumentModuleId: lfa() }, { recordedAt: START }])
        await expect(file(given)).rejects.toMatchObject({ code: 'filing_refused' });
    }));

  it('find their execution by module and time', () =>
    tried(async () => {
      const ids = [];
      for (const seconds of [-1, 0, 300, 600, 660, 661])
        ids.push(await file({ instrumentModuleId: lfa(), recordedAt: at(seconds) }));
      const other = await file({ instrumentModuleId: modules.get('Prime-Cam/280 GHz'), recordedAt: at(300) });
      const execution = await observe(LFA_HFA);
      const { assigned, ambiguous, unknown } = await assignExecutions(manager);
      expect([assigned, ambiguous, [...unknown].sort()]).toEqual([4, [], [ids[0], other, ids[5]].sort()]);
      expect(await Promise.all(ids.slice(1, 5).map(executionOf))).toEqual(Array(4).fill(execution));
      const before = await assignExecutions(manager, { beforeS: 1 });
      expect(before).toMatchObject({ assigned: 1 });
    }));

  it('are looked at from one location and from one time on where that is asked for', () =>
    tried(async () => {
      const early = await file({ instrumentModuleId: lfa(), recordedAt: at(100) });
      const late = await file({ instrumentModuleId: lfa(), recordedAt: at(500) });
      const execution = await observe(LFA_HFA);
      const elsewhere = await locationId(manager, 'ccat', 'chai_raw_data');
      expect(elsewhere).not.toBe(sourceLocationId);
      const none = { assigned: 0, ambiguous: [], unknown: [] };
      expect(await assignExecutions(manager, { sourceLocationId: elsewhere })).toEqual(none);
      expect(await assignExecutions(manager, { since: at(500) })).toMatchObject({ assigned: 1 });
      expect([await executionOf(early), await executionOf(late)]).toEqual([null, execution]);
      expect(await assignExecutions(manager, { sourceLocationId })).toMatchObject({ assigned: 1 });
      expect(await executionOf(early)).toBe(execution);
    }));

  it('find an execution that is running', () =>
    tried(async () => {
      const { id: obsUnitId } = await manager.findOneByOrFail(ObsUnit, { name: LFA });
      const id = await file({ instrumentModuleId: lfa(), recordedAt: at(9999) });
      const execution = await startObservation(manager, { obsUnitId, startTime: START });
      expect(await assignExecutions(manager)).toMatchObject({ assigned: 1 });
      expect(await executionOf(id)).toBe(execution);
    }));

  it('are left where they fit two executions, unless the session tells them apart', () =>
    tried(async () => {
      const session = 1795489200;
      const execution = await observe(LFA, START, session);
      await observe(LFA_HFA, at(600), session + 600);
      const plain = await file({ instrumentModuleId: lfa(), recordedAt: at(630) });
      const ofSession = await file({
        instrumentModuleId: lfa(),
        recordedAt: at(630),
        readoutSession: session,
      });
      expect(await assignExecutions(manager)).toEqual({ assigned: 1, ambiguous: [plain], unknown: [] });
      expect(await executionOf(ofSession)).toBe(execution);
    }));

  it('of no execution are not looked for, and are packaged on their own', () =>
    tried(async () => {
      await observe(LFA);
      const tuning = await file({ instrumentModuleId: lfa(), recordedAt: at(300) });
      const housekeeping = await file({ kind: 'housekeeping', ofNoExecution: true });
      const pending = await file({ instrumentModuleId: lfa(), recordedAt: at(-3600) });
      expect(await markOfNoExecution(manager, [tuning])).toBe(1);
      expect(await assignExecutions(manager)).toEqual({ assigned: 0, ambiguous: [], unknown: [pending] });
      const ids = await planPackages(manager);
      const packages = await manager.find(RawDataPackage, { relations: { rawDataFiles: true } });
      expect(packages.map(({ id }) => id).sort()).toEqual([...ids].sort());
      const held = packages.map((one) => [
        one.executedObsUnitId,
        one.instrumentModuleId,
        one.rawDataFiles?.map(({ id }) => id),
      ]);
      expect(held).toHaveLength(2);
      expect(held).toEqual(
        expect.arrayContaining([
          [null, lfa(), [tuning]],
          [null, null, [housekeeping]],
        ]),
      );
      expect(await planPackages(manager)).toEqual([]);
      expect(await markOfNoExecution(manager, [pending])).toBe(1);
      const [third] = await planPackages(manager);
      expect(await manager.findOneByOrFail(RawDataPackage, { id: third })).toMatchObject({ partNumber: 2 });
    }));

  it('of level 0 have several modules, and the index of the bookbinder', () =>
    tried(async () => {
      const several = [lfa(), modules.get('CHAI/HFA') as number];
      const index = { book_id: 'obs_1795489200_lat', start_time: 1795489200.5, wafer_slots: [{ a: 1 }] };
      const book = {
        kind: RawDataFileKind.LEVEL0,
        readoutSession: 1795489200,
        recordedAt: at(700),
        instrumentModuleIds: several,
        metadata: { index },
        relativePath: 'level0_1795489200.h5',
      };
      const id = await file(book);
      const found = await manager.findOneOrFail(RawDataFile, {
        where: { id },
        relations: { instrumentModules: true },
      });
      expect(found).toMatchObject({ instrumentModuleId: null, metadata: { index } });
      expect(found.instrumentModules?.map((module) => module.id).sort()).toEqual([...several].sort());
      const execution = await observe(LFA_HFA, START, 1795489200);
      await assignExecutions(manager);
      expect(await executionOf(id)).toBe(execution);
      const [packageId] = await planPackages(manager);
      expect(await manager.findOneByOrFail(RawDataPackage, { id: packageId })).toMatchObject({
        executedObsUnitId: execution,
        instrumentModuleId: null,
        fileCount: 1,
      });
    }));

  it('have a session at the end of an execution that did not know it at its start', () =>
    tried(async () => {
      const { id: obsUnitId } = await manager.findOneByOrFail(ObsUnit, { name: LFA });
      const id = await startObservation(manager, { obsUnitId, startTime: START });
      const end = { id, obsUnitId, endTime: END, readoutSession: 1795489200 };
      expect(await finishObservation(manager, end)).toBe('finished');
      expect(await finishObservation(manager, end)).toBe('known');
      const { readoutSession } = await manager.findOneByOrFail(ExecutedObsUnit, { id });
      expect(readoutSession).toBe(1795489200);
    }));
});
