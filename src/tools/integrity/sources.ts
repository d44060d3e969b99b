/** What triggers maintain for sources, computed anew. */
import type { EntityManager, ObjectLiteral } from 'typeorm';
import { cellSql } from '../../database/sky-cell.js';
import { comparedName } from '../../database/source-triggers.js';
import { Source } from '../../entities/index.js';

/** Sources that have a name or alias of one before them. */
export async function sharedNames(manager: EntityManager): Promise<ObjectLiteral[]> {
  const sources = await manager.find(Source, {
    select: { id: true, name: true, aliases: true },
    order: { id: 'ASC' },
  });
  const owners = new Map<string, number>();
  return sources.flatMap(({ id, name, aliases }) => {
    const taken = [name, ...aliases].filter((one) => (owners.get(comparedName(one)) ?? id) !== id);
    for (const one of [name, ...aliases]) owners.set(comparedName(one), owners.get(comparedName(one)) ?? id);
    const [first] = taken;
    return first === undefined ? [] : [{ id, name: first, source_id: owners.get(comparedName(first)) }];
  });
}

/** Positions whose stored cell is wrong. */
export const IN_OTHER_CELL = ['source', 'executed_obs_unit']
  .map(
    (table) => `
      SELECT CAST(id AS text) AS id, '${table}' AS of_table, sky_cell FROM ${table}
      WHERE sky_cell IS DISTINCT FROM ${cellSql('ra_deg', 'dec_deg')}`,
  )
  .join(' UNION ALL ');
