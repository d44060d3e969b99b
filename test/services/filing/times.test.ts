import { randomUUID } from 'node:crypto';
import { type DataSource, type EntityManager, Not } from 'typeorm';
import {
  ExecutedObsUnit,
  Instrument,
  ObsUnit,
  PreScheduledSlot,
  Telescope,
} from '../../../src/entities/index.js';
import {
  fileRows,
  fileSlots,
  finishObservation,
  observingNight,
  startObservation,
} from '../../../src/services/filing/index.js';
import { describeEachDatabase } from '../../support/databases.js';

const CHAI = 'Orion-KL/otf/CI10+CO76';
const PRIME_CAM = '3C273/daisy/Prime-Cam';
/** Each test has a day of its own. */
let day = 0;
const nextDay = () => {
  day += 1;
  return (time: string) => new Date(`2026-03-${String((day % 28) + 1).padStart(2, '0')}T${time}:00Z`);
};

describeEachDatabase('the time of a telescope', (database) => {
  let dataSource: DataSource;
  let second: DataSource;
  let manager: EntityManager;
  const units = new Map<string, number>();

  beforeAll(async () => {
    const options = await database.create('seed');
    dataSource = await database.open(options);
    second = await database.open(options);
    ({ manager } = dataSource);
    for (const name of [CHAI, PRIME_CAM])
      units.set(name, (await manager.findOneByOrFail(ObsUnit, { name })).id);
  });

  const unit = (name: string) => units.get(name) as number;
  const begin = (name: string, startTime: Date) =>
    startObservation(manager, { obsUnitId: unit(name), startTime });
  const end = (name: string, id: string, endTime: Date) =>
    finishObservation(manager, { id, obsUnitId: unit(name), endTime });
  const execution = (name: string, startTime: Date, endTime: Date) => ({
    id: randomUUID(),
    obsUnitId: unit(name),
    startTime,
    endTime,
    status: 'completed' as const,
    observingNight: observingNight(startTime),
  });
  const share = (sharesFocalPlane: boolean) =>
    manager.update(ObsUnit, [unit(CHAI), unit(PRIME_CAM)], { sharesFocalPlane });

  it('is that of one execution at a time; the refusal names both', async () => {
    const at = nextDay();
    const first = await begin(CHAI, at('03:00'));
    await end(CHAI, first, at('03:30'));
    const id = randomUUID();
    const overlapping = startObservation(manager, { id, obsUnitId: unit(PRIME_CAM), startTime: at('03:10') });
    await expect(overlapping).rejects.toMatchObject({
      code: 'filing_refused',
      message: expect.stringMatching(
        new RegExp(
          `${id}.*03:10:00.*overlaps.*execution ${first} of Orion-KL/otf/CI10\\+CO76, .*correct the times`,
        ),
      ),
    });
    await begin(PRIME_CAM, at('03:30'));
    const before = await begin(PRIME_CAM, at('02:00'));
    await expect(end(PRIME_CAM, before, at('03:01'))).rejects.toMatchObject({
      code: 'filing_refused',
      message: expect.stringContaining(first),
    });
    expect(await end(PRIME_CAM, before, at('03:00'))).toBe('finished');
    // Sent again, a start that was taken is known.
    await startObservation(manager, { id: first, obsUnitId: unit(CHAI), startTime: at('03:00') });
  });

  it('passes to the next execution while the end of the one before is on its way', async () => {
    const at = nextDay();
    const first = await begin(CHAI, at('03:00'));
    await begin(CHAI, at('03:20'));
    await expect(begin(PRIME_CAM, at('03:20'))).rejects.toMatchObject({ code: 'filing_refused' });
    await expect(end(CHAI, first, at('03:21'))).rejects.toMatchObject({ code: 'filing_refused' });
    expect(await end(CHAI, first, at('03:20'))).toBe('finished');
  });

  it('is not taken twice by one call, nor by a row that is written without a service', async () => {
    const at = nextDay();
    const rows = [execution(CHAI, at('03:00'), at('04:00')), execution(PRIME_CAM, at('03:59'), at('05:00'))];
    await expect(fileRows(manager, ExecutedObsUnit, rows)).rejects.toMatchObject({ code: 'filing_refused' });
    await manager.insert(ExecutedObsUnit, rows.slice(0, 1));
    await expect(manager.insert(ExecutedObsUnit, rows.slice(1))).rejects.toThrow(
      /ex_executed_obs_unit__telescope/,
    );
    const free = execution(PRIME_CAM, at('04:00'), at('05:00'));
    await manager.insert(ExecutedObsUnit, free);
    await expect(manager.update(ExecutedObsUnit, free.id, { startTime: at('03:59') })).rejects.toThrow(
      /ex_executed_obs_unit__telescope/,
    );
  });

  it('is taken by one of several that want it at once', async () => {
    const at = nextDay();
    const rows = Array.from({ length: 6 }, () => execution(CHAI, at('03:00'), at('04:00')));
    const outcomes = await Promise.allSettled(
      rows.map((row, index) => fileRows((index % 2 ? second : dataSource).manager, ExecutedObsUnit, [row])),
    );
    const refused = outcomes.filter((one) => one.status === 'rejected');
    expect(refused.map(({ reason }) => reason.code)).toEqual(Array(5).fill('filing_refused'));
    expect(await manager.countBy(ExecutedObsUnit, { startTime: at('03:00') })).toBe(1);
  });

  it('is kept for one slot at a time', async () => {
    const at = nextDay();
    const slot = { obsUnitId: unit(CHAI), startTime: at('03:00'), endTime: at('04:00') };
    const next = { obsUnitId: unit(PRIME_CAM), startTime: at('04:00'), endTime: at('05:00') };
    expect(await fileSlots(manager, [slot, next])).toEqual({ added: 2, known: 0 });
    const { id } = await manager.findOneByOrFail(PreScheduledSlot, slot);
    const overlapping = { ...next, startTime: at('03:30'), endTime: at('04:00') };
    await expect(fileSlots(manager, [overlapping])).rejects.toMatchObject({
      code: 'filing_refused',
      message: expect.stringContaining(`slot ${id} of ${CHAI}`),
    });
    expect(await fileSlots(manager, [slot, next])).toEqual({ added: 0, known: 2 });
  });

  it('is shared by two instruments whose units both say so', async () => {
    const at = nextDay();
    const slot = { obsUnitId: unit(CHAI), startTime: at('06:00'), endTime: at('07:00') };
    const beside = { ...slot, obsUnitId: unit(PRIME_CAM) };
    await fileSlots(manager, [slot]);
    await manager.update(ObsUnit, unit(CHAI), { sharesFocalPlane: true });
    await expect(fileSlots(manager, [beside])).rejects.toMatchObject({ code: 'filing_refused' });
    await share(true);
    try {
      expect(await fileSlots(manager, [beside])).toEqual({ added: 1, known: 0 });
      await begin(CHAI, at('06:00'));
      await begin(PRIME_CAM, at('06:00'));
      // One instrument does one thing.
      await expect(begin(CHAI, at('06:00'))).rejects.toMatchObject({ code: 'filing_refused' });
      await expect(share(false)).rejects.toThrow(/ex_pre_scheduled_slot__telescope/);
    } finally {
      await manager.delete(PreScheduledSlot, { startTime: at('06:00') });
      await share(false);
    }
  });

  it.each([
    ['in the future', () => new Date(Date.now() + 3600_000), 'Set the clock of the writer'],
    ['in 2099', () => new Date('2099-12-10T04:00:00Z'), 'by the clock of the database'],
    ['at the epoch', () => new Date(0), 'the clock of its writer was not set'],
  ])('is not taken by an execution %s', async (_when, start, why) => {
    await expect(begin(CHAI, start())).rejects.toMatchObject({
      code: 'filing_refused',
      message: expect.stringContaining(why),
    });
  });

  it('may be a little ahead of the clock of the database', async () => {
    const id = await begin(CHAI, new Date(Date.now() + 60_000));
    await expect(end(CHAI, id, new Date(Date.now() + 3600_000))).rejects.toMatchObject({
      code: 'filing_refused',
    });
    expect(await end(CHAI, id, new Date(Date.now() + 120_000))).toBe('finished');
  });

  it('is no longer than a day', async () => {
    const at = nextDay();
    const id = await begin(CHAI, at('03:00'));
    const later = (hours: number) => new Date(at('03:00').getTime() + hours * 3600_000 + 1);
    await expect(end(CHAI, id, later(24))).rejects.toMatchObject({
      code: 'filing_refused',
      message: expect.stringContaining('at most 24 hours'),
    });
    expect(await end(CHAI, id, later(1))).toBe('finished');
  });

  it('is that of a simulation where nights were simulated', async () => {
    const telescope = await manager.findOneByOrFail(Telescope, { shortName: 'FYST' });
    await manager.update(Telescope, telescope.id, { simulatedUntil: new Date('2100-01-01T12:00:00Z') });
    await begin(CHAI, new Date('2099-12-10T04:00:00Z'));
    await expect(begin(CHAI, new Date('2100-01-01T12:06:00Z'))).rejects.toMatchObject({
      code: 'filing_refused',
    });
    await manager.update(Telescope, telescope.id, { simulatedUntil: null });
  });

  it('keeps a telescope that its instruments have left', async () => {
    const at = nextDay();
    const { id, ...fyst } = await manager.findOneByOrFail(Telescope, { shortName: 'FYST' });
    const former = await manager.save(Telescope, { ...fyst, name: 'Former', shortName: 'FORMER' });
    const moveTo = (telescopeId: number) =>
      manager.update(Instrument, { telescopeId: Not(0) }, { telescopeId });
    await moveTo(former.id);
    const execution = await begin(CHAI, at('03:00'));
    await moveTo(id);
    await expect(manager.delete(Telescope, former.id)).rejects.toThrow(/foreign key constraint/i);
    await manager.delete(ExecutedObsUnit, execution);
    await manager.delete(Telescope, former.id);
  });
});
