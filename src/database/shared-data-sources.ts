import type { ModelDataSource } from './typeorm/model-data-source.js';

/** Data sources that are not in use and are kept, since reading the entities takes as long as connecting. */
const MOST_KEPT = 8;

interface Shared {
  readonly dataSource: ModelDataSource;
  users: number;
  opened?: Promise<void>;
  closed?: Promise<void>;
}

/**
 * Data sources for those who bring none: one for each choice of settings, however many use it at once. The first one
 * connects, the last one disconnects, so that nothing is left open and the process may end.
 */
export class SharedDataSources {
  private readonly all = new Map<string, Shared>();

  /** @param open connects, and makes sure of the tables; what it leaves open when it throws is closed */
  constructor(private readonly open: (dataSource: ModelDataSource) => Promise<void>) {}

  /**
   * @param key equal for equal settings
   * @param create makes a data source that is not connected
   */
  async use<T>(
    key: string,
    create: () => ModelDataSource,
    work: (dataSource: ModelDataSource) => Promise<T>,
  ): Promise<T> {
    const shared = this.all.get(key) ?? { dataSource: create(), users: 0 };
    // The one that was used last is the last one.
    this.all.delete(key);
    this.all.set(key, shared);
    shared.users += 1;
    try {
      shared.opened ??= (shared.closed ?? Promise.resolve()).then(() => this.open(shared.dataSource));
      await shared.opened;
      return await work(shared.dataSource);
    } finally {
      shared.users -= 1;
      if (shared.users === 0) await this.close(shared);
    }
  }

  private async close(shared: Shared): Promise<void> {
    const { dataSource, opened } = shared;
    shared.opened = undefined;
    shared.closed = Promise.resolve(opened)
      .catch(() => undefined)
      .then(() => (dataSource.isInitialized ? dataSource.destroy() : undefined));
    for (const [key, { users }] of this.all)
      if (this.all.size > MOST_KEPT && users === 0) this.all.delete(key);
    await shared.closed;
  }
}
