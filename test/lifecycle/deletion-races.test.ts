import { setTimeout as sleep } from 'node:timers/promises';
import { type DataSource, type EntityManager, In } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  DataLocation,
  DataProduct,
  DataProductPhysicalCopy,
  type DataProductType,
  ExecutedReductionStep,
  LongTermArchiveTransfer,
  PhysicalCopy,
  RawDataPackage,
  RawDataPackagePhysicalCopy,
  ReductionStep,
} from '../../src/entities/index.js';
import { deletableCopies, transition } from '../../src/lifecycle/index.js';
import { claim, fail } from '../../src/services/claiming/index.js';
import { createRun, resolveVersion } from '../../src/services/reduction/index.js';
import {
  beginDeletions,
  endDeletions,
  giveUpWork,
  planArchiving,
  recordCopies,
  requestStaging,
  retryWork,
  scheduleDeletions,
} from '../../src/services/transfer/index.js';
import { describeEachDatabase } from '../support/databases.js';
import { build, observe, openWithoutRetention, storageLocations } from '../support/observed.js';

const by = 'deleter-1';

describeEachDatabase('deletion beside work that comes to need what it deletes', (database) => {
  let dataSource: DataSource;
  let manager: EntityManager;
  let at: Awaited<ReturnType<typeof storageLocations>>;
  let packageId: string;

  beforeAll(async () => {
    dataSource = await openWithoutRetention(database);
    manager = dataSource.manager;
    at = await storageLocations(manager);
    await manager.update(DataLocation, at.usLta, { active: true, availability: 'online' });
  });

  /** A package that is archived in Cologne and present at the buffer in the US. */
  beforeEach(async () => {
    ({ packageId } = await observe(manager));
    const checksum = await build(manager, packageId);
    await manager.update(RawDataPackage, packageId, { state: 'archived' });
    const computed = { checksum, checksumAlgorithm: 'sha256' as const };
    await recordCopies(manager, RawDataPackagePhysicalCopy, {
      dataLocationId: at.lta,
      copies: [{ of: packageId, computed }],
      by,
    });
    await copyTo(at.usBuffer);
  });

  const copyTo = (dataLocationId: number) =>
    recordCopies(manager, RawDataPackagePhysicalCopy, { dataLocationId, copies: [{ of: packageId }], by });

  async function deleteAt(
    dataLocationId: number,
    on = manager,
    entity: typeof RawDataPackagePhysicalCopy | typeof DataProductPhysicalCopy = RawDataPackagePhysicalCopy,
  ): Promise<number> {
    const batch = { dataLocationId, limit: 1000, by };
    await scheduleDeletions(on, entity, batch);
    return endDeletions(on, entity, { ids: await beginDeletions(on, entity, batch), by });
  }

  /** Does work in a transaction that stays open while something else is asked for. @returns what both give */
  async function beside<T, U>(
    work: (nested: EntityManager) => Promise<T>,
    other: () => Promise<U>,
  ): Promise<readonly [T, U]> {
    const [begun, end] = [gate(), gate()];
    const first = dataSource.transaction(async (nested) => {
      const worked = await work(nested).finally(begun.open);
      await end.passed;
      return worked;
    });
    await begun.passed;
    const second = other();
    // On PostgreSQL it passes over what is locked, or waits for it; on SQLite it waits for the other transaction.
    await Promise.race([Promise.allSettled([second]), sleep(300)]);
    end.open();
    return Promise.all([first, second]);
  }

  const copiesAt = (dataLocationId: number) =>
    manager.countBy(RawDataPackagePhysicalCopy, {
      rawDataPackageId: packageId,
      dataLocationId,
      status: In(['present', 'staged']),
    });
  const plannedArchivings = () => manager.countBy(LongTermArchiveTransfer, { rawDataPackageId: packageId });

  /** The database makes the keys where it can, or the planner. */
  const planners: [string, (nested: EntityManager) => Promise<number>][] = [
    ['as usual', (nested) => planArchiving(nested)],
    ['with keys of the planner', (nested) => planArchiving(nested, { newId: () => uuidv7() })],
  ];

  it.each(planners)('keeps what an archiving starts from that is being planned %s', async (_, plan) => {
    await beside(plan, () => deleteAt(at.usBuffer));
    expect([await plannedArchivings(), await copiesAt(at.usBuffer)]).toEqual([1, 1]);
  });

  it('keeps it when the copy is moved by itself', async () => {
    const { id } = await manager.findOneByOrFail(RawDataPackagePhysicalCopy, {
      rawDataPackageId: packageId,
      dataLocationId: at.usBuffer,
    });
    const step = { from: 'present', to: 'deletion_scheduled', by };
    const [, moved] = await beside(planArchiving, () =>
      transition(manager, RawDataPackagePhysicalCopy, id, step),
    );
    expect(moved).toBe(false);
  });

  it.each(planners)('leaves no archiving to be planned %s from what is being deleted', async (_, plan) => {
    await beside(
      (nested) => deleteAt(at.usBuffer, nested),
      () => plan(manager),
    );
    expect([await plannedArchivings(), await copiesAt(at.usBuffer)]).toEqual([0, 0]);
  });

  it('keeps the copies at a processing location for a staging that is being requested', async () => {
    await copyTo(at.processing);
    const request = { id: uuidv7(), destinationLocationId: at.processing, packageIds: [packageId] };
    await beside(
      (nested) => requestStaging(nested, request),
      () => deleteAt(at.processing),
    );
    expect(await copiesAt(at.processing)).toBe(1);
  });

  it('keeps what an archiving needs that has failed, until somebody gives it up', async () => {
    await planArchiving(manager);
    const worker = 'archiver-1';
    const mine = { rawDataPackageId: packageId };
    for (const { id } of await claim(manager, LongTermArchiveTransfer, { limit: 9, worker, where: mine }))
      await fail(manager, LongTermArchiveTransfer, id, { worker, error: 'no tape', retryable: false });

    await deleteAt(at.usBuffer);
    expect(await copiesAt(at.usBuffer)).toBe(1);

    expect(await giveUpWork(manager, LongTermArchiveTransfer, { where: mine, by: 'operator' })).toBe(1);
    expect(await giveUpWork(manager, LongTermArchiveTransfer, { where: mine, by: 'operator' })).toBe(0);
    expect((await retryWork(manager, LongTermArchiveTransfer, { where: mine, by })).failed).toBe(0);
    await deleteAt(at.usBuffer);
    expect(await copiesAt(at.usBuffer)).toBe(0);
  });

  describe('of data products', () => {
    let step: ReductionStep;
    let productId: string;

    beforeEach(async () => {
      step = await manager.findOneByOrFail(ReductionStep, { name: 'mapmaking' });
      productId = await product('science');
    });

    async function run(members: { packageIds?: string[]; productIds?: string[] }, nested = manager) {
      const version = await resolveVersion(nested, step);
      if (!version) throw new Error('no version is released');
      return createRun(nested, { step, version, subGroupKey: `source=${uuidv7()}`, members });
    }

    async function product(type: DataProductType): Promise<string> {
      const { run: made } = await run({ packageIds: [packageId] });
      await manager.update(ExecutedReductionStep, made.id, { status: 'completed' });
      const id = uuidv7();
      const described = { relativePath: `${id}.fits`, sizeBytes: 1, type, name: id };
      await manager.insert(DataProduct, { id, executedReductionStepId: made.id, ...described });
      await productTo(at.processing, id);
      return id;
    }

    const productTo = (dataLocationId: number, of = productId) =>
      recordCopies(manager, DataProductPhysicalCopy, { dataLocationId, copies: [{ of }], by });
    const copiesOf = (id = productId) =>
      manager.countBy(PhysicalCopy, { dataProductId: id, status: 'present' } as object);

    it('keeps what a run reads that is being created', async () => {
      await productTo(at.usLta);
      await beside(
        (nested) => run({ productIds: [productId] }, nested),
        () => deleteAt(at.processing, manager, DataProductPhysicalCopy),
      );
      expect(await copiesOf()).toBe(2);
    });

    it('keeps what a failed run has read, until it is given up or another has taken its place', async () => {
      const intermediate = await product('intermediate');
      const { run: broken } = await run({ productIds: [intermediate] });
      const { id, reductionStepId, subGroupKey } = broken;
      await manager.update(ExecutedReductionStep, id, { status: 'failed' });
      const goes = async () => {
        await deleteAt(at.processing, manager, DataProductPhysicalCopy);
        return (await copiesOf(intermediate)) === 0;
      };
      expect(await goes()).toBe(false);
      const again = await run({ packageIds: [packageId] });
      const division = { reductionStepId, subGroupKey };
      await manager.update(ExecutedReductionStep, again.run.id, { ...division, status: 'failed' });
      expect(await goes()).toBe(false);
      const undone = manager.transaction(async (nested) => {
        await nested.update(ExecutedReductionStep, again.run.id, { status: 'completed' });
        const copies = { dataLocationId: at.processing, limit: 1000 };
        const found = await deletableCopies(nested, DataProductPhysicalCopy, copies);
        expect(found.map(({ dataProductId }) => dataProductId)).toContain(intermediate);
        throw new Error('undone');
      });
      await expect(undone).rejects.toThrow('undone');
      expect(await giveUpWork(manager, ExecutedReductionStep, { where: { id }, by })).toBe(1);
      expect(await goes()).toBe(true);
    });

    it('refuses a run that reads what is gone', async () => {
      await manager.update(
        DataProductPhysicalCopy,
        { dataProductId: productId },
        { status: 'deletion_scheduled' },
      );
      await expect(run({ productIds: [productId] })).rejects.toMatchObject({ code: 'filing_refused' });
    });
  });
});

function gate(): { readonly open: () => void; readonly passed: Promise<void> } {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}
