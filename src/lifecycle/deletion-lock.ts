import type { EntityManager, ObjectLiteral, QueryRunner, SelectQueryBuilder } from 'typeorm';
import { dialectOf } from '../database/dialect.js';
import {
  DataTransferPackagePhysicalCopy,
  type PhysicalCopy,
  RawDataFilePhysicalCopy,
  RawDataPackage,
  RawDataPackagePhysicalCopy,
} from '../entities/index.js';
import type { EntityClass } from './transition.js';

/*
 * The deletion rule looks at rows of other tables: work that needs a copy, other copies of the same thing. Two transactions may each
 * be right and both together wrong, so that whoever looks holds the thing itself:
 * - deletion locks what the copies are copies of (FOR UPDATE) and looks afterwards, in a statement of its own;
 * - whoever relies on copies adds a row that refers to the thing, for which PostgreSQL locks it (FOR KEY SHARE), and looks
 *   afterwards, too, see `holdAgainstDeletion`.
 * On SQLite a transaction that writes excludes every other one.
 */

/**
 * Locks what some copies are copies of, so that until the end of the transaction nobody comes to need them unseen.
 * @param manager of a transaction
 * @param pick selects the copies under the alias `it`, with order and limit
 * @param options `skipLocked`: leave out what another transaction refers to right now, instead of waiting for it
 * @returns the UUIDs of the copies whose subjects are locked; the rule has to be asked again for them
 */
export async function lockForDeletion(
  manager: EntityManager,
  entity: EntityClass<PhysicalCopy>,
  pick: SelectQueryBuilder<ObjectLiteral>,
  { skipLocked }: { readonly skipLocked: boolean },
): Promise<string[]> {
  const query = joinSubject(pick.clone(), entity)
    .setQueryRunner(manager.queryRunner as QueryRunner)
    .select('it.id', 'id')
    .addSelect('subject.id', 'subjectId')
    .setLock('pessimistic_write', undefined, ['subject']);
  if (skipLocked) query.setOnLocked('skip_locked');
  const copies = await query.getRawMany<{ id: string; subjectId: string }>();
  if (entity !== (DataTransferPackagePhysicalCopy as EntityClass<PhysicalCopy>))
    return copies.map(({ id }) => id);
  const bundleIds = [...new Set(copies.map(({ subjectId }) => subjectId))];
  const whole = await lockParts(manager, bundleIds, skipLocked);
  return copies.filter(({ subjectId }) => whole.has(subjectId)).map(({ id }) => id);
}

/** Joins what the copies are copies of as `subject`; for files it is their package, which all rules are about. */
function joinSubject(
  query: SelectQueryBuilder<ObjectLiteral>,
  entity: EntityClass<PhysicalCopy>,
): SelectQueryBuilder<ObjectLiteral> {
  if (entity === (RawDataFilePhysicalCopy as EntityClass<PhysicalCopy>))
    return query.innerJoin('it.rawDataFile', 'file').innerJoin('file.rawDataPackage', 'subject');
  if (entity === (RawDataPackagePhysicalCopy as EntityClass<PhysicalCopy>))
    return query.innerJoin('it.rawDataPackage', 'subject');
  if (entity === (DataTransferPackagePhysicalCopy as EntityClass<PhysicalCopy>))
    return query.innerJoin('it.dataTransferPackage', 'subject');
  return query.innerJoin('it.dataProduct', 'subject');
}

/** Locks the packages of bundles. @returns the bundles all of whose packages are locked */
async function lockParts(
  manager: EntityManager,
  bundleIds: readonly string[],
  skipLocked: boolean,
): Promise<ReadonlySet<string>> {
  const { isAnyOf, listParameter } = dialectOf(manager);
  const parts = manager
    .createQueryBuilder(RawDataPackage, 'part')
    .select('part.id', 'id')
    .addSelect('part.dataTransferPackageId', 'bundleId')
    .where(isAnyOf('part.dataTransferPackageId', ':bundleIds'), { bundleIds: listParameter(bundleIds) })
    // In one order, so that two of them do not wait for each other.
    .orderBy('part.id');
  const locking = parts.clone().setLock('pessimistic_write');
  if (skipLocked) locking.setOnLocked('skip_locked');
  const locked = new Set((await locking.getRawMany<{ id: string }>()).map(({ id }) => id));
  const whole = new Set(bundleIds);
  for (const { id, bundleId } of await parts.getRawMany<{ id: string; bundleId: string }>())
    if (!locked.has(id)) whole.delete(bundleId);
  return whole;
}

/**
 * Keeps the copies of packages or data products from being deleted until the end of the transaction, for whoever is about
 * to rely on them. A deletion that goes on right now is waited for: look for the copies afterwards.
 * @param manager of a transaction
 * @param entity what the copies are copies of
 */
export async function holdAgainstDeletion<E extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityClass<E>,
  ids: readonly string[],
): Promise<void> {
  const { hasServer, isAnyOf, listParameter } = dialectOf(manager);
  if (!hasServer || ids.length === 0) return;
  await manager
    .createQueryBuilder<ObjectLiteral>(entity, 'it')
    .select('it.id')
    .where(isAnyOf('it.id', ':ids'), { ids: listParameter(ids) })
    // In one order, so that two of them do not wait for each other.
    .orderBy('it.id')
    .setLock('for_key_share')
    .getRawMany();
}
