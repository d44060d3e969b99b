import type {
  EntityManager,
  FindOptionsWhere,
  InsertQueryBuilder,
  ObjectLiteral,
  QueryRunner,
  UpdateQueryBuilder,
} from 'typeorm';
import { CHUNK, inChunks, inKeyOrder } from '../../database/chunks.js';
import { dialectOf } from '../../database/dialect.js';
import { oneOf } from '../../database/one-of.js';
import {
  type BoundStatement,
  type Step,
  stepOf,
  together,
  tookEffect,
  writeStepOf,
} from '../../database/together.js';
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
import { assertIterable, assertText } from '../../values/arguments.js';
import { canonicalRows, type StrictDoor } from '../../values/canonical.js';
import { moveManyStep } from './move-many.js';
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
 * @throws OpsDbError `filing_conflict` when a copy is being deleted at this moment: try again later; `filing_refused` for a
 *   key or a checksum that is none; `value_invalid` when nobody says so. Nothing is written then
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
export async function recordCopies(
  manager: EntityManager,
  entity: EntityClass<PhysicalCopy>,
  { copies, ...place }: NewCopies,
): Promise<void> {
  const of = OF.get(entity);
  if (!of) throw new TypeError(`${entity.name} is no kind of copy`);
  assertIterable('copies', copies);
  assertText('by', place.by);
  const canonical = canonicalRows<ObjectLiteral>(manager.dataSource.getMetadata(entity), COPY);
  const { dataLocationId } = place;
  const given = [...copies].map((copy): NewCopy => {
    const { [of]: id, ...computed } = canonical({
      ...copy?.computed,
      dataLocationId,
      [of]: copy?.of ?? null,
    });
    return { of: id, computed: copy.computed && computedOf(computed) };
  });
  const all = inKeyOrder(given, ({ of: id }) => id);
  if (all.length === 0) return;
  // Within a transaction what is known is asked for in the same trip, and the transaction need not be undone in part.
  const isOneStatement = dialectOf(manager).hasServer && all.length <= CHUNK;
  const isByItself = isOneStatement && !manager.queryRunner?.isTransactionActive;
  if (isByItself && (await tookEffect(manager, [newCopiesStep(manager, entity, all, place)]))) return;
  await manager.transaction(async (nested) => {
    for await (const chunk of inChunks(all)) await recordChunk(nested, entity, chunk, place);
  });
}

const COPY: StrictDoor = { code: 'filing_refused', required: ['dataLocationId'] };

/** @throws OpsDbError `filing_refused` where there is no checksum */
function computedOf({ checksum, checksumAlgorithm }: ObjectLiteral): ComputedChecksum {
  if (typeof checksum === 'string') return { checksum, checksumAlgorithm };
  throw new OpsDbError(
    'filing_refused',
    'computed has no checksum; leave computed out for a copy that was not verified',
  );
}

/** The statement that adds copies that are not there yet, to be sent together with others. */
export function newCopiesStep(
  manager: EntityManager,
  entity: EntityClass<PhysicalCopy>,
  copies: readonly NewCopy[],
  place: Omit<NewCopies, 'copies' | 'by'>,
): BoundStatement {
  return stepOf(insertOf(manager, entity, copies, place));
}

function insertOf(
  manager: EntityManager,
  entity: EntityClass<PhysicalCopy>,
  copies: readonly NewCopy[],
  { dataLocationId, newId = newUuid }: Omit<NewCopies, 'copies' | 'by'>,
): InsertQueryBuilder<PhysicalCopy> {
  const of = OF.get(entity);
  if (!of) throw new TypeError(`${entity.name} is no kind of copy`);
  const verifiedAt = () => dialectOf(manager).now;
  const rows = copies.map((copy) => ({
    id: newId(`copy/${copy.of}/${dataLocationId}`),
    dataLocationId,
    [of]: copy.of,
    ...(copy.computed && { ...copy.computed, verifiedAt }),
  }));
  return manager
    .createQueryBuilder()
    .insert()
    .into(entity)
    .values(rows as object[])
    .updateEntity(false);
}

async function recordChunk(
  manager: EntityManager,
  entity: EntityClass<PhysicalCopy>,
  chunk: readonly NewCopy[],
  { dataLocationId, by, newId }: Omit<NewCopies, 'copies'>,
): Promise<void> {
  const of = OF.get(entity);
  if (!of) throw new TypeError(`${entity.name} is no kind of copy`);
  const where = {
    dataLocationId,
    [of]: oneOf(
      manager,
      chunk.map((copy) => copy.of),
    ),
  } as FindOptionsWhere<PhysicalCopy>;
  const runner = manager.queryRunner as QueryRunner;
  const known = manager.createQueryBuilder(entity, 'it').select(`it.${of}`, 'of').where(where);
  // Somebody else may be recording the same copy.
  const added = insertOf(manager, entity, chunk, { dataLocationId, newId }).orIgnore();
  const [found = []] = await together(runner, [stepOf(known), writeStepOf(added)]);
  if (found.length === 0) return;
  const isKnown = new Set(found.map(([key]) => key));
  const again = chunk.filter((copy) => copy.computed && isKnown.has(copy.of));
  await bringBack(
    manager,
    entity,
    where,
    by,
    again.map((copy) => writeStepOf(verified(manager, entity, of, copy, dataLocationId))),
  );
}

function verified(
  manager: EntityManager,
  entity: EntityClass<PhysicalCopy>,
  of: string,
  copy: NewCopy,
  dataLocationId: number,
): UpdateQueryBuilder<PhysicalCopy> {
  const verifiedAt = () => dialectOf(manager).now;
  return manager
    .createQueryBuilder()
    .update(entity)
    .set({ ...copy.computed, verifiedAt } as never)
    .where({ dataLocationId, [of]: copy.of });
}

/** @param then what is done with the copies once they are back */
async function bringBack(
  manager: EntityManager,
  entity: EntityClass<PhysicalCopy>,
  where: FindOptionsWhere<PhysicalCopy>,
  by: string,
  then: readonly Step[],
): Promise<void> {
  const back = moveManyStep(manager, entity, {
    where,
    from: COMES_BACK,
    to: PhysicalCopyStatus.PRESENT,
    set: { checksum: null, checksumAlgorithm: null, verifiedAt: null },
    by,
    reason: 'copied again',
  });
  const going = manager
    .createQueryBuilder(entity, 'it')
    .select('it.id', 'id')
    .where({ ...where, status: PhysicalCopyStatus.DELETION_IN_PROGRESS });
  const [, found = []] = await together(manager.queryRunner as QueryRunner, [back, stepOf(going), ...then]);
  if (found.length > 0)
    throw new OpsDbError(
      'filing_conflict',
      `${entity.name} ${found.map(([id]) => id).join(', ')}: being deleted at this moment; copy again later`,
    );
}
