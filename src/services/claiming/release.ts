import type { DataSource, EntityManager, ObjectLiteral } from 'typeorm';
import { type Dialect, dialectOf } from '../../database/dialect.js';
import { withRunner } from '../../database/read-runner.js';
import { atOnce, runStep, type Step } from '../../database/together.js';
import { PhysicalCopyStatus, Status } from '../../entities/index.js';
import { effectsOf } from '../../lifecycle/effects.js';
import { type Assignments, keyOf, type Move, type Moved, movedOf, moveStep } from '../../lifecycle/move.js';
import type { EntityClass } from '../../lifecycle/transition.js';
import { lifecycleOf } from '../../lifecycle/transitions.js';
import { assertInstant, assertNumber, assertText, invalidArgument, uuidOf } from '../../values/arguments.js';
import { handlingOf, isCopy, oneOf, type Workable } from './handling.js';

/** Pause before the first retry [s]; doubled with each further one. */
const FIRST_BACK_OFF_S = 60;
const LONGEST_BACK_OFF_S = 32 * 60;
/** Length of an error that is stored [characters]. */
const LONGEST_ERROR = 4000;

const { DELETION_FAILED } = PhysicalCopyStatus;

/** A failed attempt. */
export interface Failure {
  /** What went wrong, for people; of a long text the beginning is kept. */
  readonly error: string;
  /** The worker that had the row; the step is not taken when another has it by now. */
  readonly worker: string;
  /** Whether trying again may help; by default yes. A deletion is always tried again. */
  readonly retryable?: boolean;
  /** When the worker got the row; any time where left out. */
  readonly claimedAt?: Date;
}

/**
 * Notes that a try failed: the row becomes pending again after a back-off that doubles with each try, or failed when it
 * was tried as often as it may be or trying again cannot help. A copy that could not be deleted is tried again ever more
 * rarely, without an end.
 * @param id key of the row
 * @returns where the row stands now, or undefined when the worker does not have it any more
 * @throws OpsDbError `value_invalid` when the key is no UUID, the worker has no name, or the error is no text
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import { claim, DataLocation, fail, RawDataPackage, requestStaging, StagingJob } from 'ccat-ops-db';
 *
 * const place = await session.findOneByOrFail(DataLocation, { name: 'ramses_processing' });
 * const packageIds = (await session.find(RawDataPackage)).map(({ id }) => id);
 * await requestStaging(session, { id: randomUUID(), destinationLocationId: place.id, packageIds });
 *
 * const worker = 'stager-1';
 * for (const { id } of await claim(session, StagingJob, { limit: 1, worker })) {
 *   const failure = { worker, error: 'the archive does not answer' };
 *   console.log(await fail(session, StagingJob, id, failure)); // pending
 *   console.log(await fail(session, StagingJob, id, failure)); // undefined
 * }
 * console.log(await claim(session, StagingJob, { limit: 1, worker })); // []
 */
export async function fail<E extends Workable>(
  manager: EntityManager,
  entity: EntityClass<E>,
  id: string,
  { error, worker, retryable = true, claimedAt }: Failure,
): Promise<'pending' | 'failed' | undefined> {
  uuidOf('id', id);
  assertText('worker', worker);
  if (typeof error !== 'string') throw invalidArgument('error', error, 'a text that says what went wrong');
  if (claimedAt !== undefined) assertInstant('claimedAt', claimedAt);
  const to = (condition: string, status: string): Release => ({
    ...heldBy(entity, id, { worker, claimedAt }, condition),
    to: status,
    retries: status !== Status.FAILED,
    error: storable(error),
    by: worker,
    skipLocked: false,
  });
  if (isCopy(entity)) {
    const failed = await release(manager, entity, to('it.retryCount >= 0', DELETION_FAILED));
    return failed.length > 0 ? 'pending' : undefined;
  }
  const forGood = to('it.maxRetries >= 0', Status.FAILED);
  if (!retryable) return (await release(manager, entity, forGood)).length > 0 ? 'failed' : undefined;
  // The second statement moves nothing if the first one has moved the row.
  const again = to('it.retryCount < it.maxRetries', Status.PENDING);
  const [pending = [], failed = []] = await releaseAll(manager, entity, [again, forGood]);
  if (pending.length > 0) return 'pending';
  return failed.length > 0 ? 'failed' : undefined;
}

/** A worker with claimed rows. */
export interface Holder {
  readonly worker: string;
  /** When the worker got the rows; any time where left out. A worker may have got the same row twice. */
  readonly claimedAt?: Date;
}

/** The condition that a row is claimed by the worker. */
function heldBy(
  entity: EntityClass<ObjectLiteral>,
  id: string,
  { worker, claimedAt }: Holder,
  condition = 'it.claimedBy IS NOT NULL',
) {
  const since = claimedAt ? ` AND it.${handlingOf(entity).claimedAt} = :claimedAt` : '';
  return {
    condition: `it.id = :id AND it.claimedBy = :worker${since} AND ${condition}`,
    parameters: { id: keyOf(id), worker, claimedAt },
  };
}

/**
 * Brings a row to its end, from a status that leads there.
 * @returns false when the worker does not have the row, or it stands elsewhere
 */
export async function complete(
  manager: EntityManager,
  entity: EntityClass<Workable>,
  id: string,
  holder: Holder,
): Promise<boolean> {
  const { done, inHand } = handlingOf(entity);
  const { transitions } = lifecycleOf(entity);
  const completed = await release(manager, entity, {
    ...heldBy(entity, id, holder, oneOf(inHand.filter((status) => transitions[status]?.includes(done)))),
    to: done,
    by: holder.worker,
    skipLocked: false,
  });
  return completed.length > 0;
}

/** Gives a row back as it was, for the next worker; that counts as no try. @returns whether the worker had it */
export async function giveBack(
  manager: EntityManager,
  entity: EntityClass<Workable>,
  id: string,
  { reason, ...holder }: Holder & { readonly reason: string },
): Promise<boolean> {
  const given = await release(manager, entity, {
    ...heldBy(entity, id, holder),
    to: handlingOf(entity).released,
    by: holder.worker,
    reason,
    skipLocked: false,
  });
  return given.length > 0;
}

/**
 * Finds the rows whose workers have given no sign of life, and makes them pending again, or failed when they were tried
 * as often as they may be.
 * @param silentForS seconds without a {@link heartbeat} after which a worker counts as dead
 * @param by who does so, for the history
 * @returns the keys of the rows that were released
 * @throws OpsDbError `value_invalid` when the seconds are not a number from 0 on, or nobody does so
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import {
 *   claim,
 *   DataLocation,
 *   RawDataPackage,
 *   releaseStale,
 *   requestStaging,
 *   StagingJob,
 * } from 'ccat-ops-db';
 *
 * const id = randomUUID();
 * const { id: packageId } = await session.findOneByOrFail(RawDataPackage, { state: 'archived' });
 * const processing = await session.findOneByOrFail(DataLocation, { name: 'ramses_processing' });
 * await requestStaging(session, { id, destinationLocationId: processing.id, packageIds: [packageId] });
 * await claim(session, StagingJob, { limit: 10, worker: 'stager-1' });
 *
 * // As if the worker had vanished an hour ago.
 * await session.update(StagingJob, { id }, { heartbeatAt: new Date(Date.now() - 3600 * 1000) });
 * const released = await releaseStale(session, StagingJob, 900, 'watchdog');
 * console.log(released.includes(id)); // true
 * const { status, lastError } = await session.findOneByOrFail(StagingJob, { id });
 * console.log(`${status}: ${lastError}`); // pending: its worker gave no sign of life for 900 s
 */
export async function releaseStale<E extends Workable>(
  manager: EntityManager,
  entity: EntityClass<E>,
  silentForS: number,
  by: string,
): Promise<string[]> {
  assertNumber('silentForS', silentForS);
  assertText('by', by);
  const error = `its worker gave no sign of life for ${silentForS} s`;
  const to = (condition: string, status: string, retries: boolean): Release => ({
    condition: `${silentSince(manager, entity, silentForS)} AND ${condition}`,
    parameters: {},
    to: status,
    retries,
    error,
    by,
    skipLocked: true,
  });
  const releases = isCopy(entity)
    ? [to('it.retryCount >= 0', DELETION_FAILED, false)]
    : [
        to('it.retryCount < it.maxRetries', Status.PENDING, true),
        to('it.retryCount >= it.maxRetries', Status.FAILED, false),
      ];
  return (await releaseAll(manager, entity, releases)).flat().map(({ id }) => String(id));
}

/** A copy without a sign of life was begun by a version that had none; each sign of life also changes the row. */
function silentSince({ dataSource }: EntityManager, entity: EntityClass<Workable>, seconds: number): string {
  const then = dialectOf(dataSource).nowPlus(String(-Number(seconds)));
  return isCopy(entity) ? `(it.heartbeatAt < ${then} OR it.updatedAt < ${then})` : `it.heartbeatAt < ${then}`;
}

interface Release {
  readonly condition: string;
  readonly parameters: ObjectLiteral;
  readonly to: string;
  /** Whether it counts as a try, with a pause before the next one. */
  readonly retries?: boolean;
  readonly error?: string;
  readonly by: string;
  /** For the history; by default the error. */
  readonly reason?: string;
  readonly skipLocked: boolean;
}

/** Releases rows in one round trip, those of each release in turn. */
async function releaseAll(
  manager: EntityManager,
  entity: EntityClass<Workable>,
  releases: readonly Release[],
): Promise<Moved[][]> {
  const steps = releases.map((release) => releaseStep(manager, entity, release));
  return (await atOnce(manager, steps)).map(movedOf);
}

async function release(
  manager: EntityManager,
  entity: EntityClass<Workable>,
  given: Release,
): Promise<Moved[]> {
  const step = releaseStep(manager, entity, given);
  return movedOf(await withRunner(manager, (runner) => runStep(runner, step)));
}

function releaseStep(
  manager: EntityManager,
  entity: EntityClass<Workable>,
  { condition, parameters, to, retries, error, by, reason = error, skipLocked }: Release,
): Step {
  const { dataSource } = manager;
  const lifecycle = lifecycleOf(entity);
  const pick = manager
    .createQueryBuilder<ObjectLiteral>(entity, 'it')
    .where(condition, parameters)
    // In the very words of the index of claimed rows; otherwise SQLite does not use it.
    .andWhere(oneOf(handlingOf(entity).inHand));
  const set = {
    ...effectsOf(dataSource, lifecycle, to),
    ...(retries ? nextTry(dataSource) : {}),
    ...(error === undefined ? {} : { lastError: error }),
  };
  const move: Move = { lifecycle, to, set, by, reason: reason ?? null, skipLocked };
  return moveStep(dataSource.getMetadata(entity), pick, move);
}

/** What is set when a try has failed and there is to be another one, after a pause that doubles with each. */
export function nextTry(dataSource: DataSource): Assignments {
  return {
    retryCount: () => '"retry_count" + 1',
    nextRetryAt: () => dialectOf(dataSource).nowPlus(backOff(dialectOf(dataSource))),
  };
}

/** A text that both databases take, whatever a program wrote to its error stream: not empty, bounded, without NUL and half characters. */
export function storable(error: string): string {
  // A cut within a character would leave half of a surrogate pair.
  const bounded = error.slice(0, LONGEST_ERROR).replace(/[\0\p{Cs}]/gu, '');
  return bounded || 'no reason was given';
}

function backOff({ least, powerOfTwo }: Dialect): string {
  const doubled = powerOfTwo(least('"retry_count"', '10'));
  return least(String(LONGEST_BACK_OFF_S), `${FIRST_BACK_OFF_S} * ${doubled}`);
}
