import { setTimeout as sleep } from 'node:timers/promises';
import { type DataSource, In } from 'typeorm';
import { DataLocation, DataTransferRoute, LocationType } from '../../entities/index.js';
import { usageByLocation } from '../../services/storage/index.js';

const BUNDLE_BYTES = 500e9;
/** Watermarks, as fractions of the capacity. */
const HIGH = 0.8;
const LOW = 0.6;
/** Size of the largest bundle, as a fraction of the capacity. */
const BUNDLE = 1 / 8;
const LOOK_EACH_MS = 200;

/** Limits the buffers that bundles are brought to, and measures how much is stored there. */
export class Room {
  /** Largest amount that was stored there [byte]. */
  mostBytes = 0;
  /** No bundle is to be larger than this [byte]. */
  readonly bundleBytes: number;

  constructor(
    private readonly dataSource: DataSource,
    private readonly bytes: number | undefined,
  ) {
    this.bundleBytes = Math.min(BUNDLE_BYTES, Math.floor(BUNDLE * (bytes ?? Number.POSITIVE_INFINITY)));
  }

  /** Gives the buffer that is used first the whole capacity, and the others none. */
  async limit(): Promise<void> {
    const { bytes, dataSource } = this;
    if (bytes === undefined) return;
    for (const [index, { id }] of (await this.buffers()).entries()) {
      const capacityBytes = index === 0 ? bytes : 0;
      const highWatermarkBytes = Math.floor(HIGH * capacityBytes);
      const lowWatermarkBytes = Math.floor(LOW * capacityBytes);
      const limits = { capacityBytes, highWatermarkBytes, lowWatermarkBytes };
      await dataSource.manager.update(DataLocation, id, limits);
    }
  }

  /** Measures the buffers during some work. */
  async watch<T>(work: () => Promise<T>): Promise<T> {
    const ids = (await this.buffers()).map(({ id }) => id);
    let isOver = false;
    const working = work().finally(() => {
      isOver = true;
    });
    while (!isOver) {
      await this.look(ids);
      await Promise.race([working, sleep(LOOK_EACH_MS)]);
    }
    await this.look(ids);
    return working;
  }

  /** Active buffers of the sites that routes lead to, in the order of their use. */
  private async buffers(): Promise<DataLocation[]> {
    const { manager } = this.dataSource;
    const routes = await manager.findBy(DataTransferRoute, {
      active: true,
      destinationSite: { active: true },
    });
    return manager.find(DataLocation, {
      where: {
        siteId: In(routes.map(({ destinationSiteId }) => destinationSiteId)),
        locationType: LocationType.BUFFER,
        active: true,
      },
      order: { priority: 'ASC', id: 'ASC' },
    });
  }

  private async look(ids: readonly number[]): Promise<void> {
    const usage = await usageByLocation(this.dataSource.manager);
    const there = usage.filter(({ dataLocationId }) => ids.includes(dataLocationId));
    this.mostBytes = Math.max(
      this.mostBytes,
      there.reduce((sum, { bytes }) => sum + bytes, 0),
    );
  }
}
