import { type EntityManager, type EntityMetadata, In, type ObjectLiteral } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { type Dialect, dialectOf } from '../database/dialect.js';
import { withRunner } from '../database/read-runner.js';
import { atOnce, type Step as MoveStep, runStep } from '../database/together.js';
import { PhysicalCopy, PhysicalCopyStatus } from '../entities/index.js';
import { OpsDbError } from '../errors.js';
import { assertText, invalidArgument } from '../values/arguments.js';
import { canonicalRows, type StrictDoor } from '../values/canonical.js';
import { comparableValue } from '../values/comparable.js';
import { deletionRule } from './deletion.js';
import { deletionLockSteps } from './deletion-lock.js';
import { effectsOf } from './effects.js';
import { type Assignments, keptMove } from './move.js';
import { Parameter, type ParameterValues } from './parameter.js';
import { isDue } from './retention.js';
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
 * towards its deletion when the deletion rule allows it, see {@link whereDeletable}, and scheduled for it when age or room ask for it.
 * @param id key of the row
 * @returns false when the row is not there or does not stand where `from` says; nothing was changed then
 * @throws OpsDbError `transition_illegal` when the step is not one that may be taken; `value_invalid` for a key that no row
 *   can have, a value that is none for its column, and a worker without a name
 *
 * @example
 * import { ObsUnit, transition } from 'ccat-ops-db';
 *
 * const { id } = await session.findOneByOrFail(ObsUnit, { state: 'active' });
 *
 * const set = { available: false };
 * const step = { property: 'state', from: 'active', to: 'on_hold', by: 'operator', set };
 * console.log(await transition(session, ObsUnit, id, step)); // true
 * console.log(await transition(session, ObsUnit, id, step)); // false
 */
export async function transition<E extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityClass<E>,
  id: string | number,
  step: Step,
): Promise<boolean> {
  const move = transitionStep(manager, entity, id, step);
  const lifecycle = lifecycleOf(entity, step.property ?? 'status');
  if (!isTowardsDeletion(lifecycle, step.to))
    return (await withRunner(manager, (runner) => runStep(runner, move))).length === 1;
  const copy = manager.createQueryBuilder<PhysicalCopy>(entity as never, 'it').where({ id });
  const locks = deletionLockSteps(entity as never, copy, { skipLocked: false });
  return (await atOnce(manager, [...locks, move])).at(-1)?.length === 1;
}

interface StepOptions {
  readonly where?: Readonly<Record<string, string | number>>;
  readonly mustMove?: boolean;
}

/**
 * The statement of {@link transition}, to be sent together with others; it gives a row where the row has moved.
 * @param options `where`: values that columns of the row must have, too; `mustMove`: on PostgreSQL, whether the row not
 *   moving is an error, so that what is sent together with it is undone
 */
export function transitionStep<E extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityClass<E>,
  id: string | number,
  { from, to, property = 'status', set: given = {}, worker, by = worker, reason }: Step,
  { where = {}, mustMove = false }: StepOptions = {},
): MoveStep {
  const lifecycle = lifecycleOf(entity, property);
  const origins = [from].flat();
  if (origins.length === 0) throw invalidArgument('from', from, 'a status, or several of them');
  for (const [name, value] of Object.entries({ worker, by, reason }))
    if (value !== undefined) assertText(name, value);
  for (const origin of origins) assertLegal(lifecycle, entity.name, origin, to);
  const metadata = manager.dataSource.getMetadata(entity);
  const set = canonicalSet(metadata, given);
  const rowKey = comparableValue(metadata.primaryColumns[0] as ColumnMetadata, id);
  const key = JSON.stringify([
    'transition',
    property,
    origins,
    to,
    worker !== undefined,
    textsOf(set),
    Object.keys(where),
    mustMove,
  ]);
  const compiled = keptMove(metadata, key, () => {
    const pick = manager.dataSource.manager
      .createQueryBuilder<ObjectLiteral>(entity, 'it')
      .where('it.id = :id', { id: new Parameter('id') })
      .andWhere({ [property]: In(origins) });
    if (isTowardsDeletion(lifecycle, to)) pick.andWhere(mayTakeStep(dialectOf(manager), entity, to));
    if (worker !== undefined) pick.andWhere('it.claimedBy = :worker', { worker: new Parameter('worker') });
    for (const name of Object.keys(where))
      pick.andWhere(`it.${name} = :${name}`, { [name]: new Parameter(`where ${name}`) });
    const effects = effectsOf(manager.dataSource, lifecycle, to);
    const move = { lifecycle, to, set: { ...effects, ...slotsFor(set) }, ...NOTE };
    const isDirect = origins.length === 1;
    return { pick, move, returning: [], from: isDirect ? origins[0] : undefined, isDirect, mustMove };
  });
  const conditions = Object.entries(where).map(([name, value]) => [`where ${name}`, value]);
  return compiled({
    ...slotValues(set),
    ...Object.fromEntries(conditions),
    id: rowKey,
    worker,
    by: by ?? null,
    reason: reason ?? null,
  });
}

const SET: StrictDoor = { code: 'value_invalid' };

/** The assignments in canonical form; expressions are left as they are. */
function canonicalSet(metadata: EntityMetadata, given: Assignments): Assignments {
  const entries = Object.entries(given);
  if (entries.length === 0) return given;
  for (const [property, value] of entries)
    if (value === undefined) throw invalidArgument(`set.${property}`, value, 'a value, or null');
  const expressions = entries.filter(([, value]) => typeof value === 'function');
  const values = Object.fromEntries(entries.filter(([, value]) => typeof value !== 'function'));
  return { ...canonicalRows<Assignments>(metadata, SET)(values), ...Object.fromEntries(expressions) };
}

/** For the history. */
const NOTE = { by: new Parameter('by'), reason: new Parameter('reason') };

/** Identifies the assignments: their properties, and the text of expressions. */
function textsOf(set: Assignments): string[] {
  return Object.entries(set).map(([property, value]) =>
    typeof value === 'function' ? `${property} = ${value()}` : property,
  );
}

function slotsFor(set: Assignments): Assignments {
  return Object.fromEntries(
    Object.entries(set).map(([property, value]) => [
      property,
      typeof value === 'function' ? value : new Parameter(`set ${property}`),
    ]),
  );
}

function slotValues(set: Assignments): ParameterValues {
  return Object.fromEntries(Object.entries(set).map(([property, value]) => [`set ${property}`, value]));
}

const TOWARDS_DELETION: readonly string[] = [
  PhysicalCopyStatus.DELETION_SCHEDULED,
  PhysicalCopyStatus.DELETION_IN_PROGRESS,
  PhysicalCopyStatus.DELETED,
];

/** Each step checks the rule, since a copy that could go when it was scheduled may be needed by now. */
function isTowardsDeletion({ entity }: Lifecycle, to: string): boolean {
  return entity === PhysicalCopy && TOWARDS_DELETION.includes(to);
}

/** The end of a deletion is not checked: the check was made before, and the copy is gone already. */
function mayTakeStep(dialect: Dialect, entity: EntityClass<ObjectLiteral>, to: string): string {
  const kind = entity as EntityClass<PhysicalCopy>;
  const isTime = to === PhysicalCopyStatus.DELETION_SCHEDULED ? `AND ${isDue(dialect, kind, 'it')}` : '';
  return `(it.status = '${PhysicalCopyStatus.DELETION_IN_PROGRESS}' OR (${deletionRule(dialect, kind, 'it')} ${isTime}))`;
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
