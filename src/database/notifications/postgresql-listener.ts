import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, Pool } from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import type { Handle } from '../connection-loss.js';
import type { Channel, Heard, Notifier } from './index.js';
import { Subscribers } from './subscribers.js';

const CHANNELS: readonly Channel[] = ['ccat_ops_db_work', 'ccat_ops_db_change'];
/** The pause before reconnecting doubles from the first to the second [ms]. */
const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;
/** How often an idle connection is tested: otherwise a link that drops packets goes unnoticed [ms]. */
const ASK_MS = 30_000;

/** A client of a pool that chooses between servers checks its server before use. */
type Listening = Client & { isUsable?: () => Promise<boolean> };

/**
 * One connection beside the pool on which the server sends what the triggers tell. It is made anew whenever it is lost.
 * Behind a pooler that lends connections for one transaction, and on a replica, nothing can be heard.
 */
export class PostgresqlListener implements Notifier {
  isHearing = false;
  private readonly subscribers = new Subscribers();
  private client?: Listening;
  /** The client that is being ended. */
  private ending?: Listening;
  private isRunning = false;
  private isClosed = false;
  private pause = new AbortController();

  constructor(private readonly dataSource: DataSource & { readonly handle?: Handle }) {}

  add(channel: Channel, heard: Heard): void {
    this.subscribers.add(channel, heard);
    if (this.isRunning || this.isClosed || this.dataSource.handle?.isPooled) return;
    this.isRunning = true;
    void this.keepListening();
  }

  remove(channel: Channel, heard: Heard): void {
    this.subscribers.remove(channel, heard);
    if (this.isNeeded) return;
    this.pause.abort();
    this.reconnect();
  }

  /** Many may ask for it at the same time, and each `end` of the driver leaves a listener until the connection is closed. */
  reconnect(): void {
    const { client } = this;
    if (!client || client === this.ending) return;
    this.ending = client;
    void client.end().catch(() => {});
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.pause.abort();
    this.subscribers.tellAll();
    await this.client?.end().catch(() => {});
  }

  private get isNeeded(): boolean {
    return this.subscribers.size > 0 && !this.isClosed;
  }

  private async keepListening(): Promise<void> {
    for (let pauseMs = SHORTEST_PAUSE_MS; this.isNeeded; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      if (await this.listen()) pauseMs = SHORTEST_PAUSE_MS;
      if (!this.isNeeded) break;
      this.pause = new AbortController();
      await sleep(pauseMs * (0.5 + Math.random() / 2), undefined, { signal: this.pause.signal }).catch(
        () => {},
      );
    }
    this.isRunning = false;
  }

  /** Listens until the connection is lost. @returns whether it was made at all */
  private async listen(): Promise<boolean> {
    const pool: Pool & { Client?: new (options: object) => Client } = (
      this.dataSource.driver as PostgresDriver
    ).master;
    const client: Listening = new (pool.Client as new (options: object) => Client)(pool.options);
    const lost = new Promise<void>((resolve) => {
      client.once('end', resolve);
      client.once('error', () => resolve());
      // Later errors add nothing to the first.
      client.on('error', () => {});
    });
    client.on('notification', ({ channel, payload }) => this.subscribers.tell(channel, payload));
    this.client = client;
    try {
      await client.connect();
      if ((await client.isUsable?.()) === false) return false;
      await client.query(CHANNELS.map((channel) => `LISTEN ${channel}`).join('; '));
      this.isHearing = true;
      // Notifications of earlier commits do not come any more.
      this.subscribers.tellAll();
      const asking = setInterval(() => void client.query('').catch(() => {}), ASK_MS);
      await lost.finally(() => clearInterval(asking));
      return true;
    } catch {
      return false;
    } finally {
      this.client = undefined;
      const wasHearing = this.isHearing;
      this.isHearing = false;
      if (wasHearing) this.subscribers.tellAll();
      await client.end().catch(() => {});
    }
  }
}
