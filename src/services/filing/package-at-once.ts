import { isDeepStrictEqual } from 'node:util';
import type { EntityManager, ObjectLiteral } from 'typeorm';
import { copies } from '../../database/bulk-insert.js';
import { isConstraintViolation } from '../../database/constraint-violation.js';
import type { Sent } from '../../database/pg/sent.js';
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

/** A package as it is filed. */
export interface PackageToFile {
  readonly row: OfPackage & { readonly fileCount: number };
  readonly fileIds: readonly string[];
  readonly metadata: object;
}

/**
 * Files packages with their files in one round trip where all are new, and in two where one is known.
 * @returns what became of each: undefined where it is neither, or another one is neither, or each statement is to be
 *   observed; nothing was written of these
 */
export async function filePackagesAtOnce(
  manager: EntityManager,
  packages: readonly PackageToFile[],
): Promise<(Filed | undefined)[]> {
  const cannot = !(manager.dataSource.createQueryRunner() instanceof PostgresqlRunner) || isObserved(manager);
  if (cannot) return packages.map(() => undefined);
  if (await areTaken(manager, packages)) return packages.map(() => ({ added: 1, known: 0 }));
  const known = await knownOf(manager, packages);
  const others = packages.filter((one) => !known.has(one));
  const areAdded =
    others.length < packages.length && (others.length === 0 || (await areTaken(manager, others)));
  return packages.map((one) => {
    if (known.has(one)) return { added: 0, known: 1 };
    return areAdded ? { added: 1, known: 0 } : undefined;
  });
}

async function areTaken(manager: EntityManager, packages: readonly PackageToFile[]): Promise<boolean> {
  const { dataSource } = manager;
  const notes = packages.map(({ row, metadata }) => ({ rawDataPackageId: row.id, metadata }));
  const statements = [
    ...copies([dataSource.getMetadata(RawDataPackage), packages.map(({ row }) => row)]),
    ...copies([dataSource.getMetadata(RawDataPackageMetadata), notes]),
    ...packages.flatMap(({ row, fileIds }) => (fileIds.length > 0 ? takeFiles(manager, row, fileIds) : [])),
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

/** The packages that are there already as they are given. */
async function knownOf(
  manager: EntityManager,
  packages: readonly PackageToFile[],
): Promise<ReadonlySet<PackageToFile>> {
  const { dataSource } = manager;
  const ofPackage = dataSource.getMetadata(RawDataPackage);
  const ids = packages.map(({ row }) => row.id);
  const [found = [], notes = [], files = []] = await lookUp(manager, [
    [ofPackage, 'id', ids],
    [dataSource.getMetadata(RawDataPackageMetadata), 'rawDataPackageId', ids],
    [dataSource.getMetadata(RawDataFile), 'id', packages.flatMap(({ fileIds }) => fileIds)],
  ]);
  const notesOf = new Map(notes.map((note) => [note.rawDataPackageId, note.metadata]));
  const filesOf = new Map(files.map((file) => [file.id, file]));
  const isIn = (row: OfPackage, file: ObjectLiteral | undefined) =>
    file?.rawDataPackageId === row.id &&
    file.executedObsUnitId === row.executedObsUnitId &&
    file.instrumentModuleId === row.instrumentModuleId;
  const isKnown = ({ row, fileIds, metadata }: PackageToFile) =>
    areSame(ofPackage, [row as PackageToFile['row'] & NewRow], found) &&
    isDeepStrictEqual(notesOf.get(row.id), metadata) &&
    fileIds.every((id) => isIn(row, filesOf.get(id)));
  return new Set(packages.filter(isKnown));
}
