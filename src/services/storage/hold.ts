import { type EntityManager, type FindOptionsWhere, In, Not, type ObjectLiteral } from 'typeorm';
import { type PhysicalCopy, PhysicalCopyStatus } from '../../entities/index.js';
import type { EntityClass } from '../../lifecycle/index.js';
import { assertInstant, assertOptions, assertText } from '../../values/arguments.js';

/** Which copies somebody still needs. */
export interface Hold<E> {
  /** Conditions on the copies. */
  readonly where: FindOptionsWhere<E>;
  /** Until when, UTC. */
  readonly until: Date;
  /** Why. */
  readonly reason: string;
  /** Who needs them. */
  readonly by: string;
}

const { DELETED, DELETION_IN_PROGRESS } = PhysicalCopyStatus;

/**
 * Keeps copies until a time, whatever their age and however full their location is. What was to be deleted stays, too; what is being
 * deleted at this moment goes. A later hold takes the place of an earlier one.
 * @param entity which kind of copies
 * @returns how many copies are held now
 * @throws OpsDbError `value_invalid` for an instant or conditions that are none, and where nobody, or no reason, is named
 *
 * @example
 * import { DataProductPhysicalCopy, holdCopies, releaseHold } from 'ccat-ops-db';
 *
 * const where = { dataProductId: (await session.findOneByOrFail(DataProductPhysicalCopy, {})).dataProductId };
 * const until = new Date('2099-01-01T00:00:00Z');
 * const hold = { where, until, reason: 'figure of the proposal', by: 'astronomer' };
 * console.log(await holdCopies(session, DataProductPhysicalCopy, hold)); // 1
 * console.log(await releaseHold(session, DataProductPhysicalCopy, { where })); // 1
 */
export function holdCopies<E extends PhysicalCopy & ObjectLiteral>(
  manager: EntityManager,
  entity: EntityClass<E>,
  { where, until, reason, by }: Hold<E>,
): Promise<number> {
  assertInstant('until', until);
  assertText('reason', reason);
  assertText('by', by);
  return setHold(manager, entity, where, { keepUntil: until, keepReason: reason, keptBy: by });
}

/**
 * Ends the hold on copies before its time.
 * @param entity which kind of copies
 * @param options `where`: conditions on the copies
 * @returns how many copies are free of a hold now
 * @throws OpsDbError `value_invalid` for conditions that are none
 *
 * @example
 * import { RawDataFilePhysicalCopy, releaseHold } from 'ccat-ops-db';
 *
 * const where = { keptBy: 'nobody' };
 * console.log(await releaseHold(session, RawDataFilePhysicalCopy, { where })); // 0
 */
export function releaseHold<E extends PhysicalCopy & ObjectLiteral>(
  manager: EntityManager,
  entity: EntityClass<E>,
  { where }: Pick<Hold<E>, 'where'>,
): Promise<number> {
  return setHold(manager, entity, where, { keepUntil: null, keepReason: null, keptBy: null });
}

async function setHold<E extends PhysicalCopy & ObjectLiteral>(
  manager: EntityManager,
  entity: EntityClass<E>,
  where: FindOptionsWhere<E>,
  set: object,
): Promise<number> {
  assertOptions('where', where);
  const alive = { status: Not(In([DELETED, DELETION_IN_PROGRESS])), ...where } as FindOptionsWhere<E>;
  const { affected } = await manager.update(entity, alive, set as never);
  return affected ?? 0;
}
