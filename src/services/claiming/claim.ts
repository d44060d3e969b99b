import {
  type EntityManager,
  type EntityMetadata,
  type FindOptionsWhere,
  type ObjectLiteral,
  type QueryRunner,
  Raw,
  type SelectQueryBuilder,
} from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { dialectOf } from '../../database/dialect.js';
import { withRunner } from '../../database/read-runner.js';
import { asOne, type Step, together } from '../../database/together.js';
import { comparedWith } from '../../database/typeorm/select-query-builder.js';
import { OpsDbError } from '../../errors.js';
import { deletionLockSteps, IS_LOCKED } from '../../lifecycle/deletion-lock.js';
import { effectsOf } from '../../lifecycle/effects.js';
import { compiledMove, keptMove, type Move } from '../../lifecycle/move.js';
import { Parameter } from '../../lifecycle/parameter.js';
import type { EntityClass } from '../../lifecycle/transition.js';
import { lifecycleOf } from '../../lifecycle/transitions.js';
import { assertOptions, assertText, assertWhole, invalidArgument } from '../../values/arguments.js';
import { selectedColumns } from '../reading/hydrator.js';
import { loaded } from '../reading/read-rows.js';
import { readerOf } from '../reading/reader.js';
import { type Handling, handlingOf, isCopy, type Workable, whereDue } from './handling.js';

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
 * given to one worker only, however many ask at once. Of copies a worker gets those whose deletion is scheduled, or has
 * failed and is due again, and that may go, see {@link whereDeletable}.
 * @returns the rows as entities in the order in which they are to be done; empty when there is nothing to do
 * @throws OpsDbError `value_invalid` when the limit is not a whole number from 0 on, the worker has no name, or a condition
 *   has no value or one that its column can never have; `read_unsupported` when a condition is not on a column of the rows,
 *   but on a relation; TypeError for a class that nobody works on
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
export async function claim<E extends Workable>(
  manager: EntityManager,
  entity: EntityClass<E>,
  { where: given = {} as FindOptionsWhere<E>, limit, worker }: Claim<E>,
): Promise<E[]> {
  // To SQLite a negative limit is no limit.
  assertWhole('limit', limit);
  assertText('worker', worker);
  const metadata = manager.dataSource.getMetadata(entity);
  assertOnColumns(metadata, given);
  const where = conditionsOf(metadata, given);
  const needsLocks = isCopy(entity) && dialectOf(manager).hasServer;
  const steps = needsLocks
    ? lockedSteps(manager, entity, { where, limit, worker })
    : [claimStep(manager, entity, { where, limit, worker })];
  const { hydrate } = readerOf(manager.dataSource, metadata);
  const send = async (runner: QueryRunner) => {
    const rows = (await together(runner, steps)).at(-1) ?? [];
    const entities = rows.map((row) => hydrate(row.slice(BEFORE_COLUMNS))) as E[];
    if (manager.dataSource.subscribers.length > 0) await loaded(runner, metadata, entities);
    return entities;
  };
  const claimed = await (needsLocks ? asOne(manager, send) : withRunner(manager, send));
  return claimed.sort(inOrder(handlingOf(entity)));
}

/** Key and former status, which a move gives in front of the columns that are returned. */
const BEFORE_COLUMNS = 2;

/** The steps of a claim of copies on PostgreSQL, which first lock what the copies are copies of. */
function lockedSteps<E extends Workable>(
  manager: EntityManager,
  entity: EntityClass<E>,
  { where, limit, worker }: Required<Claim<E>>,
): Step[] {
  const due = dueRows(manager, entity, limit).andWhere(where);
  const locks = deletionLockSteps(entity as never, due, { skipLocked: true });
  const locked = { ...where, id: Raw(() => IS_LOCKED) } as FindOptionsWhere<E>;
  return [...locks, claimStep(manager, entity, { where: locked, limit, worker })];
}

function claimStep<E extends Workable>(
  manager: EntityManager,
  entity: EntityClass<E>,
  { where, limit, worker }: Required<Claim<E>>,
): Step {
  const metadata = manager.dataSource.getMetadata(entity);
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
  return run({ worker, ...Object.fromEntries(conditions) });
}

/** Sorts by the order of work; the database returns moved rows in no particular order. */
function inOrder({ order }: Handling): (a: ObjectLiteral, b: ObjectLiteral) => number {
  return (a, b) => {
    for (const [property, direction] of order) {
      // To compare instants themselves takes several times as long.
      const [one, other] = [a[property].valueOf(), b[property].valueOf()];
      if (one !== other) return one < other === (direction === 'ASC') ? -1 : 1;
    }
    return 0;
  };
}

/** The conditions with canonical values. */
function conditionsOf<E>(metadata: EntityMetadata, given: FindOptionsWhere<E>): FindOptionsWhere<E> {
  const conditions = Object.entries(given).map(([property, value]) => {
    if (value === undefined || value === null)
      throw invalidArgument(`where.${property}`, value, 'a value, or IsNull() for rows that have none');
    const column = metadata.findColumnWithPropertyName(property) as ColumnMetadata;
    return [property, comparedWith(column, value)];
  });
  return Object.fromEntries(conditions);
}

function assertOnColumns({ name, columns }: EntityMetadata, where: object): void {
  assertOptions('where', where);
  const own = columns.map(({ propertyName }) => propertyName);
  const other = Object.keys(where).find((property) => !own.includes(property));
  if (other !== undefined)
    throw new OpsDbError(
      'read_unsupported',
      `a claim of ${name} takes conditions on its own columns only, and ${other} is none; they are: ${own.join(', ')}`,
    );
}

/** The waiting rows that are due, in the order of work. */
function dueRows(
  { dataSource }: EntityManager,
  entity: EntityClass<ObjectLiteral>,
  limit: number,
): SelectQueryBuilder<ObjectLiteral> {
  const pick = whereDue(dataSource.manager.createQueryBuilder<ObjectLiteral>(entity, 'it'), entity);
  for (const [property, direction] of handlingOf(entity).order) pick.addOrderBy(`it.${property}`, direction);
  return pick.limit(limit);
}

/** The step that assigns rows to a worker. */
function claimOf(metadata: EntityMetadata, pick: SelectQueryBuilder<ObjectLiteral>) {
  const entity = metadata.target as EntityClass<Workable>;
  const lifecycle = lifecycleOf(entity);
  const { waiting, claimed: to } = handlingOf(entity);
  const worker = new Parameter('worker');
  const set = { ...effectsOf(metadata.dataSource, lifecycle, to), claimedBy: worker };
  const move: Move = { lifecycle, to, set, by: worker, reason: null, skipLocked: true };
  const from = waiting.length === 1 ? waiting[0] : undefined;
  return { pick, move, returning: selectedColumns(metadata), from };
}

/** Whether conditions are the same text whatever their values are: columns that are to equal something. */
function isPlain({ columns }: EntityMetadata, where: object): boolean {
  return Object.entries(where).every(
    ([property, value]) =>
      (typeof value === 'string' || typeof value === 'number') &&
      columns.some(({ propertyName, transformer }) => propertyName === property && !transformer),
  );
}
