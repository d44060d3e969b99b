import type { EntityManager } from 'typeorm';
import { isConstraintViolation } from '../../database/constraint-violation.js';
import { ExecutedObsUnit, ObsUnit, ObsUnitState } from '../../entities/index.js';
import { snakeCase } from '../../entities/snake-case.js';
import { transition } from '../../lifecycle/index.js';
import { seedPlan } from '../../seed/plan.js';
import type { IssueList } from '../../tabular/issue-list.js';
import { KeyLookup } from '../../tabular/key-lookup.js';
import type { Found } from '../../tabular/row-reader.js';
import type { ListedRemoval } from './index-file.js';

/** The outcome for a row that the index lists as removed. */
export interface Removal {
  /** Name of the entity that the row is of. */
  readonly entity: string;
  /** The natural key of the row. */
  readonly key: string;
  /** `retired`: it is an obs unit that has been executed, so it stays. `absent`: it was not there. */
  readonly outcome: 'removed' | 'retired' | 'absent';
}

/** Name for the history, and the list of issues. */
interface Context {
  readonly manager: EntityManager;
  readonly found: Found;
  readonly issues: IssueList;
  readonly by: string;
}

/**
 * Removes the rows that an index lists, referring rows before those that they refer to. An obs unit that has been
 * executed is retired instead: its data stay and refer to it.
 */
export async function removeListed(listed: readonly ListedRemoval[], context: Context): Promise<Removal[]> {
  const removals: Removal[] = [];
  const lookup = new KeyLookup(context.manager, seedPlan);
  for (const { entity } of seedPlan.toReversed()) {
    const mine = listed.filter((row) => row.entity === snakeCase(entity.name));
    const metadata = context.manager.dataSource.getMetadata(entity);
    const rows = await lookup.find(
      metadata,
      mine.map(({ key }) => key),
    );
    for (const row of mine) {
      const { key } = row;
      const id = rows.get(key)?.id;
      if (context.found.placeOf(metadata, key)) report(context, row, 'stands in the files as well');
      else if (id === undefined) removals.push({ entity: entity.name, key, outcome: 'absent' });
      else removals.push({ entity: entity.name, key, outcome: await remove(context, entity, id, row) });
    }
  }
  return removals;
}

async function remove(
  context: Context,
  entity: new () => object,
  id: number,
  row: ListedRemoval,
): Promise<'removed' | 'retired'> {
  const { manager } = context;
  if (entity === ObsUnit && (await manager.existsBy(ExecutedObsUnit, { obsUnitId: id }))) {
    await retire(context, id);
    return 'retired';
  }
  try {
    await manager.transaction((nested) => nested.delete(entity, id));
  } catch (error) {
    if (!isConstraintViolation(error)) throw error;
    report(context, row, 'is in use: other rows refer to it');
  }
  return 'removed';
}

async function retire({ manager, by }: Context, id: number): Promise<void> {
  const { state } = await manager.findOneByOrFail(ObsUnit, { id });
  if (state === ObsUnitState.RETIRED) return;
  const reason = 'removed from the input files, but has been executed';
  const set = { available: false, availabilityReason: reason, availabilitySince: new Date() };
  await transition(manager, ObsUnit, id, {
    from: state,
    to: ObsUnitState.RETIRED,
    property: 'state',
    set,
    by,
    reason,
  });
}

function report({ issues }: Context, { entity, key, origin }: ListedRemoval, message: string): void {
  issues.report({ origin, key: entity, value: JSON.stringify(key), message });
}
