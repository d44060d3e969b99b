import type { EntityManager } from 'typeorm';
import { PackageState, RawDataPackage, RawDataPackagePhysicalCopy, Status } from '../../entities/index.js';
import { assertWhole } from '../../values/arguments.js';
import { completeBuilding } from './complete.js';
import type { ComputedChecksum } from './copies.js';

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

/**
 * Notes that a package was built: it is completed, and present on a buffer with its checksum verified.
 * @param id UUID of the package
 * @returns false when the worker does not have the package any more; nothing was changed then
 * @throws OpsDbError `filing_refused` for a path, size or checksum that is none; `filing_conflict` when the copy is being
 *   deleted at this moment; `value_invalid` when the worker has no name. Nothing is written then
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
 * @throws OpsDbError `value_invalid` for what is no key
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
export async function waitingPackages(
  manager: EntityManager,
  dataLocationId: number,
): Promise<RawDataPackage[]> {
  assertWhole('dataLocationId', dataLocationId, 1);
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
