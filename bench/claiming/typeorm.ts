import { type DataSource, type EntityManager, In, IsNull, LessThanOrEqual } from 'typeorm';
import { DataTransferPackage, StatusHistory } from '../../src/entities/index.js';
import type { Hands } from './raw.js';

/** Claiming and moving rows with what TypeORM offers: a transaction with a query, an update and an insert. */
export function withTypeorm({ manager, options }: DataSource): Hands {
  const due = { status: 'pending' } as const;
  const move =
    (from: 'scheduled' | 'in_progress', to: 'in_progress' | 'completed', set: object) =>
    (worker: string, id: string) =>
      manager.transaction(async (nested) => {
        const own = { id, status: from, claimedBy: worker };
        const { affected } = await nested.update(DataTransferPackage, own, { status: to, ...set });
        if (affected === 1) await note(nested, [id], from, to, worker);
      });
  return {
    claim: (worker, limit) =>
      manager.transaction(async (nested) => {
        const rows = await nested.find(DataTransferPackage, {
          where: [
            { ...due, nextRetryAt: IsNull() },
            { ...due, nextRetryAt: LessThanOrEqual(new Date()) },
          ],
          order: { priority: 'DESC', createdAt: 'ASC', id: 'ASC' },
          take: limit,
          ...(options.type === 'postgres' && {
            lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' } as const,
          }),
        });
        const ids = rows.map(({ id }) => id);
        if (ids.length === 0) return ids;
        const now = new Date();
        const set = { status: 'scheduled', claimedBy: worker, scheduledAt: now, heartbeatAt: now } as const;
        await nested.update(DataTransferPackage, { id: In(ids) }, set);
        await note(nested, ids, 'pending', 'scheduled', worker);
        return ids;
      }),
    begin: move('scheduled', 'in_progress', { startedAt: new Date(), heartbeatAt: new Date() }),
    finish: move('in_progress', 'completed', {
      ...{ claimedBy: null, heartbeatAt: null, nextRetryAt: null, finishedAt: new Date() },
    }),
  };
}

async function note(
  manager: EntityManager,
  ids: readonly string[],
  fromStatus: string,
  toStatus: string,
  changedBy: string,
): Promise<void> {
  const entity = DataTransferPackage.name;
  const step = { entity, field: 'status', fromStatus, toStatus, changedBy, changedAt: new Date() };
  await manager.insert(
    StatusHistory,
    ids.map((rowId) => ({ ...step, rowId })),
  );
}
