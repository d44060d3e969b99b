import { FixedSource, ObsUnit, Telescope } from '../../../src/entities/index.js';
import { obsUnitForDispatch } from '../../../src/services/dispatch/index.js';
import {
  FYST,
  skyAt,
  skyPosition,
  unitVisibility,
  type VisibleInterval,
  visibility,
  visibleUnits,
} from '../../../src/services/sky/index.js';
import { describeEachDatabase } from '../../support/databases.js';

const NIGHT = { night: '2026-11-30' };

const seconds = (intervals: readonly VisibleInterval[]) =>
  intervals.reduce((sum, { start, end }) => sum + (end.getTime() - start.getTime()) / 1000, 0);

describe('visibility', () => {
  it('finds a rise above the limit that is shorter than the steps of the search', () => {
    const target = { raDeg: 80, decDeg: 30 };
    const times = Array.from(
      { length: 1440 },
      (_, minute) => Date.parse('2026-11-30T15:00:00Z') + minute * 60_000,
    );
    const highest = Math.max(...times.map((time) => skyPosition(target, new Date(time))?.elevationDeg ?? 0));
    const [short, ...others] = visibility(target, { ...NIGHT, elevationMinDeg: highest - 0.002 });
    expect(others).toEqual([]);
    expect(seconds(short ? [short] : [])).toBeGreaterThan(10);
    expect(seconds(short ? [short] : [])).toBeLessThan(400);
    expect(visibility(target, { ...NIGHT, elevationMinDeg: highest + 0.01 })).toEqual([]);
  });

  it('finds a gap at the zenith', () => {
    const target = { raDeg: 80, decDeg: FYST.latitudeDeg };
    const [before, after, ...others] = visibility(target, { ...NIGHT, elevationMaxDeg: 89.5 });
    expect([before?.endBy, after?.startBy, others]).toEqual(['elevation_max', 'elevation_max', []]);
    expect((after?.start.getTime() ?? 0) - (before?.end.getTime() ?? 0)).toBeLessThan(600_000);
  });

  it('keeps the limits inside the intervals and breaks one right outside', () => {
    const limits = {
      elevationMinDeg: 25,
      elevationMaxDeg: 80,
      sunDistanceMinDeg: 50,
      moonDistanceMinDeg: 20,
    };
    for (let raDeg = 0; raDeg < 360; raDeg += 15) {
      const target = { raDeg, decDeg: -40 + raDeg / 6 };
      for (const { start, end, startBy, endBy } of visibility(target, { ...NIGHT, ...limits })) {
        const isOpen = (time: number) => {
          const at = skyPosition(target, new Date(time));
          return (
            at !== undefined &&
            at.elevationDeg >= 25 &&
            at.elevationDeg <= 80 &&
            at.sunDistanceDeg >= 50 &&
            at.moonDistanceDeg >= 20
          );
        };
        const [first, last] = [start.getTime(), end.getTime()];
        expect([isOpen(first + 90_000), isOpen(last - 90_000)]).toEqual([true, true]);
        if (startBy !== 'window') expect(isOpen(first - 90_000)).toBe(false);
        if (endBy !== 'window') expect(isOpen(last + 90_000)).toBe(false);
      }
    }
  });

  it('goes from noon to noon of the civil time, also where the clocks change', () => {
    const lengths = ['2026-09-04', '2026-09-05', '2027-04-03'].map((night) => {
      const [all] = visibility({ raDeg: 0, decDeg: -90 }, { night, elevationMinDeg: 0 });
      return [all?.start.toISOString(), seconds(all ? [all] : []) / 3600];
    });
    expect(lengths).toEqual([
      ['2026-09-04T16:00:00.000Z', 24],
      ['2026-09-05T16:00:00.000Z', 23],
      ['2027-04-03T15:00:00.000Z', 25],
    ]);
  });

  it('moves a source by its proper motion', () => {
    const still = Object.assign(new FixedSource(), { raDeg: 100, decDeg: 10 });
    const moving = Object.assign(new FixedSource(), { ...still, properMotionDecMasYr: 10_000 });
    const sky = skyAt(FYST, new Date('2030-01-01T00:00:00Z'));
    const shift = (sky.positionOf(moving)?.decDeg ?? 0) - (sky.positionOf(still)?.decDeg ?? 0);
    expect(shift * 3600).toBeCloseTo(300, 0);
  });

  it.each([
    [{ raDeg: 400, decDeg: 0 }, NIGHT, 'raDeg is 400'],
    [{ raDeg: 0, decDeg: -91 }, NIGHT, 'decDeg is -91'],
    [{ body: 'Vulcan' }, NIGHT, 'Vulcan'],
    [{ body: 'Mars' }, { night: '2026-02-30' }, 'night'],
    [{ body: 'Mars' }, { from: new Date('2026-01-02'), to: new Date('2026-01-01') }, 'later than from'],
    [{ body: 'Mars' }, {}, 'from'],
    [{ body: 'Mars' }, { ...NIGHT, elevationMinDeg: Number.NaN }, 'elevationMinDeg'],
  ])('refuses %j in %j', (target, options, message) => {
    expect(() => visibility(target, options)).toThrow(
      expect.objectContaining({ code: 'value_invalid', message: expect.stringContaining(message) }),
    );
  });
});

describeEachDatabase('units on the sky', (database) => {
  it('may be started where their visibility says so, those of the highest priority first', async () => {
    const { manager } = await database.open(await database.create('seed'));
    const instant = new Date('2026-12-01T04:00:00Z');
    const visible = await visibleUnits(manager, instant);
    const priorities = visible.map(({ unit }) => unit.priority);
    expect(priorities).toEqual([...priorities].sort((one, other) => other - one));
    const telescope = await manager.findOneByOrFail(Telescope, { shortName: 'FYST' });
    for (const { unit } of visible) {
      const end = new Date(instant.getTime() + unit.durationS * 1000);
      const intervals = unitVisibility(unit, { from: instant, to: end, telescope });
      expect([unit.name, intervals.length]).toEqual([unit.name, 1]);
    }
    const names = new Set(visible.map(({ unit }) => unit.name));
    const others = await manager.find(ObsUnit, { where: { available: true } });
    expect(names.size).toBeGreaterThan(20);
    expect(others.length).toBeGreaterThan(names.size);
    await manager.update(ObsUnit, { name: visible[0]?.unit.name }, { notAfter: instant });
    expect((await visibleUnits(manager, instant)).map(({ unit }) => unit.name)).not.toContain(
      visible[0]?.unit.name,
    );
    expect((await visibleUnits(manager, instant, { pwvMm: 9 })).length).toBeLessThan(names.size);
    const dry = visible[1]?.unit.name;
    await manager.update(ObsUnit, { name: dry }, { pwvMaxMm: 0.01 });
    expect((await visibleUnits(manager, instant)).map(({ unit }) => unit.name)).toContain(dry);
  });

  it('keep their own limits besides those of the telescope', async () => {
    const { manager } = await database.open(await database.create('seed'));
    const telescope = await manager.findOneByOrFail(Telescope, { shortName: 'FYST' });
    const unit = await obsUnitForDispatch(manager, '0003-066/daisy/Prime-Cam');
    const all = unitVisibility(unit, { ...NIGHT, telescope });
    expect(all.map(({ startBy, endBy }) => [startBy, endBy])).toEqual([['elevation_min', 'elevation_min']]);
    const change = (part: Partial<ObsUnit>) =>
      unitVisibility(Object.assign(new ObsUnit(), unit, part), { ...NIGHT, telescope });
    expect(change({ minLsa: 350, maxLsa: 10 })[0]).toMatchObject({
      startBy: 'sidereal_angle',
      endBy: 'sidereal_angle',
    });
    expect(seconds(change({ minLsa: 350, maxLsa: 10 }))).toBeCloseTo((20 / 360.9856) * 86_400, -1);
    expect(change({ notAfter: new Date('2026-12-01T00:00:00Z') })[0]?.endBy).toBe('period');
    expect(change({ azimuthMinDeg: 0, azimuthMaxDeg: 180 })[0]?.endBy).toBe('azimuth');
    expect(change({ sunDistanceMinDeg: 170 })).toEqual([]);
  });
});
