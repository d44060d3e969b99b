import type { EntityManager } from 'typeorm';
import { inChunks } from '../../database/chunks.js';
import { dialectOf } from '../../database/dialect.js';
import { anyIsLeft, leaveKeys } from '../../database/left-keys.js';
import { oneOf } from '../../database/one-of.js';
import { Statement } from '../../database/statement.js';
import {
  atOnce,
  atOnceOrCarefully,
  doneOrCarefully,
  refuseIfAny,
  type Step,
  sqlStep,
} from '../../database/together.js';
import {
  DataLocation,
  LocationType,
  PackageState,
  PhysicalCopyStatus,
  RawDataFile,
  RawDataFilePhysicalCopy,
  RawDataPackage,
  RawDataPackagePhysicalCopy,
  StagingJob,
  Status,
} from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import { transition } from '../../lifecycle/index.js';
import { transitionStep } from '../../lifecycle/transition.js';
import { assertWhole, uuidOf, uuidsOf } from '../../values/arguments.js';
import { canonicalRows, type StrictDoor, type Values } from '../../values/canonical.js';
import { fileRows } from '../filing/index.js';
import { askForRoom, bytesToStage, refuseWithoutRoom, roomOf } from '../storage/index.js';
import { recordCopies } from './copies.js';
import { amongCopies, type CopySource, copiesSteps } from './copies-at-once.js';
import { moveMany, moveManyStep } from './move-many.js';

/** What is to be staged. */
export interface StagingRequest {
  /** UUID of the job; a service that stages for a run gives the job the UUID of the run. */
  readonly id: string;
  /** Processing location that the data go to. */
  readonly destinationLocationId: number;
  /** UUIDs of the packages. */
  readonly packageIds: readonly string[];
  /** User that asks; left out for a service. */
  readonly requestedByUserId?: number;
  /** Higher first; by default 50. */
  readonly priority?: number;
}

/**
 * Asks for packages at a processing location. From then on they are kept there until {@link releaseStaging}. Sent twice
 * it changes nothing the second time.
 * @returns whether the request is new
 * @throws OpsDbError `filing_refused` when a package is not archived, or the destination is not for processing;
 *   `filing_conflict` when the job is there with another destination; `no_room` when less room is known to be left there than the
 *   packages need, see `docs/storage.md`; `value_invalid` for a key that is none. Nothing is
 *   written then
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import { DataLocation, RawDataPackage, requestStaging } from 'ccat-ops-db';
 *
 * const place = await session.findOneByOrFail(DataLocation, { name: 'ramses_processing' });
 * const packages = await session.findBy(RawDataPackage, { instrumentModule: { name: 'LFA' } });
 * const packageIds = packages.map(({ id }) => id);
 * const request = { id: randomUUID(), destinationLocationId: place.id, packageIds };
 * console.log(await requestStaging(session, request)); // true
 * console.log(await requestStaging(session, request)); // false
 */
export function requestStaging(
  manager: EntityManager,
  { packageIds, ...job }: StagingRequest,
): Promise<boolean> {
  const ids = [...new Set(uuidsOf('packageIds', packageIds))];
  const request = doneOrCarefully(
    manager,
    async () => Number((await atOnce(manager, requestSteps(manager, job, ids)))[NEW]?.[0]?.[0]) > 0,
    (nested) => requestCarefully(nested, job, ids),
  );
  return request.catch(async (error: unknown) => {
    if (error instanceof OpsDbError && error.code === 'no_room')
      await askForRoom(manager, job.destinationLocationId);
    throw error;
  });
}

type Job = Omit<StagingRequest, 'packageIds'>;

const JOB: StrictDoor = { code: 'filing_refused', required: ['id'] };

const [NEW, ADDED] = [1, 'added_job'];

/** The statements of a request on PostgreSQL; those that refuse it leave it to {@link requestCarefully} to say why. */
function requestSteps(manager: EntityManager, given: Job, packageIds: readonly string[]): Step[] {
  const { dataSource } = manager;
  assertWhole('destinationLocationId', given.destinationLocationId, 1);
  const metadata = dataSource.getMetadata(StagingJob);
  const job = canonicalRows<Job>(metadata, JOB)(given);
  const { id, destinationLocationId: place } = job;
  const refuse = (rows: string, named: object) => refuseIfAny(dataSource, rows, { id, ...named });
  const added = manager.createQueryBuilder().insert().into(StagingJob).values(job).orIgnore().returning('id');
  const [text, parameters] = added.getQueryAndParameters();
  const columns = metadata.columns.filter(({ propertyName }) => (job as Values)[propertyName] !== undefined);
  const differs = columns.map(
    ({ databaseName, propertyName }) => `it.${databaseName} IS DISTINCT FROM :${propertyName}`,
  );
  const unarchived = `unnest(CAST(:packageIds AS uuid[])) asked (id) WHERE NOT EXISTS (
    SELECT 1 FROM raw_data_package part WHERE part.id = asked.id AND part.state = '${PackageState.ARCHIVED}')`;
  const members = `INSERT INTO staging_job_raw_data_package (staging_job_id, raw_data_package_id)
    SELECT CAST(:id AS uuid), asked.id FROM unnest(CAST(:packageIds AS uuid[])) asked (id) ORDER BY asked.id
    ON CONFLICT DO NOTHING`;
  return [
    refuse(`data_location WHERE id = :place AND location_type <> '${LocationType.PROCESSING}'`, { place }),
    [new Statement(leaveKeys(ADDED, text)), parameters],
    refuse(`staging_job it WHERE it.id = :id AND (${differs.join(' OR ')})`, job),
    ...refuseWithoutRoom(dataSource, place, packageIds, anyIsLeft(ADDED)),
    sqlStep(dataSource, members, { id, packageIds }),
    refuse(unarchived, { packageIds }),
  ];
}

async function requestCarefully(manager: EntityManager, job: Job, ids: readonly string[]): Promise<boolean> {
  const place = await placeForProcessing(manager, job.destinationLocationId);
  const { added } = await fileRows(manager, StagingJob, [job]);
  const where = { id: oneOf(manager, ids), state: PackageState.ARCHIVED };
  const archived = await manager.countBy(RawDataPackage, where);
  if (archived < ids.length)
    throw new OpsDbError(
      'filing_refused',
      `${ids.length - archived} of the packages are not archived, so that they cannot be staged`,
    );
  const isLimited = place !== null && place.capacityBytes !== null;
  if (added > 0 && isLimited && !(await hasRoom(manager, place.id, ids))) throw noRoomAt(place.id);
  for await (const chunk of inChunks(ids))
    await manager
      .createQueryBuilder()
      .insert()
      .into('staging_job_raw_data_package')
      .values(chunk.map((packageId) => ({ staging_job_id: job.id, raw_data_package_id: packageId })))
      .orIgnore()
      .updateEntity(false)
      .execute();
  return added > 0;
}

function noRoomAt(id: number): OpsDbError {
  return new OpsDbError(
    'no_room',
    `the location ${id} has no room for the packages beside what lies there and what is on its way there: try again when copies ` +
      'were deleted, choose another location, or raise its capacity_bytes',
  );
}

async function hasRoom(manager: EntityManager, id: number, packageIds: readonly string[]): Promise<boolean> {
  const room = (await roomOf(manager, [id])).get(id) ?? 0;
  return (await bytesToStage(manager, id, packageIds)) <= room;
}

async function placeForProcessing(manager: EntityManager, id: number): Promise<DataLocation | null> {
  assertWhole('destinationLocationId', id, 1);
  const place = await manager.findOneBy(DataLocation, { id });
  if (!place || place.locationType === LocationType.PROCESSING) return place;
  throw new OpsDbError(
    'filing_refused',
    `destinationLocationId is ${id}, the location ${place.name} of type ${place.locationType}; data are staged at locations of ` +
      `type ${LocationType.PROCESSING} only`,
  );
}

/**
 * Notes that the packages of a job were brought to its processing location and unpacked: each package is staged there,
 * and its files are present.
 * @param id UUID of the staging job
 * @param options who has it
 * @returns false when the worker does not have the job any more; nothing was changed then
 * @throws OpsDbError `filing_conflict` when a copy is being deleted at this moment; nothing is written then, and the job
 *   is to be failed, so that it is tried again
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import {
 *   claim,
 *   completeStaging,
 *   DataLocation,
 *   RawDataPackage,
 *   RawDataPackagePhysicalCopy,
 *   requestStaging,
 *   StagingJob,
 *   transition,
 * } from 'ccat-ops-db';
 *
 * const place = await session.findOneByOrFail(DataLocation, { name: 'ramses_processing' });
 * const packageIds = (await session.find(RawDataPackage)).map(({ id }) => id);
 * await requestStaging(session, { id: randomUUID(), destinationLocationId: place.id, packageIds });
 *
 * const worker = 'stager-1';
 * for (const { id } of await claim(session, StagingJob, { limit: 1, worker })) {
 *   await transition(session, StagingJob, id, { from: 'scheduled', to: 'in_progress', worker });
 *   // Here the worker fetches the packages from the archive and unpacks them.
 *   console.log(await completeStaging(session, id, { worker })); // true
 * }
 * console.log(await session.countBy(RawDataPackagePhysicalCopy, { status: 'staged' })); // 5
 */
export function completeStaging(
  manager: EntityManager,
  id: string,
  { worker }: { readonly worker: string },
): Promise<boolean> {
  const step = { from: Status.IN_PROGRESS, to: Status.COMPLETED, worker };
  const staged = { from: [PhysicalCopyStatus.PRESENT], to: PhysicalCopyStatus.STAGED, by: worker };
  const steps = () => {
    const [packages, files] = [stagedBy(id, 'packages'), stagedBy(id, 'files')];
    const where = {
      rawDataPackageId: amongCopies(packages, 'subject'),
      dataLocationId: amongCopies(packages, 'place'),
    };
    return [
      transitionStep(manager, StagingJob, id, step, { mustMove: true }),
      ...copiesSteps(manager, RawDataPackagePhysicalCopy, packages, worker),
      moveManyStep(manager, RawDataPackagePhysicalCopy, { ...staged, where }),
      ...copiesSteps(manager, RawDataFilePhysicalCopy, files, worker),
    ];
  };
  return atOnceOrCarefully(manager, steps, true, async (nested) => {
    if (!(await transition(nested, StagingJob, id, step))) return false;
    const { destinationLocationId: dataLocationId, rawDataPackages = [] } = await nested.findOneOrFail(
      StagingJob,
      { where: { id }, relations: { rawDataPackages: true } },
    );
    // In one order, so that jobs with packages in common do not wait for each other.
    const packageIds = rawDataPackages.map((rawDataPackage) => rawDataPackage.id).sort();
    const place = { dataLocationId, by: worker };
    const rawDataPackageId = oneOf(nested, packageIds);
    const copies = packageIds.map((of) => ({ of }));
    await recordCopies(nested, RawDataPackagePhysicalCopy, { ...place, copies });
    await moveMany(nested, RawDataPackagePhysicalCopy, {
      ...staged,
      where: { dataLocationId, rawDataPackageId },
    });
    const files = await nested.find(RawDataFile, {
      select: { id: true },
      where: { rawDataPackageId },
      order: { id: 'ASC' },
    });
    const fileCopies = files.map((file) => ({ of: file.id }));
    await recordCopies(nested, RawDataFilePhysicalCopy, { ...place, copies: fileCopies });
    return true;
  });
}

/** What a staging job brings, and where. */
function stagedBy(id: string, kind: 'packages' | 'files'): CopySource {
  const files = 'JOIN raw_data_file file ON file.raw_data_package_id = staged.raw_data_package_id';
  return {
    from: `FROM staging_job job JOIN staging_job_raw_data_package staged ON staged.staging_job_id = job.id
      ${kind === 'files' ? files : ''} WHERE job.id = CAST(:id AS uuid)`,
    subject: kind === 'files' ? 'file.id' : 'staged.raw_data_package_id',
    place: 'job.destination_location_id',
    named: { id },
  };
}

/**
 * Gives the data of a job free, so that they may be deleted from the processing location.
 * @param id UUID of the staging job
 * @returns false when that was done before, or there is no such job
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import { DataLocation, RawDataPackage, releaseStaging, requestStaging } from 'ccat-ops-db';
 *
 * const place = await session.findOneByOrFail(DataLocation, { name: 'ramses_processing' });
 * const packageIds = (await session.find(RawDataPackage)).map(({ id }) => id);
 * const id = randomUUID();
 * await requestStaging(session, { id, destinationLocationId: place.id, packageIds });
 * console.log(await releaseStaging(session, id)); // true
 * console.log(await releaseStaging(session, id)); // false
 */
export async function releaseStaging(manager: EntityManager, id: string): Promise<boolean> {
  const key = uuidOf('id', id);
  const { affected } = await manager.update(
    StagingJob,
    { id: key, active: true },
    { active: false, releasedAt: () => dialectOf(manager).now },
  );
  return affected === 1;
}
