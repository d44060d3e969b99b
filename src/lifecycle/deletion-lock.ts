import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { dialectOf } from '../database/dialect.js';
import { isLeft, leaveKeys, listOf, settingOfKeys } from '../database/left-keys.js';
import { Statement } from '../database/statement.js';
import type { BoundStatement } from '../database/together.js';
import {
  DataTransferPackagePhysicalCopy,
  type PhysicalCopy,
  RawDataFilePhysicalCopy,
  RawDataPackagePhysicalCopy,
} from '../entities/index.js';
import type { EntityClass } from './transition.js';

/*
 * The deletion rule looks at rows of other tables: work that needs a copy, other copies of the same thing. Two transactions may each
 * be right and both together wrong, so that whoever looks holds the thing itself:
 * - deletion locks what the copies are copies of (FOR UPDATE) and looks afterwards, in a statement of its own, which sees what was
 *   committed until then;
 * - whoever relies on copies adds a row that refers to the thing, for which PostgreSQL locks it (FOR KEY SHARE), and looks
 *   afterwards, too, see `holdAgainstDeletion`.
 * On SQLite a transaction that writes excludes every other one.
 */

const LOCKED = 'locked_copies';

/** That a copy is one of those whose subjects {@link deletionLockSteps} has locked. */
export const IS_LOCKED = isLeft('"it"."id"', LOCKED);

/**
 * The statements on PostgreSQL that lock what some copies are copies of, so that until the end of the transaction nobody comes
 * to need them unseen. They go in front of the one that asks the rule again, in the same flush; there are none on SQLite.
 * @param pick selects the copies under the alias `it`, with order and limit
 * @param options `skipLocked`: leave out what another transaction refers to right now, instead of waiting for it; the
 *   statement behind is then to take only copies of which {@link IS_LOCKED} holds
 */
export function deletionLockSteps(
  entity: EntityClass<PhysicalCopy>,
  pick: SelectQueryBuilder<ObjectLiteral>,
  { skipLocked }: { readonly skipLocked: boolean },
): BoundStatement[] {
  if (!dialectOf(pick.dataSource).hasServer) return [];
  const query = joinSubject(pick.clone(), entity)
    .select('it.id', 'id')
    .setLock('pessimistic_write', undefined, ['subject']);
  if (skipLocked) query.setOnLocked('skip_locked');
  const [text, parameters] = query.getQueryAndParameters();
  const copies: BoundStatement = [new Statement(leaveKeys(LOCKED, text)), parameters];
  if (entity !== (DataTransferPackagePhysicalCopy as EntityClass<PhysicalCopy>)) return [copies];
  return [copies, [new Statement(lockParts(skipLocked)), []]];
}

/**
 * The statements on PostgreSQL that hold what some copies are copies of until the end of the transaction: no deletion that counts on the
 * copies begins meanwhile, and one that goes on right now is waited for. There are none on SQLite.
 * @param pick selects the copies under the alias `it`
 */
export function holdSubjectsSteps(
  entity: EntityClass<PhysicalCopy>,
  pick: SelectQueryBuilder<ObjectLiteral>,
): BoundStatement[] {
  if (!dialectOf(pick.dataSource).hasServer) return [];
  const query = joinSubject(pick.clone(), entity)
    .select('subject.id', 'id')
    .orderBy('subject.id')
    .setLock('for_key_share', undefined, ['subject']);
  const [text, parameters] = query.getQueryAndParameters();
  return [[new Statement(text), parameters]];
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

/** Locks the packages of bundles, in one order, and leaves the copies of the bundles all of whose packages are locked. */
function lockParts(skipLocked: boolean): string {
  const copies = `FROM physical_copy copy WHERE ${isLeft('copy.id', LOCKED)}`;
  const locked = `SELECT part.id FROM raw_data_package part
    WHERE part.data_transfer_package_id IN (SELECT copy.data_transfer_package_id ${copies})
    ORDER BY part.id FOR UPDATE ${skipLocked ? 'SKIP LOCKED' : ''}`;
  const whole = `SELECT ${listOf('copy.id')} ${copies} AND NOT EXISTS (
    SELECT 1 FROM raw_data_package part WHERE part.data_transfer_package_id = copy.data_transfer_package_id
      AND part.id NOT IN (SELECT id FROM locked))`;
  return `WITH locked AS MATERIALIZED (${locked}) SELECT length(${settingOfKeys(LOCKED, whole)})`;
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
