import type { EntityManager } from 'typeorm';
import { oneOf } from '../../database/one-of.js';
import { atOnce, type Step, writeStepOf } from '../../database/together.js';
import {
  DataTransferPackage,
  DataTransferPackagePhysicalCopy,
  PackageState,
  RawDataPackage,
} from '../../entities/index.js';
import { assertNumber, assertText, assertWhole } from '../../values/arguments.js';
import { completeBuilding } from './complete.js';
import { moveManyStep } from './move-many.js';
import { type NewId, newUuid } from './new-id.js';
import { type Built, waitingPackages } from './packages.js';

/** Which bundles are planned, and how. */
export interface BundlePlan {
  /** Buffer whose packages are bundled. */
  readonly originLocationId: number;
  /** No bundle is larger than this, but for one with a single package that is [byte]; by default 10 TB. */
  readonly maxBytes?: number;
  /** Fewer bytes than this wait for more packages [byte]; by default none wait. */
  readonly minBytes?: number;
  /** Service, for the history. */
  readonly by: string;
  /** Makes the keys; by default UUIDs of version 7. */
  readonly newId?: NewId;
}

/**
 * Plans bundles of the packages that wait at a buffer; the packages are on their way from then on.
 * @returns the UUIDs of the bundles that were planned
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import {
 *   DataLocation,
 *   planBundles,
 *   RawDataPackage,
 *   RawDataPackagePhysicalCopy,
 *   recordCopies,
 * } from 'ccat-ops-db';
 *
 * // A further part of a package, as it stands once it is built and lies on the buffer.
 * const built = await session.findOneByOrFail(RawDataPackage, { instrumentModule: { name: 'HFA' } });
 * const id = randomUUID();
 * const unbundled = { state: 'waiting', dataTransferPackageId: null, archivedAt: null } as const;
 * await session.save(RawDataPackage, { ...built, ...unbundled, id, partNumber: 2 });
 * const buffer = await session.findOneByOrFail(DataLocation, { name: 'output_buffer' });
 * const place = { dataLocationId: buffer.id, by: 'builder-1' };
 * await recordCopies(session, RawDataPackagePhysicalCopy, { ...place, copies: [{ of: id }] });
 *
 * const plan = { originLocationId: buffer.id, by: 'bundle-manager' };
 * console.log(await planBundles(session, { ...plan, minBytes: 1e12 })); // []
 * console.log((await planBundles(session, plan)).length); // 1
 * console.log((await session.findOneByOrFail(RawDataPackage, { id })).state); // transferring
 */
export async function planBundles(
  manager: EntityManager,
  { originLocationId, maxBytes = 10e12, minBytes = 0, by, newId = newUuid }: BundlePlan,
): Promise<string[]> {
  assertWhole('originLocationId', originLocationId, 1);
  assertNumber('maxBytes', maxBytes);
  assertNumber('minBytes', minBytes);
  assertText('by', by);
  const waiting = await waitingPackages(manager, originLocationId);
  const bundles = [...byBundle(waiting, maxBytes, minBytes)].map((ids) => ({
    id: newId(`bundle/${ids[0]}`),
    ids,
  }));
  if (bundles.length === 0) return [];
  const steps = bundles.map(({ id, ids }) => bundleSteps(manager, { id, originLocationId }, ids, by));
  const rows = await atOnce(manager, steps.flat());
  // Somebody else may have bundled the packages in the meantime.
  return bundles.filter((_, at) => rows[at * BUNDLE_STEPS + MOVED]?.length !== 0).map(({ id }) => id);
}

const [MOVED, BUNDLE_STEPS] = [1, 4];

/** The statements that make a bundle of packages; none is left where none of them waits any more. */
function bundleSteps(
  manager: EntityManager,
  bundle: { readonly id: string; readonly originLocationId: number },
  packageIds: readonly string[],
  by: string,
): Step[] {
  const { id } = bundle;
  const all = () => manager.createQueryBuilder();
  const moved = moveManyStep(manager, RawDataPackage, {
    where: { id: oneOf(manager, packageIds) },
    property: 'state',
    from: [PackageState.WAITING],
    to: PackageState.TRANSFERRING,
    set: { dataTransferPackageId: id },
    by,
  });
  const count = `(SELECT count(*) FROM raw_data_package part WHERE part.data_transfer_package_id = :bundleId)`;
  const counted = all()
    .update(DataTransferPackage)
    .set({ packageCount: () => count });
  return [
    writeStepOf(all().insert().into(DataTransferPackage).values(bundle).updateEntity(false)),
    moved,
    writeStepOf(counted.where({ id }).setParameter('bundleId', id)),
    writeStepOf(all().delete().from(DataTransferPackage).where({ id, packageCount: 0 })),
  ];
}

function* byBundle(
  packages: readonly RawDataPackage[],
  maxBytes: number,
  minBytes: number,
): Generator<string[]> {
  let ids: string[] = [];
  let bytes = 0;
  for (const { id, sizeBytes } of packages) {
    const size = sizeBytes ?? 0;
    if (ids.length > 0 && bytes + size > maxBytes) {
      yield ids;
      ids = [];
      bytes = 0;
    }
    ids.push(id);
    bytes += size;
  }
  if (ids.length > 0 && bytes >= minBytes) yield ids;
}

/**
 * Notes that a bundle was built: it is completed, and present on its buffer with its checksum verified.
 * @param id UUID of the bundle
 * @returns false when the worker does not have the bundle any more; nothing was changed then
 * @throws OpsDbError `filing_refused` for a path, size or checksum that is none; `filing_conflict` when the copy is being
 *   deleted at this moment; `value_invalid` when the worker has no name. Nothing is written then
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import { claim, completeBundle, DataLocation, DataTransferPackage, transition } from 'ccat-ops-db';
 *
 * const { id: originLocationId } = await session.findOneByOrFail(DataLocation, { name: 'output_buffer' });
 * await session.insert(DataTransferPackage, { id: randomUUID(), originLocationId });
 *
 * const worker = 'bundler-1';
 * for (const { id } of await claim(session, DataTransferPackage, { limit: 1, worker })) {
 *   await transition(session, DataTransferPackage, id, { from: 'scheduled', to: 'in_progress', worker });
 *   // Here the worker writes the archive file.
 *   const file = { dataLocationId: originLocationId, relativePath: `bundles/${id}.tar`, sizeBytes: 10240 };
 *   const computed = { checksum: '1c8a5f03', checksumAlgorithm: 'crc32c' as const };
 *   console.log(await completeBundle(session, id, { worker, ...file, ...computed })); // true
 * }
 */
export function completeBundle(manager: EntityManager, id: string, built: Built): Promise<boolean> {
  return completeBuilding(manager, DataTransferPackage, DataTransferPackagePhysicalCopy, id, built);
}
