import type { DataSource, FindOptionsWhere } from 'typeorm';
import { type Subscription, subscribe } from '../../database/notifications/index.js';
import { patienceMs, patiently } from '../../database/notifications/patience.js';
import { Wakeup } from '../../database/notifications/wakeup.js';
import { type EntityClass, transition } from '../../lifecycle/index.js';
import { assertNumber, assertSignal, assertText, assertWhole } from '../../values/arguments.js';
import { claim } from '../claiming/claim.js';
import { handlingOf, type Workable } from '../claiming/handling.js';
import { confirm } from './confirm.js';
import { untilDueMs } from './due.js';
import { InHand } from './in-hand.js';
import { WorkItem } from './item.js';

/** Shortest interval of signs of life; more often would be a load of its own [s]. */
const SHORTEST_HEARTBEAT_S = 0.01;

/** Which work a worker does, and how. */
export interface WorkOptions<E> {
  /** Name of the worker, unique among all that run. */
  readonly worker: string;
  /** Conditions on columns of the rows themselves, such as the key of the location that the worker works at. */
  readonly where?: FindOptionsWhere<E>;
  /** How many rows the worker takes at once; they are handed out one after the other. By default 1. */
  readonly limit?: number;
  /** Ends the work: the row that the body is at is handed out to its end, the others are released. */
  readonly signal?: AbortSignal;
  /** How often the worker gives a sign of life for the rows that it has [s]; by default 30. */
  readonly heartbeatS?: number;
  /** Ends when no row is due, instead of waiting for the next one. */
  readonly untilIdle?: boolean;
}

/**
 * Hands out the work of a class, row by row, for as long as the loop runs: claims rows, begins them, gives signs of life
 * while the body is at them, notes how they end, and waits for the next ones without asking. A worker is woken when a
 * row becomes pending or its next try is due, whoever wrote it; on a server that cannot notify it, it asks every ten
 * seconds. While no server can be reached it waits for one.
 *
 * A row ends with {@link WorkItem.finish}, {@link WorkItem.fail}, {@link WorkItem.release} or {@link WorkItem.attempt}. Where the body says nothing,
 * the row is done when the body comes to its end; when the loop is left in the middle of it (`break` or a throw), the row
 * has failed, or is released after `signal`.
 * @param dataSource the write handle
 * @param entity a class with the columns of work, or a kind of copies, which are to be deleted
 * @throws as {@link claim} does; OpsDbError `value_invalid` also for a limit of 0, and for signs of life that are not 0.01 s or
 *   more apart
 *
 * @example
 * import { DataLocation, initCcatOpsDb, requestStaging, StagingJob, work } from 'ccat-ops-db';
 * import { randomUUID } from 'node:crypto';
 *
 * const { session, dataSource } = await initCcatOpsDb();
 * const { id: destinationLocationId } = await session.findOneByOrFail(DataLocation, { name: 'ramses_processing' });
 * await requestStaging(session, { id: randomUUID(), destinationLocationId, packageIds: [] });
 *
 * const stop = new AbortController();
 * const options = { worker: 'stager-1', where: { destinationLocationId }, signal: stop.signal };
 * for await (const item of work(dataSource, StagingJob, options)) {
 *   const outcome = await item.attempt(async () => {
 *     throw new Error('the archive does not answer');
 *   });
 *   console.log(item.row.status, outcome); // scheduled pending
 *   stop.abort();
 * }
 * await dataSource.destroy();
 */
export async function* work<E extends Workable>(
  dataSource: DataSource,
  entity: EntityClass<E>,
  options: WorkOptions<E>,
): AsyncGenerator<WorkItem<E>, void, undefined> {
  const { worker, limit = 1, signal, heartbeatS = 30, untilIdle = false } = options;
  assertText('worker', worker);
  assertWhole('limit', limit, 1);
  assertNumber('heartbeatS', heartbeatS, SHORTEST_HEARTBEAT_S);
  assertSignal('signal', signal);
  const table = dataSource.getMetadata(entity).tableName;
  const wakeup = new Wakeup();
  const inHand = new InHand(dataSource, entity, heartbeatS * 1000);
  const heard = (row?: string): void => {
    const [of, id] = row?.split(' ') ?? [table];
    if (of !== table) return;
    wakeup.wake();
    inHand.heard(id);
  };
  const subscription = subscribe(dataSource, 'ccat_ops_db_work', heard);
  try {
    while (!signal?.aborted) {
      wakeup.reset();
      // Rows whose claim got no answer are released when they are found to be stale.
      const items = (await patiently(subscription, signal, () => claimed(dataSource, entity, options))) ?? [];
      inHand.take(items);
      yield* handedOut(dataSource, entity, items, subscription, signal);
      if (items.length > 0) continue;
      if (untilIdle) return;
      const where = options.where ?? {};
      const dueMs = await patiently(subscription, signal, () =>
        untilDueMs(dataSource.manager, entity, where as FindOptionsWhere<E>),
      );
      await wakeup.wait(Math.min(dueMs ?? Number.POSITIVE_INFINITY, patienceMs(subscription)), signal);
    }
  } finally {
    subscription.end();
    inHand.end();
  }
}

/** Hands out rows that were claimed together, and releases those that it does not come to. */
async function* handedOut<E extends Workable>(
  dataSource: DataSource,
  entity: EntityClass<E>,
  items: readonly WorkItem<E>[],
  subscription: Subscription,
  signal?: AbortSignal,
): AsyncGenerator<WorkItem<E>, void, undefined> {
  let current: WorkItem<E> | undefined;
  try {
    for (const item of items) {
      if (signal?.aborted) return;
      const isBegun = await patiently(subscription, signal, () => begun(dataSource, entity, item));
      if (!isBegun) continue;
      current = item;
      yield item;
      await item.settle().catch(async (error) => {
        await item.fail(error);
        throw error;
      });
      current = undefined;
    }
  } finally {
    if (current?.isUnsettled && !signal?.aborted)
      await current.fail('its worker left it before it was done').catch(() => undefined);
    for (const item of items) if (item.isUnsettled) await item.release().catch(() => undefined);
  }
}

async function claimed<E extends Workable>(
  dataSource: DataSource,
  entity: EntityClass<E>,
  { worker, where, limit = 1, signal }: WorkOptions<E>,
): Promise<WorkItem<E>[]> {
  const rows = await claim(dataSource.manager, entity, { where, limit, worker });
  return rows.map((row) => new WorkItem(dataSource, entity, row, worker, signal));
}

async function begun<E extends Workable>(
  { manager }: DataSource,
  entity: EntityClass<E>,
  item: WorkItem<E>,
): Promise<boolean> {
  const { claimed: from, begun: to } = handlingOf(entity);
  const { id, worker, holder } = item;
  if (item.signal.aborted) return false;
  if (from === to || (await transition(manager, entity, id, { from, to, worker }))) return true;
  // The answer to a first attempt may have been lost.
  if ((await confirm(manager, entity, [id], holder)).length > 0) return true;
  item.lose();
  return false;
}
