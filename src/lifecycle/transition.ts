import { type EntityManager, In, type ObjectLiteral } from 'typeorm';
import { PhysicalCopy, PhysicalCopyStatus } from '../entities/index.js';
import { OpsDbError } from '../errors.js';
import { deletionRule } from './deletion.js';
import { effectsOf } from './effects.js';
import { type Assignments, keyOf, moveRows } from './move.js';
import { type Lifecycle, lifecycleOf } from './transitions.js';

/** A class of the model with an `id`. */
export type EntityClass<E> = abstract new () => E;

/** One step of one row. */
export interface Step {
  /** The status that the row must have, or several of them. */
  readonly from: string | readonly string[];
  /** The status to move to. */
  readonly to: string;
  /** The property that changes; by default `status`. */
  readonly property?: string;
  /** What else is set in the same statement. */
  readonly set?: Assignments;
  /** Only if this worker has the row, so that a worker that was given up cannot overwrite its successor. */
  readonly worker?: string;
  /** Who takes the step, for the history; by default the worker. */
  readonly by?: string;
  /** Why, for the history. */
  readonly reason?: string;
}

/**
 * Moves one row to another status: a single conditional UPDATE, noted in the history in the same transaction. Entering
 * a status also sets what goes with it, such as `finishedAt`. A copy is only moved
 * towards its deletion when the deletion rule allows it, see {@link whereDeletable}.
 * @param id key of the row
 * @returns false when the row is not there or does not stand where `from` says; nothing was changed then
 * @throws OpsDbError `transition_illegal` when the step is not one that may be taken
 *
 * @example
 * import { initCcatOpsDb, ObsUnit, readSeedData, transition, writeSeedData } from 'ccat-ops-db';
 *
 * const { session, dataSource } = await initCcatOpsDb({ database: ':memory:' });
 * await dataSource.transaction((manager) => writeSeedData(manager, readSeedData(dataSource)));
 * const { id } = await session.findOneByOrFail(ObsUnit, { state: 'active' });
 *
 * const set = { available: false };
 * const step = { property: 'state', from: 'active', to: 'on_hold', by: 'operator', set };
 * console.log(await transition(session, ObsUnit, id, step)); // true
 * console.log(await transition(session, ObsUnit, id, step)); // false
 * await dataSource.destroy();
 */
export async function transition<E extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityClass<E>,
  id: string | number,
  { from, to, property = 'status', set = {}, worker, by = worker, reason }: Step,
): Promise<boolean> {
  const lifecycle = lifecycleOf(entity, property);
  const origins = [from].flat();
  for (const origin of origins) assertLegal(lifecycle, entity.name, origin, to);
  const pick = manager
    .createQueryBuilder<ObjectLiteral>(entity, 'it')
    .where({ id: keyOf(id), [property]: In(origins) });
  if (isTowardsDeletion(lifecycle, to)) pick.andWhere(mayTakeStep(entity));
  if (worker !== undefined) pick.andWhere('it.claimedBy = :worker', { worker });
  const moved = await moveRows(manager, manager.dataSource.getMetadata(entity), pick, {
    lifecycle,
    to,
    set: { ...effectsOf(manager.dataSource, lifecycle, to), ...set },
    by: by ?? null,
    reason: reason ?? null,
  });
  return moved.length === 1;
}

const TOWARDS_DELETION: readonly string[] = [
  PhysicalCopyStatus.DELETION_SCHEDULED,
  PhysicalCopyStatus.DELETION_IN_PROGRESS,
  PhysicalCopyStatus.DELETED,
];

/** Each step asks, since what was free to go when it was scheduled may be needed by now. */
function isTowardsDeletion({ entity }: Lifecycle, to: string): boolean {
  return entity === PhysicalCopy && TOWARDS_DELETION.includes(to);
}

/** What is being deleted was asked for before, and is gone by the time that somebody says so. */
function mayTakeStep(entity: EntityClass<ObjectLiteral>): string {
  const rule = deletionRule(entity as EntityClass<PhysicalCopy>, 'it');
  return `(it.status = '${PhysicalCopyStatus.DELETION_IN_PROGRESS}' OR ${rule})`;
}

function assertLegal({ transitions, property }: Lifecycle, entity: string, from: string, to: string): void {
  const allowed = transitions[from];
  if (allowed?.includes(to)) return;
  const known = Object.keys(transitions).join(', ');
  throw new OpsDbError(
    'transition_illegal',
    allowed
      ? `${entity}.${property} cannot go from ${from} to ${to}; from ${from} it may go to: ${allowed.join(', ') || 'nothing, it is an end'}`
      : `${entity}.${property} is never ${from}; it is one of: ${known}`,
  );
}
