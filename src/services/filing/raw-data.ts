import { isDeepStrictEqual } from 'node:util';
import { type EntityManager, IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Insert } from '../../database/bulk-insert.js';
import { inChunks, inKeyOrder, type Many } from '../../database/chunks.js';
import { oneOf } from '../../database/one-of.js';
import {
  type ChecksumAlgorithm,
  RawDataFile,
  type RawDataFileKind,
  RawDataFilePhysicalCopy,
  RawDataPackage,
  RawDataPackageMetadata,
} from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import { assertIterable } from '../../values/arguments.js';
import { canonicalRows } from '../../values/canonical.js';
import {
  areSame,
  areTaken,
  fileRows,
  fileUnknown,
  lookUp,
  type NewRow,
  show,
  writeUnknown,
} from './file-rows.js';
import { type Filed, fileInLists } from './lists.js';
import { withModuleKeys } from './module-names.js';
import { filePackagesAtOnce, type PackageToFile } from './package-at-once.js';
import { filingDoor } from './payload-properties.js';

/** A raw data file as an instrument reports it. */
export interface NewRawDataFile {
  /** UUID of the file, given by the writer. */
  readonly id: string;
  /** Execution that the file comes from; left out where it is not known yet, see {@link assignExecutions}. */
  readonly executedObsUnitId?: string | null;
  /** Whether the file comes from no execution, such as housekeeping; by default it comes from one. */
  readonly ofNoExecution?: boolean;
  /** Module that wrote the file; left out for a file of several modules, or of none. */
  readonly instrumentModuleId?: number | null;
  /** Name of the module in place of its key, as the observatory or the readout spells it, see {@link instrumentModuleIds}. */
  readonly instrumentModule?: string;
  /** The modules of a file of several, such as one of level 0. */
  readonly instrumentModuleIds?: readonly number[];
  /** What the file holds; by default what the detectors saw. See {@link readoutFile}. */
  readonly kind?: RawDataFileKind;
  /** Session of the readout: its start in whole Unix seconds. */
  readonly readoutSession?: number;
  /** Where the file was born; its first copy is filed there. */
  readonly sourceLocationId: number;
  /** Path below the root of the location. */
  readonly relativePath: string;
  /** Size [byte]. */
  readonly sizeBytes: number;
  /** Format, by its usual ending. */
  readonly fileType?: string;
  /** Checksum of the content, in hexadecimal digits. */
  readonly checksum?: string;
  /** Algorithm of the checksum; goes with it. */
  readonly checksumAlgorithm?: ChecksumAlgorithm;
  /** When the instrument finished the file, UTC. */
  readonly recordedAt?: Date;
  /** What its writer says of the content, such as the index of the bookbinder. */
  readonly metadata?: Record<string, unknown>;
}

/** A raw data package to be built. */
export interface NewRawDataPackage {
  /** UUID of the package, given by the writer. */
  readonly id: string;
  /** Execution that the files come from; left out for files of no execution. */
  readonly executedObsUnitId?: string | null;
  /** Module that wrote the files; left out for files of several modules, or of none. */
  readonly instrumentModuleId?: number | null;
  /** Name of the module in place of its key, as the observatory or the readout spells it. */
  readonly instrumentModule?: string;
  /** Location where the files lie. */
  readonly sourceLocationId: number;
  /** Number of the part where one tar would be too large; by default 1. */
  readonly partNumber?: number;
  /** Files that the package shall hold. */
  readonly fileIds: readonly string[];
  /** Metadata by topic. */
  readonly metadata?: Record<string, unknown>;
}

const FILE = filingDoor('NewRawDataFile');
const PACKAGE = filingDoor('NewRawDataPackage');

/**
 * Files raw data files, each with the copy at the location where it was born. Sent twice they change nothing the second
 * time.
 * @param files any number of them, also as an async iterable; for work that is tried again a list, or a function that
 *   makes the iterable anew
 * @throws OpsDbError as {@link fileRows} does; nothing of the call is written then
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import {
 *   DataLocation,
 *   fileRawDataFiles,
 *   InstrumentModule,
 *   ObsUnit,
 *   startObservation,
 * } from 'ccat-ops-db';
 *
 * const { id: obsUnitId } = await session.findOneByOrFail(ObsUnit, { available: true });
 * const { id: instrumentModuleId } = await session.findOneByOrFail(InstrumentModule, { name: 'LFA' });
 * const { id: sourceLocationId } = await session.findOneByOrFail(DataLocation, { name: 'chai_raw_data' });
 * const executedObsUnitId = await startObservation(session, { obsUnitId, startTime: new Date() });
 *
 * const origin = { executedObsUnitId, instrumentModuleId, sourceLocationId };
 * const files = [{ ...origin, id: randomUUID(), relativePath: 'night/1.fits', sizeBytes: 2880 }];
 * console.log((await fileRawDataFiles(session, files)).added); // 1
 * console.log((await fileRawDataFiles(session, files)).added); // 0
 */
export async function fileRawDataFiles(manager: EntityManager, files: Many<NewRawDataFile>): Promise<Filed> {
  assertIterable('files', files);
  const { dataSource } = manager;
  const file = dataSource.getMetadata(RawDataFile);
  const copy = dataSource.getMetadata(RawDataFilePhysicalCopy);
  const canonical = canonicalRows<NewRawDataFile>(file, FILE);
  const prepared = (list: NewRawDataFile[]) => inKeyOrder(list.map(canonical), ({ id }) => id);
  return fileInLists(manager, files, prepared, async (on, list) => {
    const checked = await withModuleKeys(on, list);
    const links = linksOf(checked);
    const rows = checked.map(withoutModules) as (NewRawDataFile & NewRow)[];
    if (links.length === 0) return fileList(on, rows);
    return on.transaction(async (nested) => {
      const added = await fileList(nested, rows);
      await fileModules(nested, links);
      return added;
    });
  });

  async function fileList(on: EntityManager, rows: readonly (NewRawDataFile & NewRow)[]): Promise<number> {
    const copies = rows.map(firstCopy);
    const inserts: Insert[] = [
      [file, rows],
      [copy, copies],
    ];
    if (await areTaken(on, inserts)) return rows.length;
    const ids = rows.map(({ id }) => id);
    const [found = [], firstCopies = []] = await lookUp(on, [
      [file, 'id', ids],
      [copy, 'rawDataFileId', ids],
    ]);
    if (areSame(file, rows, found) && notAmong(firstCopies as FirstCopy[], copies).length === 0) return 0;
    return on.transaction(async (nested) => {
      const added = await fileUnknown(nested, file, rows);
      const unknownCopies = (some: readonly FirstCopy[]) => withoutKnown(nested, some);
      await writeUnknown(nested, copy, copies, unknownCopies);
      return added;
    });
  }
}

/** A row of the file alone: its modules are rows of another table. */
function withoutModules(file: NewRawDataFile): NewRawDataFile {
  if (file.instrumentModuleIds === undefined) return file;
  const { instrumentModuleIds: _, ...row } = file;
  return row;
}

/** Which module belongs to which file of several. */
function linksOf(files: readonly NewRawDataFile[]) {
  const ofSeveral = files.filter(({ instrumentModuleIds }) => instrumentModuleIds !== undefined);
  return ofSeveral.flatMap(({ id, instrumentModuleIds }) =>
    [...new Set(instrumentModuleIds)].map((moduleId) => ({
      raw_data_file_id: id,
      instrument_module_id: moduleId,
    })),
  );
}

async function fileModules(manager: EntityManager, links: ReturnType<typeof linksOf>): Promise<void> {
  for await (const chunk of inChunks(links))
    await manager
      .createQueryBuilder()
      .insert()
      .into('raw_data_file_instrument_module')
      .values(chunk)
      .orIgnore()
      .updateEntity(false)
      .execute();
}

type FirstCopy = Pick<RawDataFilePhysicalCopy, 'id' | 'rawDataFileId' | 'dataLocationId'>;

function firstCopy({ id, sourceLocationId }: NewRawDataFile): FirstCopy {
  return { id: uuidv7(), rawDataFileId: id, dataLocationId: sourceLocationId };
}

async function withoutKnown(manager: EntityManager, copies: readonly FirstCopy[]): Promise<FirstCopy[]> {
  const found = await manager.find(RawDataFilePhysicalCopy, {
    select: { rawDataFileId: true, dataLocationId: true },
    where: {
      rawDataFileId: oneOf(
        manager,
        copies.map(({ rawDataFileId }) => rawDataFileId),
      ),
    },
  });
  return notAmong(found, copies);
}

function notAmong(found: readonly FirstCopy[], copies: readonly FirstCopy[]): FirstCopy[] {
  const known = new Set(found.map(placeOf));
  return copies.filter((copy) => !known.has(placeOf(copy)) && known.add(placeOf(copy)));
}

function placeOf({
  rawDataFileId,
  dataLocationId,
}: Pick<FirstCopy, 'rawDataFileId' | 'dataLocationId'>): string {
  return `${rawDataFileId} ${dataLocationId}`;
}

/**
 * Files a package that is to be built, and takes its files into it. Sent twice it changes nothing the second time.
 * @throws OpsDbError as {@link fileRows} does; `filing_conflict` also when a file is in another package already, is of
 *   another execution or module, or was not sent with the package the first time; nothing of the call is written then
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import { fileRawDataFiles, fileRawDataPackage, RawDataFile } from 'ccat-ops-db';
 *
 * const first = await session.findOneByOrFail(RawDataFile, { fileType: 'fits' });
 * const { executedObsUnitId, instrumentModuleId, sourceLocationId } = first;
 * const origin = { executedObsUnitId, instrumentModuleId, sourceLocationId };
 *
 * const late = { ...origin, id: randomUUID(), relativePath: 'night/late.fits', sizeBytes: 2880 };
 * await fileRawDataFiles(session, [late]);
 * const part = { ...origin, id: randomUUID(), partNumber: 2, fileIds: [late.id] };
 * console.log(await fileRawDataPackage(session, part)); // { added: 1, known: 0 }
 * console.log(await fileRawDataPackage(session, part)); // { added: 0, known: 1 }
 */
export async function fileRawDataPackage(manager: EntityManager, given: NewRawDataPackage): Promise<Filed> {
  const [filed] = await fileRawDataPackages(manager, [given]);
  return filed ?? filePackageInSteps(manager, given);
}

/**
 * As {@link fileRawDataPackage} for several packages that are usually new, in one round trip.
 * @returns undefined for one that is to be filed by itself: nothing of it was written
 */
export async function fileRawDataPackages(
  manager: EntityManager,
  packages: readonly NewRawDataPackage[],
): Promise<(Filed | undefined)[]> {
  const canonical = canonicalRows<NewRawDataPackage>(manager.dataSource.getMetadata(RawDataPackage), PACKAGE);
  const usual = new Map<NewRawDataPackage, PackageToFile>();
  const named = await withModuleKeys(manager, packages.map(canonical));
  for (const [index, given] of packages.entries()) {
    const { fileIds, metadata = {}, ...row } = named[index] as NewRawDataPackage;
    const { executedObsUnitId, instrumentModuleId } = row;
    // As nearly every package is.
    if (!executedObsUnitId || !instrumentModuleId) continue;
    const ids = [...new Set(fileIds)];
    const rawDataPackage = { ...row, executedObsUnitId, instrumentModuleId, fileCount: ids.length };
    usual.set(given, { row: rawDataPackage, fileIds: ids, metadata });
  }
  if (usual.size === 0) return packages.map(() => undefined);
  const filed = await filePackagesAtOnce(manager, [...usual.values()]);
  const outcomes = new Map([...usual.keys()].map((given, index) => [given, filed[index]]));
  return packages.map((given) => outcomes.get(given));
}

async function filePackageInSteps(manager: EntityManager, given: NewRawDataPackage): Promise<Filed> {
  const canonical = canonicalRows<NewRawDataPackage>(manager.dataSource.getMetadata(RawDataPackage), PACKAGE);
  const [named] = await withModuleKeys(manager, [canonical(given)]);
  const { fileIds, metadata = {}, ...rawDataPackage } = named as NewRawDataPackage;
  const { id, executedObsUnitId, instrumentModuleId } = rawDataPackage;
  const ids = [...new Set(fileIds)];
  const ofPackage = {
    executedObsUnitId: executedObsUnitId ?? IsNull(),
    instrumentModuleId: instrumentModuleId ?? IsNull(),
    // Of a file without an execution somebody has to say so before it is packaged.
    ...(executedObsUnitId == null && { ofNoExecution: true }),
  };
  return manager.transaction(async (nested) => {
    const filed = await fileRows(nested, RawDataPackage, [{ ...rawDataPackage, fileCount: ids.length }]);
    await fileMetadata(nested, id, metadata);
    const own = { id: oneOf(nested, ids), ...ofPackage };
    if (filed.added > 0)
      await nested.update(RawDataFile, { ...own, rawDataPackageId: IsNull() }, { rawDataPackageId: id });
    const taken = await nested.countBy(RawDataFile, { ...own, rawDataPackageId: id });
    if (taken < ids.length) throw await notTaken(nested, id, ids, filed);
    return filed;
  });
}

async function fileMetadata(
  manager: EntityManager,
  rawDataPackageId: string,
  metadata: object,
): Promise<void> {
  const found = await manager.findOneBy(RawDataPackageMetadata, { rawDataPackageId });
  if (!found) await manager.insert(RawDataPackageMetadata, { rawDataPackageId, metadata });
  else if (!isDeepStrictEqual(found.metadata, metadata))
    throw new OpsDbError(
      'filing_conflict',
      `RawDataPackage ${rawDataPackageId} is there already with other content: metadata is ` +
        `${show(found.metadata)}, not ${show(metadata)}`,
    );
}

async function notTaken(
  manager: EntityManager,
  id: string,
  fileIds: readonly string[],
  { known: wasKnown }: Filed,
): Promise<OpsDbError> {
  const files = await manager.findBy(RawDataFile, { id: oneOf(manager, fileIds) });
  const known = new Set(files.map((file) => file.id));
  const missing = fileIds.filter((fileId) => !known.has(fileId));
  const elsewhere = files.filter((file) => file.rawDataPackageId !== id).map((file) => file.id);
  return new OpsDbError(
    'filing_conflict',
    (wasKnown
      ? `RawDataPackage ${id} is there already with other content: fileIds are not those of the first time. `
      : `Package ${id} cannot take all its files. `) +
      `Not filed: ${some(missing)}. In ${wasKnown ? 'no or ' : ''}another package, or of another execution or module: ${some(elsewhere)}`,
  );
}

/** Keys that a message shows. */
const MOST_SHOWN = 10;

function some(ids: readonly string[]): string {
  const more = ids.length > MOST_SHOWN ? ` and ${ids.length - MOST_SHOWN} more` : '';
  return ids.length === 0 ? 'none' : `${ids.slice(0, MOST_SHOWN).join(', ')}${more}`;
}
