import { type DataSource, type EntityManager, In } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { BULK } from '../../../src/database/chunks.js';
import {
  DataLocation,
  DataTransfer,
  DataTransferPackage,
  DataTransferPackagePhysicalCopy,
  DataTransferRoute,
  DataTransferUnpacking,
  ExecutedObsUnit,
  LongTermArchiveTransfer,
  RawDataFile,
  RawDataFilePhysicalCopy,
  RawDataPackage,
  RawDataPackageMetadata,
  RawDataPackagePhysicalCopy,
  Site,
  StagingJob,
} from '../../../src/entities/index.js';
import { transition } from '../../../src/lifecycle/index.js';
import { claim, fail, heartbeat } from '../../../src/services/claiming/index.js';
import { fileRawDataFiles, finishObservation } from '../../../src/services/filing/index.js';
import {
  beginDeletions,
  bufferOf,
  completeArchiving,
  completeBundle,
  completePackage,
  completeStaging,
  completeTransfer,
  completeUnpacking,
  endDeletions,
  planArchiving,
  planBundles,
  planPackages,
  planTransfers,
  recordCopies,
  releaseStaging,
  releaseStaleDeletions,
  requestStaging,
  retryWork,
  scheduleDeletions,
} from '../../../src/services/transfer/index.js';
import { undoable } from '../../../src/tools/testing/index.js';
import { describeEachDatabase } from '../../support/databases.js';
import {
  type Observed,
  observe,
  openWithoutRetention,
  sha256,
  storageLocations,
} from '../../support/observed.js';

const worker = 'worker';
const checksumAlgorithm = 'sha256' as const;
const GB = 1e9;

describeEachDatabase('the way of data to the archive', (database) => {
  let dataSource: DataSource;
  let manager: EntityManager;
  let at: Awaited<ReturnType<typeof storageLocations>>;
  let observed: Observed;
  let undo: () => Promise<void>;

  beforeAll(async () => {
    dataSource = await openWithoutRetention(database);
    at = await storageLocations(dataSource.manager);
  });
  /** Each test begins with one package that is planned. */
  beforeEach(async () => {
    undo = await undoable(dataSource);
    manager = dataSource.manager;
    observed = await observe(manager);
  });
  afterEach(() => undo());

  const built = (dataLocationId: number, name: string, sizeBytes = 15 * GB) => ({
    worker,
    dataLocationId,
    relativePath: `${name}.tar`,
    sizeBytes,
    checksum: sha256(name),
    checksumAlgorithm,
  });

  async function begin(entity: Parameters<typeof claim>[1]): Promise<string> {
    const [row] = await claim(manager, entity, { limit: 1, worker });
    await transition(manager, entity, row?.id as string, { from: 'scheduled', to: 'in_progress', worker });
    return row?.id as string;
  }

  async function build(): Promise<string> {
    const id = await begin(RawDataPackage);
    await completePackage(manager, id, built(at.output, id));
    return id;
  }

  async function bundle(): Promise<string> {
    await build();
    await planBundles(manager, { originLocationId: at.output, by: worker });
    const id = await begin(DataTransferPackage);
    await completeBundle(manager, id, built(at.output, id));
    return id;
  }

  async function transfer(): Promise<void> {
    await bundle();
    await planTransfers(manager);
    await completeTransfer(manager, await begin(DataTransfer), { worker, transferredBytes: 15 * GB });
  }

  const computed = () => {
    const rawDataPackageId = observed.packageId;
    return { rawDataPackageId, checksum: sha256(rawDataPackageId), checksumAlgorithm };
  };

  async function unpack(): Promise<void> {
    await transfer();
    const packages = [computed()];
    await completeUnpacking(manager, await begin(DataTransferUnpacking), { worker, packages });
  }

  async function archive(): Promise<void> {
    await unpack();
    await planArchiving(manager);
    await completeArchiving(manager, await begin(LongTermArchiveTransfer), { worker, ...computed() });
  }

  async function stage(id = uuidv7()): Promise<string> {
    const packageIds = [observed.packageId];
    await requestStaging(manager, { id, destinationLocationId: at.processing, packageIds });
    await completeStaging(manager, await begin(StagingJob), { worker });
    return id;
  }

  const packageCopy = (dataLocationId: number) =>
    manager.findOneBy(RawDataPackagePhysicalCopy, { dataLocationId, rawDataPackageId: observed.packageId });

  describe('planning packages', () => {
    /** Three more files of 5 GB. */
    async function fileMore(): Promise<void> {
      const { executedObsUnitId, instrumentModuleId, sourceLocationId } = observed;
      const files = ['a', 'b', 'c'].map((relativePath) => ({
        id: uuidv7(),
        executedObsUnitId,
        instrumentModuleId,
        sourceLocationId,
        relativePath,
        sizeBytes: 5 * GB,
      }));
      await fileRawDataFiles(manager, files);
    }

    async function finish(): Promise<void> {
      const { executedObsUnitId: id } = observed;
      const { obsUnitId } = await manager.findOneByOrFail(ExecutedObsUnit, { id });
      await finishObservation(manager, { id, obsUnitId, endTime: new Date('2026-11-24T04:00:00Z') });
    }

    it('looks at one location where that is asked for', async () => {
      await fileMore();
      await finish();
      expect(await planPackages(manager, { sourceLocationId: at.first })).toEqual([]);
      expect(await planPackages(manager, { sourceLocationId: observed.sourceLocationId })).toHaveLength(1);
    });

    it('waits until the execution has ended', async () => {
      await fileMore();
      expect(await planPackages(manager)).toEqual([]);
    });

    it('divides files that are too large together into further parts', async () => {
      await fileMore();
      await finish();
      expect(await planPackages(manager, { maxBytes: 11 * GB })).toHaveLength(2);
      const parts = await manager.find(RawDataPackage, { order: { partNumber: 'ASC' } });
      expect(parts.map(({ partNumber, fileCount }) => [partNumber, fileCount])).toEqual([
        [1, 3],
        [2, 2],
        [3, 1],
      ]);
    });

    it('lets a package go on in the next list of files', async () => {
      const { executedObsUnitId, instrumentModuleId, sourceLocationId } = observed;
      const origin = { executedObsUnitId, instrumentModuleId, sourceLocationId };
      const files = Array.from({ length: BULK + 3 }, (_, index) => ({
        ...origin,
        id: uuidv7(),
        relativePath: `many/${String(index).padStart(6, '0')}`,
        sizeBytes: index < BULK - 2 ? 1 : GB,
      }));
      await fileRawDataFiles(manager, files);
      await finish();
      const ids = await planPackages(manager, { maxBytes: 4 * GB });
      const parts = await manager.find(RawDataPackage, {
        where: { id: In(ids) },
        order: { partNumber: 'ASC' },
      });
      // Small ones and three of a gigabyte; the third is in the second list.
      expect(parts.map(({ partNumber, fileCount }) => [partNumber, fileCount])).toEqual([
        [2, BULK + 1],
        [3, 2],
      ]);
      expect(parts.map(({ id }) => id)).toEqual(ids);
      for (const { id, fileCount } of parts)
        expect(await manager.countBy(RawDataFile, { rawDataPackageId: id })).toBe(fileCount);
    });

    it('notes the observation and the instrument with each package', async () => {
      await fileMore();
      await finish();
      const [rawDataPackageId] = await planPackages(manager);
      const { metadata } = await manager.findOneByOrFail(RawDataPackageMetadata, { rawDataPackageId });
      expect(metadata).toMatchObject({
        observation: { obs_unit: expect.any(String), end_time: '2026-11-24T04:00:00.000Z' },
        instrument: { name: expect.any(String), module: expect.any(String) },
      });
    });

    it('plans nothing twice', async () => {
      await fileMore();
      await finish();
      await planPackages(manager);
      expect(await planPackages(manager)).toEqual([]);
      expect(await manager.countBy(RawDataFile, { rawDataPackageId: observed.packageId })).toBe(3);
    });

    it('gives the packages the keys that it is told to', async () => {
      await fileMore();
      await finish();
      const id = uuidv7();
      expect(await planPackages(manager, { newId: () => id })).toEqual([id]);
    });
  });

  describe('bundling', () => {
    it('puts the packages that wait at a buffer on their way', async () => {
      const id = await build();
      const [bundleId] = await planBundles(manager, { originLocationId: at.output, by: worker });
      const found = await manager.findOneByOrFail(RawDataPackage, { id });
      expect(found).toMatchObject({ state: 'transferring', dataTransferPackageId: bundleId });
      const planned = await manager.findOneByOrFail(DataTransferPackage, { id: bundleId as string });
      expect(planned.packageCount).toBe(1);
    });

    it('makes a bundle of its own of what is larger than a bundle may be', async () => {
      await build();
      const second = await observe(manager);
      await build();
      const ids = await planBundles(manager, { originLocationId: at.output, maxBytes: 1, by: worker });
      expect(ids).toHaveLength(2);
      expect(await manager.existsBy(RawDataPackage, { id: second.packageId, state: 'transferring' })).toBe(
        true,
      );
    });

    it('lets too little wait', async () => {
      await build();
      const plan = { originLocationId: at.output, by: worker };
      expect(await planBundles(manager, { ...plan, minBytes: 16 * GB })).toEqual([]);
      expect(await planBundles(manager, { ...plan, minBytes: 15 * GB })).toHaveLength(1);
    });
  });

  describe('planning transfers', () => {
    it('takes the active route of the site, once', async () => {
      const bundleId = await bundle();
      expect(await planTransfers(manager)).toHaveLength(1);
      expect(await planTransfers(manager)).toEqual([]);
      const [planned] = await manager.find(DataTransfer);
      expect(planned).toMatchObject({
        dataTransferPackageId: bundleId,
        originLocationId: at.output,
        destinationLocationId: at.first,
      });
    });

    it.each(['bad', 'deletion_scheduled'] as const)(
      'waits while the copy to start from is %s',
      async (status) => {
        const dataTransferPackageId = await bundle();
        const since = status === 'bad' ? { badSince: new Date(), badReason: 'bit rot' } : {};
        const set = (given: object) =>
          manager.update(DataTransferPackagePhysicalCopy, { dataTransferPackageId }, given);
        await set({ status, ...since });
        expect(await planTransfers(manager)).toEqual([]);
        await set({ status: 'present', badSince: null, badReason: null });
        expect(await planTransfers(manager)).toHaveLength(1);
      },
    );

    it('waits while no route is active', async () => {
      await bundle();
      await manager.update(DataTransferRoute, { name: 'ccat_to_cologne' }, { active: false });
      expect(await planTransfers(manager)).toEqual([]);
    });

    it('goes to the next buffer of the site when the first cannot be written to', async () => {
      const { id } = await manager.findOneByOrFail(Site, { shortName: 'cologne' });
      await manager.query(`UPDATE data_location SET availability = 'read_only' WHERE id = ${at.first}`);
      expect((await bufferOf(manager, id))?.name).toBe('input_buffer_2');
    });
  });

  it('leaves a verified copy in the archive and marks the package', async () => {
    await archive();
    const rawDataPackage = await manager.findOneByOrFail(RawDataPackage, { id: observed.packageId });
    expect(rawDataPackage.state).toBe('archived');
    const copy = await packageCopy(at.lta);
    expect(copy).toMatchObject({ status: 'present', checksum: rawDataPackage.checksum });
    expect(copy?.verifiedAt).toBeInstanceOf(Date);
    expect(await planArchiving(manager)).toBe(0);
  });

  it('plans an archiving once for packages that lie at several buffers, under the key of the planner', async () => {
    await unpack();
    const copies = [{ of: observed.packageId }];
    await recordCopies(manager, RawDataPackagePhysicalCopy, {
      dataLocationId: at.second,
      by: worker,
      copies,
    });
    const [id, names] = [uuidv7(), [] as string[]];
    const newId = (name: string) => {
      names.push(name);
      return id;
    };
    expect(await planArchiving(manager, { newId })).toBe(1);
    expect(await planArchiving(manager, { newId })).toBe(0);
    expect(names).toEqual([`archiving/${observed.packageId}/${at.lta}`]);
    const planned = await manager.find(LongTermArchiveTransfer);
    expect(planned).toMatchObject([{ id, originLocationId: at.first, destinationLocationId: at.lta }]);
  });

  it('takes no word from a worker that does not have the work', async () => {
    const id = await begin(RawDataPackage);
    const other = { ...built(at.output, id), worker: 'somebody else' };
    expect(await completePackage(manager, id, other)).toBe(false);
    expect(await packageCopy(at.output)).toBeNull();
  });

  it('refuses an unpacking in which a package has another checksum', async () => {
    await transfer();
    const id = await begin(DataTransferUnpacking);
    const packages = [{ ...computed(), checksum: sha256('damaged') }];
    await expect(completeUnpacking(manager, id, { worker, packages })).rejects.toMatchObject({
      code: 'checksum_mismatch',
      message: expect.stringContaining(observed.packageId),
    });
    expect((await manager.findOneByOrFail(DataTransferUnpacking, { id })).status).toBe('in_progress');
    expect(await packageCopy(at.first)).toBeNull();
  });

  it('refuses an unpacking in which a package is missing', async () => {
    await transfer();
    const id = await begin(DataTransferUnpacking);
    const unpacked = completeUnpacking(manager, id, { worker, packages: [] });
    await expect(unpacked).rejects.toMatchObject({ code: 'filing_refused' });
  });

  it('refuses an archive copy with another checksum', async () => {
    await unpack();
    await planArchiving(manager);
    const id = await begin(LongTermArchiveTransfer);
    const archived = completeArchiving(manager, id, { worker, ...computed(), checksum: sha256('damaged') });
    await expect(archived).rejects.toMatchObject({ code: 'checksum_mismatch' });
    expect(await packageCopy(at.lta)).toBeNull();
  });

  describe('staging', () => {
    it('refuses what is not archived', async () => {
      await unpack();
      await expect(stage()).rejects.toMatchObject({ code: 'filing_refused' });
      expect(await manager.count(StagingJob)).toBe(0);
    });

    it('leaves the files at the processing location and keeps them until they are released', async () => {
      await archive();
      const id = await stage();
      expect((await packageCopy(at.processing))?.status).toBe('staged');
      const batch = { dataLocationId: at.processing, limit: 100, by: worker };
      expect(await scheduleDeletions(manager, RawDataFilePhysicalCopy, batch)).toEqual([]);
      expect(await releaseStaging(manager, id)).toBe(true);
      expect(await releaseStaging(manager, id)).toBe(false);
      expect(await scheduleDeletions(manager, RawDataFilePhysicalCopy, batch)).toHaveLength(3);
    });

    it('asks for the same once, however often it is sent', async () => {
      await archive();
      const id = uuidv7();
      const job = { id, destinationLocationId: at.processing, packageIds: [observed.packageId] };
      expect(await requestStaging(manager, job)).toBe(true);
      expect(await requestStaging(manager, job)).toBe(false);
      const stored = await manager.find(StagingJob, { relations: { rawDataPackages: true } });
      expect(stored.map(({ rawDataPackages }) => rawDataPackages?.length)).toEqual([1]);
    });

    it('brings back what was deleted', async () => {
      await archive();
      await releaseStaging(manager, await stage());
      await deleteAll(at.processing);
      expect((await packageCopy(at.processing))?.status).toBe('deleted');
      await stage();
      expect(await packageCopy(at.processing)).toMatchObject({ status: 'staged', deletedAt: null });
    });

    it('does not bring back what is being deleted at this moment', async () => {
      await archive();
      await releaseStaging(manager, await stage());
      const batch = { dataLocationId: at.processing, limit: 100, by: worker };
      await scheduleDeletions(manager, RawDataPackagePhysicalCopy, batch);
      await beginDeletions(manager, RawDataPackagePhysicalCopy, batch);
      await expect(stage()).rejects.toMatchObject({ code: 'filing_conflict' });
    });
  });

  async function deleteAll(dataLocationId: number): Promise<void> {
    const batch = { dataLocationId, limit: 100, by: worker };
    for (const entity of [RawDataFilePhysicalCopy, RawDataPackagePhysicalCopy]) {
      await scheduleDeletions(manager, entity, batch);
      const ids = await beginDeletions(manager, entity, batch);
      await endDeletions(manager, entity, { ids, by: worker });
    }
  }

  describe('deleting', () => {
    const copies = RawDataFilePhysicalCopy;
    const batch = () => ({ dataLocationId: at.source, limit: 2, by: worker });

    it('schedules nothing that is not archived', async () => {
      await unpack();
      expect(await scheduleDeletions(manager, copies, batch())).toEqual([]);
    });

    it('goes on in batches until nothing is left, and keeps the rows', async () => {
      await archive();
      const sizes: number[] = [];
      for (let left = true; left; left = (sizes.at(-1) ?? 0) > 0)
        sizes.push((await scheduleDeletions(manager, copies, batch())).length);
      expect(sizes).toEqual([2, 1, 0]);
      const ids = await beginDeletions(manager, copies, { ...batch(), limit: 100 });
      expect(await endDeletions(manager, copies, { ids, by: worker })).toBe(3);
      expect(await manager.countBy(copies, { status: 'deleted', dataLocationId: at.source })).toBe(3);
    });

    it('schedules what could not be deleted again', async () => {
      await archive();
      await scheduleDeletions(manager, copies, batch());
      const ids = await beginDeletions(manager, copies, batch());
      await endDeletions(manager, copies, { ids, by: worker, error: 'disk is read-only' });
      expect(await scheduleDeletions(manager, copies, { ...batch(), limit: 100 })).toHaveLength(3);
    });

    it('tries a deletion again whatever its worker says', async () => {
      await archive();
      await scheduleDeletions(manager, copies, batch());
      const [id = ''] = await beginDeletions(manager, copies, batch());
      const failure = { worker, error: 'no such disk', retryable: false };
      for (let attempt = 1; attempt <= 5; attempt++) {
        expect(await fail(manager, copies, id, failure)).toBe('pending');
        await manager.update(copies, id, { nextRetryAt: null });
        await scheduleDeletions(manager, copies, batch());
        expect(await beginDeletions(manager, copies, batch())).toContain(id);
      }
    });

    it('waits with the next try to delete, and takes it then', async () => {
      await archive();
      await scheduleDeletions(manager, copies, batch());
      const ids = await beginDeletions(manager, copies, batch());
      await endDeletions(manager, copies, { ids, by: worker, error: 'disk is read-only' });
      await scheduleDeletions(manager, copies, { ...batch(), limit: 100 });
      expect(await beginDeletions(manager, copies, { ...batch(), limit: 100 })).toHaveLength(1);
      await manager.update(copies, { id: In(ids) }, { nextRetryAt: null });
      expect((await beginDeletions(manager, copies, batch())).sort()).toEqual([...ids].sort());
    });

    it('lets a slow worker not undo what its successor does', async () => {
      await archive();
      await scheduleDeletions(manager, copies, batch());
      const slow = await beginDeletions(manager, copies, { ...batch(), by: 'slow' });
      await manager.update(copies, { id: In(slow) }, { heartbeatAt: new Date('2020-01-01T00:00:00Z') });
      expect(await releaseStaleDeletions(manager, copies, 3600, 'recovery')).toBe(2);
      await scheduleDeletions(manager, copies, batch());
      const taken = await beginDeletions(manager, copies, { ...batch(), by: 'successor' });
      expect(taken.sort()).toEqual([...slow].sort());
      expect(await heartbeat(manager, copies, slow, 'slow')).toBe(0);
      expect(await endDeletions(manager, copies, { ids: slow, by: 'slow', error: 'no such file' })).toBe(0);
      expect(await endDeletions(manager, copies, { ids: slow, by: 'slow' })).toBe(0);
      expect(await heartbeat(manager, copies, taken, 'successor')).toBe(2);
      expect(await endDeletions(manager, copies, { ids: taken, by: 'successor' })).toBe(2);
    });

    it('keeps the copies of a worker that gives signs of life', async () => {
      await archive();
      await scheduleDeletions(manager, copies, batch());
      const ids = await beginDeletions(manager, copies, batch());
      const long = {
        heartbeatAt: new Date('2020-01-01T00:00:00Z'),
        updatedAt: new Date('2020-01-01T00:00:00Z'),
      };
      await manager.update(copies, { id: In(ids) }, long);
      expect(await heartbeat(manager, copies, ids, worker)).toBe(2);
      expect(await releaseStaleDeletions(manager, copies, 3600, 'recovery')).toBe(0);
    });

    it('releases deletions of which the worker is gone, and no others', async () => {
      await archive();
      await scheduleDeletions(manager, copies, batch());
      const [id] = await beginDeletions(manager, copies, batch());
      await manager.update(copies, id as string, { updatedAt: new Date('2020-01-01T00:00:00Z') });
      expect(await releaseStaleDeletions(manager, copies, 3600, 'recovery')).toBe(1);
      expect((await manager.findOneByOrFail(copies, { id })).status).toBe('deletion_failed');
    });
  });

  it('tries again at once what waits or has failed for good', async () => {
    const second = await observe(manager);
    for (const retryable of [true, false])
      await fail(manager, RawDataPackage, await begin(RawDataPackage), {
        error: 'broken',
        worker,
        retryable,
      });
    expect(await claim(manager, RawDataPackage, { limit: 2, worker })).toEqual([]);
    expect(await retryWork(manager, RawDataPackage, { by: 'operator' })).toEqual({ waiting: 1, failed: 1 });
    const again = await claim(manager, RawDataPackage, { limit: 2, worker });
    expect(again.map(({ id }) => id).sort()).toEqual([observed.packageId, second.packageId].sort());
    for (const { retryCount, maxRetries } of again) expect(maxRetries - retryCount).toBeGreaterThanOrEqual(2);
  });

  it('leaves failed what other work has taken the place of', async () => {
    const second = await observe(manager);
    await manager.update(DataLocation, [at.usBuffer, at.usLta], { active: true, availability: 'online' });
    const copies = [observed, second].map(({ packageId: of }) => ({ of }));
    await recordCopies(manager, RawDataPackagePhysicalCopy, {
      dataLocationId: at.usBuffer,
      copies,
      by: worker,
    });
    expect(await planArchiving(manager)).toBe(2);
    for (const { id } of await claim(manager, LongTermArchiveTransfer, { limit: 2, worker }))
      await fail(manager, LongTermArchiveTransfer, id, { error: 'no tape', worker, retryable: false });
    await manager.insert(LongTermArchiveTransfer, {
      id: uuidv7(),
      rawDataPackageId: second.packageId,
      originLocationId: at.usBuffer,
      destinationLocationId: at.usLta,
    });
    const retried = await retryWork(manager, LongTermArchiveTransfer, { by: 'operator' });
    expect(retried).toEqual({ waiting: 0, failed: 1 });
    const pending = await manager.countBy(LongTermArchiveTransfer, { status: 'pending' });
    expect(pending).toBe(2);
  });

  describe('two at the same time', () => {
    /** Each has a connection of its own: what is to be undone is one transaction. */
    beforeEach(async () => {
      ({ manager } = await openWithoutRetention(database));
      // So that neither has to connect first.
      await Promise.all([1, 2].map(() => manager.query('SELECT 1')));
      observed = await observe(manager);
    });

    it('bundle a package once', async () => {
      await build();
      const plan = () => planBundles(manager, { originLocationId: at.output, by: worker });
      const planned = (await Promise.all([plan(), plan()])).flat();
      expect(planned).toHaveLength(1);
      expect(await manager.count(DataTransferPackage)).toBe(1);
    });

    it('record a copy once, however often it is told', async () => {
      const told = { dataLocationId: at.output, copies: [{ of: observed.packageId }], by: worker };
      await Promise.all([1, 2].map(() => recordCopies(manager, RawDataPackagePhysicalCopy, told)));
      const computed = { checksum: sha256('tar'), checksumAlgorithm };
      const verified = { ...told, copies: [{ of: observed.packageId, computed }] };
      await recordCopies(manager, RawDataPackagePhysicalCopy, verified);
      expect(await manager.count(RawDataPackagePhysicalCopy)).toBe(1);
      expect(await packageCopy(at.output)).toMatchObject(computed);
    });
  });
});
