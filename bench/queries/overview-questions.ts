import { type EntityManager, In } from 'typeorm';
import {
  DataTransfer,
  ExecutedObsUnit,
  LongTermArchiveTransfer,
  RawDataFile,
  RawDataPackage,
} from '../../src/entities/index.js';
import { uuidOf } from '../support/year/kinds.js';
import type { Asked, Question } from './question.js';

/** Rows of a page, and of the children of a detail. */
const PAGE = 50;
const CHILDREN = 100;
/** Program of the queries, with one in forty packages. */
const PROGRAM = 'TDS';

/** Queries 11 to 13: overviews for people. */
export const overviewQuestions: readonly Question[] = [
  { number: 11, title: 'packages and files of an obs unit', ask: ofObsUnit },
  { number: 12, title: 'observations of a night', ask: ofNight },
  { number: 12, title: 'recent observations', ask: recent },
  { number: 13, title: 'packages under way, by state', ask: packagesByState },
  { number: 13, title: 'transfers under way, by status', ask: transfersByStatus },
  { number: 13, title: 'archivings under way, by status', ask: archivingsByStatus },
  { number: 13, title: 'first page of archived packages', ask: (manager) => packageList(manager).getMany() },
  { number: 13, title: 'page from the middle of the year', ask: laterPage },
  { number: 13, title: 'first page of a program', ask: pageOfProgram },
];

async function ofObsUnit(manager: EntityManager, { year }: Asked): Promise<unknown> {
  const id = uuidOf('execution', Math.floor(year.executions / 2));
  const { obsUnitId } = await manager.findOneByOrFail(ExecutedObsUnit, { id });
  const executions = await manager.find(ExecutedObsUnit, {
    where: { obsUnitId },
    order: { startTime: 'DESC' },
    take: CHILDREN,
  });
  const executedObsUnitId = In(executions.map(({ id }) => id));
  const packages = await manager.find(RawDataPackage, { where: { executedObsUnitId }, take: CHILDREN });
  const files = await manager.find(RawDataFile, { where: { executedObsUnitId }, take: CHILDREN });
  return [executions, packages, files];
}

function observations(manager: EntityManager) {
  return manager
    .createQueryBuilder(ExecutedObsUnit, 'execution')
    .innerJoinAndSelect('execution.obsUnit', 'obsUnit')
    .innerJoinAndSelect('obsUnit.source', 'source')
    .innerJoinAndSelect('obsUnit.observingProgram', 'program')
    .orderBy('execution.startTime', 'DESC');
}

async function ofNight(manager: EntityManager, { year }: Asked): Promise<unknown> {
  const id = uuidOf('execution', Math.floor(year.executions / 2));
  const { observingNight } = await manager.findOneByOrFail(ExecutedObsUnit, { id });
  return observations(manager).where({ observingNight, status: 'completed' }).getMany();
}

function recent(manager: EntityManager): Promise<unknown> {
  return observations(manager).limit(PAGE).getMany();
}

function packagesByState(manager: EntityManager): Promise<unknown> {
  return manager
    .createQueryBuilder(RawDataPackage, 'package')
    .select('package.state', 'state')
    .addSelect('package.status', 'status')
    .addSelect('COUNT(*)', 'count')
    .where(`package.state IN ('waiting', 'transferring', 'failed')`)
    .groupBy('package.state')
    .addGroupBy('package.status')
    .getRawMany();
}

function byStatus(manager: EntityManager, entity: typeof DataTransfer | typeof LongTermArchiveTransfer) {
  return (
    manager
      .createQueryBuilder<DataTransfer | LongTermArchiveTransfer>(entity, 'it')
      .select('it.status', 'status')
      .addSelect('it.destinationLocationId', 'destination')
      .addSelect('COUNT(*)', 'count')
      // As alternatives, each with a small index.
      .where(`(it.status = 'pending' OR it.status IN ('scheduled', 'in_progress') OR it.status = 'failed')`)
      .groupBy('it.status')
      .addGroupBy('it.destinationLocationId')
      .getRawMany()
  );
}

function transfersByStatus(manager: EntityManager): Promise<unknown> {
  return byStatus(manager, DataTransfer);
}

function archivingsByStatus(manager: EntityManager): Promise<unknown> {
  return byStatus(manager, LongTermArchiveTransfer);
}

function packageList(manager: EntityManager) {
  return manager
    .createQueryBuilder(RawDataPackage, 'package')
    .where(`package.state = 'archived'`)
    .orderBy('package.createdAt', 'DESC')
    .addOrderBy('package.id', 'DESC')
    .limit(PAGE);
}

async function laterPage(manager: EntityManager, { year }: Asked): Promise<unknown> {
  const id = uuidOf('rawDataPackage', Math.floor(year.archivedPackages / 2));
  const { createdAt } = await manager.findOneByOrFail(RawDataPackage, { id });
  return packageList(manager)
    .andWhere('(package.createdAt, package.id) < (:createdAt, :id)', { createdAt, id })
    .getMany();
}

function pageOfProgram(manager: EntityManager): Promise<unknown> {
  return packageList(manager)
    .innerJoin('package.executedObsUnit', 'execution')
    .innerJoin('execution.obsUnit', 'obsUnit')
    .innerJoin('obsUnit.observingProgram', 'program')
    .andWhere('program.shortName = :program', { program: PROGRAM })
    .getMany();
}
