import type { EntityManager } from 'typeorm';
import { isConstraintViolation } from '../../database/constraint-violation.js';
import { atOnce, writeStepOf } from '../../database/together.js';
import { type DataQuality, ExecutedObsUnit } from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import { canonicalRows } from '../../values/canonical.js';
import { filingDoor } from './payload-properties.js';
import { explain } from './refusal.js';

/** Weather, quality and remarks of an execution, as they become known; what is left out stays as it is. */
export interface ObservationConditions {
  /** UUID of the execution. */
  readonly id: string;
  /** Precipitable water vapour at zenith [mm]. */
  readonly pwvMm?: number;
  /** Air temperature [Celsius]. */
  readonly temperatureC?: number;
  /** Relative humidity [%]. */
  readonly humidityPercent?: number;
  /** Wind speed [m/s]. */
  readonly windSpeedMS?: number;
  /** Other conditions, by name with unit; all of them. */
  readonly conditions?: Record<string, unknown>;
  /** Assessment of the data. */
  readonly quality?: DataQuality;
  /** Remarks of the observer. */
  readonly note?: string;
}

const CONDITIONS = filingDoor('ObservationConditions');

/**
 * Notes the conditions of an execution that was started, while it runs or afterwards. Sent twice it changes nothing the
 * second time; the latest values hold.
 * @throws OpsDbError `filing_unknown` when the execution is not known; `filing_refused` when a value is not allowed
 *
 * @example
 * import { ExecutedObsUnit, noteConditions, ObsUnit, startObservation } from 'ccat-ops-db';
 *
 * const { id: obsUnitId } = await session.findOneByOrFail(ObsUnit, { available: true });
 * const id = await startObservation(session, { obsUnitId, startTime: new Date('2026-11-24T03:00:00Z') });
 *
 * await noteConditions(session, { id, pwvMm: 0.45, quality: 'degraded', note: 'clouds in the west' });
 * const { pwvMm, quality } = await session.findOneByOrFail(ExecutedObsUnit, { id });
 * console.log(pwvMm, quality); // 0.45 degraded
 */
export async function noteConditions(manager: EntityManager, given: ObservationConditions): Promise<void> {
  const [isNoted] = await noteAllConditions(manager, [given]);
  if (!isNoted) throw unknownExecution(given.id);
}

/**
 * As {@link noteConditions} for several executions, in one round trip.
 * @returns whether each execution is known
 */
export async function noteAllConditions(
  manager: EntityManager,
  given: readonly ObservationConditions[],
): Promise<boolean[]> {
  const canonical = canonicalRows<ObservationConditions>(
    manager.dataSource.getMetadata(ExecutedObsUnit),
    CONDITIONS,
  );
  const steps = given.map((one) => {
    const { id, ...set } = canonical(one);
    const values = Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined));
    if (Object.keys(values).length === 0)
      throw new OpsDbError(
        'filing_refused',
        `the conditions of execution ${id} are none: give at least one of pwvMm, quality and the others`,
      );
    return writeStepOf(manager.createQueryBuilder().update(ExecutedObsUnit).set(values).where({ id }));
  });
  try {
    return (await atOnce(manager, steps)).map((rows) => rows.length > 0);
  } catch (cause) {
    if (!isConstraintViolation(cause)) throw cause;
    const ids = given.map(({ id }) => id).join(', ');
    throw new OpsDbError('filing_refused', `Conditions were not noted (${ids}): ${explain(cause)}`, {
      cause,
    });
  }
}

/** The error for conditions of an execution that is not there. */
export function unknownExecution(id: string): OpsDbError {
  return new OpsDbError(
    'filing_unknown',
    `No execution ${id} is known: send its start first, then what was measured meanwhile`,
  );
}
