import type { EntityManager, FindOptionsWhere, ObjectLiteral } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import {
  ChecksumAlgorithm,
  CopyRepair,
  CopyVerification,
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
import { completeRepair, completeVerification } from '../../services/health/index.js';
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

/** Context of a worker. */
export interface WorkerContext {
  readonly manager: EntityManager;
  readonly random: Random;
  readonly faults: Faults;
  /** Name of the worker, unique among all that run. */
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
  /** A stable key of the work, the same in each simulation. */
  readonly key: (manager: EntityManager, row: E) => Promise<string>;
  /** Which pending rows can be done; all where left out. */
  readonly ready?: (manager: EntityManager) => Promise<FindOptionsWhere<E> | undefined>;
  /**
   * Does the work of a row that is in progress.
   * @param isDamaged whether a copy turns out damaged
   * @throws OpsDbError when it fails
   */
  readonly work: (context: WorkerContext, row: E, isDamaged: boolean) => Promise<unknown>;
}

/** Approximate overhead of a tar for each file [byte]. */
const TAR_BYTES = 1536;
const checksumAlgorithm = ChecksumAlgorithm.SHA256;

const building: Stage<RawDataPackage> = {
  name: 'build',
  entity: RawDataPackage,
  moves: false,
  verifies: false,
  key: async (_, { id }) => id,
  work: async ({ manager, random, worker }, { id, sourceLocationId, fileCount }) => {
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
      checksum: random.hex('package', id),
    });
  },
};

const bundling: Stage<DataTransferPackage> = {
  name: 'bundle',
  entity: DataTransferPackage,
  moves: false,
  verifies: false,
  key: async (_, { id }) => id,
  work: async ({ manager, random, worker }, { id, originLocationId, packageCount }) => {
    const parts = await manager.findBy(RawDataPackage, { dataTransferPackageId: id });
    const bytes = parts.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0);
    await completeBundle(manager, id, {
      worker,
      dataLocationId: originLocationId,
      relativePath: `bundles/${id}.tar`,
      checksumAlgorithm,
      sizeBytes: bytes + packageCount * TAR_BYTES,
      checksum: random.hex('bundle', id),
    });
  },
};

const transferring: Stage<DataTransfer> = {
  name: 'transfer',
  entity: DataTransfer,
  moves: true,
  verifies: false,
  key: async (_, transfer) => `${transfer.dataTransferPackageId}/${transfer.destinationLocationId}`,
  work: async ({ manager, worker, random }, { id, dataTransferPackageId, retryCount }) => {
    const { sizeBytes } = await manager.findOneByOrFail(DataTransferPackage, { id: dataTransferPackageId });
    const log = random.uuid(new Date(0), 'log', id, retryCount);
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
  work: async ({ manager, worker, random }, { id, dataTransferId }, isDamaged) => {
    const { dataTransferPackageId } = await manager.findOneByOrFail(DataTransfer, { id: dataTransferId });
    const parts = await manager.findBy(RawDataPackage, { dataTransferPackageId });
    const packages = parts.map(({ id: rawDataPackageId, checksum }, index) => ({
      rawDataPackageId,
      checksumAlgorithm,
      checksum: isDamaged && index === 0 ? random.hex('damage', id) : (checksum as string),
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
  work: async ({ manager, worker, random }, { id, rawDataPackageId }, isDamaged) => {
    const { checksum } = await manager.findOneByOrFail(RawDataPackage, { id: rawDataPackageId });
    const computed = isDamaged ? random.hex('damage', id) : (checksum as string);
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

/** A stable key of a copy, since its UUID is new in each simulation, and its expected checksum. */
async function subjectOf(manager: EntityManager, copyId: string): Promise<{ key: string; checksum: string }> {
  const [{ id, place, checksum }] = await manager.query(
    `SELECT coalesce(part.id, bundle.id) AS id, it.data_location_id AS place,
      coalesce(part.checksum, bundle.checksum) AS checksum
    FROM physical_copy it LEFT JOIN raw_data_package part ON part.id = it.raw_data_package_id
    LEFT JOIN data_transfer_package bundle ON bundle.id = it.data_transfer_package_id
    WHERE it.id = ${dialectOf(manager).parameter(1)}`,
    [copyId],
  );
  return { key: `${id}/${place}`, checksum };
}

const verifying: Stage<CopyVerification> = {
  name: 'verify',
  entity: CopyVerification,
  moves: false,
  verifies: false,
  key: async (manager, { physicalCopyId }) => {
    const count = await manager.countBy(CopyVerification, { physicalCopyId });
    return `${(await subjectOf(manager, physicalCopyId)).key}/${count}`;
  },
  work: async ({ manager, worker, random, faults }, row) => {
    const key = await verifying.key(manager, row);
    const { checksum } = await subjectOf(manager, row.physicalCopyId);
    const isRotten = random.happens(faults.bitRot, 'bit-rot', key);
    const computed = isRotten ? random.hex('rot', key) : checksum;
    await completeVerification(manager, row.id, { worker, checksum: computed, checksumAlgorithm });
  },
};

const repairing: Stage<CopyRepair> = {
  name: 'repair',
  entity: CopyRepair,
  moves: true,
  verifies: false,
  key: async (manager, { physicalCopyId }) => (await subjectOf(manager, physicalCopyId)).key,
  work: async ({ manager, worker }, { id, physicalCopyId }) => {
    const { checksum } = await subjectOf(manager, physicalCopyId);
    await completeRepair(manager, id, { worker, checksum, checksumAlgorithm });
  },
};

/** The stages of data on their way to the archive and back from it, and of the copies that are kept. */
export const workStages = [
  building,
  bundling,
  transferring,
  unpacking,
  archiving,
  staging,
  verifying,
  repairing,
] as const;
