import type { Database, Statement } from 'better-sqlite3';
import type { DataSource } from 'typeorm';
import type { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js';
import type { Channel, Heard, Notifier } from './index.js';
import { Subscribers } from './subscribers.js';

/** How often the two counters of SQLite are read, which takes some microseconds and reads no table [ms]. */
const PERIOD_MS = 30;

/**
 * SQLite sends no notifications, but counts changes: `data_version` changes with each commit of another connection,
 * `total_changes()` with each row that this connection has changed.
 */
export class SqliteWatcher implements Notifier {
  readonly isHearing = true;
  private readonly subscribers = new Subscribers();
  private timer?: NodeJS.Timeout;
  private counts = '';
  private read?: Statement;

  constructor(private readonly dataSource: DataSource) {}

  add(channel: Channel, heard: Heard): void {
    this.subscribers.add(channel, heard);
    this.counts ||= this.count();
    this.timer ??= setInterval(() => this.look(), PERIOD_MS);
  }

  remove(channel: Channel, heard: Heard): void {
    this.subscribers.remove(channel, heard);
    if (this.subscribers.size === 0) this.stop();
  }

  reconnect(): void {}

  async close(): Promise<void> {
    this.stop();
    this.subscribers.tellAll();
  }

  private stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.counts = '';
  }

  private look(): void {
    const counts = this.count();
    if (counts === this.counts) return;
    this.counts = counts;
    this.subscribers.tellAll();
  }

  private count(): string {
    const connection: Database = (this.dataSource.driver as BetterSqlite3Driver).databaseConnection;
    if (!connection?.open) return 'closed';
    this.read ??= connection
      .prepare("SELECT data_version || ' ' || total_changes() FROM pragma_data_version")
      .pluck();
    return this.read.get() as string;
  }
}
