import { type DataSource, type EntityManager, IsNull, Not, type QueryRunner } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import {
  atOnce,
  type BoundStatement,
  refuseIfAny,
  type Step,
  sqlStep,
  together,
  writeStepOf,
} from '../../database/together.js';
import { DataLocation, PhysicalCopyStatus, Status } from '../../entities/index.js';

const LIVE = `('${Status.PENDING}', '${Status.SCHEDULED}', '${Status.IN_PROGRESS}')`;

/** What is on its way to the location `place` and will lie there: a bundle, and then its packages beside it, until it is deleted. */
const ON_ITS_WAY = [
  `SELECT sum(2 * coalesce(bundle.size_bytes, 0)) FROM data_transfer moving
    JOIN data_transfer_package bundle ON bundle.id = moving.data_transfer_package_id
    WHERE moving.destination_location_id = place.id AND moving.status IN ${LIVE}`,
  `SELECT sum(bundle.size_bytes) FROM data_transfer_unpacking unpacking
    JOIN data_transfer moved ON moved.id = unpacking.data_transfer_id
    JOIN data_transfer_package bundle ON bundle.id = moved.data_transfer_package_id
    WHERE unpacking.destination_location_id = place.id AND unpacking.status IN ${LIVE}`,
  `SELECT sum(part.size_bytes) FROM long_term_archive_transfer archiving
    JOIN raw_data_package part ON part.id = archiving.raw_data_package_id
    WHERE archiving.destination_location_id = place.id AND archiving.status IN ${LIVE}`,
  `SELECT sum(part.size_bytes) FROM staging_job job
    JOIN staging_job_raw_data_package staged ON staged.staging_job_id = job.id
    JOIN raw_data_package part ON part.id = staged.raw_data_package_id
    WHERE job.destination_location_id = place.id AND job.active AND job.status IN ${LIVE}`,
].map((sum) => `coalesce((${sum}), 0)`);

/** What lies at the location `place`, and what is on its way there. */
const TAKEN = `coalesce((SELECT sum(entry.bytes) FROM location_usage_entry entry WHERE entry.data_location_id = place.id), 0)
  + ${ON_ITS_WAY.join(' + ')}`;

/** Two that plan at once may each fit, and both together not. */
function lockPlaces(isAsked: string): string {
  return `SELECT place.id FROM data_location place WHERE ${isAsked} AND place.capacity_bytes IS NOT NULL
    ORDER BY place.id FOR NO KEY UPDATE`;
}

/** The bytes of packages that are not at a location yet, as {@link bytesToStage}. */
function bytesMissingAt(isPackage: string, place: string): string {
  return `SELECT sum(part.size_bytes) AS bytes FROM raw_data_package part
    WHERE ${isPackage} AND NOT EXISTS (
      SELECT 1 FROM physical_copy present WHERE present.raw_data_package_id = part.id
        AND present.data_location_id = ${place}
        AND present.status IN ('${PhysicalCopyStatus.PRESENT}', '${PhysicalCopyStatus.STAGED}')
    )`;
}

/**
 * The statements on PostgreSQL that lock a location and refuse what is sent with them where packages have no room there, beside
 * what lies there and what is on its way there.
 * @param onlyIf SQL condition under which room is needed at all
 */
export function refuseWithoutRoom(
  dataSource: DataSource,
  dataLocationId: number,
  packageIds: readonly string[],
  onlyIf: string,
): BoundStatement[] {
  const { isAnyOf, listParameter } = dialectOf(dataSource);
  const missing = bytesMissingAt(isAnyOf('part.id', ':packageIds'), 'place.id');
  const full = `data_location place WHERE place.id = :dataLocationId AND ${onlyIf}
    AND place.capacity_bytes - (${TAKEN}) < coalesce((${missing}), 0)`;
  return [
    sqlStep(dataSource, lockPlaces('place.id = :dataLocationId'), { dataLocationId }),
    refuseIfAny(dataSource, full, { dataLocationId, packageIds: listParameter(packageIds) }),
  ];
}

/**
 * How many bytes there is room for at locations, besides what lies there and what is on its way there. Where the capacity is not
 * known there is room for everything. Locations with a capacity are locked first.
 * @param manager of a transaction
 * @returns by the key of the location; negative where more is on its way than fits
 */
export async function roomOf(
  manager: EntityManager,
  dataLocationIds: readonly number[],
): Promise<Map<number, number>> {
  const { dataSource } = manager;
  const { hasServer, isAnyOf, listParameter } = dialectOf(dataSource);
  const named = { ids: listParameter(dataLocationIds) };
  const isAsked = isAnyOf('place.id', ':ids');
  const room = `SELECT place.id, place.capacity_bytes, ${TAKEN} FROM data_location place WHERE ${isAsked}`;
  const steps = (hasServer ? [lockPlaces(isAsked), room] : [room]).map((sql) =>
    sqlStep(dataSource, sql, named),
  );
  const rows = (await together(manager.queryRunner as QueryRunner, steps)).at(-1) ?? [];
  return new Map(
    rows.map(([id, capacity, taken]) => [
      Number(id),
      capacity === null ? Number.POSITIVE_INFINITY : Number(capacity) - Number(taken),
    ]),
  );
}

/** The room of all locations whose capacity is known, as {@link roomOf}; nothing is locked. Its rows are key and bytes. */
export const ROOM_OF_ALL = `SELECT place.id, place.capacity_bytes - (${TAKEN}) FROM data_location place WHERE place.capacity_bytes IS NOT NULL`;

/** The statement on PostgreSQL that locks locations whose capacity is known, all of them where none are named. */
export function lockRoomStep(dataSource: DataSource, ids?: readonly number[]): BoundStatement {
  const { isAnyOf, listParameter } = dialectOf(dataSource);
  const isAsked = ids ? isAnyOf('place.id', ':ids') : 'true';
  return sqlStep(dataSource, lockPlaces(isAsked), { ids: listParameter(ids ?? []) });
}

/** A condition on PostgreSQL of what is sent with it: no more is at locations, and on its way there, than fits. */
export function refuseOverfull(dataSource: DataSource, ids: readonly number[]): BoundStatement {
  const { isAnyOf, listParameter } = dialectOf(dataSource);
  const overfull = `data_location place WHERE ${isAnyOf('place.id', ':ids')} AND place.capacity_bytes < ${TAKEN}`;
  return refuseIfAny(dataSource, overfull, { ids: listParameter(ids) });
}

/** The statement of {@link askForRoom}. */
export function askForRoomStep(dataSource: DataSource, id: number): Step {
  const asking = dataSource.manager
    .createQueryBuilder()
    .update(DataLocation)
    .set({ lettingGoSince: () => dialectOf(dataSource).now })
    .where({ id, highWatermarkBytes: Not(IsNull()), lettingGoSince: IsNull() });
  return writeStepOf(asking);
}

/** Has a location with watermarks let go what may go, though less lies there than the high one: more was to come than fits. */
export async function askForRoom(manager: EntityManager, id: number): Promise<void> {
  await atOnce(manager, [askForRoomStep(manager.dataSource, id)]);
}

/** Bytes of packages that are not at a location yet. */
export async function bytesToStage(
  manager: EntityManager,
  dataLocationId: number,
  packageIds: readonly string[],
): Promise<number> {
  const { isAnyOf, listParameter, parameter } = dialectOf(manager);
  const [row] = await manager.query(bytesMissingAt(isAnyOf('part.id', parameter(1)), parameter(2)), [
    listParameter(packageIds),
    dataLocationId,
  ]);
  return Number(row.bytes ?? 0);
}
