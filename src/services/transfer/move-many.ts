import type { EntityManager, FindOptionsWhere, ObjectLiteral } from 'typeorm';
import { withRunner } from '../../database/read-runner.js';
import { runStep, type Step } from '../../database/together.js';
import { effectsOf } from '../../lifecycle/effects.js';
import type { EntityClass } from '../../lifecycle/index.js';
import { lifecycleOf } from '../../lifecycle/index.js';
import { type Assignments, type Moved, movedOf, moveStep } from '../../lifecycle/move.js';

/** A step that many rows take at once. */
export interface ManySteps<E> {
  /** Which rows, beside their status. */
  readonly where: FindOptionsWhere<E>;
  readonly from: readonly string[];
  readonly to: string;
  readonly property?: string;
  readonly set?: Assignments;
  readonly by: string;
  readonly reason?: string;
}

/** Moves all rows that stand where `from` says, in one statement and with their history. */
export async function moveMany<E extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityClass<E>,
  steps: ManySteps<E>,
): Promise<Moved[]> {
  const step = moveManyStep(manager, entity, steps);
  return movedOf(await withRunner(manager, (runner) => runStep(runner, step)));
}

/** The statement of {@link moveMany}, to be sent together with others; it gives a row for each that has moved. */
export function moveManyStep<E extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityClass<E>,
  { where, from, to, property = 'status', set = {}, by, reason }: ManySteps<E>,
): Step {
  const { dataSource } = manager;
  const lifecycle = lifecycleOf(entity, property);
  const pick = manager
    .createQueryBuilder<ObjectLiteral>(entity, 'it')
    .where(where)
    .andWhere(`it.${property} IN (:...origins)`, { origins: from })
    // In one order, so that two who move the same rows do not wait for each other.
    .orderBy('it.id');
  const effects = effectsOf(dataSource, lifecycle, to);
  return moveStep(dataSource.getMetadata(entity), pick, {
    lifecycle,
    to,
    set: { ...effects, ...set },
    by,
    reason: reason ?? null,
  });
}
