import type { EntityManager } from 'typeorm';
import { ObsUnit } from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import { nearest } from '../../nearest.js';
import { loadFollowedSources } from '../sky/followed.js';

/** What {@link dispatchOf} has to know of an obs unit. */
export const DISPATCH_RELATIONS = {
  source: true,
  obsMode: true,
  observationConfiguration: true,
} as const;

/**
 * The obs unit of a name, with all that {@link dispatchOf} looks at.
 * @param name of the unit
 * @throws OpsDbError `unit_unknown` when there is no unit of the name
 *
 * @example
 * import { dispatchOf, obsUnitForDispatch } from 'ccat-ops-db';
 *
 * const unit = await obsUnitForDispatch(session, 'Jupiter/source_scan/Prime-Cam');
 * const dispatch = dispatchOf(unit);
 * if (dispatch.dispatchable) console.log(dispatch.scanParams.body, dispatch.scanParams.el_bore); // jupiter 40
 */
export async function obsUnitForDispatch(manager: EntityManager, name: string): Promise<ObsUnit> {
  const unit = await manager.findOne(ObsUnit, { where: { name }, relations: DISPATCH_RELATIONS });
  if (!unit) throw await unknownUnit(manager, name);
  await loadFollowedSources(manager, [unit]);
  return unit;
}

const NAMES_COMPARED = 20_000;

async function unknownUnit(manager: EntityManager, name: string): Promise<OpsDbError> {
  const names = await manager.find(ObsUnit, { select: { name: true }, take: NAMES_COMPARED });
  const near = nearest(
    name,
    names.map((unit) => unit.name),
  );
  return new OpsDbError('unit_unknown', `no obs unit has the name ${name}${near}`);
}
