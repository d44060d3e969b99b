import { type EntityManager, In, type ObjectLiteral } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import { oneOf } from '../../database/one-of.js';
import type { EntityClass } from '../../lifecycle/index.js';
import { keyOf } from '../../lifecycle/move.js';
import { handlingOf, type Workable } from '../claiming/handling.js';
import type { Holder } from '../claiming/release.js';

/**
 * Gives a sign of life for rows, and locks them until the end of the transaction where there is one.
 * @returns the keys of those that the worker still has
 */
export async function confirm(
  manager: EntityManager,
  entity: EntityClass<Workable>,
  ids: readonly string[],
  { worker, claimedAt }: Holder,
): Promise<string[]> {
  const { claimedAt: since, inHand } = handlingOf(entity);
  const held = {
    id: oneOf(manager, ids.map(keyOf)),
    claimedBy: worker,
    [since]: claimedAt,
    status: In([...inHand]),
  };
  const { affected } = await manager
    .createQueryBuilder()
    .update(entity)
    .set({ heartbeatAt: () => dialectOf(manager).now } as object)
    .where(held)
    .execute();
  if (affected === ids.length) return [...ids];
  return affected ? stillHeld(manager, entity, held) : [];
}

async function stillHeld(
  manager: EntityManager,
  entity: EntityClass<Workable>,
  held: ObjectLiteral,
): Promise<string[]> {
  const rows = await manager
    .createQueryBuilder<ObjectLiteral>(entity, 'it')
    .select('it.id', 'id')
    .where(held)
    .getRawMany<{ id: string }>();
  return rows.map(({ id }) => id);
}

/** What has become of rows that a worker had. */
export interface Standing {
  readonly id: string;
  readonly is: 'in hand' | 'done' | 'lost';
}

/** Looks at rows without giving a sign of life. */
export async function standingOf(
  manager: EntityManager,
  entity: EntityClass<Workable>,
  ids: readonly string[],
  { worker, claimedAt }: Holder,
): Promise<Standing[]> {
  const { claimedAt: since, done } = handlingOf(entity);
  const rows = await manager
    .createQueryBuilder<ObjectLiteral>(entity, 'it')
    .select(['it.id', 'it.status', 'it.claimedBy', `it.${since}`])
    .where({ id: oneOf(manager, ids.map(keyOf)) })
    .getMany();
  return ids.map((id) => {
    const row = rows.find((one) => one.id === keyOf(id));
    const isMine = row?.claimedBy === worker && row[since]?.getTime() === claimedAt?.getTime();
    if (isMine) return { id, is: 'in hand' };
    return { id, is: row?.status === done ? 'done' : 'lost' };
  });
}
