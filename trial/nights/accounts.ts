import type { EntityManager } from 'typeorm';
import { ExecutedObsUnit, Telescope, TimeCorrection, TimeUse } from '../../src/entities/index.js';
import { type TimeSums, timeAccounting } from '../../src/services/hours/index.js';

/** Each so many executions have bad data, so that time is lost, too. */
const BAD_EACH = 7;

/**
 * Accounts the time of nights, some of whose data turn out bad and one of which an operator corrects.
 * @returns the nights that do not add up
 */
export async function accounts(manager: EntityManager, nights: readonly string[]): Promise<string[]> {
  const [firstNight = '', lastNight = nights.at(-1) ?? ''] = [nights[0], nights.at(-1)];
  const executions = await manager.find(ExecutedObsUnit, {
    select: { id: true },
    order: { startTime: 'ASC' },
  });
  const bad = executions.filter((_, index) => index % BAD_EACH === 0).map(({ id }) => id);
  await manager.update(ExecutedObsUnit, bad, { quality: 'bad' });
  const { id: telescopeId } = await manager.findOneByOrFail(Telescope, { shortName: 'FYST' });
  const snow = {
    startTime: new Date(`${lastNight}T20:00:00.500Z`),
    endTime: new Date(`${lastNight}T23:30:00Z`),
  };
  await manager.insert(TimeCorrection, {
    telescopeId,
    ...snow,
    use: TimeUse.LOST_WEATHER,
    reason: 'snow',
    enteredBy: 'operator',
  });

  const account = await timeAccounting(manager, { period: { firstNight, lastNight } });
  const faults = account.nights.flatMap((night) =>
    whole(night) === night.lengthS * 1000 ? [] : [`the night ${night.night} has ${whole(night)} ms`],
  );
  const byProgram = account.programs.reduce((sum, one) => sum + whole(one), 0);
  const byNight = account.nights.reduce((sum, one) => sum + whole(one), 0);
  if (byProgram !== byNight) faults.push(`programs have ${byProgram} ms, nights ${byNight} ms`);
  const hours = (of: keyof TimeSums) =>
    (account.nights.reduce((sum, night) => sum + night[of], 0) / 3600).toFixed(2);
  console.log(
    `${account.nights.length} nights: ${hours('chargedS')} h charged, ${hours('lostS')} h lost, ${hours('overheadS')} h overhead ` +
      `(${hours('calibrationS')} h of it calibration), ${hours('idleS')} h idle`,
  );
  return faults;
}

/** In milliseconds, which are whole. */
function whole({ chargedS, lostS, overheadS, idleS }: TimeSums): number {
  return Math.round((chargedS + lostS + overheadS + idleS) * 1000);
}
