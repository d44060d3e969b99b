import type { EntityManager } from 'typeorm';
import { CHUNK } from '../../database/chunks.js';
import { dialectOf } from '../../database/dialect.js';
import {
  atOnce,
  atOnceOrCarefully,
  doneOrCarefully,
  type Step,
  sqlStep,
  writeStepOf,
} from '../../database/together.js';
import {
  DataTransfer,
  DataTransferPackagePhysicalCopy,
  DataTransferUnpacking,
  RawDataPackage,
  RawDataPackagePhysicalCopy,
  Status,
} from '../../entities/index.js';
import { transition } from '../../lifecycle/index.js';
import { transitionStep } from '../../lifecycle/transition.js';
import { askForRoomStep, lockRoomStep, refuseOverfull } from '../storage/index.js';
import { assertSameChecksums, sameChecksumsStep, type Verified } from './checksums.js';
import { recordCopies } from './copies.js';
import { copiesSteps } from './copies-at-once.js';
import { type NewId, newUuid } from './new-id.js';
import { HOLD_BUNDLES, planOf, readState, refuseWithoutSource } from './transfer-plan.js';

/**
 * Plans the transfer of each bundle that was built and has never been given one, along the routes of its site: those of
 * the first priority that are active and lead to an active site, in turns. A way that leads to no place with room for the bundle, for
 * its packages beside it and for what is on its way there is passed over; where there is none the bundle waits. Relay routes are left
 * to their own planner. A bundle of which the copy at its origin is bad, is to be deleted or is gone is not planned.
 * @param options `newId`: makes the keys of new rows; by default UUIDs of version 7
 * @returns the UUIDs of the transfers that were planned
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import { DataTransfer, DataTransferPackage, planTransfers } from 'ccat-ops-db';
 *
 * // One more bundle that is built.
 * const [built] = await session.find(DataTransferPackage);
 * await session.insert(DataTransferPackage, { ...built, id: randomUUID() });
 *
 * for (const id of await planTransfers(session)) {
 *   const where = { id };
 *   const relations = { dataTransferRoute: true, destinationLocation: true };
 *   const transfer = await session.findOneOrFail(DataTransfer, { where, relations });
 *   console.log(transfer.dataTransferRoute?.name); // ccat_to_cologne
 *   console.log(transfer.destinationLocation?.name); // input_buffer
 * }
 * console.log(await planTransfers(session)); // []
 */
export function planTransfers(
  manager: EntityManager,
  { newId = newUuid }: { readonly newId?: NewId } = {},
): Promise<string[]> {
  return doneOrCarefully(
    manager,
    () => planTogether(manager, newId),
    async (nested) => {
      const { hasServer } = dialectOf(nested);
      // Locked first, so that nobody fills the locations meanwhile, or deletes what the transfers start from.
      if (hasServer) await atOnce(nested, [HOLD_BUNDLES, lockRoomStep(nested.dataSource)]);
      return planTogether(nested, newId);
    },
  );
}

/**
 * Makes a plan and writes it, all of it or nothing; on PostgreSQL it is refused where the locations have been filled since they were
 * looked at.
 */
async function planTogether(manager: EntityManager, newId: NewId): Promise<string[]> {
  const { dataSource } = manager;
  const { transfers, full } = planOf(await readState(manager), newId);
  if (transfers.length + full.length === 0) return [];
  const locations = [...new Set([...full, ...transfers.map((one) => one.destinationLocationId)])];
  const inserts: Step[] = [];
  for (let start = 0; start < transfers.length; start += CHUNK) {
    const rows = transfers.slice(start, start + CHUNK);
    const insert = manager.createQueryBuilder().insert().into(DataTransfer).values(rows);
    inserts.push(writeStepOf(insert.orIgnore().updateEntity(false)));
  }
  const asking = full.map((id) => askForRoomStep(dataSource, id));
  const chosen = transfers.map((one) => one.destinationLocationId);
  const { hasServer } = dialectOf(dataSource);
  await atOnce(manager, [
    ...(hasServer ? [lockRoomStep(dataSource, locations)] : []),
    ...inserts,
    ...asking,
    ...(hasServer ? [refuseOverfull(dataSource, chosen), refuseWithoutSource(dataSource, transfers)] : []),
  ]);
  return transfers.map(({ id }) => id);
}

/** A bundle that has arrived. */
export interface Transferred {
  /** The worker that has the transfer. */
  readonly worker: string;
  /** Bytes moved by this try. */
  readonly transferredBytes?: number;
  /** Makes the keys of new rows; by default UUIDs of version 7. */
  readonly newId?: NewId;
}

/**
 * Notes that a bundle has arrived: the transfer is completed, the bundle is present at the destination, not verified
 * yet, and its unpacking is planned.
 * @param id key of the transfer, a UUID
 * @returns false when the worker does not have the transfer any more; nothing was changed then
 * @throws OpsDbError `filing_conflict` when the copy is being deleted at this moment; nothing is written then
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import {
 *   claim,
 *   completeTransfer,
 *   DataLocation,
 *   DataTransfer,
 *   DataTransferUnpacking,
 *   transition,
 * } from 'ccat-ops-db';
 *
 * // A bundle also goes to a second buffer.
 * const transfer = await session.findOneByOrFail(DataTransfer, { status: 'completed' });
 * const { dataTransferPackageId, originLocationId } = transfer;
 * const place = await session.findOneByOrFail(DataLocation, { name: 'input_buffer_2' });
 * const way = { originLocationId, destinationLocationId: place.id };
 * await session.insert(DataTransfer, { id: randomUUID(), dataTransferPackageId, ...way });
 *
 * const worker = 'mover-1';
 * for (const { id } of await claim(session, DataTransfer, { limit: 1, worker })) {
 *   await transition(session, DataTransfer, id, { from: 'scheduled', to: 'in_progress', worker });
 *   // Here the worker moves the archive file.
 *   console.log(await completeTransfer(session, id, { worker, transferredBytes: 193610328 })); // true
 * }
 * console.log(await session.countBy(DataTransferUnpacking, { status: 'pending' })); // 1
 */
export function completeTransfer(
  manager: EntityManager,
  id: string,
  { worker, transferredBytes, newId = newUuid }: Transferred,
): Promise<boolean> {
  const set = { transferredBytes: transferredBytes ?? null };
  const step = { from: Status.IN_PROGRESS, to: Status.COMPLETED, worker, set };
  const source = {
    from: 'FROM data_transfer moved WHERE moved.id = CAST(:id AS uuid)',
    subject: 'moved.data_transfer_package_id',
    place: 'moved.destination_location_id',
    named: { id },
  };
  const unpacking = `INSERT INTO data_transfer_unpacking (id, data_transfer_id, destination_location_id, priority)
    SELECT CAST(:key AS uuid), moved.id, moved.destination_location_id, moved.priority ${source.from}`;
  const steps = () => [
    transitionStep(manager, DataTransfer, id, step, { mustMove: true }),
    ...copiesSteps(manager, DataTransferPackagePhysicalCopy, source, worker),
    sqlStep(manager.dataSource, unpacking, { key: newId(`unpacking/${id}`), id }),
  ];
  return atOnceOrCarefully(manager, steps, true, async (nested) => {
    if (!(await transition(nested, DataTransfer, id, step))) return false;
    const transfer = await nested.findOneByOrFail(DataTransfer, { id });
    const { dataTransferPackageId: of, destinationLocationId: dataLocationId, priority } = transfer;
    await recordCopies(nested, DataTransferPackagePhysicalCopy, {
      dataLocationId,
      copies: [{ of }],
      by: worker,
    });
    const unpacking = { id: newId(`unpacking/${id}`), dataTransferId: id, priority };
    await nested.insert(DataTransferUnpacking, { ...unpacking, destinationLocationId: dataLocationId });
    return true;
  });
}

/** A bundle that was unpacked. */
export interface Unpacked {
  /** The worker that has the unpacking. */
  readonly worker: string;
  /** What was computed from each package of the bundle. */
  readonly packages: readonly Verified[];
}

/**
 * Notes that a bundle was unpacked and its packages verified: they are present at the destination.
 * @param id UUID of the unpacking
 * @returns false when the worker does not have the unpacking any more; nothing was changed then
 * @throws OpsDbError `filing_refused` when a package is missing, `checksum_mismatch` when one has another checksum than when it was built;
 *   `filing_conflict` as {@link recordCopies}; nothing is written then, and the unpacking is to be failed
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import {
 *   claim,
 *   completeUnpacking,
 *   DataLocation,
 *   DataTransfer,
 *   DataTransferUnpacking,
 *   RawDataPackage,
 *   transition,
 * } from 'ccat-ops-db';
 *
 * // A bundle has also been moved to a second buffer.
 * const transfer = await session.findOneByOrFail(DataTransfer, { status: 'completed' });
 * const place = await session.findOneByOrFail(DataLocation, { name: 'input_buffer_2' });
 * const destinationLocationId = place.id;
 * const id = randomUUID();
 * await session.insert(DataTransfer, { ...transfer, id, destinationLocationId });
 * await session.insert(DataTransferUnpacking, { id, dataTransferId: id, destinationLocationId });
 *
 * const worker = 'unpacker-1';
 * await claim(session, DataTransferUnpacking, { limit: 1, worker });
 * await transition(session, DataTransferUnpacking, id, { from: 'scheduled', to: 'in_progress', worker });
 * // Here the worker unpacks the bundle and computes the checksum of each package.
 * const { dataTransferPackageId } = transfer;
 * const packages = (await session.findBy(RawDataPackage, { dataTransferPackageId })).map((part) => ({
 *   rawDataPackageId: part.id,
 *   checksum: part.checksum ?? '',
 *   checksumAlgorithm: 'sha256' as const,
 * }));
 * console.log(await completeUnpacking(session, id, { worker, packages })); // true
 */
export function completeUnpacking(
  manager: EntityManager,
  id: string,
  { worker, packages }: Unpacked,
): Promise<boolean> {
  const step = { from: Status.IN_PROGRESS, to: Status.COMPLETED, worker };
  const parts = `FROM data_transfer_unpacking unpacking JOIN data_transfer moved ON moved.id = unpacking.data_transfer_id
    JOIN raw_data_package part ON part.data_transfer_package_id = moved.data_transfer_package_id
    WHERE unpacking.id = CAST(:id AS uuid)`;
  const source = {
    from: parts,
    subject: 'part.id',
    place: 'unpacking.destination_location_id',
    checksum: 'part.checksum',
    algorithm: 'part.checksum_algorithm',
    named: { id },
  };
  const steps = () => [
    transitionStep(manager, DataTransferUnpacking, id, step, { mustMove: true }),
    sameChecksumsStep(manager, `SELECT part.id ${parts}`, { id }, packages),
    ...copiesSteps(manager, RawDataPackagePhysicalCopy, source, worker),
  ];
  return atOnceOrCarefully(manager, steps, true, async (nested) => {
    if (!(await transition(nested, DataTransferUnpacking, id, step))) return false;
    const unpacking = await nested.findOneOrFail(DataTransferUnpacking, {
      where: { id },
      relations: { dataTransfer: true },
    });
    const dataTransferPackageId = unpacking.dataTransfer?.dataTransferPackageId as string;
    const expected = await nested.findBy(RawDataPackage, { dataTransferPackageId });
    const copies = assertSameChecksums(expected, packages);
    const { destinationLocationId: dataLocationId } = unpacking;
    await recordCopies(nested, RawDataPackagePhysicalCopy, { dataLocationId, copies, by: worker });
    return true;
  });
}
