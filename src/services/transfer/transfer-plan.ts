/** Which bundles go where: decided from what the database says, without asking it again. */
import type { DataSource, EntityManager } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import { withRunner } from '../../database/read-runner.js';
import { type Row, Statement } from '../../database/statement.js';
import { type BoundStatement, refuseIfAny, together } from '../../database/together.js';
import {
  LocationAvailability,
  LocationType,
  PhysicalCopyStatus,
  RouteType,
  Status,
} from '../../entities/index.js';
import { ROOM_OF_ALL } from '../storage/index.js';
import type { NewId } from './new-id.js';

/** What a plan is made from. */
export interface TransferState {
  /** Transfers that there are: whose turn it is. */
  readonly count: number;
  readonly bundles: readonly Bundle[];
  /** The ways from each site. */
  readonly ways: ReadonlyMap<number, readonly Way[]>;
  /** Room by the key of the location [byte]; not there where the capacity is not known. */
  readonly rooms: ReadonlyMap<number, number>;
}

/** A bundle that was built and has no transfer. */
interface Bundle {
  readonly id: string;
  readonly originLocationId: number;
  readonly siteId: number;
  readonly priority: number;
  readonly sizeBytes: number;
}

/** A way for the bundles of a site. */
interface Way {
  readonly dataTransferRouteId: number;
  /** Where it leads to; of several the first with room. */
  readonly destinations: readonly number[];
}

/** What is to be written. */
export interface TransferPlan {
  readonly transfers: readonly {
    readonly id: string;
    readonly dataTransferPackageId: string;
    readonly dataTransferRouteId: number;
    readonly originLocationId: number;
    readonly destinationLocationId: number;
    readonly priority: number;
  }[];
  /** Locations that a bundle waits for, since none on its ways has room. */
  readonly full: readonly number[];
}

/** That the copy of `bundle` which a transfer starts from is bad, is to be deleted or is gone. Where nothing is known of it, it is there. */
const IS_GONE = `EXISTS (SELECT 1 FROM physical_copy start WHERE start.data_transfer_package_id = bundle.id
  AND start.data_location_id = bundle.origin_location_id AND start.status <> '${PhysicalCopyStatus.PRESENT}')`;

const UNPLANNED = `data_transfer_package bundle JOIN data_location origin ON origin.id = bundle.origin_location_id
  LEFT JOIN data_transfer transfer ON transfer.data_transfer_package_id = bundle.id
  WHERE bundle.status = '${Status.COMPLETED}' AND transfer.id IS NULL AND NOT ${IS_GONE} ORDER BY bundle.id`;

/** Keeps the copies of bundles that are to be planned from being deleted, on PostgreSQL, see `deletion-lock.ts`. */
export const HOLD_BUNDLES: BoundStatement = [
  new Statement(`SELECT bundle.id FROM ${UNPLANNED} FOR KEY SHARE OF bundle`),
  [],
];

/** A condition on PostgreSQL of what is sent with it: the copies that planned transfers start from have not gone meanwhile. */
export function refuseWithoutSource(
  dataSource: DataSource,
  transfers: readonly { readonly id: string }[],
): BoundStatement {
  const { isAnyOf, listParameter } = dialectOf(dataSource);
  const gone = `data_transfer moving JOIN data_transfer_package bundle ON bundle.id = moving.data_transfer_package_id
    WHERE ${isAnyOf('moving.id', ':ids')} AND ${IS_GONE}`;
  return refuseIfAny(dataSource, gone, { ids: listParameter(transfers.map(({ id }) => id)) });
}

const BUNDLES = `SELECT bundle.id, bundle.origin_location_id, origin.site_id, bundle.priority, bundle.size_bytes FROM ${UNPLANNED}`;

const ROUTES = `SELECT route.id, route.origin_site_id, route.destination_site_id, route.destination_location_id, route.priority
  FROM data_transfer_route route JOIN site destination ON destination.id = route.destination_site_id
  WHERE route.active AND destination.active AND route.route_type <> '${RouteType.RELAY}' ORDER BY route.priority, route.id`;

const BUFFERS = `SELECT id, site_id FROM data_location WHERE location_type = '${LocationType.BUFFER}'
  AND active AND availability = '${LocationAvailability.ONLINE}' ORDER BY priority, id`;

const STATE = ['SELECT count(*) FROM data_transfer', BUNDLES, ROUTES, BUFFERS, ROOM_OF_ALL].map(
  (text) => [new Statement(text), []] as const,
);

/** Reads what a plan is made from, on PostgreSQL in one round trip. */
export async function readState(manager: EntityManager): Promise<TransferState> {
  const rows = await withRunner(manager, (runner) => together(runner, STATE));
  const [counts = [], bundles = [], routes = [], buffers = [], rooms = []] = rows;
  return {
    count: Number(counts[0]?.[0]),
    bundles: bundles.map(([id, originLocationId, siteId, priority, sizeBytes]) => ({
      id: String(id),
      originLocationId: Number(originLocationId),
      siteId: Number(siteId),
      priority: Number(priority),
      sizeBytes: Number(sizeBytes ?? 0),
    })),
    ways: waysBySite(routes, buffers),
    rooms: new Map(rooms.map(([id, room]) => [Number(id), Number(room)])),
  };
}

/** Of each site the ways of the first priority. */
function waysBySite(routes: readonly Row[], buffers: readonly Row[]): ReadonlyMap<number, readonly Way[]> {
  const first = new Map<number, number>();
  const ways = new Map<number, Way[]>();
  for (const [id, origin, destinationSite, destination, priority] of routes) {
    const siteId = Number(origin);
    if (!first.has(siteId)) first.set(siteId, Number(priority));
    if (first.get(siteId) !== Number(priority)) continue;
    const ofSite = buffers.filter(([, site]) => site === destinationSite).map(([buffer]) => Number(buffer));
    const destinations = destination === null ? ofSite : [Number(destination)];
    if (destinations.length === 0) continue;
    ways.set(siteId, [...(ways.get(siteId) ?? []), { dataTransferRouteId: Number(id), destinations }]);
  }
  return ways;
}

/** Gives each bundle the way whose turn it is, or the next one with room. */
export function planOf({ count, bundles, ways, rooms: given }: TransferState, newId: NewId): TransferPlan {
  const rooms = new Map(given);
  const full = new Set<number>();
  const transfers: TransferPlan['transfers'][number][] = [];
  for (const { id, siteId, sizeBytes, originLocationId, priority } of bundles) {
    const turn = count + transfers.length;
    const known = ways.get(siteId) ?? [];
    // The bundle, and its packages beside it.
    const needed = 2 * sizeBytes;
    const way = wayWithRoom(known, turn, rooms, needed);
    const [wanted] = known[turn % known.length]?.destinations ?? [];
    if (!way && wanted !== undefined) full.add(wanted);
    if (!way) continue;
    const { destinationLocationId } = way;
    const room = rooms.get(destinationLocationId);
    if (room !== undefined) rooms.set(destinationLocationId, room - needed);
    transfers.push({
      id: newId(`transfer/${id}/${destinationLocationId}`),
      dataTransferPackageId: id,
      originLocationId,
      priority,
      ...way,
    });
  }
  return { transfers, full: [...full].sort((one, other) => one - other) };
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
    const destinationLocationId = destinations.find(
      (id) => (rooms.get(id) ?? Number.POSITIVE_INFINITY) >= needed,
    );
    if (destinationLocationId !== undefined) return { dataTransferRouteId, destinationLocationId };
  }
  return undefined;
}
