import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { PostgresqlRunner } from '../../src/database/typeorm/postgresql-runner.js';

/** How long what runs beside a transaction that is held may take before that one goes on: it may be waiting for it [ms]. */
const PATIENCE_MS = 150;

/** Called before the work that it belongs to sends a flush of statements. */
const flushes = new AsyncLocalStorage<() => Promise<void>>();

/** Calls of a query runner that send statements. */
for (const name of ['query', 'rowsOf', 'together'] as const) {
  type Send = (this: PostgresqlRunner, ...given: unknown[]) => Promise<unknown>;
  const runner = PostgresqlRunner.prototype as unknown as Record<string, Send>;
  const send = runner[name] as Send;
  runner[name] = async function (...given) {
    await flushes.getStore()?.();
    return send.apply(this, given);
  };
}

/** What became of work and of what ran beside it. */
export interface Beside {
  /** Whether the work had a flush at the point where it was to be held; otherwise it was held before its commit. */
  readonly wasReached: boolean;
  readonly work: PromiseSettledResult<unknown>;
  readonly other: PromiseSettledResult<unknown>;
}

/**
 * Does work in a transaction on PostgreSQL that is held open while something else is done beside it.
 * @param point flush before which it is held, counted from 0; where the work has no more of them, before the commit
 */
export async function heldBeside(
  dataSource: DataSource,
  point: number,
  work: (nested: EntityManager) => Promise<unknown>,
  other: () => Promise<unknown>,
): Promise<Beside> {
  let beside: Promise<PromiseSettledResult<unknown>[]> | undefined;
  const hold = async () => {
    beside = flushes.exit(() => Promise.allSettled([other()]));
    // It passes over what is locked, or waits for it.
    await Promise.race([beside, sleep(PATIENCE_MS)]);
  };
  let [count, wasReached] = [0, false];
  const atFlush = async () => {
    if (count++ !== point) return;
    wasReached = true;
    await hold();
  };
  const transaction = dataSource.transaction(async (nested) => {
    const worked = await flushes.run(atFlush, () => work(nested));
    if (!wasReached) await hold();
    return worked;
  });
  const [done] = await Promise.allSettled([transaction]);
  const [besides] = (await beside) ?? [];
  if (!done || !besides) throw new Error('nothing ran beside the work, which has failed before');
  return { wasReached, work: done, other: besides };
}
