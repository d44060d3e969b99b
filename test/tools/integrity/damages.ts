import { type EntityManager, type FindOptionsWhere, In, IsNull, MoreThan, Not } from 'typeorm';
import { SOURCE_TRIGGERS_ON_SQLITE } from '../../../src/database/source-triggers.js';
import { TELESCOPE_TRIGGERS_ON_SQLITE } from '../../../src/database/telescope-triggers.js';
import {
  CopyRepair,
  CopyVerification,
  DataLocation,
  DataProduct,
  DataProductPhysicalCopy,
  DataTransfer,
  DataTransferPackage,
  DataTransferPackagePhysicalCopy,
  DataTransferUnpacking,
  ExecutedObsUnit,
  ExecutedReductionStep,
  FixedSource,
  InputSet,
  InputSetMember,
  LocationUsageEntry,
  LongTermArchiveTransfer,
  ObsUnit,
  PhysicalCopy,
  PreScheduledSlot,
  RawDataFile,
  RawDataFilePhysicalCopy,
  RawDataPackage,
  RawDataPackagePhysicalCopy,
  StagingJob,
  type Status,
} from '../../../src/entities/index.js';
import type { Work } from '../../../src/entities/work.js';
import type { EntityClass } from '../../../src/lifecycle/index.js';
import { sha256 } from '../../support/observed.js';

/** Does damage to a healthy database that has settled, and gives the key of a row that must be told. */
export type Damage = (manager: EntityManager) => Promise<string | number>;

const LONG_AGO = new Date('2020-01-01T00:00:00Z');
const GONE = { status: 'deleted', deletedAt: LONG_AGO } as const;
const BAD = { status: 'bad', badSince: LONG_AGO, badReason: 'tape torn' } as const;

async function archivedPackage(manager: EntityManager): Promise<RawDataPackage> {
  return manager.findOneOrFail(RawDataPackage, { where: { fileCount: MoreThan(0) }, order: { id: 'ASC' } });
}

async function archiveCopy(manager: EntityManager, rawDataPackageId: string) {
  return manager.findOneByOrFail(RawDataPackagePhysicalCopy, {
    rawDataPackageId,
    dataLocation: { locationType: 'long_term_archive' },
  });
}

async function fileOf(manager: EntityManager, rawDataPackageId: string): Promise<RawDataFile> {
  return manager.findOneOrFail(RawDataFile, { where: { rawDataPackageId }, order: { id: 'ASC' } });
}

async function activeStaging(manager: EntityManager): Promise<StagingJob> {
  const job = await manager.findOneByOrFail(StagingJob, { status: 'completed' });
  await manager.update(StagingJob, job.id, { active: true, releasedAt: null });
  return job;
}

/** The copy of a package in an archive, and one at a buffer. */
async function twoCopies(manager: EntityManager) {
  const copy = await archiveCopy(manager, (await archivedPackage(manager)).id);
  const { rawDataPackageId } = copy;
  const dataLocation = { locationType: 'buffer' } as const;
  const other = await manager.findOneByOrFail(RawDataPackagePhysicalCopy, { rawDataPackageId, dataLocation });
  return { copy, other };
}

/** A bad copy whose repair from one that is gone has got so far. */
async function repair(manager: EntityManager, status: Status): Promise<string> {
  const { copy, other } = await twoCopies(manager);
  await manager.update(PhysicalCopy, copy.id, BAD);
  const id = 'ffffffff-0000-7000-8000-000000000000';
  const copies = { physicalCopyId: copy.id, sourceCopyId: other.id };
  const places = { originLocationId: other.dataLocationId, destinationLocationId: copy.dataLocationId };
  await manager.insert(CopyRepair, { id, status, ...copies, ...places });
  return id;
}

/** Has work of one kind wait again, with nothing left of what it starts from. */
function waitingWithout<E extends Work & { status: Status }>(
  entity: EntityClass<E>,
  subject: (work: E) => object,
): Damage {
  return async (manager) => {
    const work = await manager.findOneByOrFail(entity, { status: 'completed' } as FindOptionsWhere<E>);
    await manager.update(entity, work.id, { status: 'pending', finishedAt: null } as never);
    await manager.update(PhysicalCopy, subject(work), GONE);
    return work.id;
  };
}

/** Fails work of one kind for good. */
function failed(entity: EntityClass<Work & { status: Status }>): Damage {
  return async (manager) => {
    const work = await manager.findOneByOrFail(entity, { status: 'completed' });
    await manager.update(entity, work.id, { status: 'failed', lastError: 'disk full' });
    return work.id;
  };
}

/** Writes what the database would refuse or put right by itself: rows from before it did. */
async function withoutTriggers(
  manager: EntityManager,
  work: () => Promise<unknown>,
  onSqlite: Readonly<Record<string, string>> = TELESCOPE_TRIGGERS_ON_SQLITE,
): Promise<void> {
  const isPostgresql = manager.dataSource.options.type === 'postgres';
  if (isPostgresql) await manager.query('SET LOCAL session_replication_role = replica');
  else for (const name of Object.keys(onSqlite)) await manager.query(`DROP TRIGGER "${name}"`);
  await work();
  if (isPostgresql) await manager.query('SET LOCAL session_replication_role = origin');
}

/** Each kind of damage, by the name of the invariant that it breaks; after the colon, how. */
export const damages: Readonly<Record<string, Damage>> = {
  file_is_kept: async (manager) => {
    const { id } = await archivedPackage(manager);
    await manager.update(PhysicalCopy, (await archiveCopy(manager, id)).id, { verifiedAt: null });
    return (await fileOf(manager, id)).id;
  },
  'file_is_kept: its package is in no archive': async (manager) => {
    const { id } = await archivedPackage(manager);
    await manager.delete(PhysicalCopy, (await archiveCopy(manager, id)).id);
    return (await fileOf(manager, id)).id;
  },
  'file_is_kept: its copy in the archive is another': async (manager) => {
    const { id } = await archivedPackage(manager);
    await manager.update(PhysicalCopy, (await archiveCopy(manager, id)).id, { checksum: sha256('other') });
    return (await fileOf(manager, id)).id;
  },
  archived_package_is_in_archive: async (manager) => {
    const { id } = await archivedPackage(manager);
    await manager.update(PhysicalCopy, (await archiveCopy(manager, id)).id, { checksum: sha256('other') });
    return id;
  },
  archive_keeps_its_copies: async (manager) => {
    const copy = await archiveCopy(manager, (await archivedPackage(manager)).id);
    await manager.update(PhysicalCopy, copy.id, GONE);
    return copy.id;
  },
  copy_has_the_checksum: async (manager) => {
    const copy = await archiveCopy(manager, (await archivedPackage(manager)).id);
    await manager.update(PhysicalCopy, copy.id, { checksum: sha256('other') });
    return copy.id;
  },
  'copy_has_the_checksum: of a file': async (manager) => {
    const copy = await manager.findOneByOrFail(RawDataFilePhysicalCopy, { status: 'deleted' });
    const { checksumAlgorithm } = await manager.findOneByOrFail(RawDataFile, { id: copy.rawDataFileId });
    const computed = { checksum: sha256('other'), checksumAlgorithm, verifiedAt: LONG_AGO };
    await manager.update(PhysicalCopy, copy.id, { ...computed, status: 'present', deletedAt: null });
    return copy.id;
  },
  'copy_has_the_checksum: of a product': async (manager) => {
    const copy = await manager.findOneByOrFail(DataProductPhysicalCopy, {
      status: 'present',
      verifiedAt: Not(IsNull()),
    });
    await manager.update(PhysicalCopy, copy.id, { checksum: sha256('other') });
    return copy.id;
  },
  raw_data_has_a_good_copy: async (manager) => {
    const { id } = await archivedPackage(manager);
    await manager.update(PhysicalCopy, (await archiveCopy(manager, id)).id, BAD);
    return id;
  },
  'raw_data_has_a_good_copy: of a file': async (manager) => {
    const { id } = await archivedPackage(manager);
    const file = await fileOf(manager, id);
    await manager.update(PhysicalCopy, (await archiveCopy(manager, id)).id, GONE);
    await manager.update(RawDataFilePhysicalCopy, { rawDataFileId: file.id }, { ...BAD, deletedAt: null });
    return file.id;
  },
  bad_copy_is_repaired: async (manager) => {
    const { copy, other } = await twoCopies(manager);
    await manager.update(PhysicalCopy, copy.id, BAD);
    await manager.update(PhysicalCopy, other.id, { status: 'present', deletedAt: null });
    return copy.id;
  },
  copy_is_verified_again: async (manager) => {
    const copy = await archiveCopy(manager, (await archivedPackage(manager)).id);
    await manager.update(DataLocation, copy.dataLocationId, { verifyAfterDays: 180 });
    await manager.update(PhysicalCopy, copy.id, { verifiedAt: LONG_AGO });
    return copy.id;
  },
  'copy_is_verified_again: it never was': async (manager) => {
    const copy = await archiveCopy(manager, (await archivedPackage(manager)).id);
    await manager.update(DataLocation, copy.dataLocationId, { verifyAfterDays: 180 });
    await manager.update(PhysicalCopy, copy.id, { verifiedAt: null, createdAt: LONG_AGO });
    return copy.id;
  },
  held_copy_stays: async (manager) => {
    const { other } = await twoCopies(manager);
    const hold = { keepUntil: new Date('2099-01-01T00:00:00Z'), keepReason: 'figure', keptBy: 'astronomer' };
    await manager.update(PhysicalCopy, other.id, { ...GONE, ...hold });
    return other.id;
  },
  file_was_born_somewhere: async (manager) => {
    const { id } = await fileOf(manager, (await archivedPackage(manager)).id);
    await manager.delete(RawDataFilePhysicalCopy, { rawDataFileId: id });
    return id;
  },
  file_stands_once: async (manager) => {
    const file = await fileOf(manager, (await archivedPackage(manager)).id);
    const id = 'ffffffff-0000-7000-8000-000000000000';
    await manager.insert(RawDataFile, {
      id,
      executedObsUnitId: file.executedObsUnitId,
      instrumentModuleId: file.instrumentModuleId,
      sourceLocationId: file.sourceLocationId,
      sizeBytes: file.sizeBytes,
      checksum: file.checksum,
      checksumAlgorithm: file.checksumAlgorithm,
      relativePath: `again/${file.relativePath}`,
    });
    return id;
  },
  file_fits_its_package: async (manager) => {
    const { id, executedObsUnitId } = await archivedPackage(manager);
    const other = await manager.findOneByOrFail(ExecutedObsUnit, { id: Not(executedObsUnitId as string) });
    const file = await fileOf(manager, id);
    await manager.update(RawDataFile, file.id, { executedObsUnitId: other.id, relativePath: 'elsewhere' });
    return file.id;
  },
  package_has_its_files: async (manager) => {
    const { id } = await archivedPackage(manager);
    await manager.update(RawDataFile, (await fileOf(manager, id)).id, { rawDataPackageId: null });
    return id;
  },
  'package_has_its_files: it has none': async (manager) => {
    const { id } = await archivedPackage(manager);
    await manager.update(RawDataFile, { rawDataPackageId: id }, { rawDataPackageId: null });
    return id;
  },
  package_holds_its_bytes: async (manager) => {
    const { id } = await archivedPackage(manager);
    await manager.update(RawDataPackage, id, { sizeBytes: 1 });
    return id;
  },
  package_is_somewhere: async (manager) => {
    const { id } = await archivedPackage(manager);
    await manager.update(RawDataPackagePhysicalCopy, { rawDataPackageId: id }, GONE);
    return id;
  },
  package_state_fits_its_bundle: async (manager) => {
    const { id } = await archivedPackage(manager);
    await manager.update(RawDataPackage, id, { state: 'waiting' });
    return id;
  },
  'package_state_fits_its_bundle: it is on its way in none': async (manager) => {
    const { id } = await archivedPackage(manager);
    await manager.update(RawDataPackage, id, { state: 'transferring', dataTransferPackageId: null });
    return id;
  },
  archiving_marks_the_package: async (manager) => {
    const { id } = await archivedPackage(manager);
    await manager.update(RawDataPackage, id, { state: 'transferring' });
    return id;
  },
  bundle_has_its_packages: async (manager) => {
    const { id, dataTransferPackageId } = await archivedPackage(manager);
    await manager.update(RawDataPackage, id, { dataTransferPackageId: null });
    return dataTransferPackageId as string;
  },
  transfer_delivered: async (manager) => {
    const transfer = await manager.findOneByOrFail(DataTransfer, { status: 'completed' });
    await manager.delete(DataTransferUnpacking, { dataTransferId: transfer.id });
    return transfer.id;
  },
  'transfer_delivered: the bundle is not there': async (manager) => {
    const transfer = await manager.findOneByOrFail(DataTransfer, { status: 'completed' });
    const { dataTransferPackageId, destinationLocationId: dataLocationId } = transfer;
    await manager.delete(DataTransferPackagePhysicalCopy, { dataTransferPackageId, dataLocationId });
    return transfer.id;
  },
  unpacking_delivered: async (manager) => {
    const { id } = await archivedPackage(manager);
    await manager.delete(RawDataPackagePhysicalCopy, { rawDataPackageId: id });
    return id;
  },
  staging_delivered: async (manager) => (await activeStaging(manager)).id,
  waiting_work_has_its_source: waitingWithout(LongTermArchiveTransfer, ({ rawDataPackageId }) => ({
    rawDataPackageId,
  })),
  'waiting_work_has_its_source: a transfer': waitingWithout(DataTransfer, ({ dataTransferPackageId }) => ({
    dataTransferPackageId,
  })),
  'waiting_work_has_its_source: a repair': (manager) => repair(manager, 'pending'),
  'waiting_work_has_its_source: a staging': async (manager) => {
    const { id } = await activeStaging(manager);
    await manager.update(StagingJob, id, { status: 'pending', finishedAt: null });
    const { rawDataPackages = [] } = await manager.findOneOrFail(StagingJob, {
      where: { id },
      relations: { rawDataPackages: true },
    });
    await manager.update(
      RawDataPackagePhysicalCopy,
      { rawDataPackageId: rawDataPackages[0]?.id ?? '' },
      GONE,
    );
    return id;
  },
  'waiting_work_has_its_source: a package to build': async (manager) => {
    const { id } = await archivedPackage(manager);
    await manager.update(RawDataPackage, id, { status: 'pending' });
    await manager.update(RawDataFilePhysicalCopy, { rawDataFileId: (await fileOf(manager, id)).id }, GONE);
    return id;
  },
  'waiting_work_has_its_source: a run': async (manager) => {
    const member = await manager.findOneByOrFail(InputSetMember, { dataProductId: Not(IsNull()) });
    await manager.update(DataProductPhysicalCopy, { dataProductId: member.dataProductId as string }, GONE);
    const run = await manager.findOneByOrFail(ExecutedReductionStep, { inputSetId: member.inputSetId });
    await manager.update(ExecutedReductionStep, run.id, { status: 'pending', finishedAt: null });
    return run.id;
  },
  usage_is_counted: async (manager) => {
    const entry = await manager.findOneByOrFail(LocationUsageEntry, { copyStatus: 'present' });
    await manager.update(LocationUsageEntry, entry.id, { bytes: entry.bytes - 1 });
    return entry.dataLocationId;
  },
  location_has_room: async (manager) => {
    const { id } = await manager.findOneByOrFail(DataLocation, { name: 'lta', active: true });
    await manager.update(DataLocation, id, { capacityBytes: 1 });
    return id;
  },
  result_is_somewhere: async (manager) => {
    const { id } = await manager.findOneByOrFail(DataProduct, { type: 'science' });
    await manager.update(DataProductPhysicalCopy, { dataProductId: id }, GONE);
    return id;
  },
  input_set_is_whole: async (manager) => {
    const set = await manager.findOneByOrFail(InputSet, { memberCount: MoreThan(0) });
    await manager.delete(InputSetMember, { inputSetId: set.id });
    return set.id;
  },
  product_is_of_a_completed_run: async (manager) => {
    const product = await manager.findOneByOrFail(DataProduct, { type: 'science' });
    await manager.delete(DataProductPhysicalCopy, { dataProductId: product.id });
    return product.id;
  },
  'product_is_of_a_completed_run: the run has failed': async (manager) => {
    const product = await manager.findOneByOrFail(DataProduct, { type: 'science' });
    await manager.update(ExecutedReductionStep, product.executedReductionStepId, {
      status: 'failed',
      lastError: 'no memory',
    });
    return product.id;
  },
  unit_fits_its_mode: async (manager) => {
    const { id } = await manager.findOneByOrFail(ObsUnit, { name: 'Wide01/pong/280' });
    await manager.update(ObsUnit, id, { mappingParameters: { name: 'pong', onsky_velocity: 0.5 } });
    return id;
  },
  source_has_its_names: async (manager) => {
    const [one, other] = await manager.find(FixedSource, { order: { id: 'ASC' }, take: 2 });
    const aliases = [`${one?.name.toLowerCase()} `];
    const rename = () => manager.update(FixedSource, other?.id as number, { aliases });
    await withoutTriggers(manager, rename, SOURCE_TRIGGERS_ON_SQLITE);
    return other?.id as number;
  },
  position_is_in_its_cell: async (manager) => {
    const [source] = await manager.find(FixedSource, { order: { id: 'ASC' }, take: 1 });
    const move = () => manager.update(FixedSource, source?.id as number, { decDeg: -89 });
    await withoutTriggers(manager, move, SOURCE_TRIGGERS_ON_SQLITE);
    return String(source?.id);
  },
  execution_has_ended: async (manager) => {
    const execution = await manager.findOneByOrFail(ExecutedObsUnit, { status: 'completed' });
    const running = { status: 'running', endTime: null, observingNight: '2020-01-01' } as const;
    await manager.update(ExecutedObsUnit, execution.id, running);
    return execution.id;
  },
  execution_has_the_telescope: async (manager) => {
    const earlier = await manager.findOneByOrFail(ExecutedObsUnit, { status: 'completed' });
    const { obsUnitId, startTime: start, endTime, observingNight } = earlier;
    const id = 'ffffffff-0000-7000-8000-000000000002';
    const startTime = new Date(start.getTime() + 1000);
    const later = { id, obsUnitId, startTime, endTime, observingNight, status: 'completed' } as const;
    await withoutTriggers(manager, () => manager.insert(ExecutedObsUnit, later));
    return id;
  },
  slot_has_the_telescope: async (manager) => {
    const { obsUnitId, startTime, endTime } = await manager.findOneByOrFail(PreScheduledSlot, {});
    const later = { obsUnitId, startTime: new Date(startTime.getTime() + 1000), endTime };
    await withoutTriggers(manager, () => manager.insert(PreScheduledSlot, later));
    return (await manager.findOneByOrFail(PreScheduledSlot, later)).id;
  },
  execution_ends_before_the_next: async (manager) => {
    const [execution] = await manager.find(ExecutedObsUnit, { order: { startTime: 'ASC' }, take: 1 });
    await manager.update(ExecutedObsUnit, execution?.id as string, { status: 'running', endTime: null });
    return execution?.id as string;
  },
  execution_is_not_in_future: async (manager) => {
    const execution = await manager.findOneByOrFail(ExecutedObsUnit, { status: 'completed' });
    const future = { startTime: new Date('2099-01-01T00:00:00Z'), endTime: new Date('2099-01-01T00:10:00Z') };
    await withoutTriggers(manager, () => manager.update(ExecutedObsUnit, execution.id, future));
    return execution.id;
  },
  work_has_a_worker: async (manager) => {
    const { id } = await archivedPackage(manager);
    await manager.update(RawDataPackage, id, { status: 'in_progress', claimedBy: null });
    return id;
  },
  'work_has_a_worker: nobody has to have it': async (manager) => {
    const { id } = await archivedPackage(manager);
    await manager.update(RawDataPackage, id, { claimedBy: 'somebody' });
    return id;
  },
  work_is_alive: async (manager) => {
    const run = await manager.findOneByOrFail(ExecutedReductionStep, { status: 'completed' });
    const silent = { status: 'running', claimedBy: 'somebody', heartbeatAt: LONG_AGO } as const;
    await manager.update(ExecutedReductionStep, run.id, silent);
    return run.id;
  },
  deletion_is_alive: async (manager) => {
    const copy = await manager.findOneByOrFail(RawDataFilePhysicalCopy, { status: 'deleted' });
    const begun = { status: 'deletion_in_progress', deletedAt: null, updatedAt: LONG_AGO } as const;
    await manager.update(PhysicalCopy, copy.id, begun);
    return copy.id;
  },
  file_gets_packaged: async (manager) => {
    const { id, executedObsUnitId } = await fileOf(manager, (await archivedPackage(manager)).id);
    await manager.update(ExecutedObsUnit, executedObsUnitId, { updatedAt: LONG_AGO });
    await manager.update(RawDataFile, id, { rawDataPackageId: null, createdAt: LONG_AGO });
    return id;
  },
  file_finds_its_execution: async (manager) => {
    const { id } = await fileOf(manager, (await archivedPackage(manager)).id);
    const { sourceLocationId, instrumentModuleId } = await manager.findOneByOrFail(RawDataFile, { id });
    const sweep = { id: 'ffffffff-0000-7000-8000-000000000001', relativePath: 'sweep.npy', sizeBytes: 1 };
    await manager.insert(RawDataFile, {
      ...sweep,
      sourceLocationId,
      instrumentModuleId,
      recordedAt: LONG_AGO,
      createdAt: LONG_AGO,
    });
    return sweep.id;
  },
  failed_work_was_replaced: failed(LongTermArchiveTransfer),
  'failed_work_was_replaced: a package was not built': failed(RawDataPackage),
  'failed_work_was_replaced: a bundle was not built': failed(DataTransferPackage),
  'failed_work_was_replaced: a bundle was not transferred': failed(DataTransfer),
  'failed_work_was_replaced: a bundle was not unpacked': failed(DataTransferUnpacking),
  'failed_work_was_replaced: data were not staged': async (manager) => {
    const { id } = await activeStaging(manager);
    await manager.update(StagingJob, id, { status: 'failed', lastError: 'disk full' });
    return id;
  },
  'failed_work_was_replaced: a copy was not repaired': (manager) => repair(manager, 'failed'),
  'failed_work_was_replaced: a copy was not verified': async (manager) => {
    const { copy } = await twoCopies(manager);
    const id = 'ffffffff-0000-7000-8000-000000000000';
    const { dataLocationId, id: physicalCopyId } = copy;
    await manager.insert(CopyVerification, { id, status: 'failed', dataLocationId, physicalCopyId });
    return id;
  },
  settled_executions: async (manager) => {
    const execution = await manager.findOneByOrFail(ExecutedObsUnit, { status: 'completed' });
    await manager.update(ExecutedObsUnit, execution.id, { status: 'running', endTime: null });
    return execution.id;
  },
  settled_files: async (manager) => {
    const { id } = await fileOf(manager, (await archivedPackage(manager)).id);
    await manager.update(RawDataFile, id, { rawDataPackageId: null });
    return id;
  },
  settled_packages: async (manager) => {
    const { id } = await archivedPackage(manager);
    await manager.update(RawDataPackage, id, { state: 'failed' });
    return id;
  },
  settled_work: async (manager) => {
    const bundle = await manager.findOneByOrFail(DataTransferPackage, { status: 'completed' });
    await manager.update(DataTransferPackage, bundle.id, { status: 'pending' });
    return bundle.id;
  },
  settled_deletions: async (manager) => {
    const copy = await manager.findOneByOrFail(DataTransferPackagePhysicalCopy, { status: In(['deleted']) });
    await manager.update(PhysicalCopy, copy.id, { status: 'deletion_failed', deletedAt: null });
    return copy.id;
  },
};
