import type { DataSource } from 'typeorm';
import { type ObsUnit, PreScheduledSlot, type Telescope } from '../../../src/entities/index.js';
import { dispatchSummary, schedulerList } from '../../../src/services/dispatch/index.js';
import { dispatches } from '../../../src/services/dispatch/summary.js';
import { isObservable, type ObservableUnit, type Sky, skyAt } from '../../../src/services/sky/index.js';
import { readNightInput } from '../../../src/tools/simulate/input.js';
import type { NightInput } from '../../../src/tools/simulate/night-plan.js';
import { describeEachDatabase, describeSqlite } from '../../support/databases.js';

const FIRST_NOON = Date.parse('2026-11-30T12:00:00Z');
const DAY_S = 24 * 3600;
const NIGHTS = 120;

describeEachDatabase('the units of the starting state', (database) => {
  let dataSource: DataSource;

  beforeAll(async () => {
    dataSource = await database.open(await database.create('seed'));
  });

  it('may be stored, and can be dispatched where they are available, by mode', async () => {
    const scans = (await dispatchSummary(dataSource.manager)).filter(({ isScan }) => isScan);
    expect(
      scans.map(({ mode, storable, dispatchable, available, availableDispatchable, all }) => [
        ...[mode, storable, dispatchable, available, availableDispatchable, all],
      ]),
    ).toEqual([
      ['constant_el', 16, 13, 7, 7, 16],
      ['daisy', 50, 50, 50, 50, 50],
      ['planet_cal', 11, 11, 11, 11, 11],
      ['pong', 4, 4, 3, 3, 4],
      ['source_scan', 5, 5, 5, 5, 5],
    ]);
  });

  it('that Prime-Cam could not scan say why, and are not available', async () => {
    for await (const [unit, dispatch] of dispatches(dataSource.manager)) {
      if (dispatch.dispatchable || dispatch.pattern === null) continue;
      expect(unit).toMatchObject({ available: false, availabilityReason: expect.stringContaining('centre') });
    }
  });

  it('are warned of by a planner only in the two wide fields', async () => {
    const warned: string[] = [];
    for await (const [unit, { warnings }] of dispatches(dataSource.manager))
      for (const { code } of warnings) warned.push(`${unit.name} ${code}`);
    expect(warned).toEqual([
      'Stripe82/constant_el/280 throw_above_30',
      'Stripe82/constant_el/350 throw_above_30',
      'Deep56/constant_el/280 throw_above_30',
      'Deep56/constant_el/350 throw_above_30',
      'Deep56/constant_el/280/SZ throw_above_30',
    ]);
  });

  it('give the offline scheduler its list, with the priority turned round', async () => {
    const { sources, leftOut } = await schedulerList(dataSource.manager);
    expect(sources.length + leftOut.length).toBe(76);
    expect(sources.find(({ name }) => name === 'Stripe82/constant_el/280')).toEqual({
      name: 'Stripe82/constant_el/280',
      raDeg: 0,
      decDeg: -2,
      widthDeg: 60,
      heightDeg: 14,
      priority: 45,
      velocityDegS: 1,
      scanType: 'constant_el',
    });
    expect(leftOut.map(({ reason }) => reason)).toContain('moves with Jupiter');
  });
});

describeSqlite('Prime-Cam', (database) => {
  let input: NightInput;
  let slots: PreScheduledSlot[];

  beforeAll(async () => {
    const dataSource = await database.open(await database.create('seed'));
    input = await readNightInput(dataSource.manager, '2026-11-30', 4);
    slots = await dataSource.manager.find(PreScheduledSlot);
  });

  const ofPrimeCam = ({ modules }: ObservableUnit) =>
    modules.some(({ instrument }) => instrument?.name !== 'CHAI');

  it('can observe each of its available units, whole, on some night', () => {
    const never = input.units.filter(ofPrimeCam).filter(({ unit }) => !hasTime(unit, input.telescope));
    expect(input.units.filter(ofPrimeCam).length).toBe(76);
    expect(never.map(({ unit }) => unit.name)).toEqual([]);
  }, 120_000);

  it('can observe the units that times are kept for when these begin', () => {
    const kept = slots.flatMap(({ obsUnitId, startTime }) => {
      const one = input.units.find(({ unit }) => unit.id === obsUnitId);
      return one && ofPrimeCam(one) ? [{ unit: one.unit, startTime }] : [];
    });
    expect(kept).toHaveLength(3);
    for (const { unit, startTime } of kept)
      expect([unit.name, isOpen(unit, input.telescope, startTime.getTime())]).toEqual([unit.name, true]);
  });
});

/** Most units find a time in half an hour of every tenth night, for which the sky is known from other units. */
function hasTime(unit: ObsUnit, telescope: Telescope): boolean {
  const stepS = Math.max(120, Math.min(1800, unit.durationS / 2));
  return hasTimeIn(unit, telescope, 10, 1800) || hasTimeIn(unit, telescope, 1, stepS);
}

function hasTimeIn(unit: ObsUnit, telescope: Telescope, stepDays: number, stepS: number): boolean {
  for (let night = 0; night < NIGHTS; night += stepDays)
    for (let s = night * DAY_S; s < (night + 1) * DAY_S; s += stepS)
      if (isOpen(unit, telescope, FIRST_NOON + s * 1000)) return true;
  return false;
}

/** Kept for all units, since most of the time goes into the sky. */
const skies = new Map<number, Sky>();

function isOpen(unit: ObsUnit, telescope: Telescope, start: number): boolean {
  const skyOf = (instant: Date) => {
    const sky = skies.get(instant.getTime()) ?? skyAt(telescope, instant);
    skies.set(instant.getTime(), sky);
    return sky;
  };
  const weather = { pwvMm: 0.5 };
  const [startTime, endTime] = [new Date(start), new Date(start + unit.durationS * 1000)];
  return isObservable(unit, { telescope, startTime, endTime, skyOf, weather, lastEnds: new Map() });
}
