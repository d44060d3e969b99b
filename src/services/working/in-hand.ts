import type { DataSource } from 'typeorm';
import type { EntityClass } from '../../lifecycle/index.js';
import type { Workable } from '../claiming/handling.js';
import { confirm, standingOf } from './confirm.js';
import type { WorkItem } from './item.js';

/** The rows that one worker has: it gives signs of life for them, and notices which of them are lost. */
export class InHand<E extends Workable> {
  private items: readonly WorkItem<E>[] = [];
  private readonly timer: NodeJS.Timeout;
  private isLooking = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly entity: EntityClass<E>,
    heartbeatMs: number,
  ) {
    this.timer = setInterval(() => void this.beat(), heartbeatMs);
    // The timer must not keep the process alive; the body does.
    this.timer.unref();
  }

  take(items: readonly WorkItem<E>[]): void {
    this.items = items;
  }

  /** Checks whether rows were lost. @param id the row that somebody has changed; any where left out */
  heard(id?: string): void {
    if (this.isLooking || !this.open.some((item) => id === undefined || item.id === id)) return;
    this.isLooking = true;
    void this.look().finally(() => {
      this.isLooking = false;
    });
  }

  end(): void {
    clearInterval(this.timer);
  }

  private get open(): WorkItem<E>[] {
    return this.items.filter(({ isUnsettled }) => isUnsettled);
  }

  private async beat(): Promise<void> {
    const { open } = this;
    const [first] = open;
    if (!first) return;
    const ids = open.map(({ id }) => id);
    const held = await confirm(this.dataSource.manager, this.entity, ids, first.holder).catch(() => ids);
    if (held.length < ids.length) await this.look();
  }

  /** Without an answer no loss is known; the end of the work is refused if there was one. */
  private async look(): Promise<void> {
    const { open } = this;
    const [first] = open;
    if (!first) return;
    const ids = open.map(({ id }) => id);
    const standing = await standingOf(this.dataSource.manager, this.entity, ids, first.holder).catch(
      () => [],
    );
    for (const { id, is } of standing)
      if (is === 'lost') open.find((item) => item.id === id && item.isUnsettled)?.lose();
  }
}
