import type { EntityManager } from 'typeorm';
import { atOnceOrCarefully } from '../../database/together.js';
import { type PhysicalCopy, Status } from '../../entities/index.js';
import type { Work } from '../../entities/work.js';
import { type EntityClass, transition } from '../../lifecycle/index.js';
import { transitionStep } from '../../lifecycle/transition.js';
import { assertText, uuidOf } from '../../values/arguments.js';
import { canonicalRows, type StrictDoor } from '../../values/canonical.js';
import { listOf, recordCopies } from './copies.js';
import { copiesSteps } from './copies-at-once.js';
import type { Built } from './packages.js';

const BUILT: StrictDoor = {
  code: 'filing_refused',
  required: ['relativePath', 'sizeBytes', 'checksum', 'checksumAlgorithm'],
};

/**
 * Notes that an archive file was built: its work is completed, and its copy is present and verified. On PostgreSQL it is
 * one round trip.
 * @param copy the class of its copies
 * @returns false when the worker does not have the work any more; nothing was changed then
 * @throws OpsDbError `filing_refused` for a path, size or checksum that is none
 */
export async function completeBuilding(
  manager: EntityManager,
  entity: EntityClass<Work>,
  copy: EntityClass<PhysicalCopy>,
  given: string,
  { worker, dataLocationId, ...built }: Built,
): Promise<boolean> {
  const id = uuidOf('id', given);
  assertText('worker', worker);
  const canonical = canonicalRows<typeof built>(manager.dataSource.getMetadata(entity), BUILT);
  const { relativePath, sizeBytes, checksum, checksumAlgorithm } = canonical(built);
  const computed = { checksum, checksumAlgorithm };
  const set = { relativePath, sizeBytes, ...computed };
  const step = { from: Status.IN_PROGRESS, to: Status.COMPLETED, worker, set };
  const copies = [{ of: id, computed }];
  const steps = () => [
    transitionStep(manager, entity, id, step, { mustMove: true }),
    ...copiesSteps(manager, copy, listOf(copies, { dataLocationId }), worker),
  ];
  return atOnceOrCarefully(manager, steps, true, async (nested) => {
    if (!(await transition(nested, entity, id, step))) return false;
    await recordCopies(nested, copy, { dataLocationId, copies, by: worker });
    return true;
  });
}
