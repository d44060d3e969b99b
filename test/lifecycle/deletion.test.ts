import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  DataTransfer,
  DataTransferPackage,
  DataTransferPackagePhysicalCopy,
  DataTransferUnpacking,
  DeletionPolicy,
  LongTermArchiveTransfer,
  PhysicalCopy,
  RawDataFilePhysicalCopy,
  RawDataPackage,
  RawDataPackagePhysicalCopy,
  StagingJob,
} from '../../src/entities/index.js';
import { deletableCopies, transition } from '../../src/lifecycle/index.js';
import { describeEachDatabase } from '../support/databases.js';
import {
  build,
  locationId,
  type Observed,
  observe,
  openWithoutRetention,
  sha256,
} from '../support/observed.js';

describeEachDatabase('the deletion rule', (database) => {
  let dataSource: DataSource;
  let manager: EntityManager;
  let at: Record<'source' | 'buffer' | 'far' | 'lta' | 'us' | 'processing', number>;
  let observed: Observed;
  let checksum: string;
  let bufferCopy: string;
  let archiveCopy: string;

  beforeAll(async () => {
    dataSource = await openWithoutRetention(database);
    manager = dataSource.manager;
    at = {
      source: await locationId(manager, 'ccat', 'chai_raw_data'),
      buffer: await locationId(manager, 'ccat', 'output_buffer'),
      far: await locationId(manager, 'cologne', 'input_buffer'),
      lta: await locationId(manager, 'cologne', 'lta'),
      us: await locationId(manager, 'us', 'lta'),
      processing: await locationId(manager, 'cologne', 'ramses_processing'),
    };
  });

  /** A package that is safe: archived, with one verified copy in the archive and one in the buffer. */
  beforeEach(async () => {
    observed = await observe(manager);
    checksum = await build(manager, observed.packageId);
    await manager.update(RawDataPackage, observed.packageId, { state: 'archived' });
    bufferCopy = await copyTo(at.buffer);
    archiveCopy = await copyTo(at.lta, { checksum, checksumAlgorithm: 'sha256', verifiedAt: new Date() });
  });

  async function copyTo(
    dataLocationId: number,
    more: Partial<Pick<RawDataPackagePhysicalCopy, 'checksum' | 'checksumAlgorithm' | 'verifiedAt'>> = {},
  ): Promise<string> {
    const id = uuidv7();
    await manager.insert(RawDataPackagePhysicalCopy, {
      id,
      rawDataPackageId: observed.packageId,
      dataLocationId,
      ...more,
    });
    return id;
  }

  const mayGo = async (id = bufferCopy) => {
    const { dataLocationId } = await manager.findOneByOrFail(PhysicalCopy, { id });
    const copies = await deletableCopies(manager, RawDataPackagePhysicalCopy, {
      dataLocationId,
      limit: 1000,
    });
    return copies.some((copy) => copy.id === id);
  };

  async function bundle(status: DataTransferPackage['status'] = 'completed'): Promise<string> {
    const id = uuidv7();
    const described = {
      relativePath: `${id}.tar`,
      sizeBytes: 1,
      checksum,
      checksumAlgorithm: 'sha256' as const,
    };
    await manager.insert(DataTransferPackage, { id, originLocationId: at.buffer, status, ...described });
    await manager.update(RawDataPackage, observed.packageId, { dataTransferPackageId: id });
    return id;
  }

  async function transfer(status: DataTransfer['status']): Promise<string> {
    const id = uuidv7();
    const dataTransferPackageId = await bundle();
    const places = { originLocationId: at.buffer, destinationLocationId: at.far };
    await manager.insert(DataTransfer, { id, dataTransferPackageId, ...places, status });
    return id;
  }

  it('lets a buffer copy go when one verified archive copy is present', async () => {
    expect(await mayGo()).toBe(true);
  });

  it('keeps it while the package is not archived', async () => {
    await manager.update(RawDataPackage, observed.packageId, { state: 'transferring' });
    expect(await mayGo()).toBe(false);
  });

  it('keeps it when the archive copy has another checksum', async () => {
    await manager.update(RawDataPackagePhysicalCopy, archiveCopy, { checksum: sha256('other') });
    expect(await mayGo()).toBe(false);
  });

  it('keeps it when the checksum is of another algorithm', async () => {
    const md5 = checksum.slice(0, 32);
    await manager.update(RawDataPackage, observed.packageId, { checksum: md5, checksumAlgorithm: 'md5' });
    await manager.update(RawDataPackagePhysicalCopy, archiveCopy, {
      checksum: md5,
      checksumAlgorithm: 'xxh128',
    });
    expect(await mayGo()).toBe(false);
  });

  it('keeps it when the archive copy was never verified', async () => {
    await manager.update(RawDataPackagePhysicalCopy, archiveCopy, { verifiedAt: null });
    expect(await mayGo()).toBe(false);
  });

  it('keeps it when the archive copy is deleted', async () => {
    await manager.update(RawDataPackagePhysicalCopy, archiveCopy, {
      status: 'deleted',
      deletedAt: new Date(),
    });
    expect(await mayGo()).toBe(false);
  });

  it('counts no copy outside a long-term archive', async () => {
    await manager.update(RawDataPackagePhysicalCopy, archiveCopy, { dataLocationId: at.far });
    expect(await mayGo()).toBe(false);
  });

  it('asks for as many archive copies as the policy of the location type says', async () => {
    const ask = (minArchiveCopies: number) =>
      manager.update(DeletionPolicy, { locationType: 'buffer' }, { minArchiveCopies });
    await ask(2);
    try {
      expect(await mayGo()).toBe(false);
      await copyTo(at.us, { checksum, checksumAlgorithm: 'sha256', verifiedAt: new Date() });
      expect(await mayGo()).toBe(true);
    } finally {
      await ask(1);
    }
  });

  it('asks for one archive copy where there is no policy', async () => {
    const policy = await manager.findOneByOrFail(DeletionPolicy, { locationType: 'buffer' });
    await manager.delete(DeletionPolicy, policy.id);
    try {
      expect(await mayGo()).toBe(true);
      await manager.update(RawDataPackagePhysicalCopy, archiveCopy, { verifiedAt: null });
      expect(await mayGo()).toBe(false);
    } finally {
      await manager.insert(DeletionPolicy, policy);
    }
  });

  it.each([
    ['pending', false],
    ['scheduled', false],
    ['in_progress', false],
    ['completed', true],
    ['failed', false],
  ] as const)('while the building of its bundle is %s, that it may go is %s', async (status, expected) => {
    await bundle(status);
    expect(await mayGo()).toBe(expected);
  });

  it.each(['pending', 'scheduled', 'in_progress'] as const)(
    'keeps it while a transfer is %s',
    async (status) => {
      await transfer(status);
      expect(await mayGo()).toBe(false);
    },
  );

  it('lets it go when the transfer is over', async () => {
    await transfer('completed');
    expect(await mayGo()).toBe(true);
  });

  it('keeps it while the bundle is being unpacked', async () => {
    const dataTransferId = await transfer('completed');
    await manager.insert(DataTransferUnpacking, {
      id: uuidv7(),
      dataTransferId,
      destinationLocationId: at.far,
    });
    expect(await mayGo()).toBe(false);
  });

  it('keeps it while another archive is being filled', async () => {
    const places = { originLocationId: at.far, destinationLocationId: at.us };
    await manager.insert(LongTermArchiveTransfer, {
      id: uuidv7(),
      rawDataPackageId: observed.packageId,
      ...places,
    });
    expect(await mayGo()).toBe(false);
  });

  it('keeps it while a staging job is active, also after the staging is done', async () => {
    const job = await manager.save(StagingJob, {
      id: uuidv7(),
      destinationLocationId: at.processing,
      status: 'completed' as const,
      rawDataPackages: [{ id: observed.packageId }],
    });
    expect(await mayGo()).toBe(false);
    await manager.update(StagingJob, job.id, { active: false, releasedAt: new Date() });
    expect(await mayGo()).toBe(true);
  });

  it('never lets an archive copy go', async () => {
    expect(await mayGo(archiveCopy)).toBe(false);
  });

  it('lets a processing copy go unless a staging job needs it', async () => {
    const staged = await copyTo(at.processing);
    expect(await mayGo(staged)).toBe(true);
    await manager.save(StagingJob, {
      id: uuidv7(),
      destinationLocationId: at.processing,
      rawDataPackages: [{ id: observed.packageId }],
    });
    expect(await mayGo(staged)).toBe(false);
  });

  it('holds for file copies by their package', async () => {
    const fileCopies = () =>
      deletableCopies(manager, RawDataFilePhysicalCopy, { dataLocationId: at.source, limit: 10_000 });
    const own = async () =>
      (await fileCopies()).filter(({ rawDataFileId }) => observed.fileIds.includes(rawDataFileId)).length;
    expect(await own()).toBe(3);
    await manager.update(RawDataPackage, observed.packageId, { state: 'waiting' });
    expect(await own()).toBe(0);
  });

  it('holds for a bundle only when every package in it is safe', async () => {
    const dataTransferPackageId = await bundle();
    const id = uuidv7();
    await manager.insert(DataTransferPackagePhysicalCopy, {
      id,
      dataTransferPackageId,
      dataLocationId: at.buffer,
    });
    const bundleMayGo = async () =>
      (
        await deletableCopies(manager, DataTransferPackagePhysicalCopy, {
          dataLocationId: at.buffer,
          limit: 1000,
        })
      ).some((copy) => copy.id === id);
    expect(await bundleMayGo()).toBe(true);
    const unsafe = await observe(manager);
    await manager.update(RawDataPackage, unsafe.packageId, { dataTransferPackageId });
    expect(await bundleMayGo()).toBe(false);
  });

  it('is asked by every step towards deletion', async () => {
    const step = (from: string, to: string) =>
      transition(manager, RawDataPackagePhysicalCopy, bufferCopy, { from, to });
    expect(await step('present', 'deletion_scheduled')).toBe(true);
    await manager.update(RawDataPackagePhysicalCopy, archiveCopy, { checksum: sha256('rotten') });
    expect(await step('deletion_scheduled', 'deletion_in_progress')).toBe(false);
    await manager.update(RawDataPackagePhysicalCopy, archiveCopy, { checksum });
    expect(await step('deletion_scheduled', 'deletion_in_progress')).toBe(true);
    expect(await step('deletion_in_progress', 'deleted')).toBe(true);
    const { deletedAt } = await manager.findOneByOrFail(PhysicalCopy, { id: bufferCopy });
    expect(deletedAt).toBeInstanceOf(Date);
  });

  it('is asked when a copy that is only marked as free to go is said to be deleted', async () => {
    const { id } = await manager.findOneByOrFail(RawDataFilePhysicalCopy, {
      rawDataFileId: observed.fileIds[0] as string,
    });
    const mark = { from: 'present', to: 'deletion_possible' };
    expect(await transition(manager, RawDataFilePhysicalCopy, id, mark)).toBe(true);
    const gone = () => transition(manager, RawDataFilePhysicalCopy, id, { from: mark.to, to: 'deleted' });
    await manager.update(RawDataPackagePhysicalCopy, archiveCopy, { verifiedAt: null });
    expect(await gone()).toBe(false);
    expect((await manager.findOneByOrFail(PhysicalCopy, { id })).status).toBe('deletion_possible');
    await manager.update(RawDataPackagePhysicalCopy, archiveCopy, { verifiedAt: new Date() });
    expect(await gone()).toBe(true);
  });
});
