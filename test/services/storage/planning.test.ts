import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  DataLocation,
  DataProduct,
  DataProductPhysicalCopy,
  type DataProductType,
  DataTransfer,
  DataTransferPackage,
  ExecutedReductionStep,
  InputSet,
  InputSetMember,
  RawDataPackage,
  RawDataPackagePhysicalCopy,
  type ReductionSoftwareVersion,
  ReductionStep,
} from '../../../src/entities/index.js';
import { createRun, resolveVersion } from '../../../src/services/reduction/index.js';
import {
  beginDeletions,
  endDeletions,
  planTransfers,
  recordCopies,
  requestStaging,
  scheduleDeletions,
} from '../../../src/services/transfer/index.js';
import { undoable } from '../../../src/tools/testing/index.js';
import { describeEachDatabase } from '../../support/databases.js';
import { build, observe, openWithoutRetention, sha256, storageLocations } from '../../support/observed.js';

const by = 'manager';

describeEachDatabase('places with too little room', (database) => {
  let dataSource: DataSource;
  let manager: EntityManager;
  let undo: () => Promise<void>;
  let at: Awaited<ReturnType<typeof storageLocations>>;

  beforeAll(async () => {
    dataSource = await openWithoutRetention(database);
    manager = dataSource.manager;
    at = await storageLocations(manager);
  });
  beforeEach(async () => {
    undo = await undoable(dataSource);
  });
  afterEach(() => undo());

  const limit = (id: number, capacityBytes: number | null) =>
    manager.update(DataLocation, id, { capacityBytes });
  const addBundle = (sizeBytes: number) =>
    manager.insert(DataTransferPackage, {
      id: uuidv7(),
      originLocationId: at.output,
      status: 'completed',
      relativePath: 'bundle.tar',
      sizeBytes,
      checksum: sha256('bundle'),
      checksumAlgorithm: 'sha256',
    });
  const destinations = async () =>
    (await manager.find(DataTransfer, { order: { createdAt: 'ASC' } })).map(
      (one) => one.destinationLocationId,
    );

  it('are not chosen: a bundle goes to the next buffer, since its packages come beside it', async () => {
    await limit(at.first, 19);
    await addBundle(10);
    await planTransfers(manager);
    expect(await destinations()).toEqual([at.second]);
  });

  it('count what was planned before', async () => {
    await limit(at.first, 39);
    await addBundle(10);
    await addBundle(10);
    await planTransfers(manager);
    await addBundle(9);
    await planTransfers(manager);
    expect((await destinations()).sort()).toEqual([at.first, at.first, at.second].sort());
  });

  it('let a bundle wait where no place has room, and are told to let go', async () => {
    await limit(at.first, 19);
    await limit(at.second, 5);
    await manager.update(DataLocation, at.first, { highWatermarkBytes: 15, lowWatermarkBytes: 5 });
    await addBundle(10);
    expect(await planTransfers(manager)).toEqual([]);
    const { lettingGoSince } = await manager.findOneByOrFail(DataLocation, { id: at.first });
    expect(lettingGoSince).not.toBeNull();
    await limit(at.second, null);
    expect(await planTransfers(manager)).toHaveLength(1);
  });

  async function archived(): Promise<string> {
    const { packageId } = await observe(manager, 1);
    const computed = { checksum: await build(manager, packageId), checksumAlgorithm: 'sha256' as const };
    await manager.update(RawDataPackage, packageId, { state: 'archived' });
    const copies = [{ of: packageId, computed }];
    await recordCopies(manager, RawDataPackagePhysicalCopy, { dataLocationId: at.lta, copies, by });
    return packageId;
  }

  it('refuse what is to be staged, but not what lies there', async () => {
    await limit(at.processing, 1_500_000);
    const [one, two] = [await archived(), await archived()];
    const request = (packageIds: string[]) =>
      requestStaging(manager, { id: uuidv7(), destinationLocationId: at.processing, packageIds });
    await expect(request([one, two])).rejects.toMatchObject({ code: 'no_room' });
    expect(await request([one])).toBe(true);
    await expect(request([two])).rejects.toMatchObject({ code: 'no_room' });
    await limit(at.processing, null);
    expect(await request([two])).toBe(true);
  });

  describe('products', () => {
    /** A product of a run that has read a package. @returns what schedules the deletion of its copies at a place */
    async function product(type: DataProductType, packageId: string, productIds?: string[]) {
      const steps = await manager.find(ReductionStep, {
        relations: { pipeline: true },
        order: { id: 'ASC' },
      });
      const step = steps.at(-1) as ReductionStep;
      const version = (await resolveVersion(manager, step)) as ReductionSoftwareVersion;
      const members = productIds ? { productIds } : { packageIds: [packageId] };
      const { run } = await createRun(manager, { step, version, subGroupKey: packageId, members });
      await manager.update(ExecutedReductionStep, run.id, { status: 'completed' });
      const id = uuidv7();
      const made = { id, executedReductionStepId: run.id, type, relativePath: 'x', sizeBytes: 1 };
      await manager.insert(DataProduct, made);
      const copyTo = (dataLocationId: number) =>
        recordCopies(manager, DataProductPhysicalCopy, { dataLocationId, copies: [{ of: id }], by });
      await copyTo(at.processing);
      const scheduledAt = async (dataLocationId: number) =>
        (await scheduleDeletions(manager, DataProductPhysicalCopy, { dataLocationId, limit: 100, by }))
          .length;
      return { id, copyTo, scheduledAt };
    }

    it.each(['science', 'plot', 'log', 'statistics', 'qa_metric'] as const)(
      'of type %s keep their last copy',
      async (type) => {
        const { copyTo, scheduledAt } = await product(type, await archived());
        expect(await scheduledAt(at.processing)).toBe(0);
        await copyTo(at.first);
        expect(await scheduledAt(at.processing)).toBe(1);
        expect(await scheduledAt(at.first)).toBe(0);
      },
    );

    it('that are intermediates go when their run could make them again', async () => {
      const packageId = await archived();
      const { scheduledAt } = await product('intermediate', packageId);
      const inArchive = { rawDataPackageId: packageId, dataLocationId: at.lta };
      const gone = { status: 'deleted', deletedAt: new Date() } as const;
      await manager.update(RawDataPackagePhysicalCopy, inArchive, gone);
      expect(await scheduledAt(at.processing)).toBe(0);
      await manager.update(RawDataPackagePhysicalCopy, inArchive, { status: 'present', deletedAt: null });
      expect(await scheduledAt(at.processing)).toBe(1);
      expect(await manager.count(InputSet)).toBe(await manager.count(InputSetMember));
    });

    it('that were made one from the other go together', async () => {
      const packageId = await archived();
      const { id } = await product('intermediate', packageId);
      const { scheduledAt } = await product('intermediate', packageId, [id]);
      expect(await scheduledAt(at.processing)).toBe(2);
      const batch = { dataLocationId: at.processing, limit: 1, by };
      for (let count = 0; count < 2; count++) {
        const ids = await beginDeletions(manager, DataProductPhysicalCopy, batch);
        expect(await endDeletions(manager, DataProductPhysicalCopy, { ids, by })).toBe(1);
      }
    });
  });
});
