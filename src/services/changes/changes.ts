import type { DataSource } from 'typeorm';
import { onDialect } from '../../database/dialect.js';
import { subscribe } from '../../database/notifications/index.js';
import { patienceMs, patiently } from '../../database/notifications/patience.js';
import { Wakeup } from '../../database/notifications/wakeup.js';
import type { EntityClass } from '../../lifecycle/index.js';
import { assertList, assertSignal, invalidArgument } from '../../values/arguments.js';
import type { Feed, FeedOptions, StatusChange } from './feed.js';
import { PostgresqlFeed } from './postgresql-feed.js';
import { SqliteFeed } from './sqlite-feed.js';

/** Which changes are delivered. */
export interface ChangesOptions {
  /** Classes whose rows are followed, members of a family with it; all where left out. */
  readonly entities?: readonly EntityClass<object>[];
  /** The `cursor` of the last change that was dealt with, or `beginning`; from now on where left out. */
  readonly since?: string;
  /** Ends the loop. */
  readonly signal?: AbortSignal;
}

/**
 * Tells what moved, in the order of commits, and waits for what moves next: every step of the history, which is written in the
 * transaction of the step. Nothing is told that was rolled back, and nothing that was committed is left out, however
 * transactions overlap. Who keeps the cursor of the last change that it has dealt with goes on from there after a
 * restart, or on the server that was promoted: each change is told at least once. Also on a read handle.
 *
 * A change that depends on another one comes after it. Changes that know nothing of each other and were committed
 * between two looks of the loop come in the order in which they were written.
 * @throws OpsDbError `cursor_invalid` when the cursor is not one of this database
 *
 * @example
 * import { changes, initCcatOpsDb, RawDataPackage } from 'ccat-ops-db';
 *
 * const states: string[] = [];
 * const options = { entities: [RawDataPackage], since: 'beginning' };
 * for await (const { property, from, to, cursor } of changes(session.dataSource, options)) {
 *   if (property !== 'state') continue;
 *   states.push(`${from} to ${to}`);
 *   // Here the cursor is kept.
 *   if (states.length === 2 && cursor) break;
 * }
 * console.log(states[0]); // waiting to transferring
 */
export async function* changes(
  dataSource: DataSource,
  { entities, since, signal }: ChangesOptions = {},
): AsyncGenerator<StatusChange, void, undefined> {
  if (since !== undefined && typeof since !== 'string')
    throw invalidArgument('since', since, 'a cursor, as a text');
  if (entities !== undefined) assertList('entities', entities);
  assertSignal('signal', signal);
  const feed = feedOf(dataSource, { since, names: entities && namesOf(dataSource, entities) });
  const wakeup = new Wakeup();
  const subscription = subscribe(dataSource, 'ccat_ops_db_change', () => wakeup.wake());
  try {
    while (!signal?.aborted) {
      wakeup.reset();
      const found = (await patiently(subscription, signal, () => feed.read())) ?? [];
      for (const change of found) {
        if (signal?.aborted) return;
        yield change;
      }
      if (found.length === 0) await wakeup.wait(patienceMs(subscription), signal);
    }
  } finally {
    subscription.end();
  }
}

function feedOf(dataSource: DataSource, options: FeedOptions): Feed {
  const Feed = onDialect<new (of: DataSource, options: FeedOptions) => Feed>(dataSource, {
    postgresql: PostgresqlFeed,
    sqlite: SqliteFeed,
  });
  return new Feed(dataSource, options);
}

function namesOf(dataSource: DataSource, entities: readonly EntityClass<object>[]): string[] {
  return entities.flatMap((entity) => {
    const { name, childEntityMetadatas } = dataSource.getMetadata(entity);
    return [name, ...childEntityMetadatas.map((member) => member.name)];
  });
}
