import { type EntityManager, IsNull } from 'typeorm';
import {
  DataTransfer,
  DataTransferPackage,
  DataTransferUnpacking,
  ExecutedObsUnit,
  ExecutedReductionStep,
  LongTermArchiveTransfer,
  RawDataFile,
  RawDataPackage,
  RawDataPackagePhysicalCopy,
  StagingJob,
} from '../../src/entities/index.js';
import type { Work } from '../../src/entities/work.js';
import type { EntityClass } from '../../src/lifecycle/index.js';
import { claim, releaseStale } from '../../src/services/claiming/index.js';
import type { Asked, Question } from './question.js';

const WORKER = 'bench';
/** Rows that a manager takes at a time. */
const BATCH = 10;
const SILENT_FOR_S = 3_600;

type AnyWork = EntityClass<Work>;
type Conditions = (asked: Asked) => object;

/** The classes of work, with the conditions of a worker beside the status. */
const WORK: readonly (readonly [title: string, entity: unknown, where: Conditions])[] = [
  ['build', RawDataPackage, ({ locations }) => ({ sourceLocationId: locations.chaiSource })],
  ['bundle', DataTransferPackage, ({ locations }) => ({ originLocationId: locations.telescopeBuffer })],
  ['transfer', DataTransfer, ({ locations }) => ({ originLocationId: locations.telescopeBuffer })],
  ['unpack', DataTransferUnpacking, ({ locations }) => ({ destinationLocationId: locations.archiveBuffer })],
  ['archive', LongTermArchiveTransfer, ({ locations }) => ({ destinationLocationId: locations.archive })],
  ['stage', StagingJob, ({ locations }) => ({ destinationLocationId: locations.processing })],
  ['run', ExecutedReductionStep, () => ({})],
];

/** Queries 1 to 5 and 10: polling of the managers. */
export const workQuestions: readonly Question[] = [
  { number: 1, title: 'unpackaged files at a source', ask: unpackagedFiles },
  ...WORK.map(([title, entity, where]) => ({
    number: 2,
    title: `claim: ${title}`,
    ask: (manager: EntityManager, asked: Asked) =>
      claim(manager, entity as AnyWork, { where: where(asked), limit: BATCH, worker: WORKER }),
  })),
  { number: 3, title: 'built packages not bundled', ask: waitingPackages },
  { number: 4, title: 'transfers not unpacked', ask: transfersNotUnpacked },
  { number: 5, title: 'packages not on their way to the archive', ask: packagesNotArchived },
  ...WORK.map(([title, entity]) => ({
    number: 10,
    title: `silent workers: ${title}`,
    ask: (manager: EntityManager) => releaseStale(manager, entity as AnyWork, SILENT_FOR_S, WORKER),
  })),
  ...WORK.map(([title, entity]) => ({
    number: 10,
    title: `failed, may be tried again: ${title}`,
    ask: (manager: EntityManager) => failed(manager, entity as AnyWork),
  })),
];

function unpackagedFiles(manager: EntityManager, { locations }: Asked): Promise<unknown> {
  return (
    manager
      .createQueryBuilder(RawDataFile, 'file')
      .select('file.executedObsUnitId', 'executedObsUnitId')
      .addSelect('file.instrumentModuleId', 'instrumentModuleId')
      .addSelect('COUNT(*)', 'fileCount')
      .addSelect('SUM(file.sizeBytes)', 'sizeBytes')
      .where({ sourceLocationId: locations.chaiSource, rawDataPackageId: IsNull() })
      // Excludes the few running ones: a condition on those that have ended would look each of them up.
      .andWhere(
        (query) =>
          `NOT EXISTS ${query
            .subQuery()
            .select('1')
            .from(ExecutedObsUnit, 'running')
            .where(`running.id = file.executedObsUnitId AND running.status = 'running'`)
            .getQuery()}`,
      )
      .groupBy('file.executedObsUnitId')
      .addGroupBy('file.instrumentModuleId')
      .orderBy('MIN(file.createdAt)')
      .getRawMany()
  );
}

function waitingPackages(manager: EntityManager, { locations }: Asked): Promise<unknown> {
  return manager
    .createQueryBuilder(RawDataPackage, 'package')
    .innerJoin(
      RawDataPackagePhysicalCopy,
      'copy',
      `copy.rawDataPackageId = package.id AND copy.dataLocationId = :buffer AND copy.status = 'present'`,
      { buffer: locations.telescopeBuffer },
    )
    .select('package.id', 'id')
    .addSelect('SUM(package.sizeBytes) OVER (ORDER BY package.createdAt, package.id)', 'sizeSoFar')
    .where(`package.state = 'waiting' AND package.status = 'completed'`)
    .andWhere('package.dataTransferPackageId IS NULL')
    .orderBy('package.createdAt')
    .addOrderBy('package.id')
    .getRawMany();
}

function transfersNotUnpacked(manager: EntityManager, { locations }: Asked): Promise<unknown> {
  return manager
    .createQueryBuilder(DataTransferUnpacking, 'unpacking')
    .innerJoinAndSelect('unpacking.dataTransfer', 'transfer')
    .where({ destinationLocationId: locations.archiveBuffer })
    .andWhere(`unpacking.status = 'pending' AND transfer.status = 'completed'`)
    .orderBy('transfer.finishedAt')
    .getMany();
}

function packagesNotArchived(manager: EntityManager, { locations }: Asked): Promise<unknown> {
  return (
    manager
      .createQueryBuilder(RawDataPackagePhysicalCopy, 'copy')
      .innerJoinAndSelect('copy.rawDataPackage', 'package')
      .where({ dataLocationId: locations.archiveBuffer })
      // SQLite does not derive the condition of the partial index from the first one.
      .andWhere(`copy.status = 'present' AND copy.status <> 'deleted'`)
      .andWhere(
        (query) =>
          `NOT EXISTS ${query
            .subQuery()
            .select('1')
            .from(LongTermArchiveTransfer, 'archiving')
            .where('archiving.rawDataPackageId = copy.rawDataPackageId')
            .andWhere(`archiving.destinationLocationId = :archive AND archiving.status <> 'failed'`)
            .getQuery()}`,
        { archive: locations.archive },
      )
      // The index has the copies in the order of their last change.
      .orderBy('copy.updatedAt')
      .limit(100)
      .getMany()
  );
}

function failed(manager: EntityManager, entity: AnyWork): Promise<unknown> {
  return manager
    .createQueryBuilder(entity, 'it')
    .where(`it.status = 'failed' AND it.retryCount < it.maxRetries`)
    .orderBy('it.updatedAt', 'DESC')
    .limit(100)
    .getMany();
}
