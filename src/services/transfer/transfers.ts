import type { EntityManager } from 'typeorm';
import { atOnceOrCarefully, sqlStep } from '../../database/together.js';
import {
  DataTransfer,
  DataTransferPackage,
  DataTransferPackagePhysicalCopy,
  DataTransferRoute,
  DataTransferUnpacking,
  RawDataPackage,
  RawDataPackagePhysicalCopy,
  RouteType,
  Status,
} from '../../entities/index.js';
import { transition } from '../../lifecycle/index.js';
import { transitionStep } from '../../lifecycle/transition.js';
import { askForRoom, roomOf } from '../storage/index.js';
import { assertSameChecksums, sameChecksumsStep, type Verified } from './checksums.js';
import { recordCopies } from './copies.js';
import { copiesSteps } from './copies-at-once.js';
import { type NewId, newUuid } from './new-id.js';
import { buffersOf } from './writable-locations.js';

/** A way for the bundles of a site. */
interface Way {
  readonly dataTransferRouteId: number;
  /** Where it leads to; of several the first with room. */
  readonly destinations: readonly number[];
}

/**
 * Plans the transfer of each bundle that was built and has never been given one, along the routes of its site: those of
 * the first priority that are active and lead to an active site, in turns. A way that leads to no place with room for the bundle, for
 * its packages beside it and for what is on its way there is passed over; where there is none the bundle waits. Relay routes are left
 * to their own planner.
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
  return manager.transaction(async (nested) => {
    const ways = new Map<number, Way[]>();
    const rooms = new Map<number, number>();
    let turn = await nested.count(DataTransfer);
    const planned: string[] = [];
    for (const bundle of await untransferred(nested)) {
      const { id: bundleId, originLocationId, originLocation, priority } = bundle;
      const siteId = originLocation?.siteId as number;
      const known = ways.get(siteId) ?? (await waysFrom(nested, siteId, rooms));
      ways.set(siteId, known);
      // The bundle, and its packages beside it.
      const needed = 2 * (bundle.sizeBytes ?? 0);
      const way = wayWithRoom(known, turn, rooms, needed);
      const [first] = known[turn % known.length]?.destinations ?? [];
      if (!way && first !== undefined) await askForRoom(nested, first);
      if (!way) continue;
      rooms.set(way.destinationLocationId, (rooms.get(way.destinationLocationId) ?? 0) - needed);
      turn += 1;
      const id = newId(`transfer/${bundleId}/${way.destinationLocationId}`);
      const row = { id, dataTransferPackageId: bundleId, originLocationId, priority, ...way };
      await nested
        .createQueryBuilder()
        .insert()
        .into(DataTransfer)
        .values(row)
        .orIgnore()
        .updateEntity(false)
        .execute();
      planned.push(id);
    }
    return planned;
  });
}

function untransferred(manager: EntityManager): Promise<DataTransferPackage[]> {
  return manager
    .createQueryBuilder(DataTransferPackage, 'bundle')
    .innerJoinAndSelect('bundle.originLocation', 'origin')
    .leftJoin(DataTransfer, 'transfer', 'transfer.dataTransferPackageId = bundle.id')
    .where({ status: Status.COMPLETED })
    .andWhere('transfer.id IS NULL')
    .orderBy('bundle.id')
    .getMany();
}

/** The first way from the one whose turn it is, to the first of its places with room. */
function wayWithRoom(
  ways: readonly Way[],
  turn: number,
  rooms: ReadonlyMap<number, number>,
  needed: number,
): { readonly dataTransferRouteId: number; readonly destinationLocationId: number } | undefined {
  for (let index = 0; index < ways.length; index++) {
    const { dataTransferRouteId, destinations } = ways[(turn + index) % ways.length] as Way;
    const destinationLocationId = destinations.find((id) => (rooms.get(id) ?? 0) >= needed);
    if (destinationLocationId !== undefined) return { dataTransferRouteId, destinationLocationId };
  }
  return undefined;
}

/** @param rooms gets the room at the places that the ways lead to */
async function waysFrom(
  manager: EntityManager,
  originSiteId: number,
  rooms: Map<number, number>,
): Promise<Way[]> {
  const routes = await manager.find(DataTransferRoute, {
    where: { originSiteId, active: true, destinationSite: { active: true } },
    order: { priority: 'ASC', id: 'ASC' },
  });
  const usable = routes.filter(({ routeType }) => routeType !== RouteType.RELAY);
  const ways: Way[] = [];
  for (const route of usable.filter(({ priority }) => priority === usable[0]?.priority)) {
    const destinations = route.destinationLocationId
      ? [route.destinationLocationId]
      : (await buffersOf(manager, route.destinationSiteId)).map(({ id }) => id);
    if (destinations.length > 0) ways.push({ dataTransferRouteId: route.id, destinations });
  }
  const unknown = ways.flatMap(({ destinations }) => destinations).filter((id) => !rooms.has(id));
  for (const [id, room] of await roomOf(manager, [...new Set(unknown)])) rooms.set(id, room);
  return ways;
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
