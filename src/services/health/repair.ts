import { type EntityManager, In } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import { atOnceOrCarefully, together } from '../../database/together.js';
import {
  CopyRepair,
  DataProduct,
  DataTransferPackage,
  PhysicalCopy,
  PhysicalCopyStatus,
  RawDataPackage,
  Status,
} from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import { holdAgainstDeletion } from '../../lifecycle/deletion-lock.js';
import { transition } from '../../lifecycle/index.js';
import { transitionStep } from '../../lifecycle/transition.js';
import { assertText, assertWhole, uuidOf } from '../../values/arguments.js';
import { COPY_KINDS } from '../transfer/copy-kinds.js';
import type { ComputedChecksum, NewId } from '../transfer/index.js';
import { moveManyStep } from '../transfer/move-many.js';
import { newUuid } from '../transfer/new-id.js';
import { checksumOf, copyInHand, isAsExpected } from './expected.js';
import { IS_UNDER_REPAIR, READABLE_SOURCES } from './sources.js';

/** Which repairs are planned. */
export interface RepairPlan {
  /** How many at most; by default 1000. */
  readonly limit?: number;
  /** Makes the keys; by default UUIDs of version 7. */
  readonly newId?: NewId;
}

/** A bad copy with the good one that is nearest to it. */
interface Source {
  readonly badId: string;
  readonly badPlace: number;
  readonly goodId: string;
  readonly goodPlace: number;
  /** What the deletion of the good copy locks. */
  readonly packageId: string | null;
  readonly bundleId: string | null;
  readonly productId: string | null;
}

/**
 * Plans the repair of each bad copy of which a good one can be read somewhere: of the same thing, or of the package or bundle that
 * contains it. Of several the nearest is taken: one of the same site, else by the priority of the route from its site. A good copy
 * from which a repair has failed for good is not taken again. The good copy is kept until the repair has come to its end.
 * @returns the UUIDs of the repairs that were planned
 *
 * @example
 * import { declareBad, planRepairs, RawDataPackagePhysicalCopy } from 'ccat-ops-db';
 *
 * const { id } = await session.findOneByOrFail(RawDataPackagePhysicalCopy, { dataLocation: { name: 'lta' } });
 * await declareBad(session, RawDataPackagePhysicalCopy, { ids: [id], reason: 'tape torn', by: 'operator' });
 * // The other copies of the package were deleted when it was archived.
 * console.log(await planRepairs(session)); // []
 */
export function planRepairs(
  manager: EntityManager,
  { limit = 1000, newId = newUuid }: RepairPlan = {},
): Promise<string[]> {
  assertWhole('limit', limit);
  return manager.transaction(async (nested) => {
    const sources = await nearestSources(nested, limit);
    const keys = (property: 'packageId' | 'bundleId' | 'productId') => [
      ...new Set(sources.flatMap((source) => source[property] ?? [])),
    ];
    await holdAgainstDeletion(nested, DataTransferPackage, keys('bundleId'));
    await holdAgainstDeletion(nested, RawDataPackage, keys('packageId'));
    await holdAgainstDeletion(nested, DataProduct, keys('productId'));
    // Looked at again: a copy may have gone before it was held.
    const goodIds = sources.map(({ goodId }) => goodId);
    const there = await nested.findBy(PhysicalCopy, { id: In(goodIds), status: PhysicalCopyStatus.PRESENT });
    const isThere = new Set(there.map(({ id }) => id));
    const rows = sources
      .filter(({ goodId }) => isThere.has(goodId))
      .map(({ badId, badPlace, goodId, goodPlace }) => ({
        id: newId(`repair/${badId}`),
        physicalCopyId: badId,
        sourceCopyId: goodId,
        originLocationId: goodPlace,
        destinationLocationId: badPlace,
      }));
    if (rows.length > 0)
      await nested
        .createQueryBuilder()
        .insert()
        .into(CopyRepair)
        .values(rows)
        // Somebody else may have planned it in the meantime.
        .orIgnore()
        .updateEntity(false)
        .execute();
    return rows.map(({ id }) => id);
  });
}

function nearestSources(manager: EntityManager, limit: number): Promise<Source[]> {
  return manager.query(
    `SELECT nearest.bad_id AS "badId", nearest.bad_place AS "badPlace", nearest.good_id AS "goodId",
      nearest.good_place AS "goodPlace", coalesce(good.raw_data_package_id, file.raw_data_package_id) AS "packageId",
      good.data_transfer_package_id AS "bundleId", good.data_product_id AS "productId"
    FROM (
      SELECT source.*, row_number() OVER (
        PARTITION BY source.bad_id
        ORDER BY ${DISTANCE}, source.is_inside, origin.priority, source.good_id
      ) AS rank
      FROM (${READABLE_SOURCES}) source
      JOIN data_location origin ON origin.id = source.good_place
      JOIN data_location destination ON destination.id = source.bad_place
      WHERE NOT ${IS_UNDER_REPAIR}
        AND NOT EXISTS (SELECT 1 FROM copy_repair failed WHERE failed.physical_copy_id = source.bad_id
          AND failed.source_copy_id = source.good_id AND failed.status = 'failed')
    ) nearest
    JOIN physical_copy good ON good.id = nearest.good_id
    LEFT JOIN raw_data_file file ON file.id = good.raw_data_file_id
    WHERE nearest.rank = 1 ORDER BY nearest.bad_since, nearest.bad_id LIMIT ${dialectOf(manager).parameter(1)}`,
    [limit],
  );
}

/** From the site of `origin` to that of `destination`; there may be no route between them. */
const DISTANCE = `CASE WHEN origin.site_id = destination.site_id THEN 0 ELSE coalesce((
          SELECT min(route.priority) FROM data_transfer_route route WHERE route.active
            AND route.origin_site_id = origin.site_id AND route.destination_site_id = destination.site_id
        ), 1000000) END`;

/** A copy that was written anew. */
export interface Repaired extends ComputedChecksum {
  /** The worker that has the repair. */
  readonly worker: string;
}

/**
 * Notes that a bad copy was written anew from the good one and read back: it is present and verified, and counts again.
 * @param id UUID of the repair
 * @returns false when the worker does not have the repair any more; nothing was changed then
 * @throws OpsDbError `checksum_mismatch` when what was read back has another checksum than it should have: the repair is to be failed,
 *   and the good copy verified; `filing_refused` for another algorithm. Nothing is written then
 *
 * @example
 * import {
 *   CopyRepair,
 *   claim,
 *   completeRepair,
 *   DataLocation,
 *   declareBad,
 *   planRepairs,
 *   RawDataPackagePhysicalCopy,
 *   recordCopies,
 *   transition,
 * } from 'ccat-ops-db';
 *
 * // A package lies in two places, and one of them turns out to be damaged.
 * const entity = RawDataPackagePhysicalCopy;
 * const archived = await session.findOneByOrFail(entity, { dataLocation: { name: 'lta' } });
 * const { id, rawDataPackageId: of, checksum, checksumAlgorithm } = archived;
 * const buffer = await session.findOneByOrFail(DataLocation, { name: 'input_buffer_2' });
 * const by = 'operator';
 * await recordCopies(session, entity, { dataLocationId: buffer.id, copies: [{ of }], by });
 * await declareBad(session, entity, { ids: [id], reason: 'tape torn', by });
 * await planRepairs(session);
 *
 * const worker = 'repairer-1';
 * for (const repair of await claim(session, CopyRepair, { limit: 1, worker })) {
 *   const step = { from: 'scheduled', to: 'in_progress', worker };
 *   await transition(session, CopyRepair, repair.id, step);
 *   // Here the worker copies the content and computes the checksum of what it reads back.
 *   if (checksum && checksumAlgorithm) {
 *     const computed = { checksum, checksumAlgorithm };
 *     console.log(await completeRepair(session, repair.id, { worker, ...computed })); // true
 *   }
 * }
 * console.log((await session.findOneByOrFail(entity, { id })).status); // present
 */
export async function completeRepair(
  manager: EntityManager,
  id: string,
  { worker, ...given }: Repaired,
): Promise<boolean> {
  const key = uuidOf('id', id);
  assertText('worker', worker);
  const computed = checksumOf(given);
  const copy = await copyInHand(manager, 'copy_repair', key, worker);
  if (!copy) return false;
  if (!isAsExpected(copy, computed))
    throw new OpsDbError(
      'checksum_mismatch',
      `the copy ${copy.id} has the checksum ${computed.checksum} after its repair instead of ${copy.checksum}: verify the good copy`,
    );
  const step = { from: Status.IN_PROGRESS, to: Status.COMPLETED, worker };
  const repaired = () =>
    moveManyStep(manager, COPY_KINDS[copy.type], {
      where: { id: copy.id },
      from: [PhysicalCopyStatus.BAD],
      to: PhysicalCopyStatus.PRESENT,
      set: { ...computed, verifiedAt: () => dialectOf(manager).now, badSince: null, badReason: null },
      by: worker,
      reason: 'repaired',
    });
  const steps = () => [transitionStep(manager, CopyRepair, key, step, { mustMove: true }), repaired()];
  return atOnceOrCarefully(manager, steps, true, async (nested) => {
    if (!(await transition(nested, CopyRepair, key, step))) return false;
    if (nested.queryRunner) await together(nested.queryRunner, [repaired()]);
    return true;
  });
}
