import type { EntityManager } from 'typeorm';
import { isConstraintViolation } from '../database/constraint-violation.js';
import { snakeCase } from '../database/naming.js';
import { ExecutedObsUnit, ObsUnit, ObsUnitState } from '../entities/index.js';
import { transition } from '../lifecycle/index.js';
import type { FaultList } from '../seed/fault-list.js';
import { KeyLookup } from '../seed/key-lookup.js';
import { seedPlan } from '../seed/plan.js';
import type { Found } from '../seed/row-reader.js';

/** What became of a row that the index lists as removed. */
export interface Removal {
  readonly entity: string;
  /** The natural key of the row. */
  readonly key: string;
  /** `retired`: it is an obs unit that has been executed, so it stays. `absent`: it was not there. */
  readonly outcome: 'removed' | 'retired' | 'absent';
}

/** Who removes, as the history names it, and where faults are reported. */
interface Context {
  readonly manager: EntityManager;
  readonly found: Found;
  readonly faults: FaultList;
  readonly by: string;
}

/**
 * Removes the rows that an index lists, what refers to others before these. An obs unit that has been executed is
 * retired instead: its data stay and refer to it.
 * @param listed natural keys by name of the entity
 */
export async function removeListed(
  listed: Readonly<Record<string, readonly string[]>>,
  context: Context,
): Promise<Removal[]> {
  const removals: Removal[] = [];
  const lookup = new KeyLookup(context.manager);
  for (const { entity } of seedPlan.toReversed()) {
    const metadata = context.manager.dataSource.getMetadata(entity);
    const keys = listed[snakeCase(entity.name)] ?? [];
    const rows = await lookup.find(metadata, keys);
    for (const key of keys) {
      const id = rows.get(key)?.id;
      if (context.found.keysOf(metadata).has(key))
        reportFault(context, metadata.tableName, key, 'stands in the files as well');
      else if (id === undefined) removals.push({ entity: entity.name, key, outcome: 'absent' });
      else removals.push({ entity: entity.name, key, outcome: await remove(context, entity, id, key) });
    }
  }
  return removals;
}

async function remove(
  context: Context,
  entity: new () => object,
  id: number,
  key: string,
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
    reportFault(context, snakeCase(entity.name), key, `is in use: ${(error as Error).message}`);
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

function reportFault({ faults }: Context, key: string, value: string, message: string): void {
  faults.report({ origin: 'removed', key, value: JSON.stringify(value), message });
}
