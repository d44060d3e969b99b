import {
  FixedSource,
  InstrumentModule,
  type ObsUnit,
  PreScheduledSlot,
  Telescope,
} from '../../../src/entities/index.js';
import { Sky } from '../../../src/services/sky/sky.js';
import { parseFaults } from '../../../src/tools/simulate/faults.js';
import { readNightInput } from '../../../src/tools/simulate/input.js';
import { type NightInput, type PlannedExecution, planNight } from '../../../src/tools/simulate/night-plan.js';
import { Random } from '../../../src/tools/simulate/random.js';
import { rawFiles } from '../../../src/tools/simulate/raw-files.js';
import { describeSqlite } from '../../support/databases.js';

const random = new Random('test');

describeSqlite('the plan of a night', (database) => {
  let input: NightInput;
  let planned: PlannedExecution[];

  beforeAll(async () => {
    const dataSource = await database.open(await database.create('seed'));
    input = await readNightInput(dataSource.manager, '2026-11-30', 80);
    planned = planNight(random, '2026-11-30', input);
  });

  it('keeps the telescope within its limits of elevation and away from the Sun', () => {
    const { elevationMinDeg, elevationMaxDeg, sunExclusionDeg } = input.telescope;
    for (const { unit, position } of planned) {
      // A scan at constant elevation waits for its field, whose centre may still be below.
      const elevationDeg = unit.nominalAlt ?? position.elevationDeg;
      expect(elevationDeg).toBeGreaterThanOrEqual(elevationMinDeg);
      expect(elevationDeg).toBeLessThanOrEqual(elevationMaxDeg);
      expect(position.sunDistanceDeg).toBeGreaterThanOrEqual(sunExclusionDeg);
    }
  });

  it('executes one unit after the other, from noon to noon', () => {
    expect(planned.length).toBeGreaterThan(40);
    expect(planned.length).toBeLessThanOrEqual(80);
    planned.slice(1).forEach(({ startTime }, index) => {
      expect(startTime.getTime()).toBeGreaterThan((planned[index] as PlannedExecution).endTime.getTime());
    });
    expect(planned.at(-1)?.endTime.getTime()).toBeLessThanOrEqual(Date.parse('2026-12-01T12:00:00Z'));
  });

  it('does not repeat a unit before its interval is over', () => {
    const last = new Map<number, PlannedExecution>();
    for (const execution of planned) {
      const before = last.get(execution.unit.id);
      const rest = execution.startTime.getTime() - (before?.endTime.getTime() ?? Number.NEGATIVE_INFINITY);
      expect(rest).toBeGreaterThanOrEqual((execution.unit.repeatIntervalS ?? 0) * 1000);
      last.set(execution.unit.id, execution);
    }
  });

  it('leaves out units that want drier air', () => {
    for (const { unit, weather } of planned)
      expect(weather.pwvMm).toBeLessThanOrEqual(unit.pwvMaxMm ?? Number.POSITIVE_INFINITY);
  });

  it('observes the unit that a time is kept for as soon as the time has begun', () => {
    const other = planned.slice(5).find(({ unit }) => unit.repeatIntervalS === null) as PlannedExecution;
    const { unit, endTime } = other;
    const startTime = new Date(other.startTime.getTime() + 60_000);
    const slot = Object.assign(new PreScheduledSlot(), { obsUnitId: unit.id, startTime, endTime });
    const again = planNight(random, '2026-11-30', { ...input, slots: [slot] });
    const first = again.find((execution) => execution.endTime > startTime);
    expect(first?.startTime).toEqual(startTime);
    expect(first?.unit.id).toBe(unit.id);
  });

  it('gives every execution the time of its start in its key', () => {
    for (const { id, startTime } of planned)
      expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(startTime.getTime());
  });
});

describe('the sky', () => {
  const telescope = Object.assign(new Telescope(), {
    latitudeDeg: -22.985639,
    longitudeDeg: -67.740278,
    altitudeM: 5611.8,
  });
  const sky = new Sky(telescope, new Date('2026-12-01T03:00:00Z'));
  const source = (raDeg: number, decDeg: number) => Object.assign(new FixedSource(), { raDeg, decDeg });

  it('has a source overhead that is on the meridian at the latitude of the telescope', () => {
    const position = sky.positionOf(source(sky.siderealDeg, telescope.latitudeDeg));
    expect(position?.elevationDeg).toBeGreaterThan(89.5);
  });

  it('has the celestial pole in the south, as high as the latitude', () => {
    const position = sky.positionOf(source(0, -90));
    expect(position?.elevationDeg).toBeCloseTo(22.99, 0);
    expect(position?.azimuthDeg).toBeCloseTo(180, -0.5);
  });

  it('has the Sun where it is at a solstice', () => {
    const solstice = new Sky(telescope, new Date('2026-12-21T20:50:00Z'));
    expect(solstice.positionOf(source(270, -23.44))?.sunDistanceDeg).toBeLessThan(0.5);
  });
});

describe('the raw files of an execution', () => {
  const startTime = new Date('2026-12-01T00:00:00Z');
  const execution = (modules: InstrumentModule[], seconds: number) =>
    ({
      id: 'an execution',
      startTime,
      endTime: new Date(startTime.getTime() + seconds * 1000),
      modules,
      unit: { name: 'Orion-KL/otf' } as ObsUnit,
    }) as unknown as PlannedExecution;
  const primeCam = Object.assign(new InstrumentModule(), {
    id: 4,
    name: '280 GHz',
    rawFileFormat: 'g3',
    rawStreamCount: 18,
    rawDataRateBytesS: 40_675_677,
    rawFileRotationS: 600,
  });
  const lfa = Object.assign(new InstrumentModule(), {
    id: 1,
    name: 'LFA',
    rawFileFormat: 'fits',
    rawStreamCount: 1,
    rawDataRateBytesS: 16_777_216,
    rawFileRotationS: null,
  });

  it('begin anew in every stream after the rotation time', () => {
    const files = rawFiles(random, execution([primeCam], 1500), primeCam, 7);
    expect(files).toHaveLength(18 * 3);
    expect(files[0]?.relativePath).toBe('g3/17960/rfsoc01_drone1/r01d1_1796083200_000.g3');
    expect(files.at(-1)?.relativePath).toBe('g3/17960/rfsoc05_drone2/r05d2_1796083200_002.g3');
    expect(files[2]?.recordedAt).toEqual(new Date('2026-12-01T00:25:00Z'));
  });

  it('are as large as the data rate makes them, less what compression takes', () => {
    const files = rawFiles(random, execution([primeCam], 600), primeCam, 7);
    const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    expect(bytes).toBeLessThanOrEqual(40_675_677 * 600);
    expect(bytes).toBeGreaterThan(40_675_677 * 600 * 0.89);
  });

  it('are one per array of CHAI, named after the unit', () => {
    const [file, ...others] = rawFiles(random, execution([lfa], 2400), lfa, 7);
    expect(others).toEqual([]);
    expect(file?.relativePath).toBe('20261201/1796083200_Orion-KL_otf_LFA_000.fits');
  });

  it('have names of their own when two modules share the boards', () => {
    const second = Object.assign(new InstrumentModule(), { ...primeCam, id: 5 });
    const both = execution([primeCam, second], 600);
    const paths = both.modules
      .flatMap((module) => rawFiles(random, both, module, 7))
      .map((f) => f.relativePath);
    expect(new Set(paths).size).toBe(36);
  });
});

describe('faults', () => {
  it('are named with their probabilities', () => {
    expect(parseFaults('transfer=0.05, worker-death=0.02')).toEqual({
      transfer: 0.05,
      checksum: 0,
      workerDeath: 0.02,
      duplicateFiling: 0,
      lateFinish: 0,
      linkDown: 0,
      bitRot: 0,
      diskFull: 0,
    });
  });

  it.each([
    ['fire=0.1', /no fault fire; there are: transfer, checksum/],
    ['transfer=often', /transfer is often; it must be a probability from 0 to 0.5/],
    ['transfer=0.9', /transfer is 0.9; it must be/],
    ['transfer', /transfer is not given; it must be/],
  ])('%s is refused', (text, message) => {
    expect(() => parseFaults(text)).toThrow(message);
  });
});
