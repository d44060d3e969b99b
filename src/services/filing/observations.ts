import type { EntityManager, EntityMetadata, ObjectLiteral } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { isConstraintViolation } from '../../database/constraint-violation.js';
import { whyTimeIsRefused } from '../../database/refused-time.js';
import { atOnce } from '../../database/together.js';
import { type DataQuality, ExecutedObsUnit, ExecutedObsUnitStatus, ObsUnit } from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import { transitionStep } from '../../lifecycle/transition.js';
import { assertInstant } from '../../values/arguments.js';
import { canonicalAsFound, canonicalRows } from '../../values/canonical.js';
import { lookupStep, readerOf } from '../reading/reader.js';
import { conflictOf, fileRows } from './file-rows.js';
import { filingDoor } from './payload-properties.js';
import { explain } from './refusal.js';

/** The start of an execution. */
export interface ObservationStart {
  /** UUID of the execution; made here when the caller has none. */
  readonly id?: string;
  /** Unit that is executed. */
  readonly obsUnitId: number;
  /** Start, UTC. */
  readonly startTime: Date;
  /** Set-up of the instrument as it is used. */
  readonly instrumentConfiguration?: Record<string, unknown>;
  /** Session of the readout: its start in whole Unix seconds. */
  readonly readoutSession?: number;
  /** Right ascension of a target that moves, ICRS, with `decDeg`; left out, `notePositions` computes it [deg]. */
  readonly raDeg?: number;
  /** Declination of a target that moves, ICRS [deg]. */
  readonly decDeg?: number;
}

/** The end of an execution. */
export interface ObservationEnd {
  /** UUID of the execution. */
  readonly id: string;
  /** Unit that was executed; tells a start that has not arrived yet from a call that is wrong. */
  readonly obsUnitId: number;
  /** End, UTC. */
  readonly endTime: Date;
  /** How the execution ended; by default completed. */
  readonly status?: Exclude<ExecutedObsUnitStatus, 'running'>;
  /** Session of the readout, where it was not known at the start. */
  readonly readoutSession?: number;
  /** Precipitable water vapour at zenith [mm]. */
  readonly pwvMm?: number;
  /** Air temperature [Celsius]. */
  readonly temperatureC?: number;
  /** Relative humidity [%]. */
  readonly humidityPercent?: number;
  /** Wind speed [m/s]. */
  readonly windSpeedMS?: number;
  /** Other conditions, by name with unit. */
  readonly conditions?: Record<string, unknown>;
  /** Assessment of the data; unchecked where left out. */
  readonly quality?: DataQuality;
  /** Remarks of the observer. */
  readonly note?: string;
}

const HALF_A_DAY_MS = 12 * 3600 * 1000;
const START = filingDoor('ObservationStart');
const END = filingDoor('ObservationEnd');
const { RUNNING } = ExecutedObsUnitStatus;

/**
 * The night that an instant belongs to: the date in UTC of the noon before it, such as `2026-11-23`.
 * @param instant any moment of the night, UTC
 * @throws OpsDbError `value_invalid` for what is no instant in the years 0001 to 9999
 *
 * @example
 * import { observingNight } from 'ccat-ops-db';
 *
 * console.log(observingNight(new Date('2026-11-24T03:00:00Z'))); // 2026-11-23
 */
export function observingNight(instant: Date): string {
  assertInstant('instant', instant);
  return new Date(instant.getTime() - HALF_A_DAY_MS).toISOString().slice(0, 10);
}

/**
 * Notes that the execution of an obs unit has begun. Sent twice it changes nothing the second time, also when the
 * execution has ended by then.
 * @returns the UUID of the execution
 * @throws OpsDbError `filing_conflict` when the execution is there with another unit, start or set-up;
 *   `filing_refused` when the unit is unknown or a value is not allowed
 *
 * @example
 * import { finishObservation, ObsUnit, startObservation } from 'ccat-ops-db';
 *
 * const { id: obsUnitId } = await session.findOneByOrFail(ObsUnit, { available: true });
 *
 * const startTime = new Date('2026-11-24T03:00:00Z');
 * const id = await startObservation(session, { obsUnitId, startTime });
 * const endTime = new Date('2026-11-24T03:10:00Z');
 * console.log(await finishObservation(session, { id, obsUnitId, endTime })); // finished
 * console.log(await finishObservation(session, { id, obsUnitId, endTime })); // known
 */
export async function startObservation(manager: EntityManager, start: ObservationStart): Promise<string> {
  const row = executionOf(manager.dataSource.getMetadata(ExecutedObsUnit), start);
  await fileRows(manager, ExecutedObsUnit, [row]);
  return row.id;
}

/**
 * The row of an execution that has begun; the key is made here when the caller has none.
 * @throws OpsDbError `filing_refused` when a value is not allowed
 */
export function executionOf(metadata: EntityMetadata, start: ObservationStart) {
  const canonical = canonicalRows<ObservationStart>(metadata, START);
  const { id = uuidv7(), startTime, ...more } = canonical(start);
  return { id, startTime, ...more, observingNight: observingNight(startTime) };
}

/**
 * Notes that an execution has ended. Sent twice it changes nothing the second time.
 * @returns `finished`; `known` when it was noted before; `not_started` when its start has not arrived yet: send the
 *   end again after the start
 * @throws OpsDbError `filing_unknown` when neither the execution nor the unit is known; `filing_conflict` when it has
 *   ended otherwise, or is an execution of another unit; `filing_refused` when a value is not allowed
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import { finishObservation, ObsUnit, startObservation } from 'ccat-ops-db';
 *
 * const { id: obsUnitId } = await session.findOneByOrFail(ObsUnit, { available: true });
 *
 * const id = randomUUID();
 * const endTime = new Date('2026-11-24T03:10:00Z');
 * const end = { id, obsUnitId, endTime, pwvMm: 0.45, temperatureC: -8.2 };
 * console.log(await finishObservation(session, end)); // not_started
 * await startObservation(session, { id, obsUnitId, startTime: new Date('2026-11-24T03:00:00Z') });
 * console.log(await finishObservation(session, end)); // finished
 * console.log(await finishObservation(session, end)); // known
 */
export async function finishObservation(
  manager: EntityManager,
  end: ObservationEnd,
): Promise<'finished' | 'known' | 'not_started'> {
  const [outcome] = await finishObservations(manager, [end]);
  if (outcome instanceof OpsDbError) throw outcome;
  return outcome as Exclude<typeof outcome, undefined>;
}

/** What became of an end; an error where it contradicts what is known. */
export type EndOutcome = 'finished' | 'known' | 'not_started' | OpsDbError;

/**
 * As {@link finishObservation} for several executions, in one round trip.
 * @throws OpsDbError `filing_refused` when a value is not allowed; nothing of the call is written then
 */
export async function finishObservations(
  manager: EntityManager,
  ends: readonly ObservationEnd[],
): Promise<EndOutcome[]> {
  const metadata = manager.dataSource.getMetadata(ExecutedObsUnit);
  const canonical = canonicalRows<ObservationEnd>(metadata, END);
  const given = ends.map((end): End => {
    const { id, obsUnitId, status = ExecutedObsUnitStatus.COMPLETED, ...set } = canonical(end);
    const values = Object.entries(set).filter(([, value]) => value !== undefined);
    return { id, obsUnitId, status, set: Object.fromEntries(values) };
  });
  const { hasMoved, executions, units } = await endAndLook(manager, given);
  return given.map((end, index) => {
    if (hasMoved[index]) return 'finished';
    return outcomeOf(metadata, end, executions.get(end.id), units.has(end.obsUnitId));
  });
}

/** An end as it is noted. */
interface End extends Pick<ExecutedObsUnit, 'id' | 'obsUnitId' | 'status'> {
  readonly set: Readonly<Record<string, unknown>>;
}

function outcomeOf(
  metadata: EntityMetadata,
  { id, obsUnitId, status, set }: End,
  found: ExecutedObsUnit | undefined,
  isUnitKnown: boolean,
): EndOutcome {
  if (found) {
    // Its start has arrived while this was under way.
    if (found.status === RUNNING && found.obsUnitId === obsUnitId) return 'not_started';
    const given = { id, obsUnitId, status, ...set };
    return conflictOf(metadata, given, canonicalAsFound<ObjectLiteral>(metadata)(found)) ?? 'known';
  }
  if (isUnitKnown) return 'not_started';
  return new OpsDbError(
    'filing_unknown',
    `No execution ${id} and no obs unit ${obsUnitId} is known: nothing was ever started that this could be the end of`,
  );
}

/** Ends executions that are running, and looks how they stand, in one round trip. */
async function endAndLook(manager: EntityManager, ends: readonly End[]) {
  const { dataSource } = manager;
  const ofExecutions = dataSource.getMetadata(ExecutedObsUnit);
  const ofUnits = dataSource.getMetadata(ObsUnit);
  const moves = ends.map(({ id, obsUnitId, status, set }) =>
    transitionStep(
      manager,
      ExecutedObsUnit,
      id,
      { from: RUNNING, to: status, set },
      { where: { obsUnitId } },
    ),
  );
  const ids = [...new Set(ends.map(({ id }) => id))];
  const unitIds = [...new Set(ends.map(({ obsUnitId }) => obsUnitId))];
  const looks = [
    lookupStep(dataSource, ofExecutions, 'id', ids),
    lookupStep(dataSource, ofUnits, 'id', unitIds),
  ];
  try {
    const rows = await atOnce(manager, [...moves, ...looks]);
    const [executions = [], units = []] = rows.slice(moves.length);
    const found = executions.map((row) => readerOf(dataSource, ofExecutions).hydrate(row) as ExecutedObsUnit);
    return {
      hasMoved: rows.map((moved) => moved.length > 0),
      executions: new Map(found.map((execution) => [execution.id, execution])),
      units: new Set(units.map((row) => (readerOf(dataSource, ofUnits).hydrate(row) as ObsUnit).id)),
    };
  } catch (cause) {
    if (!isConstraintViolation(cause)) throw cause;
    const subject = ids.length === 1 ? `The end of execution ${ids[0]} was` : 'The ends were';
    const reason = (await whyEndIsRefused(manager, ends, explain(cause))) ?? explain(cause);
    throw new OpsDbError('filing_refused', `${subject} not noted: ${reason}`, { cause });
  }
}

/** What is wrong with the time of one of some ends that the database does not take. */
async function whyEndIsRefused(
  manager: EntityManager,
  ends: readonly End[],
  refused: string,
): Promise<string | undefined> {
  const [end] = ends;
  if (!end || ends.length > 1) return undefined;
  const execution = await manager.findOneBy(ExecutedObsUnit, { id: end.id });
  if (!execution) return undefined;
  const metadata = manager.dataSource.getMetadata(ExecutedObsUnit);
  return whyTimeIsRefused(manager, metadata, { ...execution, ...end.set }, refused);
}
