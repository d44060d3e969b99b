import { type DataSource, type EntityManager, In, IsNull, LessThanOrEqual } from 'typeorm';
import { DataTransferPackage, StatusHistory } from '../../src/entities/index.js';
import type { Hands } from './raw.js';
import { inTransactions } from './steps.js';

/** Claiming and moving rows with TypeORM: a transaction with a query, an update and an insert. */
export function withTypeorm({ manager, options }: DataSource): Hands {
  const due = { status: 'pending' } as const;
  return inTransactions<EntityManager>({
    transaction: (work) => manager.transaction(work),
    async lock(nested, now, limit) {
      const rows = await nested.find(DataTransferPackage, {
        where: [
          { ...due, nextRetryAt: IsNull() },
          { ...due, nextRetryAt: LessThanOrEqual(now) },
        ],
        order: { priority: 'DESC', createdAt: 'ASC', id: 'ASC' },
        take: limit,
        ...(options.type === 'postgres' && {
          lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' } as const,
        }),
      });
      return rows.map(({ id }) => id);
    },
    async update(nested, ids, having, set) {
      const { affected } = await nested.update(DataTransferPackage, { id: In(ids), ...having }, set);
      return affected ?? 0;
    },
    note: (nested, rows) => nested.insert(StatusHistory, rows),
  });
}
