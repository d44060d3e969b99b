import type { EntityManager, FindOptionsWhere, ObjectLiteral } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import type { EntityClass } from '../../lifecycle/index.js';
import { handlingOf, isCopy, oneOf, type Workable } from '../claiming/handling.js';

/** Rows that are due but were not returned are locked by another worker at this moment. */
const AT_ONCE_MS = 1000;

/**
 * Time until the next waiting row is due [ms].
 * @returns undefined when none waits
 */
export async function untilDueMs<E extends Workable>(
  manager: EntityManager,
  entity: EntityClass<E>,
  where: FindOptionsWhere<E>,
): Promise<number | undefined> {
  const seconds = dialectOf(manager).secondsUntil('min(it.nextRetryAt)');
  const query = manager
    .createQueryBuilder<ObjectLiteral>(entity, 'it')
    .select(seconds, 'seconds')
    .where(where as FindOptionsWhere<ObjectLiteral>)
    .andWhere(oneOf(handlingOf(entity).waiting));
  if (!isCopy(entity)) query.addSelect('count(CASE WHEN it.nextRetryAt IS NULL THEN 1 END)', 'due');
  const { seconds: until, due } = (await query.getRawOne()) as { seconds: number | null; due?: number };
  if (Number(due ?? 0) > 0) return AT_ONCE_MS;
  return until === null ? undefined : Math.max(until * 1000, 0) + 1;
}
