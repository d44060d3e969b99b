/** Notifications of what others have committed, instead of polling. */
import type { DataSource } from 'typeorm';
import { onDialect } from '../dialect.js';
import { PostgresqlListener } from './postgresql-listener.js';
import { SqliteWatcher } from './sqlite-watcher.js';

/** The channels of the triggers: `ccat_ops_db_work` for waiting rows, `ccat_ops_db_change` for the history. */
export type Channel = 'ccat_ops_db_work' | 'ccat_ops_db_change';

/** Called with the table and key of a row, as `staging_job 0190e2a4-…`; without them when nobody knows what has changed. */
export type Heard = (row?: string) => void;

/** Listens for all subscribers of one data source. */
export interface Notifier {
  /** Whether notifications arrive at present; otherwise subscribers poll. */
  readonly isHearing: boolean;
  add(channel: Channel, heard: Heard): void;
  remove(channel: Channel, heard: Heard): void;
  /** A connection to the server was lost: that of the listener may be lost, too. */
  reconnect(): void;
  /** Stops listening for good. */
  close(): Promise<void>;
}

/** A subscriber. */
export interface Subscription {
  readonly isHearing: boolean;
  reconnect(): void;
  end(): void;
}

const notifiers = new WeakMap<DataSource, Notifier>();

/** Subscribes to a channel. All subscribers of a data source share one connection, which is open as long as there are any. */
export function subscribe(dataSource: DataSource, channel: Channel, heard: Heard): Subscription {
  const notifier = notifiers.get(dataSource) ?? notifierOf(dataSource);
  notifiers.set(dataSource, notifier);
  notifier.add(channel, heard);
  return {
    get isHearing() {
      return notifier.isHearing;
    },
    reconnect: () => notifier.reconnect(),
    end: () => notifier.remove(channel, heard),
  };
}

/** Stops the listener of a data source that is being destroyed, and wakes its subscribers. */
export async function endNotifications(dataSource: DataSource): Promise<void> {
  const notifier = notifiers.get(dataSource);
  notifiers.delete(dataSource);
  await notifier?.close();
}

function notifierOf(dataSource: DataSource): Notifier {
  const Notifier = onDialect<new (of: DataSource) => Notifier>(dataSource, {
    postgresql: PostgresqlListener,
    sqlite: SqliteWatcher,
  });
  return new Notifier(dataSource);
}
