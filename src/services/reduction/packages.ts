import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { type DataGrouping, RawDataPackage } from '../../entities/index.js';
import { checkRules } from './rules.js';
import { ROOT } from './tables.js';
import { addCondition } from './where.js';

/** What a grouping selects by; a draft that is not stored will do. */
export type Selection = Pick<DataGrouping, 'filterRules' | 'instrumentModuleId'>;

/**
 * The packages of a grouping, as a query that has not run: `getMany()`, `getCount()`, `stream()`. It can be narrowed,
 * ordered and limited further; its alias is `RawDataPackage`, and joined tables have the names of their classes.
 *
 * Packages in every state count: a grouping that wants archived ones only says so in a rule.
 * @throws InvalidInputError `filter_rule_invalid`: names every issue of every rule and what is allowed
 *
 * @example
 * import { packagesOf } from 'ccat-ops-db';
 *
 * const filterRules = [{ table: 'Source', column: 'name', operator: 'eq', value: 'Orion-KL' } as const];
 * const query = packagesOf(session, { filterRules, instrumentModuleId: null });
 * console.log(await query.getCount()); // 0
 */
export function packagesOf(
  manager: EntityManager,
  { filterRules, instrumentModuleId }: Selection,
): SelectQueryBuilder<RawDataPackage> {
  const query = manager.createQueryBuilder(RawDataPackage, ROOT);
  const conditions = checkRules(manager.dataSource, filterRules);
  for (const [index, condition] of conditions.entries()) addCondition(query, condition, `rule${index + 1}`);
  if (instrumentModuleId != null) query.andWhere({ instrumentModuleId });
  return query;
}
