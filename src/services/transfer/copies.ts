import { type EntityManager, type FindOptionsWhere, In, type ObjectLiteral } from 'typeorm';
import { inChunks } from '../../database/chunks.js';
import { dialectOf } from '../../database/dialect.js';
import {
  type ChecksumAlgorithm,
  DataProductPhysicalCopy,
  DataTransferPackagePhysicalCopy,
  type PhysicalCopy,
  PhysicalCopyStatus,
  RawDataFilePhysicalCopy,
  RawDataPackagePhysicalCopy,
} from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import type { EntityClass } from '../../lifecycle/index.js';
import { moveMany } from './move-many.js';
import { type NewId, newUuid } from './new-id.js';

/** A checksum as it was computed. */
export interface ComputedChecksum {
  /** In hexadecimal digits. */
  readonly checksum: string;
  /** How it was computed. */
  readonly checksumAlgorithm: ChecksumAlgorithm;
}

/** A copy that is there now. */
export interface NewCopy {
  /** UUID of the file, package, bundle or product. */
  readonly of: string;
  /** What was computed from the copy; left out when the copy was not verified. */
  readonly computed?: ComputedChecksum;
}

/** Where copies are, and who says so. */
export interface NewCopies {
  /** Where the copies are. */
  readonly dataLocationId: number;
  /** What they are copies of. */
  readonly copies: Iterable<NewCopy>;
  /** Service or worker, for the history. */
  readonly by: string;
  /** Makes the keys; by default UUIDs of version 7. */
  readonly newId?: NewId;
}

/** The property that says what a copy is of. */
const OF = new Map<EntityClass<PhysicalCopy>, string>([
  [RawDataFilePhysicalCopy, 'rawDataFileId'],
  [RawDataPackagePhysicalCopy, 'rawDataPackageId'],
  [DataTransferPackagePhysicalCopy, 'dataTransferPackageId'],
  [DataProductPhysicalCopy, 'dataProductId'],
]);

/** A copy in one of these was to go, or had gone, and is there again. */
const COMES_BACK: readonly string[] = [
  PhysicalCopyStatus.DELETED,
  PhysicalCopyStatus.DELETION_SCHEDULED,
  PhysicalCopyStatus.DELETION_FAILED,
  PhysicalCopyStatus.DELETION_POSSIBLE,
];

/**
 * Records that copies are there: adds the rows that are missing, and makes those present again that were deleted or
 * were to be. Called twice it changes nothing the second time, but for the instants of verification.
 * @param entity which kind of copies
 * @throws OpsDbError `filing_conflict` when a copy is being deleted at this moment: try again later. Nothing is written
 *   then
 *
 * @example
 * import { RawDataPackagePhysicalCopy, recordCopies } from 'ccat-ops-db';
 *
 * // A package that was deleted from a buffer is brought there again.
 * const { id, dataLocationId, rawDataPackageId } = await session.findOneByOrFail(
 *   RawDataPackagePhysicalCopy,
 *   { status: 'deleted', dataLocation: { name: 'input_buffer' } },
 * );
 * const place = { dataLocationId, by: 'operator' };
 * const copies = [{ of: rawDataPackageId }];
 * await recordCopies(session, RawDataPackagePhysicalCopy, { ...place, copies });
 * console.log((await session.findOneByOrFail(RawDataPackagePhysicalCopy, { id })).status); // present
 */
export function recordCopies(
  manager: EntityManager,
  entity: EntityClass<PhysicalCopy>,
  { copies, ...place }: NewCopies,
): Promise<void> {
  return manager.transaction(async (nested) => {
    for await (const chunk of inChunks(copies)) await recordChunk(nested, entity, chunk, place);
  });
}

async function recordChunk(
  manager: EntityManager,
  entity: EntityClass<PhysicalCopy>,
  chunk: readonly NewCopy[],
  { dataLocationId, by, newId = newUuid }: Omit<NewCopies, 'copies'>,
): Promise<void> {
  const of = OF.get(entity);
  if (!of) throw new TypeError(`${entity.name} is no kind of copy`);
  const now = () => dialectOf(manager).now;
  const where = { dataLocationId, [of]: In(chunk.map((copy) => copy.of)) } as FindOptionsWhere<PhysicalCopy>;
  const known = new Set((await manager.findBy(entity, where)).map((copy) => (copy as ObjectLiteral)[of]));
  const fresh = chunk.filter((copy) => !known.has(copy.of));
  if (fresh.length > 0)
    await manager
      .createQueryBuilder()
      .insert()
      .into(entity)
      .values(
        fresh.map((copy) => ({
          id: newId(`copy/${copy.of}/${dataLocationId}`),
          ...{ dataLocationId, [of]: copy.of },
          ...(copy.computed && { ...copy.computed, verifiedAt: now }),
        })) as object[],
      )
      // Somebody else may be recording the same copy.
      .orIgnore()
      .updateEntity(false)
      .execute();
  if (known.size === 0) return;
  await bringBack(manager, entity, where, by);
  for (const { of: id, computed } of chunk)
    if (computed && known.has(id))
      await manager.update(
        entity,
        { dataLocationId, [of]: id } as never,
        {
          ...computed,
          verifiedAt: now,
        } as never,
      );
}

async function bringBack(
  manager: EntityManager,
  entity: EntityClass<PhysicalCopy>,
  where: FindOptionsWhere<PhysicalCopy>,
  by: string,
): Promise<void> {
  const unverified = { checksum: null, checksumAlgorithm: null, verifiedAt: null };
  const to = PhysicalCopyStatus.PRESENT;
  await moveMany(manager, entity, {
    where,
    from: COMES_BACK,
    to,
    set: unverified,
    by,
    reason: 'copied again',
  });
  const going = await manager.findBy(entity, { ...where, status: PhysicalCopyStatus.DELETION_IN_PROGRESS });
  if (going.length > 0)
    throw new OpsDbError(
      'filing_conflict',
      `${entity.name} ${going.map(({ id }) => id).join(', ')}: being deleted at this moment; copy again later`,
    );
}
