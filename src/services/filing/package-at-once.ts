import { isDeepStrictEqual } from 'node:util';
import type { EntityManager, ObjectLiteral } from 'typeorm';
import { copies } from '../../database/bulk-insert.js';
import { isConstraintViolation } from '../../database/constraint-violation.js';
import type { Sent } from '../../database/pg/pipeline.js';
import { asOne } from '../../database/together.js';
import { PostgresqlRunner } from '../../database/typeorm/postgresql-runner.js';
import { isObserved } from '../../database/typeorm/unit-runner.js';
import { RawDataFile, RawDataPackage, RawDataPackageMetadata } from '../../entities/index.js';
import { areSame, lookUp, type NewRow } from './file-rows.js';
import type { Filed } from './lists.js';

/** The columns of a package by which its files are found. */
interface OfPackage {
  readonly id: string;
  readonly executedObsUnitId: string;
  readonly instrumentModuleId: number;
}

/**
 * Files a package with its files in one round trip where it is new, and in two where it is known.
 * @returns undefined where it is neither, or each statement is to be observed: nothing was written then
 */
export async function filePackageAtOnce(
  manager: EntityManager,
  rawDataPackage: OfPackage,
  fileIds: readonly string[],
  metadata: object,
): Promise<Filed | undefined> {
  if (!(manager.dataSource.createQueryRunner() instanceof PostgresqlRunner) || isObserved(manager))
    return undefined;
  const row = { ...rawDataPackage, fileCount: fileIds.length };
  if (await isTaken(manager, row, fileIds, metadata)) return { added: 1, known: 0 };
  return (await isKnown(manager, row, fileIds, metadata)) ? { added: 0, known: 1 } : undefined;
}

async function isTaken(
  manager: EntityManager,
  row: OfPackage,
  fileIds: readonly string[],
  metadata: object,
): Promise<boolean> {
  const { dataSource } = manager;
  const statements = [
    ...copies([dataSource.getMetadata(RawDataPackage), [row]]),
    ...copies([dataSource.getMetadata(RawDataPackageMetadata), [{ rawDataPackageId: row.id, metadata }]]),
    ...(fileIds.length > 0 ? takeFiles(manager, row, fileIds) : []),
  ];
  try {
    await asOne(manager, (runner) => (runner as PostgresqlRunner).sendTogether(statements));
    return true;
  } catch (error) {
    if (isConstraintViolation(error)) return false;
    throw error;
  }
}

/** Takes files into a package; where not all can be taken, the last statement fails. */
function takeFiles(
  manager: EntityManager,
  { id, executedObsUnitId, instrumentModuleId }: OfPackage,
  fileIds: readonly string[],
): Sent[] {
  const own = { executedObsUnitId, instrumentModuleId };
  const [text, values] = manager
    .createQueryBuilder()
    .update(RawDataFile)
    .set({ rawDataPackageId: id })
    .where('id = ANY(:fileIds) AND rawDataPackageId IS NULL', { fileIds })
    .andWhere(own)
    .getQueryAndParameters();
  // Of what is no number a conversion fails: there is no other way to raise an error in SQL alone.
  const [counted, parameters] = manager
    .createQueryBuilder(RawDataFile, 'file')
    .select(`CASE WHEN count(*) < :given THEN CAST(count(*) || ' files only' AS integer) END`, 'refusal')
    .where('file.id = ANY(:fileIds) AND file.rawDataPackageId = :id', { fileIds, id })
    .setParameter('given', fileIds.length)
    .andWhere(own)
    .getQueryAndParameters();
  return [
    { text, values },
    { text: counted, values: parameters },
  ];
}

async function isKnown(
  manager: EntityManager,
  row: OfPackage,
  fileIds: readonly string[],
  metadata: object,
): Promise<boolean> {
  const { dataSource } = manager;
  const ofPackage = dataSource.getMetadata(RawDataPackage);
  const [found = [], notes = [], files = []] = await lookUp(manager, [
    [ofPackage, 'id', [row.id]],
    [dataSource.getMetadata(RawDataPackageMetadata), 'rawDataPackageId', [row.id]],
    [dataSource.getMetadata(RawDataFile), 'id', fileIds],
  ]);
  const isIn = (file: ObjectLiteral) =>
    file.rawDataPackageId === row.id &&
    file.executedObsUnitId === row.executedObsUnitId &&
    file.instrumentModuleId === row.instrumentModuleId;
  return (
    areSame(ofPackage, [row as OfPackage & NewRow], found) &&
    isDeepStrictEqual(notes[0]?.metadata, metadata) &&
    files.filter(isIn).length === fileIds.length
  );
}
