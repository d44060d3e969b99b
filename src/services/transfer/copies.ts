import type {
  EntityManager,
  FindOptionsWhere,
  InsertQueryBuilder,
  ObjectLiteral,
  QueryRunner,
  UpdateQueryBuilder,
} from 'typeorm';
import { assertUnread, CHUNK, inChunks, inKeyOrder } from '../../database/chunks.js';
import { isConstraintViolation } from '../../database/constraint-violation.js';
import { dialectOf } from '../../database/dialect.js';
import { oneOf } from '../../database/one-of.js';
import { atOnceOrCarefully, type Step, stepOf, together, writeStepOf } from '../../database/together.js';
import { type ChecksumAlgorithm, type PhysicalCopy, PhysicalCopyStatus } from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import type { EntityClass } from '../../lifecycle/index.js';
import { assertIterable, assertText } from '../../values/arguments.js';
import { canonicalRows, type StrictDoor } from '../../values/canonical.js';
import { explain } from '../filing/refusal.js';
import { bringBackStep, type CopySource, copiesSteps, subjectOf } from './copies-at-once.js';
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

/**
 * Records that copies are there: adds the rows that are missing, and makes those present again that were deleted or
 * were to be. Called twice it changes nothing the second time, but for the instants of verification.
 * @param entity which kind of copies
 * @throws OpsDbError `filing_conflict` when a copy is being deleted at this moment: try again later; `filing_refused` for a
 *   key or a checksum that is none, and for a key that no row has; `value_invalid` when nobody says so; `input_used_up` for an
 *   iterator that was read before; TypeError for a class that is no
 *   kind of copy. Nothing is written then
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
  const of = subjectOf(entity);
  assertIterable('copies', copies);
  assertUnread(copies);
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
  try {
    if (all.length <= CHUNK) return await recordList(manager, entity, all, place);
    await manager.transaction(async (nested) => {
      for await (const list of inChunks(all)) await recordList(nested, entity, list, place);
    });
  } catch (cause) {
    if (!isConstraintViolation(cause)) throw cause;
    const message = `The copies at location ${dataLocationId} were not recorded: ${explain(cause)}`;
    throw new OpsDbError('filing_refused', message, { cause });
  }
}

/** Records copies in one round trip; where that is refused the checked path reports the error. */
function recordList(
  manager: EntityManager,
  entity: EntityClass<PhysicalCopy>,
  copies: readonly NewCopy[],
  place: Omit<NewCopies, 'copies'>,
): Promise<void> {
  const steps = () => copiesSteps(manager, entity, listOf(copies, place), place.by);
  return atOnceOrCarefully(manager, steps, undefined, (nested) => recordChunk(nested, entity, copies, place));
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

/** Copies that are given, as SQL. */
export function listOf(
  copies: readonly NewCopy[],
  { dataLocationId, newId = newUuid }: Omit<NewCopies, 'copies' | 'by'>,
): CopySource {
  return {
    from: `FROM unnest(CAST(:keys AS uuid[]), CAST(:subjects AS uuid[]), CAST(:checksums AS text[]), CAST(:algorithms AS text[]))
      AS listed (id, subject, checksum, algorithm)`,
    id: 'listed.id',
    subject: 'listed.subject',
    place: 'CAST(:place AS integer)',
    checksum: 'listed.checksum',
    algorithm: 'listed.algorithm',
    named: {
      place: dataLocationId,
      keys: copies.map((copy) => newId(`copy/${copy.of}/${dataLocationId}`)),
      subjects: copies.map((copy) => copy.of),
      checksums: copies.map(({ computed }) => computed?.checksum ?? null),
      algorithms: copies.map(({ computed }) => computed?.checksumAlgorithm ?? null),
    },
  };
}

function insertOf(
  manager: EntityManager,
  entity: EntityClass<PhysicalCopy>,
  copies: readonly NewCopy[],
  { dataLocationId, newId = newUuid }: Omit<NewCopies, 'copies' | 'by'>,
): InsertQueryBuilder<PhysicalCopy> {
  const of = subjectOf(entity);
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
  const of = subjectOf(entity);
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
  const back = bringBackStep(manager, entity, where, by);
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
