import { type EntityManager, MoreThan } from 'typeorm';
import { CHUNK } from '../../database/chunks.js';
import { ObsUnit } from '../../entities/index.js';
import { loadFollowedSources } from '../sky/followed.js';
import { type Dispatch, type DispatchOptions, dispatchOf } from './dispatch-of.js';
import { DISPATCH_RELATIONS } from './unit.js';

/** How many units of a mode may be stored and can be dispatched. */
export interface ModeSummary {
  /** Name of the mode. */
  readonly mode: string;
  /** Whether its units are scans that the dispatch has a task for. */
  readonly isScan: boolean;
  /** Units whose scan parameters the survey planner could write. */
  readonly storable: number;
  /** Units that can be dispatched. */
  readonly dispatchable: number;
  /** Units that are available to the scheduler. */
  readonly available: number;
  /** Available units that can be dispatched. */
  readonly availableDispatchable: number;
  /** All units of the mode. */
  readonly all: number;
}

/**
 * How many units of each mode may be stored and can be dispatched.
 * @param options when and where, for units with a body as their source
 *
 * @example
 * import { dispatchSummary } from 'ccat-ops-db';
 *
 * const [daisies] = (await dispatchSummary(session)).filter(({ mode }) => mode === 'daisy');
 * console.log(daisies?.storable, daisies?.dispatchable, daisies?.all); // 50 50 50
 */
export async function dispatchSummary(
  manager: EntityManager,
  options: DispatchOptions = {},
): Promise<ModeSummary[]> {
  const modes = new Map<string, ModeSummary>();
  for await (const [unit, dispatch] of dispatches(manager, options)) {
    const mode = unit.obsMode?.name ?? '';
    const { storable, dispatchable, available, availableDispatchable, all } = modes.get(mode) ?? NONE;
    const isReady = dispatch.dispatchable;
    modes.set(mode, {
      mode,
      isScan: dispatch.pattern !== null,
      storable: storable + Number(dispatch.storable),
      dispatchable: dispatchable + Number(isReady),
      available: available + Number(unit.available),
      availableDispatchable: availableDispatchable + Number(unit.available && isReady),
      all: all + 1,
    });
  }
  return [...modes.values()].sort((a, b) => (a.mode < b.mode ? -1 : 1));
}

const NONE = { storable: 0, dispatchable: 0, available: 0, availableDispatchable: 0, all: 0 };

/** Every unit with what the dispatch is to be given for it, in the order of their keys. */
export async function* dispatches(
  manager: EntityManager,
  options: DispatchOptions = {},
): AsyncGenerator<[ObsUnit, Dispatch]> {
  for (let last = 0; ; ) {
    const units = await manager.find(ObsUnit, {
      where: { id: MoreThan(last) },
      relations: DISPATCH_RELATIONS,
      order: { id: 'ASC' },
      take: CHUNK,
    });
    await loadFollowedSources(manager, units);
    for (const unit of units) yield [unit, dispatchOf(unit, options)];
    if (units.length < CHUNK) return;
    last = units.at(-1)?.id ?? last;
  }
}
