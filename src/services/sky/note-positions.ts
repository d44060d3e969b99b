import type { EntityManager } from 'typeorm';
import { atOnce, writeStepOf } from '../../database/together.js';
import { ExecutedObsUnit, type ObsUnit, type Source } from '../../entities/index.js';
import { loadFollowedSources } from './followed.js';
import { Sky } from './sky.js';
import { telescopeOf } from './telescope-of.js';

/** Executions that are looked at in one call. */
const MOST = 1000;

/**
 * Computes where targets that move were at the start of their executions, for executions that were filed without it; a manager of
 * packages calls it now and then. Asteroids, whose place is not known, are left out.
 * @returns how many executions have got a position; after a thousand it is to be called again
 *
 * @example
 * import { ExecutedObsUnit, notePositions } from 'ccat-ops-db';
 *
 * const where = { obsUnit: { source: { name: 'Saturn' } } };
 * const { id } = await session.findOneByOrFail(ExecutedObsUnit, where);
 * await session.update(ExecutedObsUnit, { id }, { raDeg: null, decDeg: null });
 * console.log(await notePositions(session)); // 1
 */
export async function notePositions(manager: EntityManager): Promise<number> {
  const executions = await manager
    .createQueryBuilder(ExecutedObsUnit, 'execution')
    .innerJoinAndSelect('execution.obsUnit', 'unit')
    .innerJoinAndSelect('unit.source', 'source')
    .where('execution.raDeg IS NULL')
    .andWhere(`(source.type = 'solar_system_object' OR source.follows_source_id IS NOT NULL)`)
    .andWhere('(source.naif_id IS NULL OR source.naif_id < 1000000)')
    .orderBy('execution.id')
    .take(MOST)
    .getMany();
  const units = executions.flatMap(({ obsUnit }) => obsUnit ?? []);
  await loadFollowedSources(manager, units);
  const telescopes = new Map<number, Awaited<ReturnType<typeof telescopeOf>>>();
  for (const unit of units)
    if (!telescopes.has(unit.id)) telescopes.set(unit.id, await telescopeOf(manager, unit));
  const steps = executions.flatMap(({ id, startTime, obsUnit }) => {
    const { source, id: unitId } = obsUnit as ObsUnit;
    const telescope = telescopes.get(unitId);
    const position = telescope && new Sky(telescope, startTime).positionOf(source as Source);
    if (!position) return [];
    const { raDeg, decDeg } = position;
    const query = manager.createQueryBuilder().update(ExecutedObsUnit).set({ raDeg, decDeg }).where({ id });
    return [writeStepOf(query)];
  });
  if (steps.length > 0) await atOnce(manager, steps);
  return steps.length;
}
