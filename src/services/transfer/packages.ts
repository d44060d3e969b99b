import { type EntityManager, IsNull, type QueryRunner } from 'typeorm';
import { oneAtATimeSteps } from '../../database/one-at-a-time.js';
import { oneOf } from '../../database/one-of.js';
import { stepOf, together } from '../../database/together.js';
import {
  ExecutedObsUnit,
  ExecutedObsUnitStatus,
  InstrumentModule,
  PackageState,
  RawDataFile,
  RawDataPackage,
  RawDataPackagePhysicalCopy,
  Status,
} from '../../entities/index.js';
import { assertNumber, assertWhole } from '../../values/arguments.js';
import { fileRawDataPackage } from '../filing/index.js';
import { readMany } from '../reading/index.js';
import { completeBuilding } from './complete.js';
import { type ComputedChecksum, recordCopies } from './copies.js';
import { type NewId, newUuid } from './new-id.js';

/** Which packages are planned, and how. */
export interface PackagePlan {
  /** Only files that were born at this location; all where left out. */
  readonly sourceLocationId?: number;
  /** Files larger than this together are divided into parts [byte]; by default 50 GB. */
  readonly maxBytes?: number;
  /** Makes the keys; by default UUIDs of version 7. */
  readonly newId?: NewId;
}

/** An archive file that was made. */
export interface Built extends ComputedChecksum {
  /** The worker that has the work. */
  readonly worker: string;
  /** Buffer that the archive file lies on now. */
  readonly dataLocationId: number;
  /** Path below the root of the location. */
  readonly relativePath: string;
  /** Size of the archive file [byte]. */
  readonly sizeBytes: number;
}

interface Unpackaged {
  readonly id: string;
  readonly size: number | string;
  readonly execution: string | null;
  readonly module: number | null;
  readonly source: number;
}

/**
 * Plans the packages of executions that have ended: the files of each execution and module that are in no package yet,
 * in the order of their paths. Files of which somebody said that they come from no execution have packages of their own; files of
 * which the execution is not known yet wait. What is planned already is left alone, so that it can be called as often as one likes.
 * @returns the UUIDs of the packages that were planned
 * @throws OpsDbError as {@link fileRawDataPackage} does
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import { fileRawDataFiles, planPackages, RawDataFile, RawDataPackage } from 'ccat-ops-db';
 *
 * const { executedObsUnitId, instrumentModuleId, sourceLocationId } = await session.findOneByOrFail(
 *   RawDataFile,
 *   { instrumentModule: { name: 'HFA' } },
 * );
 * const origin = { executedObsUnitId, instrumentModuleId, sourceLocationId };
 * const late = { ...origin, id: randomUUID(), relativePath: 'late/1.fits', sizeBytes: 2880 };
 * await fileRawDataFiles(session, [late]);
 *
 * for (const id of await planPackages(session)) {
 *   const { partNumber, fileCount } = await session.findOneByOrFail(RawDataPackage, { id });
 *   console.log({ partNumber, fileCount }); // { partNumber: 2, fileCount: 1 }
 * }
 * console.log(await planPackages(session)); // []
 */
export function planPackages(
  manager: EntityManager,
  { sourceLocationId, maxBytes = 50e9, newId = newUuid }: PackagePlan = {},
): Promise<string[]> {
  if (sourceLocationId !== undefined) assertWhole('sourceLocationId', sourceLocationId, 1);
  assertNumber('maxBytes', maxBytes);
  return manager.transaction(async (nested) => {
    const packages = [...byPackage(await unpackaged(nested, sourceLocationId), maxBytes)];
    const origins = await originsOf(
      nested,
      packages.flatMap(([first]) => first ?? []),
    );
    const planned: string[] = [];
    for (const files of packages) planned.push(await planPackage(nested, files, origins, newId));
    return planned;
  });
}

/** Who reads them waits for others that plan packages. */
async function unpackaged(manager: EntityManager, sourceLocationId?: number): Promise<Unpackaged[]> {
  const query = manager
    .createQueryBuilder(RawDataFile, 'file')
    .leftJoin('file.executedObsUnit', 'execution')
    .select('file.id', 'id')
    .addSelect('file.sizeBytes', 'size')
    .addSelect('file.executedObsUnitId', 'execution')
    .addSelect('file.instrumentModuleId', 'module')
    .addSelect('file.sourceLocationId', 'source')
    .where('file.rawDataPackageId IS NULL')
    .andWhere('(execution.status <> :running OR file.ofNoExecution = :yes)', {
      running: ExecutedObsUnitStatus.RUNNING,
      yes: true,
    })
    .orderBy('file.executedObsUnitId')
    .addOrderBy('file.instrumentModuleId')
    .addOrderBy('file.sourceLocationId')
    .addOrderBy('file.relativePath');
  if (sourceLocationId !== undefined) query.andWhere({ sourceLocationId });
  const steps = [...oneAtATimeSteps(manager, 'packages'), stepOf(query)];
  const rows = (await together(manager.queryRunner as QueryRunner, steps)).at(-1) ?? [];
  return rows.map(
    ([id, size, execution, module, source]) => ({ id, size, execution, module, source }) as Unpackaged,
  );
}

function* byPackage(files: readonly Unpackaged[], maxBytes: number): Generator<Unpackaged[]> {
  let some: Unpackaged[] = [];
  let bytes = 0;
  for (const file of files) {
    const [first] = some;
    const isOfSame =
      first?.execution === file.execution && first.module === file.module && first.source === file.source;
    if (first && (!isOfSame || bytes + Number(file.size) > maxBytes)) {
      yield some;
      some = [];
      bytes = 0;
    }
    some.push(file);
    bytes += Number(file.size);
  }
  if (some.length > 0) yield some;
}

async function planPackage(
  manager: EntityManager,
  files: readonly Unpackaged[],
  { parts, executions, modules }: Origins,
  newId: NewId,
): Promise<string> {
  const { execution, module, source } = files[0] as Unpackaged;
  const of = { executedObsUnitId: execution, instrumentModuleId: module };
  const partNumber = (parts.get(partsOf(execution, module)) ?? 0) + 1;
  parts.set(partsOf(execution, module), partNumber);
  const id = newId(`package/${execution}/${module}/${partNumber}`);
  const fileIds = files.map((file) => file.id);
  const metadata = {
    ...(execution !== null && { observation: executions.get(execution) }),
    ...(module !== null && { instrument: modules.get(module) }),
  };
  await fileRawDataPackage(manager, { id, ...of, sourceLocationId: source, partNumber, fileIds, metadata });
  return id;
}

/** What packages need to know of where their files come from. */
interface Origins {
  /** The last part of each execution and module, by {@link partsOf}. */
  readonly parts: Map<string, number>;
  /** By the key of the execution. */
  readonly executions: ReadonlyMap<string, object>;
  /** By the key of the module. */
  readonly modules: ReadonlyMap<number, object>;
}

const partsOf = (execution: string | null, module: number | null) => `${execution}/${module}`;

async function originsOf(manager: EntityManager, files: readonly Unpackaged[]): Promise<Origins> {
  const executionIds = [...new Set(files.flatMap(({ execution }) => execution ?? []))];
  const moduleIds = [...new Set(files.flatMap(({ module }) => module ?? []))];
  return {
    parts: files.length > 0 ? await lastParts(manager, executionIds, files) : new Map(),
    executions: executionIds.length > 0 ? await observationsOf(manager, executionIds) : new Map(),
    modules: moduleIds.length > 0 ? await instrumentsOf(manager, moduleIds) : new Map(),
  };
}

async function lastParts(
  manager: EntityManager,
  executionIds: readonly string[],
  files: readonly Unpackaged[],
): Promise<Map<string, number>> {
  const ofNone = files.some(({ execution }) => execution === null) ? [{ executedObsUnitId: IsNull() }] : [];
  const rows = await manager
    .createQueryBuilder(RawDataPackage, 'it')
    .select('it.executedObsUnitId', 'execution')
    .addSelect('it.instrumentModuleId', 'module')
    .addSelect('MAX(it.partNumber)', 'part')
    .where([{ executedObsUnitId: oneOf(manager, executionIds) }, ...ofNone])
    .groupBy('it.executedObsUnitId')
    .addGroupBy('it.instrumentModuleId')
    .getRawMany<{ execution: string | null; module: number | null; part: number }>();
  return new Map(rows.map(({ execution, module, part }) => [partsOf(execution, module), part]));
}

async function observationsOf(manager: EntityManager, ids: readonly string[]): Promise<Map<string, object>> {
  const executions = await readMany(manager, ExecutedObsUnit, {
    where: { id: oneOf(manager, ids) },
    relations: { obsUnit: { source: true, obsMode: true, observingProgram: true } },
  });
  return new Map(
    executions.map(({ id, startTime, endTime, obsUnit }) => [
      id,
      {
        obs_unit: obsUnit?.name,
        source: obsUnit?.source?.name,
        obs_mode: obsUnit?.obsMode?.name,
        program: obsUnit?.observingProgram?.shortName,
        start_time: startTime.toISOString(),
        end_time: endTime?.toISOString(),
      },
    ]),
  );
}

async function instrumentsOf(manager: EntityManager, ids: readonly number[]): Promise<Map<number, object>> {
  const modules = await readMany(manager, InstrumentModule, {
    where: { id: oneOf(manager, ids) },
    relations: { instrument: true },
  });
  return new Map(
    modules.map(({ id, name, instrument, frequencyCenterGhz }) => [
      id,
      { name: instrument?.name, module: name, frequency_ghz: frequencyCenterGhz },
    ]),
  );
}

/**
 * Notes that a package was built: it is completed, and present on a buffer with its checksum verified.
 * @param id UUID of the package
 * @returns false when the worker does not have the package any more; nothing was changed then
 * @throws OpsDbError as {@link recordCopies} does; nothing is written then
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import {
 *   claim,
 *   completePackage,
 *   DataLocation,
 *   fileRawDataPackage,
 *   RawDataPackage,
 *   transition,
 * } from 'ccat-ops-db';
 *
 * const { executedObsUnitId, instrumentModuleId, sourceLocationId } = await session.findOneByOrFail(
 *   RawDataPackage,
 *   { instrumentModule: { name: 'HFA' } },
 * );
 * const origin = { executedObsUnitId, instrumentModuleId, sourceLocationId, partNumber: 2 };
 * await fileRawDataPackage(session, { ...origin, id: randomUUID(), fileIds: [] });
 *
 * const worker = 'builder-1';
 * for (const { id } of await claim(session, RawDataPackage, { limit: 1, worker })) {
 *   await transition(session, RawDataPackage, id, { from: 'scheduled', to: 'in_progress', worker });
 *   // Here the worker writes the archive file.
 *   const buffer = await session.findOneByOrFail(DataLocation, { name: 'output_buffer' });
 *   const file = { dataLocationId: buffer.id, relativePath: `raw/${id}.tar`, sizeBytes: 10240 };
 *   const computed = { checksum: '1c8a5f03', checksumAlgorithm: 'crc32c' as const };
 *   console.log(await completePackage(session, id, { worker, ...file, ...computed })); // true
 *   console.log(await completePackage(session, id, { worker, ...file, ...computed })); // false
 * }
 */
export function completePackage(manager: EntityManager, id: string, built: Built): Promise<boolean> {
  return completeBuilding(manager, RawDataPackage, RawDataPackagePhysicalCopy, id, built);
}

/**
 * The packages that are built and wait for a bundle at a buffer, those made first first.
 * @param dataLocationId key of the buffer
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import {
 *   DataLocation,
 *   RawDataPackage,
 *   RawDataPackagePhysicalCopy,
 *   recordCopies,
 *   waitingPackages,
 * } from 'ccat-ops-db';
 *
 * const { id: dataLocationId } = await session.findOneByOrFail(DataLocation, { name: 'output_buffer' });
 * console.log((await waitingPackages(session, dataLocationId)).length); // 0
 *
 * // A further part of a package, as it stands once it is built.
 * const built = await session.findOneByOrFail(RawDataPackage, { instrumentModule: { name: 'HFA' } });
 * const id = randomUUID();
 * const unbundled = { state: 'waiting', dataTransferPackageId: null, archivedAt: null } as const;
 * await session.save(RawDataPackage, { ...built, ...unbundled, id, partNumber: 2 });
 * const copies = [{ of: id }];
 * await recordCopies(session, RawDataPackagePhysicalCopy, { dataLocationId, copies, by: 'builder-1' });
 * console.log((await waitingPackages(session, dataLocationId)).length); // 1
 */
export function waitingPackages(manager: EntityManager, dataLocationId: number): Promise<RawDataPackage[]> {
  return manager
    .createQueryBuilder(RawDataPackage, 'it')
    .innerJoin(
      RawDataPackagePhysicalCopy,
      'copy',
      `copy.rawDataPackageId = it.id AND copy.status = 'present' AND copy.dataLocationId = :dataLocationId`,
      { dataLocationId },
    )
    .where({ state: PackageState.WAITING, status: Status.COMPLETED })
    .andWhere('it.dataTransferPackageId IS NULL')
    .orderBy('it.id')
    .getMany();
}
