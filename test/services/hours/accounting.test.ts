import type { EntityManager } from 'typeorm';
import {
  ExecutedObsUnit,
  ObservingProgram,
  ObsUnit,
  Telescope,
  TimeAllocation,
  TimeCorrection,
} from '../../../src/entities/index.js';
import { type NightTime, timeAccounting } from '../../../src/services/hours/index.js';
import { describeEachDatabase } from '../../support/databases.js';

const NIGHT = '2026-10-05';
const at = (time: string) => new Date(`2026-10-05T${time}Z`);
const whole = ({ chargedS, lostS, overheadS, idleS }: NightTime) =>
  Math.round((chargedS + lostS + overheadS + idleS) * 1000);

class Undo extends Error {}

describeEachDatabase('the time of a night', (database) => {
  let manager: EntityManager;
  beforeAll(async () => {
    ({ manager } = await database.open(await database.create('night')));
    const science = await manager.findOneByOrFail(ObsUnit, { name: 'Orion-KL/otf/CO43' });
    const calibration = await manager.findOneByOrFail(ObsUnit, { name: '0003-066/daisy/Prime-Cam' });
    // Two instruments that observe at once.
    await manager.update(ObsUnit, [science.id, calibration.id], { sharesFocalPlane: true });
    const add = (id: number, start: Date, end: Date, more: Partial<ExecutedObsUnit> = {}) =>
      manager.save(ExecutedObsUnit, {
        obsUnitId: id,
        startTime: start,
        endTime: end,
        observingNight: NIGHT,
        status: 'completed',
        ...more,
      } as ExecutedObsUnit);
    const row = (index: number) => ({ id: `00000000-0000-7000-8000-00000000000${index}` });
    await add(science.id, at('11:30:00'), at('12:30:00'), row(1));
    await add(science.id, at('14:00:00.250'), at('15:00:00'), row(2));
    await add(calibration.id, at('14:50:00'), at('15:10:00'), row(3));
    await add(science.id, at('15:12:00'), at('16:12:00'), {
      ...row(4),
      quality: 'bad',
      note: 'a fault of the chopper',
    });
    await add(science.id, at('16:12:00'), at('17:12:00'), { ...row(5), quality: 'bad', pwvMm: 30 });
    await manager.update(ObsUnit, { id: science.id }, { pwvMaxMm: 1 });
  }, 60_000);

  it('is charged, lost, overhead or idle, each moment once', async () => {
    const { nights, shares, programs } = await timeAccounting(manager, { period: NIGHT });
    const [night] = nights as [NightTime];
    expect(night).toMatchObject({
      night: NIGHT,
      lengthS: 86_400,
      chargedS: 1800 + 3599.75,
      calibrationS: 600,
      lostFaultS: 3600,
      lostWeatherS: 3600,
      overheadS: 600 + 300 + 120,
    });
    expect(whole(night)).toBe(86_400_000);
    shares.slice(1).forEach(({ start }, index) => {
      expect(start).toEqual(shares[index]?.end);
    });
    expect(shares.filter(({ reason }) => reason).map(({ reason }) => reason)).toEqual([
      'a fault of the chopper',
      '30 mm of water vapour, 1 mm allowed',
    ]);
    expect(programs.find(({ program }) => program === 'GEco')).toMatchObject({
      instrument: 'CHAI',
      chargedS: 5399.75,
    });
  });

  it('adds up in each night of a simulation', async () => {
    const { nights } = await timeAccounting(manager, {
      period: { firstNight: '2026-11-29', lastNight: '2026-12-01' },
    });
    expect(nights.map(whole)).toEqual([86_400_000, 86_400_000, 86_400_000]);
    expect(nights.map(({ chargedS, calibrationS }) => chargedS + calibrationS > 0)).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('is what the operator has entered last, with the reason, and stays so', async () => {
    const { id: telescopeId } = await manager.findOneByOrFail(Telescope, { shortName: 'FYST' });
    const entered = { telescopeId, startTime: at('13:00:00'), enteredBy: 'operator' };
    const undone = manager.transaction(async (nested) => {
      const snow = { use: 'lost_weather', reason: 'snow', endTime: at('14:30:00') } as const;
      const { id } = await nested.save(TimeCorrection, { ...entered, ...snow });
      const other = { use: 'idle', reason: 'not snow', endTime: at('13:10:00') } as const;
      await nested.save(TimeCorrection, { ...entered, ...other });
      const { nights, shares } = await timeAccounting(nested, { period: NIGHT });
      const [night] = nights as [NightTime];
      expect(whole(night)).toBe(86_400_000);
      expect(night.lostWeatherS).toBe(3600 + 80 * 60);
      expect(shares.find(({ reason }) => reason === 'snow')?.start).toEqual(at('13:10:00'));
      for (const edit of [
        (inner: EntityManager) => inner.update(TimeCorrection, id, { reason: 'wind' }),
        (inner: EntityManager) => inner.delete(TimeCorrection, id),
      ])
        await expect(nested.transaction(edit)).rejects.toThrow(/a correction stays as it was entered/);
      throw new Undo();
    });
    await expect(undone).rejects.toThrow(Undo);
  });

  it('is held against what a program is allocated', async () => {
    const { id: observingProgramId } = await manager.findOneByOrFail(ObservingProgram, { shortName: 'GEco' });
    const period = { period: '2026B', firstNight: '2026-10-05', lastNight: '2026-10-06' };
    await manager.save(TimeAllocation, { observingProgramId, ...period, hours: 10 });
    await expect(
      manager.save(TimeAllocation, { observingProgramId, ...period, hours: 11 }),
    ).rejects.toThrow();
    const { allocations, nights, shares } = await timeAccounting(manager, {
      period: '2026B',
      program: 'GEco',
    });
    expect(nights).toHaveLength(2);
    expect(allocations).toMatchObject([{ program: 'GEco', allocatedH: 10, chargedH: 5399.75 / 3600 }]);
    expect(new Set(shares.map(({ program }) => program))).toEqual(new Set(['GEco']));
    const other = await timeAccounting(manager, { period: '2026B', program: 'Cal' });
    expect(other.allocations).toEqual([]);
  });

  it.each([
    ['2027Z', 'nothing_found'],
    [{ firstNight: '2026-10-06', lastNight: '2026-10-05' }, 'value_invalid'],
    [{ firstNight: '2026-13-06', lastNight: '2026-10-05' }, 'value_invalid'],
  ])('of %j is refused', async (period, code) => {
    await expect(timeAccounting(manager, { period })).rejects.toMatchObject({ code });
  });
});
