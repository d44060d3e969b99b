/** The steps of a row that is claimed, for contenders that write properties. */
import { DataTransferPackage, type StatusHistory } from '../../src/entities/index.js';
import type { Hands } from './raw.js';

/** The difference of contenders in which an illegal step changes nothing and reports no error. */
export const SILENT = 'a step that may not be taken is no error';

/** A step, and the values that it writes. */
export interface Step {
  readonly from: string;
  readonly to: string;
  readonly set: (now: Date, worker: string) => object;
}

/** The steps by what a worker does. */
export const STEPS = {
  claim: {
    from: 'pending',
    to: 'scheduled',
    set: (now, claimedBy) => ({
      status: 'scheduled',
      claimedBy,
      scheduledAt: now,
      heartbeatAt: now,
      updatedAt: now,
    }),
  },
  begin: {
    from: 'scheduled',
    to: 'in_progress',
    set: (now) => ({ status: 'in_progress', startedAt: now, heartbeatAt: now, updatedAt: now }),
  },
  finish: {
    from: 'in_progress',
    to: 'completed',
    set: (now) => ({
      status: 'completed',
      claimedBy: null,
      heartbeatAt: null,
      nextRetryAt: null,
      finishedAt: now,
      updatedAt: now,
    }),
  },
} as const satisfies Record<string, Step>;

/** The history of a step, but for the row that took it. */
export function historyOf({ from, to }: Step, changedAt: Date, changedBy: string) {
  return {
    entity: DataTransferPackage.name,
    field: 'status',
    fromStatus: from,
    toStatus: to,
    changedAt,
    changedBy,
  } satisfies Partial<StatusHistory>;
}

/** The parts that a library offers: a transaction, a query that locks, an update and an insert. */
export interface Parts<Transaction> {
  transaction<T>(work: (nested: Transaction) => Promise<T>): Promise<T>;
  /** Locks so many due rows, and skips rows that others have locked. @returns their keys */
  lock(nested: Transaction, now: Date, limit: number): Promise<string[]>;
  /** Changes those of the rows that have these values. @returns how many it were */
  update(nested: Transaction, ids: readonly string[], having: object, set: object): Promise<number>;
  note(nested: Transaction, rows: object[]): Promise<unknown>;
}

/** Takes each step in a transaction of several statements. */
export function inTransactions<Transaction>(parts: Parts<Transaction>): Hands {
  const note = (nested: Transaction, step: Step, ids: readonly string[], now: Date, worker: string) => {
    const history = historyOf(step, now, worker);
    return parts.note(
      nested,
      ids.map((rowId) => ({ rowId, ...history })),
    );
  };
  const move = (step: Step) => (worker: string, id: string) =>
    parts.transaction(async (nested) => {
      const now = new Date();
      const own = { status: step.from, claimedBy: worker };
      const moved = await parts.update(nested, [id], own, step.set(now, worker));
      if (moved === 1) await note(nested, step, [id], now, worker);
    });
  return {
    claim: (worker, limit) =>
      parts.transaction(async (nested) => {
        const now = new Date();
        const ids = await parts.lock(nested, now, limit);
        if (ids.length === 0) return ids;
        await parts.update(nested, ids, {}, STEPS.claim.set(now, worker));
        await note(nested, STEPS.claim, ids, now, worker);
        return ids;
      }),
    begin: move(STEPS.begin),
    finish: move(STEPS.finish),
  };
}
