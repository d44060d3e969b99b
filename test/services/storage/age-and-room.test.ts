import type { DataSource, EntityManager } from 'typeorm';
import {
  DataLocation,
  PhysicalCopy,
  RawDataPackage,
  RawDataPackagePhysicalCopy,
  RetentionPolicy,
} from '../../../src/entities/index.js';
import { transition } from '../../../src/lifecycle/index.js';
import { holdCopies, locationUsage, releaseHold } from '../../../src/services/storage/index.js';
import {
  beginDeletions,
  type DeletionPlan,
  recordCopies,
  scheduleDeletions,
} from '../../../src/services/transfer/index.js';
import { undoable } from '../../../src/tools/testing/index.js';
import { describeEachDatabase } from '../../support/databases.js';
import { build, locationId, observe, openWithoutRetention } from '../../support/observed.js';

const by = 'deletion-manager';
const DAY_MS = 86_400_000;
/** Size of each package, as `build` has it. */
const PACKAGE = 1_000_000;

describeEachDatabase('copies that may go', (database) => {
  let dataSource: DataSource;
  let manager: EntityManager;
  let undo: () => Promise<void>;
  let buffer: number;
  /** The oldest first. */
  const copyIds: string[] = [];

  /** Four packages that are archived, and lie at the buffer since 40, 30, 20 and 10 days. */
  beforeAll(async () => {
    dataSource = await openWithoutRetention(database);
    manager = dataSource.manager;
    buffer = await locationId(manager, 'cologne', 'input_buffer');
    const lta = await locationId(manager, 'cologne', 'lta');
    for (const days of [40, 30, 20, 10]) {
      const { packageId } = await observe(manager, 1);
      const computed = { checksum: await build(manager, packageId), checksumAlgorithm: 'sha256' as const };
      await manager.update(RawDataPackage, packageId, { state: 'archived' });
      const copies = [{ of: packageId, computed }];
      for (const dataLocationId of [lta, buffer])
        await recordCopies(manager, RawDataPackagePhysicalCopy, { dataLocationId, copies, by });
      const where = { rawDataPackageId: packageId, dataLocationId: buffer };
      const { id } = await manager.findOneByOrFail(RawDataPackagePhysicalCopy, where);
      await manager.update(PhysicalCopy, id, { updatedAt: new Date(Date.now() - days * DAY_MS) });
      copyIds.push(id);
    }
  });
  beforeEach(async () => {
    undo = await undoable(dataSource);
  });
  afterEach(() => undo());

  const set = (place: Partial<DataLocation>) => manager.update(DataLocation, buffer, place as object);
  const schedule = (plan: Partial<DeletionPlan> = {}) =>
    scheduleDeletions(manager, RawDataPackagePhysicalCopy, {
      dataLocationId: buffer,
      limit: 100,
      by,
      ...plan,
    });
  const oldest = (count: number) => copyIds.slice(0, count).sort();
  const scheduled = async (plan?: Partial<DeletionPlan>) => (await schedule(plan)).sort();
  const toSchedule = (id: string) =>
    transition(manager, RawDataPackagePhysicalCopy, id, { from: 'present', to: 'deletion_scheduled', by });

  it('go at once where nothing says how long they are kept', async () => {
    expect(await scheduled()).toEqual(oldest(4));
  });

  it('stay for the retention of their place', async () => {
    await set({ retentionDays: 25 });
    expect(await toSchedule(copyIds[2] as string)).toBe(false);
    expect(await scheduled()).toEqual(oldest(2));
    expect(await scheduled()).toEqual([]);
  });

  it('go before their time when somebody says so', async () => {
    await set({ retentionDays: 25 });
    expect(await scheduled({ early: true })).toEqual(oldest(4));
  });

  it('stay for the retention of their kind, of the place before that of the type, whenever it was made', async () => {
    await set({ retentionDays: 5 });
    const policy = { locationType: 'buffer', kind: 'package' } as const;
    await manager.insert(RetentionPolicy, { ...policy, kind: 'file', retentionDays: 0 });
    await manager.insert(RetentionPolicy, { ...policy, retentionDays: 35 });
    expect(await toSchedule(copyIds[1] as string)).toBe(false);
    expect(await toSchedule(copyIds[0] as string)).toBe(true);
    await manager.insert(RetentionPolicy, { ...policy, dataLocationId: buffer, retentionDays: 15 });
    expect(await scheduled()).toEqual(copyIds.slice(1, 3).sort());
  });

  it('are tried again without another wait when their deletion has failed', async () => {
    await set({ retentionDays: 25 });
    const failed = { status: 'deletion_failed', retryCount: 1 } as const;
    await manager.update(RawDataPackagePhysicalCopy, copyIds[0] as string, failed);
    expect(await scheduled()).toEqual(oldest(2));
  });

  it('stay while somebody holds them, on every step, until the time or the release', async () => {
    const [id = ''] = copyIds;
    const hold = { where: { id }, reason: 'still compared', by: 'astronomer' };
    const until = new Date(Date.now() + DAY_MS);
    expect(await scheduled({ limit: 1 })).toEqual([id]);
    expect(await holdCopies(manager, RawDataPackagePhysicalCopy, { ...hold, until })).toBe(1);
    const batch = { dataLocationId: buffer, limit: 100, by: 'deleter-1' };
    expect(await beginDeletions(manager, RawDataPackagePhysicalCopy, batch)).toEqual([]);
    await manager.update(PhysicalCopy, id, { status: 'present' });
    expect(await toSchedule(id)).toBe(false);
    expect(await scheduled({ early: true })).toEqual(copyIds.slice(1).sort());
    expect(await releaseHold(manager, RawDataPackagePhysicalCopy, hold)).toBe(1);
    expect(await scheduled()).toEqual([id]);
    await holdCopies(manager, RawDataPackagePhysicalCopy, { ...hold, until: new Date(0) });
    expect(await beginDeletions(manager, RawDataPackagePhysicalCopy, batch)).toHaveLength(4);
  });

  describe('at a place with watermarks', () => {
    beforeEach(() =>
      set({
        highWatermarkBytes: 3.5 * PACKAGE,
        lowWatermarkBytes: 1.5 * PACKAGE,
        capacityBytes: 5 * PACKAGE,
      }),
    );

    it('go, the oldest first, until no more lies there than the low one', async () => {
      expect(await scheduled()).toEqual(oldest(3));
      expect(await scheduled()).toEqual([]);
    });

    it('go on from batch to batch, though less lies there than the high one by then', async () => {
      expect(await scheduled({ limit: 2 })).toEqual(oldest(2));
      expect(await scheduled({ limit: 2 })).toEqual([copyIds[2]]);
      expect(await scheduled({ limit: 2 })).toEqual([]);
      const { lettingGoSince } = await manager.findOneByOrFail(DataLocation, { id: buffer });
      expect(lettingGoSince).toBeNull();
    });

    it('stay while less lies there than the high one', async () => {
      await set({ highWatermarkBytes: 4.5 * PACKAGE });
      expect(await scheduled()).toEqual([]);
      await set({ retentionDays: 25 });
      expect(await scheduled()).toEqual(oldest(2));
    });

    it('go before their retention has passed, but not against the rule', async () => {
      await set({ retentionDays: 100 });
      const [first = ''] = copyIds;
      const { rawDataPackageId } = await manager.findOneByOrFail(RawDataPackagePhysicalCopy, { id: first });
      await manager.update(RawDataPackage, rawDataPackageId, { state: 'transferring' });
      expect(await scheduled()).toEqual(copyIds.slice(1).sort());
      expect((await locationUsage(manager, { dataLocationId: buffer })).byStatus.present?.bytes).toBe(
        PACKAGE,
      );
    });
  });
});
