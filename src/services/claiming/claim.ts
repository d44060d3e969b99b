import {
  type EntityManager,
  type EntityMetadata,
  type FindOptionsWhere,
  In,
  type ObjectLiteral,
  type SelectQueryBuilder,
} from 'typeorm';
import { type Dialect, dialectOf } from '../../database/dialect.js';
import { withRunner } from '../../database/read-runner.js';
import { RunStatus, Status } from '../../entities/index.js';
import type { Work } from '../../entities/work.js';
import { OpsDbError } from '../../errors.js';
import { effectsOf } from '../../lifecycle/effects.js';
import { compiledMove, keptMove, keyOf, type Move, type Moved, moveRows } from '../../lifecycle/move.js';
import { Parameter } from '../../lifecycle/parameter.js';
import type { EntityClass } from '../../lifecycle/transition.js';
import { type Lifecycle, lifecycleOf } from '../../lifecycle/transitions.js';
import { selectedColumns } from '../reading/hydrator.js';
import { loaded } from '../reading/read.js';
import { readerOf } from '../reading/reader.js';

/** Seconds to the first new try; doubled with each further one. */
const FIRST_BACK_OFF_S = 60;
const LONGEST_BACK_OFF_S = 32 * 60;
/** What is kept of an error [characters]. */
const LONGEST_ERROR = 4000;

/** Which rows a worker asks for. */
export interface Claim<E> {
  /** Conditions on columns of the rows themselves, such as the key of the location that the worker works at. */
  readonly where?: FindOptionsWhere<E>;
  /** How many rows at most, a whole number. */
  readonly limit: number;
  /** Name of the worker, unique among all that run. */
  readonly worker: string;
}

/**
 * Gives a worker the pending rows that are due, those of highest priority first and the oldest of these. Each row is
 * given to one worker only, however many ask at once.
 * @returns the rows as entities in the order in which they are to be done; empty when there is nothing to do
 * @throws RangeError when the limit is not a whole number from 0 on; OpsDbError `read_unsupported` when a condition is
 *   not on a column of the rows, but on a relation
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import {
 *   claim,
 *   DataLocation,
 *   fileRawDataPackage,
 *   InstrumentModule,
 *   ObsUnit,
 *   RawDataPackage,
 *   startObservation,
 *   transition,
 * } from 'ccat-ops-db';
 *
 * const { id: obsUnitId } = await session.findOneByOrFail(ObsUnit, { available: true });
 * const { id: instrumentModuleId } = await session.findOneByOrFail(InstrumentModule, { name: 'LFA' });
 * const { id: sourceLocationId } = await session.findOneByOrFail(DataLocation, { name: 'chai_raw_data' });
 * const executedObsUnitId = await startObservation(session, { obsUnitId, startTime: new Date() });
 * const origin = { executedObsUnitId, instrumentModuleId, sourceLocationId };
 * await fileRawDataPackage(session, { ...origin, id: randomUUID(), fileIds: [] });
 *
 * const worker = 'builder-1';
 * const [work] = await claim(session, RawDataPackage, { limit: 1, worker });
 * const step = { from: 'scheduled', to: 'in_progress', worker };
 * console.log(work && (await transition(session, RawDataPackage, work.id, step))); // true
 * console.log(await claim(session, RawDataPackage, { limit: 1, worker: 'builder-2' })); // []
 */
export async function claim<E extends Work & ObjectLiteral>(
  manager: EntityManager,
  entity: EntityClass<E>,
  { where = {} as FindOptionsWhere<E>, limit, worker }: Claim<E>,
): Promise<E[]> {
  // SQLite takes a negative limit for none at all.
  if (!Number.isSafeInteger(limit) || limit < 0)
    throw new RangeError(`limit is ${limit}; it must be a whole number from 0 on`);
  const metadata = manager.dataSource.getMetadata(entity);
  assertOnColumns(metadata, where);
  const key = JSON.stringify(['claim', limit, Object.keys(where)]);
  const run = isPlain(metadata, where)
    ? keptMove(metadata, key, () => {
        const pick = dueRows(manager, entity, limit);
        for (const property of Object.keys(where))
          pick.andWhere(`it.${property} = :${property}`, { [property]: new Parameter(`where ${property}`) });
        return claimOf(metadata, pick);
      })
    : compiledMove({
        metadata,
        ...claimOf(metadata, dueRows(manager, entity, limit).andWhere(where)),
        isKept: false,
      });
  const conditions = Object.entries(where).map(([property, value]) => [`where ${property}`, value]);
  const values = { worker, ...Object.fromEntries(conditions) };
  const { hydrate } = readerOf(manager.dataSource, metadata);
  const claimed = await withRunner(manager, async (runner) => {
    const rows = await run(runner, values);
    return loaded(
      runner,
      metadata,
      rows.map(([, , ...row]) => hydrate(row)),
    ) as Promise<E[]>;
  });
  return claimed.sort(
    (a, b) =>
      b.priority - a.priority || a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1),
  );
}

function assertOnColumns({ name, columns }: EntityMetadata, where: object): void {
  const own = columns.map(({ propertyName }) => propertyName);
  const other = Object.keys(where).find((property) => !own.includes(property));
  if (other !== undefined)
    throw new OpsDbError(
      'read_unsupported',
      `a claim of ${name} takes conditions on its own columns only, and ${other} is none; they are: ${own.join(', ')}`,
    );
}

/** The pending rows that are due, those to be done first at the front. */
function dueRows<E extends Work & ObjectLiteral>(
  { dataSource }: EntityManager,
  entity: EntityClass<E>,
  limit: number,
): SelectQueryBuilder<ObjectLiteral> {
  return dataSource.manager
    .createQueryBuilder<ObjectLiteral>(entity, 'it')
    .where(`it.status = '${Status.PENDING}'`)
    .andWhere(`(it.nextRetryAt IS NULL OR it.nextRetryAt <= ${dialectOf(dataSource).now})`)
    .orderBy('it.priority', 'DESC')
    .addOrderBy('it.createdAt')
    .addOrderBy('it.id')
    .limit(limit);
}

/** The move that gives rows to a worker. */
function claimOf(metadata: EntityMetadata, pick: SelectQueryBuilder<ObjectLiteral>) {
  const lifecycle = lifecycleOf(metadata.target as EntityClass<Work>);
  const to = claimedStatus(lifecycle);
  const worker = new Parameter('worker');
  const set = { ...effectsOf(metadata.dataSource, lifecycle, to), claimedBy: worker };
  const move: Move = { lifecycle, to, set, by: worker, reason: null, skipLocked: true };
  return { pick, move, returning: selectedColumns(metadata) };
}

/** Whether conditions are the same text whatever their values are: columns that are to equal something. */
function isPlain({ columns }: EntityMetadata, where: object): boolean {
  return Object.entries(where).every(
    ([property, value]) =>
      (typeof value === 'string' || typeof value === 'number') &&
      columns.some(({ propertyName, transformer }) => propertyName === property && !transformer),
  );
}

/**
 * Says that a worker is still at its rows, so that they are not taken from it.
 * @param ids keys of the rows
 * @param worker name of the worker, as it claimed them
 * @returns how many of the rows the worker still has
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import { claim, DataLocation, heartbeat, RawDataPackage, requestStaging, StagingJob } from 'ccat-ops-db';
 *
 * const { id: packageId } = await session.findOneByOrFail(RawDataPackage, { state: 'archived' });
 * const processing = await session.findOneByOrFail(DataLocation, { name: 'ramses_processing' });
 * const request = { id: randomUUID(), destinationLocationId: processing.id, packageIds: [packageId] };
 * await requestStaging(session, request);
 *
 * const jobs = await claim(session, StagingJob, { limit: 10, worker: 'stager-1' });
 * const ids = jobs.map(({ id }) => id);
 * console.log(await heartbeat(session, StagingJob, ids, 'stager-1')); // 1
 * console.log(await heartbeat(session, StagingJob, ids, 'stager-2')); // 0
 */
export async function heartbeat<E extends Work & ObjectLiteral>(
  manager: EntityManager,
  entity: EntityClass<E>,
  ids: readonly string[],
  worker: string,
): Promise<number> {
  const { affected } = await manager
    .createQueryBuilder()
    .update(entity)
    .set({ heartbeatAt: () => dialectOf(manager).now } as object)
    .where({ id: In(ids.map(keyOf)), claimedBy: worker })
    .execute();
  return affected ?? 0;
}

/** How a try failed. */
export interface Failure {
  /** What went wrong, for people; of a long text the beginning is kept. */
  readonly error: string;
  /** The worker that had the row; the step is not taken when another has it by now. */
  readonly worker: string;
  /** Whether trying again may help; by default yes. */
  readonly retryable?: boolean;
}

/**
 * Notes that a try failed: the row becomes pending again after a back-off that doubles with each try, or failed when it
 * was tried as often as it may be or trying again cannot help.
 * @param id key of the row
 * @returns where the row stands now, or undefined when the worker does not have it any more
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
export async function fail<E extends Work & ObjectLiteral>(
  manager: EntityManager,
  entity: EntityClass<E>,
  id: string,
  { error, worker, retryable = true }: Failure,
): Promise<'pending' | 'failed' | undefined> {
  const give = (condition: string, to: Release['to']) =>
    release(manager, entity, {
      condition: `it.id = :id AND it.claimedBy = :worker AND ${condition}`,
      parameters: { id: keyOf(id), worker },
      to,
      error: storable(error),
      by: worker,
      skipLocked: false,
    });
  if (retryable && (await give('it.retryCount < it.maxRetries', 'pending')).length > 0) return 'pending';
  return (await give('it.maxRetries >= 0', 'failed')).length > 0 ? 'failed' : undefined;
}

/**
 * Finds the rows whose workers have given no sign of life, and makes them pending again, or failed when they were tried
 * as often as they may be.
 * @param silentForS seconds without a {@link heartbeat} after which a worker counts as dead
 * @param by who does so, for the history
 * @returns the keys of the rows that were released
 * @throws RangeError when the seconds are not a number from 0 on
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
export async function releaseStale<E extends Work & ObjectLiteral>(
  manager: EntityManager,
  entity: EntityClass<E>,
  silentForS: number,
  by: string,
): Promise<string[]> {
  if (!(silentForS >= 0)) throw new RangeError(`silentForS is ${silentForS}; it must be a number from 0 on`);
  const silent = `it.heartbeatAt < ${dialectOf(manager).nowPlus(String(-Number(silentForS)))}`;
  const error = `its worker gave no sign of life for ${silentForS} s`;
  const give = (condition: string, to: Release['to']) =>
    release(manager, entity, {
      condition: `${silent} AND ${condition}`,
      parameters: {},
      to,
      error,
      by,
      skipLocked: true,
    });
  const released = [
    ...(await give('it.retryCount < it.maxRetries', 'pending')),
    ...(await give('it.retryCount >= it.maxRetries', 'failed')),
  ];
  return released.map(({ id }) => String(id));
}

interface Release {
  readonly condition: string;
  readonly parameters: ObjectLiteral;
  readonly to: 'pending' | 'failed';
  readonly error: string;
  readonly by: string;
  readonly skipLocked: boolean;
}

function release<E extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityClass<E>,
  { condition, parameters, to, error, by, skipLocked }: Release,
): Promise<Moved[]> {
  const { dataSource } = manager;
  const lifecycle = lifecycleOf(entity);
  const pick = manager
    .createQueryBuilder<ObjectLiteral>(entity, 'it')
    .where(condition, parameters)
    // Word for word as in the index of what is in hand, without which SQLite does not use it.
    .andWhere(
      `it.status IN (${inHandStatuses(lifecycle)
        .map((status) => `'${status}'`)
        .join(', ')})`,
    );
  const retry = {
    retryCount: () => '"retry_count" + 1',
    nextRetryAt: () => dialectOf(dataSource).nowPlus(backOff(dialectOf(dataSource))),
  };
  const set = {
    ...effectsOf(dataSource, lifecycle, to),
    ...(to === 'pending' ? retry : {}),
    lastError: error,
  };
  const move: Move = { lifecycle, to, set, by, reason: error, skipLocked };
  return moveRows(manager, dataSource.getMetadata(entity), pick, move);
}

/** A text that both databases take, whatever a program wrote to its error stream: not empty, bounded, without NUL. */
function storable(error: string): string {
  return error.replaceAll('\0', '').slice(0, LONGEST_ERROR) || 'no reason was given';
}

/** The status that a row has while a worker has it, first: on the way from pending to its end. */
function claimedStatus({ transitions }: Lifecycle): string {
  return RunStatus.STAGING_DATA in transitions ? RunStatus.STAGING_DATA : Status.SCHEDULED;
}

function inHandStatuses({ transitions }: Lifecycle): string[] {
  return Object.entries(transitions)
    .filter(([status, next]) => status !== Status.PENDING && next.includes(Status.FAILED))
    .map(([status]) => status);
}

function backOff({ least, powerOfTwo }: Dialect): string {
  const doubled = powerOfTwo(least('"retry_count"', '10'));
  return least(String(LONGEST_BACK_OFF_S), `${FIRST_BACK_OFF_S} * ${doubled}`);
}
