import { randomUUID } from 'node:crypto';
import { type EntityManager, In } from 'typeorm';
import {
  beginDeletions,
  bufferOf,
  claim,
  completeArchiving,
  completeBundle,
  completePackage,
  completeStaging,
  completeTransfer,
  completeUnpacking,
  DataLocation,
  DataProductPhysicalCopy,
  DataTransfer,
  DataTransferPackage,
  DataTransferUnpacking,
  endDeletions,
  fileRawDataFiles,
  finishObservation,
  LongTermArchiveTransfer,
  ObsUnit,
  planArchiving,
  planBundles,
  planPackages,
  planTransfers,
  RawDataPackage,
  RawDataPackagePhysicalCopy,
  recordCopies,
  releaseStaging,
  releaseStaleDeletions,
  requestStaging,
  retryWork,
  Site,
  StagingJob,
  scheduleDeletions,
  startObservation,
  transition,
  waitingPackages,
} from '../../../src/index.js';
import { freeTime } from '../../support/free-time.js';
import type { Call } from '../call.js';
import { newFiles } from './filing.js';
import { claimed } from './work.js';

const worker = 'builder-1';
const by = 'manager';
const step = { from: 'scheduled', to: 'in_progress', worker };
const computed = { checksum: '1c8a5f03', checksumAlgorithm: 'crc32c' } as const;

const locationOf = (manager: EntityManager, name: string) => manager.findOneByOrFail(DataLocation, { name });

async function packageIds(manager: EntityManager): Promise<string[]> {
  return (await manager.findBy(RawDataPackage, { state: 'archived' })).map(({ id }) => id);
}

/** Another part of a package that is built and has a copy at the buffer. */
async function waitingPackage(manager: EntityManager) {
  const built = await manager.findOneByOrFail(RawDataPackage, { instrumentModule: { name: 'HFA' } });
  const buffer = await locationOf(manager, 'output_buffer');
  const partNumber = ((await manager.maximum(RawDataPackage, 'partNumber')) ?? 1) + 1;
  const id = randomUUID();
  const unbundled = { state: 'waiting', dataTransferPackageId: null, archivedAt: null } as const;
  await manager.save(RawDataPackage, { ...built, ...unbundled, id, partNumber });
  await recordCopies(manager, RawDataPackagePhysicalCopy, {
    dataLocationId: buffer.id,
    by,
    copies: [{ of: id }],
  });
  return buffer.id;
}

async function bundleInHand(manager: EntityManager): Promise<string> {
  const { id: originLocationId } = await locationOf(manager, 'output_buffer');
  await manager.insert(DataTransferPackage, { id: randomUUID(), originLocationId });
  const [{ id } = { id: '' }] = await claim(manager, DataTransferPackage, { limit: 1, worker });
  await transition(manager, DataTransferPackage, id, step);
  return id;
}

async function stagingInHand(manager: EntityManager): Promise<string> {
  const place = await locationOf(manager, 'ramses_processing');
  const request = { id: randomUUID(), destinationLocationId: place.id };
  await requestStaging(manager, { ...request, packageIds: await packageIds(manager) });
  await manager.update(StagingJob, { status: 'pending' }, { priority: 1 });
  await manager.update(StagingJob, { id: request.id }, { priority: 99 });
  await claim(manager, StagingJob, { limit: 1, worker });
  await transition(manager, StagingJob, request.id, step);
  return request.id;
}

async function deletionsBegun(manager: EntityManager): Promise<readonly string[]> {
  const place = await locationOf(manager, 'ramses_processing');
  const batch = { dataLocationId: place.id, limit: 2, by, early: true };
  await manager.update(
    DataProductPhysicalCopy,
    { dataLocationId: place.id },
    { status: 'present', deletedAt: null },
  );
  await scheduleDeletions(manager, DataProductPhysicalCopy, batch);
  return beginDeletions(manager, DataProductPhysicalCopy, batch);
}

/** A bundle with a second transfer, to another buffer. */
async function secondTransfer(manager: EntityManager, status: 'pending' | 'completed') {
  const transfer = await manager.findOneByOrFail(DataTransfer, {
    status: 'completed',
    destinationLocation: { name: 'input_buffer' },
  });
  const place = await locationOf(manager, 'input_buffer_2');
  await manager.delete(DataTransferUnpacking, { destinationLocationId: place.id });
  await manager.delete(DataTransfer, { destinationLocationId: place.id });
  const id = randomUUID();
  const { dataTransferPackageId, originLocationId } = transfer;
  const way = { originLocationId, destinationLocationId: place.id };
  await manager.insert(DataTransfer, { id, dataTransferPackageId, ...way, status });
  return { id, dataTransferPackageId, destinationLocationId: place.id };
}

export const transferCalls: readonly Call[] = [
  {
    name: 'planPackages, nothing to plan',
    atMost: 2,
    async prepare(manager) {
      await planPackages(manager);
      return (session) => planPackages(session);
    },
  },
  {
    name: 'planPackages, 2 packages',
    atMost: 7,
    async prepare(manager) {
      await planPackages(manager);
      for (let times = 0; times < 2; times++) {
        const { id: obsUnitId } = await manager.findOneByOrFail(ObsUnit, { available: true });
        const { startTime, endTime } = freeTime();
        const id = await startObservation(manager, { obsUnitId, startTime });
        const files = await newFiles(manager, 3);
        await fileRawDataFiles(
          manager,
          files.map((file) => ({ ...file, executedObsUnitId: id })),
        );
        await finishObservation(manager, { id, obsUnitId, endTime });
      }
      return (session) => planPackages(session);
    },
  },
  {
    name: 'completePackage',
    atMost: 1,
    async prepare(manager) {
      const id = await claimed(manager);
      await transition(manager, RawDataPackage, id, step);
      const buffer = await locationOf(manager, 'output_buffer');
      const file = { dataLocationId: buffer.id, relativePath: `raw/${id}.tar`, sizeBytes: 10240 };
      return (session) => completePackage(session, id, { worker, ...file, ...computed });
    },
  },
  {
    name: 'waitingPackages',
    atMost: 1,
    async prepare(manager) {
      const buffer = await waitingPackage(manager);
      return (session) => waitingPackages(session, buffer);
    },
  },
  {
    name: 'planBundles',
    atMost: 2,
    async prepare(manager) {
      const originLocationId = await waitingPackage(manager);
      return (session) => planBundles(session, { originLocationId, by });
    },
  },
  {
    name: 'completeBundle',
    atMost: 1,
    async prepare(manager) {
      const id = await bundleInHand(manager);
      const { id: dataLocationId } = await locationOf(manager, 'output_buffer');
      const file = { dataLocationId, relativePath: `bundles/${id}.tar`, sizeBytes: 10240 };
      return (session) => completeBundle(session, id, { worker, ...file, ...computed });
    },
  },
  {
    name: 'planTransfers',
    atMost: 2,
    async prepare(manager) {
      await planTransfers(manager);
      const [built] = await manager.findBy(DataTransferPackage, { status: 'completed' });
      await manager.save(DataTransferPackage, { ...built, id: randomUUID() });
      return (session) => planTransfers(session);
    },
  },
  {
    name: 'completeTransfer',
    atMost: 1,
    async prepare(manager) {
      const { id } = await secondTransfer(manager, 'pending');
      await manager.update(DataTransfer, { id }, { priority: 99 });
      await claim(manager, DataTransfer, { limit: 1, worker });
      await transition(manager, DataTransfer, id, step);
      return (session) => completeTransfer(session, id, { worker, transferredBytes: 193610328 });
    },
  },
  {
    name: 'completeUnpacking',
    atMost: 1,
    async prepare(manager) {
      const { id, dataTransferPackageId, destinationLocationId } = await secondTransfer(manager, 'completed');
      const unpacking = { id, dataTransferId: id, destinationLocationId, priority: 99 };
      await manager.insert(DataTransferUnpacking, unpacking);
      await claim(manager, DataTransferUnpacking, { limit: 1, worker });
      await transition(manager, DataTransferUnpacking, id, step);
      const packages = (await manager.findBy(RawDataPackage, { dataTransferPackageId })).map((part) => ({
        rawDataPackageId: part.id,
        checksum: part.checksum ?? '',
        checksumAlgorithm: part.checksumAlgorithm ?? 'sha256',
      }));
      return (session) => completeUnpacking(session, id, { worker, packages });
    },
  },
  {
    name: 'planArchiving',
    atMost: 1,
    async prepare(manager) {
      const site = await manager.findOneByOrFail(Site, { shortName: 'us' });
      const archive = await manager.findOneByOrFail(DataLocation, { name: 'lta', siteId: site.id });
      await manager.update(DataLocation, archive.id, { active: true, availability: 'online' });
      const buffer = await manager.findOneByOrFail(DataLocation, { name: 'input_buffer', siteId: site.id });
      await planArchiving(manager);
      await manager.delete(LongTermArchiveTransfer, { destinationLocationId: archive.id });
      const copies = (await packageIds(manager)).map((of) => ({ of }));
      await recordCopies(manager, RawDataPackagePhysicalCopy, { dataLocationId: buffer.id, by, copies });
      return (session) => planArchiving(session);
    },
  },
  {
    name: 'completeArchiving',
    atMost: 1,
    async prepare(manager) {
      const site = await manager.findOneByOrFail(Site, { shortName: 'us' });
      const from = await manager.findOneByOrFail(DataLocation, { name: 'input_buffer', siteId: site.id });
      const to = await manager.findOneByOrFail(DataLocation, { name: 'lta', siteId: site.id });
      await manager.delete(LongTermArchiveTransfer, { destinationLocationId: to.id });
      const part = await manager.findOneByOrFail(RawDataPackage, { instrumentModule: { name: 'HFA' } });
      const id = randomUUID();
      const way = { originLocationId: from.id, destinationLocationId: to.id, priority: 99 };
      await manager.insert(LongTermArchiveTransfer, { id, rawDataPackageId: part.id, ...way });
      await claim(manager, LongTermArchiveTransfer, { limit: 1, worker });
      await transition(manager, LongTermArchiveTransfer, id, step);
      const sum = { checksum: part.checksum ?? '', checksumAlgorithm: part.checksumAlgorithm ?? 'sha256' };
      return (session) => completeArchiving(session, id, { worker, ...sum });
    },
  },
  {
    name: 'recordCopies, 5 new',
    atMost: 1,
    async prepare(manager) {
      const { id: dataLocationId } = await locationOf(manager, 'input_buffer_2');
      await manager.delete(RawDataPackagePhysicalCopy, { dataLocationId });
      const copies = (await packageIds(manager)).map((of) => ({ of }));
      return (session) => recordCopies(session, RawDataPackagePhysicalCopy, { dataLocationId, by, copies });
    },
  },
  {
    name: 'recordCopies, 5 known and verified',
    atMost: 1,
    async prepare(manager) {
      const { id: dataLocationId } = await locationOf(manager, 'input_buffer_2');
      const copies = (await packageIds(manager)).map((of) => ({ of, computed }));
      const given = { dataLocationId, by, copies };
      await recordCopies(manager, RawDataPackagePhysicalCopy, given);
      return (session) => recordCopies(session, RawDataPackagePhysicalCopy, given);
    },
  },
  {
    name: 'recordCopies, 5 that had been deleted',
    atMost: 1,
    async prepare(manager) {
      const { id: dataLocationId } = await locationOf(manager, 'input_buffer_2');
      const copies = (await packageIds(manager)).map((of) => ({ of }));
      const given = { dataLocationId, by, copies };
      await recordCopies(manager, RawDataPackagePhysicalCopy, given);
      const gone = { status: 'deleted', deletedAt: new Date() } as const;
      await manager.update(RawDataPackagePhysicalCopy, { dataLocationId }, gone);
      return (session) => recordCopies(session, RawDataPackagePhysicalCopy, given);
    },
  },
  {
    name: 'requestStaging',
    atMost: 1,
    async prepare(manager) {
      const place = await locationOf(manager, 'ramses_processing');
      const ids = await packageIds(manager);
      const request = { id: randomUUID(), destinationLocationId: place.id, packageIds: ids };
      return (session) => requestStaging(session, request);
    },
  },
  {
    name: 'completeStaging',
    atMost: 1,
    async prepare(manager) {
      const id = await stagingInHand(manager);
      return (session) => completeStaging(session, id, { worker });
    },
  },
  {
    name: 'completeStaging, its copies known',
    atMost: 1,
    async prepare(manager) {
      const before = await stagingInHand(manager);
      await completeStaging(manager, before, { worker });
      const id = await stagingInHand(manager);
      return (session) => completeStaging(session, id, { worker });
    },
  },
  {
    name: 'releaseStaging',
    atMost: 1,
    async prepare(manager) {
      const id = await stagingInHand(manager);
      return (session) => releaseStaging(session, id);
    },
  },
  {
    name: 'scheduleDeletions',
    atMost: 1,
    async prepare(manager) {
      const { id: dataLocationId } = await locationOf(manager, 'ramses_processing');
      return (session) =>
        scheduleDeletions(session, DataProductPhysicalCopy, { dataLocationId, limit: 2, by, early: true });
    },
  },
  {
    name: 'beginDeletions',
    atMost: 1,
    async prepare(manager) {
      const { id: dataLocationId } = await locationOf(manager, 'ramses_processing');
      const batch = { dataLocationId, limit: 2, by };
      await scheduleDeletions(manager, DataProductPhysicalCopy, { ...batch, early: true });
      return (session) => beginDeletions(session, DataProductPhysicalCopy, batch);
    },
  },
  {
    name: 'endDeletions',
    atMost: 1,
    async prepare(manager) {
      const ids = await deletionsBegun(manager);
      return (session) => endDeletions(session, DataProductPhysicalCopy, { ids, by });
    },
  },
  {
    name: 'releaseStaleDeletions',
    atMost: 1,
    async prepare(manager) {
      const ids = await deletionsBegun(manager);
      const updatedAt = new Date('2020-01-01');
      await manager.update(DataProductPhysicalCopy, { id: In([...ids]) }, { updatedAt });
      return (session) => releaseStaleDeletions(session, DataProductPhysicalCopy, 3600, by);
    },
  },
  {
    name: 'retryWork',
    atMost: 1,
    async prepare(manager) {
      await stagingInHand(manager);
      return (session) => retryWork(session, StagingJob, { by });
    },
  },
  {
    name: 'bufferOf',
    atMost: 1,
    async prepare(manager) {
      const { id } = await manager.findOneByOrFail(Site, { shortName: 'cologne' });
      return (session) => bufferOf(session, id);
    },
  },
];
