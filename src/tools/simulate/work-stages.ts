import type { EntityManager, FindOptionsWhere, ObjectLiteral } from 'typeorm';
import {
  ChecksumAlgorithm,
  DataLocation,
  DataTransfer,
  DataTransferLog,
  DataTransferPackage,
  DataTransferUnpacking,
  LongTermArchiveTransfer,
  RawDataFile,
  RawDataPackage,
  StagingJob,
} from '../../entities/index.js';
import type { Work } from '../../entities/work.js';
import type { EntityClass } from '../../lifecycle/index.js';
import { fileRows } from '../../services/filing/index.js';
import { contentHash } from '../../services/reduction/index.js';
import {
  bufferOf,
  completeArchiving,
  completeBundle,
  completePackage,
  completeStaging,
  completeTransfer,
  completeUnpacking,
} from '../../services/transfer/index.js';
import type { Faults } from './faults.js';
import type { Random } from './random.js';

/** What a worker does its work with. */
export interface Bench {
  readonly manager: EntityManager;
  readonly dice: Random;
  readonly faults: Faults;
  /** Name of the worker. */
  readonly worker: string;
}

/** One kind of work: what is claimed, and what a worker does with it. */
export interface Stage<E extends Work & ObjectLiteral> {
  readonly name: string;
  readonly entity: EntityClass<E>;
  /** Whether data are moved, which can fail. */
  readonly moves: boolean;
  /** Whether checksums are computed, which can show damage. */
  readonly verifies: boolean;
  /** What the work is, by keys that do not change from one simulation to the next. */
  readonly key: (manager: EntityManager, row: E) => Promise<string>;
  /** Which pending rows can be done; all where left out. */
  readonly ready?: (manager: EntityManager) => Promise<FindOptionsWhere<E> | undefined>;
  /**
   * Does the work of a row that is in progress.
   * @param isDamaged whether a copy turns out damaged
   * @throws OpsDbError when it fails
   */
  readonly work: (bench: Bench, row: E, isDamaged: boolean) => Promise<unknown>;
}

/** What a tar adds for each file, about [byte]. */
const TAR_BYTES = 1536;
const checksumAlgorithm = ChecksumAlgorithm.SHA256;

const building: Stage<RawDataPackage> = {
  name: 'build',
  entity: RawDataPackage,
  moves: false,
  verifies: false,
  key: async (_, { id }) => id,
  work: async ({ manager, dice, worker }, { id, sourceLocationId, fileCount }) => {
    const bytes = (await manager.sum(RawDataFile, 'sizeBytes', { rawDataPackageId: id })) ?? 0;
    const { siteId } = await manager.findOneByOrFail(DataLocation, { id: sourceLocationId });
    const buffer = await bufferOf(manager, siteId);
    if (!buffer) throw new TypeError(`site ${siteId} has no buffer`);
    await completePackage(manager, id, {
      worker,
      dataLocationId: buffer.id,
      relativePath: `raw/${id}.tar`,
      checksumAlgorithm,
      sizeBytes: Number(bytes) + fileCount * TAR_BYTES,
      checksum: dice.hex('package', id),
    });
  },
};

const bundling: Stage<DataTransferPackage> = {
  name: 'bundle',
  entity: DataTransferPackage,
  moves: false,
  verifies: false,
  key: async (_, { id }) => id,
  work: async ({ manager, dice, worker }, { id, originLocationId, packageCount }) => {
    const parts = await manager.findBy(RawDataPackage, { dataTransferPackageId: id });
    const bytes = parts.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0);
    await completeBundle(manager, id, {
      worker,
      dataLocationId: originLocationId,
      relativePath: `bundles/${id}.tar`,
      checksumAlgorithm,
      sizeBytes: bytes + packageCount * TAR_BYTES,
      checksum: dice.hex('bundle', id),
    });
  },
};

const transferring: Stage<DataTransfer> = {
  name: 'transfer',
  entity: DataTransfer,
  moves: true,
  verifies: false,
  key: async (_, transfer) => `${transfer.dataTransferPackageId}/${transfer.destinationLocationId}`,
  work: async ({ manager, worker, dice }, { id, dataTransferPackageId, retryCount }) => {
    const { sizeBytes } = await manager.findOneByOrFail(DataTransferPackage, { id: dataTransferPackageId });
    const log = dice.uuid(new Date(0), 'log', id, retryCount);
    await fileRows(manager, DataTransferLog, [
      { id: log, dataTransferId: id, logPath: `logs/transfer/${id}/${retryCount}.log` },
    ]);
    await completeTransfer(manager, id, { worker, transferredBytes: sizeBytes ?? undefined });
  },
};

const unpacking: Stage<DataTransferUnpacking> = {
  name: 'unpack',
  entity: DataTransferUnpacking,
  moves: false,
  verifies: true,
  key: async (manager, { dataTransferId }) => {
    const transfer = await manager.findOneByOrFail(DataTransfer, { id: dataTransferId });
    return `${transfer.dataTransferPackageId}/${transfer.destinationLocationId}`;
  },
  work: async ({ manager, worker, dice }, { id, dataTransferId }, isDamaged) => {
    const { dataTransferPackageId } = await manager.findOneByOrFail(DataTransfer, { id: dataTransferId });
    const parts = await manager.findBy(RawDataPackage, { dataTransferPackageId });
    const packages = parts.map(({ id: rawDataPackageId, checksum }, index) => ({
      rawDataPackageId,
      checksumAlgorithm,
      checksum: isDamaged && index === 0 ? dice.hex('damage', id) : (checksum as string),
    }));
    await completeUnpacking(manager, id, { worker, packages });
  },
};

const archiving: Stage<LongTermArchiveTransfer> = {
  name: 'archive',
  entity: LongTermArchiveTransfer,
  moves: true,
  verifies: true,
  key: async (_, { rawDataPackageId, destinationLocationId }) =>
    `${rawDataPackageId}/${destinationLocationId}`,
  work: async ({ manager, worker, dice }, { id, rawDataPackageId }, isDamaged) => {
    const { checksum } = await manager.findOneByOrFail(RawDataPackage, { id: rawDataPackageId });
    const computed = isDamaged ? dice.hex('damage', id) : (checksum as string);
    await completeArchiving(manager, id, { worker, checksum: computed, checksumAlgorithm });
  },
};

const staging: Stage<StagingJob> = {
  name: 'stage',
  entity: StagingJob,
  moves: true,
  verifies: false,
  key: async (manager, { id }) => {
    const parts = await manager.findBy(RawDataPackage, { stagingJobs: { id } });
    return contentHash({ packageIds: parts.map((part) => part.id) });
  },
  work: ({ manager, worker }, { id }) => completeStaging(manager, id, { worker }),
};

/** The stages of data on their way to the archive and back from it. */
export const workStages = [building, bundling, transferring, unpacking, archiving, staging] as const;
