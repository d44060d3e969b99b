import type { EntityManager } from 'typeorm';
import { oneOf } from '../../database/one-of.js';
import { atOnce, type Step } from '../../database/together.js';
import { type PhysicalCopy, PhysicalCopyStatus } from '../../entities/index.js';
import { holdSubjectsSteps } from '../../lifecycle/deletion-lock.js';
import type { EntityClass } from '../../lifecycle/index.js';
import { assertText, uuidsOf } from '../../values/arguments.js';
import { moveManyStep } from '../transfer/move-many.js';

/** Copies that were found damaged or lost. */
export interface BadCopies {
  /** UUIDs of the copies. */
  readonly ids: readonly string[];
  /** What is wrong with them. */
  readonly reason: string;
  /** Service or operator, for the history. */
  readonly by: string;
}

const { PRESENT, DELETION_POSSIBLE, DELETION_SCHEDULED, DELETION_FAILED, BAD } = PhysicalCopyStatus;

/**
 * Declares copies bad. From then on they count nowhere as copies: not in the deletion rule, not as the source of any work. They wait
 * for their repair, see {@link planRepairs}. Of a staged package the copies of its files are declared, since the package itself is
 * unpacked.
 * @param entity which kind of copies
 * @returns how many are declared now; copies that are being deleted, are deleted or were bad before are left as they are
 * @throws OpsDbError `value_invalid` where a key is no UUID, or there is no reason, or nobody declares it
 *
 * @example
 * import { declareBad, RawDataPackagePhysicalCopy } from 'ccat-ops-db';
 *
 * const { id } = await session.findOneByOrFail(RawDataPackagePhysicalCopy, { dataLocation: { name: 'lta' } });
 * const bad = { ids: [id], reason: 'input/output error', by: 'operator' };
 * console.log(await declareBad(session, RawDataPackagePhysicalCopy, bad)); // 1
 * console.log(await declareBad(session, RawDataPackagePhysicalCopy, bad)); // 0
 */
export async function declareBad(
  manager: EntityManager,
  entity: EntityClass<PhysicalCopy>,
  { ids, reason, by }: BadCopies,
): Promise<number> {
  const keys = uuidsOf('ids', ids);
  assertText('reason', reason);
  assertText('by', by);
  if (keys.length === 0) return 0;
  return ((await atOnce(manager, badSteps(manager, entity, keys, reason, by))).at(-1) ?? []).length;
}

/** The statements that declare copies bad; the last one gives a row for each. Deletions that would count on them wait, or are waited for. */
export function badSteps(
  manager: EntityManager,
  entity: EntityClass<PhysicalCopy>,
  ids: readonly string[],
  reason: string,
  by: string,
): Step[] {
  const pick = manager.createQueryBuilder<PhysicalCopy>(entity, 'it').where({ id: oneOf(manager, ids) });
  const move = {
    where: { id: oneOf(manager, ids) },
    from: [PRESENT, DELETION_POSSIBLE, DELETION_SCHEDULED, DELETION_FAILED],
    to: BAD,
    set: { badReason: reason },
    by,
    reason,
  };
  return [...holdSubjectsSteps(entity, pick), moveManyStep(manager, entity, move)];
}
