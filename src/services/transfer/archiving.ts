import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { bulkInsert } from '../../database/bulk-insert.js';
import { dialectOf } from '../../database/dialect.js';
import { isLeft, leaveKeys } from '../../database/left-keys.js';
import { Statement } from '../../database/statement.js';
import { atOnce, atOnceOrCarefully, refuseIfAny } from '../../database/together.js';
import {
  DataLocation,
  LocationAvailability,
  LocationType,
  LongTermArchiveTransfer,
  PackageState,
  RawDataPackage,
  RawDataPackagePhysicalCopy,
  Status,
} from '../../entities/index.js';
import { transition } from '../../lifecycle/index.js';
import { transitionStep } from '../../lifecycle/transition.js';
import { assertSameChecksums } from './checksums.js';
import { type ComputedChecksum, recordCopies } from './copies.js';
import { amongCopies, copiesSteps, NEW_UUID } from './copies-at-once.js';
import { moveManyStep } from './move-many.js';
import { type NewId, newUuid } from './new-id.js';

interface Unarchived {
  readonly rawDataPackageId: string;
  readonly originLocationId: number;
  readonly destinationLocationId: number;
  readonly priority: number;
}

type Keyed = Unarchived & { readonly id: string };

/**
 * Plans the archiving of the packages that are present at a buffer of a site with a long-term archive, once for each
 * active archive of the site. What was planned before is left alone.
 * @param options `newId` makes the keys; by default UUIDs of version 7
 * @returns how many were planned
 *
 * @example
 * import {
 *   DataLocation,
 *   planArchiving,
 *   RawDataPackage,
 *   RawDataPackagePhysicalCopy,
 *   recordCopies,
 * } from 'ccat-ops-db';
 *
 * console.log(await planArchiving(session)); // 0
 *
 * // The archive of Cornell is taken into use, and the packages are brought to the buffer there.
 * const site = { shortName: 'us' };
 * const archive = await session.findOneByOrFail(DataLocation, { name: 'lta', site });
 * await session.update(DataLocation, archive.id, { active: true, availability: 'online' });
 * const buffer = await session.findOneByOrFail(DataLocation, { name: 'input_buffer', site });
 * const place = { dataLocationId: buffer.id, by: 'operator' };
 * const copies = (await session.find(RawDataPackage)).map(({ id }) => ({ of: id }));
 * await recordCopies(session, RawDataPackagePhysicalCopy, { ...place, copies });
 * console.log(await planArchiving(session)); // 5
 */
export function planArchiving(
  manager: EntityManager,
  { newId }: { readonly newId?: NewId } = {},
): Promise<number> {
  const { hasServer } = dialectOf(manager);
  if (hasServer && !newId) return planUnarchived(manager);
  return manager.transaction(async (nested) => {
    const keyOf = newId ?? newUuid;
    const rows = (await unarchived(nested).getRawMany<Unarchived>()).map((row) => ({
      id: keyOf(`archiving/${row.rawDataPackageId}/${row.destinationLocationId}`),
      ...row,
    }));
    if (rows.length === 0) return 0;
    if (hasServer) return planUnarchived(nested, rows);
    await bulkInsert(nested, nested.dataSource.getMetadata(LongTermArchiveTransfer), rows);
    return rows.length;
  });
}

/**
 * Holds the packages and looks for their copies in the statement behind it: a copy may have gone before they were held.
 * @param keyed with the keys of the new rows; the database makes them where left out
 * @returns how many archivings were planned, without those that somebody else has planned in the meantime
 */
async function planUnarchived(manager: EntityManager, keyed?: readonly Keyed[]): Promise<number> {
  const [text, parameters] = unarchived(manager).getQueryAndParameters();
  const held = `SELECT id FROM raw_data_package WHERE id IN (SELECT "rawDataPackageId" FROM (${text}) found)
    ORDER BY id FOR KEY SHARE`;
  const next = parameters.length + 1;
  const keys = `JOIN unnest(CAST($${next} AS uuid[]), CAST($${next + 1} AS uuid[]), CAST($${next + 2} AS integer[]))
    keyed (id, package_id, location_id) ON package_id = "rawDataPackageId" AND location_id = "destinationLocationId"`;
  const added = `INSERT INTO long_term_archive_transfer (id, raw_data_package_id, origin_location_id, destination_location_id, priority)
    SELECT ${keyed ? 'keyed.id' : NEW_UUID}, "rawDataPackageId", "originLocationId", "destinationLocationId", found.priority
    FROM (${text}) found ${keyed ? keys : ''} WHERE ${isLeft('"rawDataPackageId"', HELD)}
    ON CONFLICT DO NOTHING RETURNING id`;
  const lists = keyed && [
    keyed.map(({ id }) => id),
    keyed.map(({ rawDataPackageId }) => rawDataPackageId),
    keyed.map(({ destinationLocationId }) => destinationLocationId),
  ];
  const [, planned = []] = await atOnce(manager, [
    [new Statement(leaveKeys(HELD, held)), parameters],
    [new Statement(added), [...parameters, ...(lists ?? [])]],
  ]);
  return planned.length;
}

const HELD = 'held';

/** Packages with the archives that they are to go to, each once, also when several buffers have it. */
function unarchived(manager: EntityManager): SelectQueryBuilder<ObjectLiteral> {
  const { ONLINE } = LocationAvailability;
  const { LONG_TERM_ARCHIVE, BUFFER } = LocationType;
  return manager
    .createQueryBuilder<ObjectLiteral>(RawDataPackagePhysicalCopy, 'copy')
    .innerJoin('copy.dataLocation', 'buffer', `buffer.locationType = '${BUFFER}'`)
    .innerJoin(
      DataLocation,
      'archive',
      `archive.siteId = buffer.siteId AND archive.locationType = '${LONG_TERM_ARCHIVE}' AND archive.active
        AND archive.availability = '${ONLINE}'`,
    )
    .innerJoin('copy.rawDataPackage', 'it')
    .leftJoin(
      LongTermArchiveTransfer,
      'planned',
      'planned.rawDataPackageId = copy.rawDataPackageId AND planned.destinationLocationId = archive.id',
    )
    .where(`copy.status = 'present' AND planned.id IS NULL`)
    .select('copy.rawDataPackageId', 'rawDataPackageId')
    .addSelect('MIN(copy.dataLocationId)', 'originLocationId')
    .addSelect('archive.id', 'destinationLocationId')
    .addSelect('it.priority', 'priority')
    .groupBy('copy.rawDataPackageId')
    .addGroupBy('archive.id')
    .addGroupBy('it.priority')
    .orderBy('copy.rawDataPackageId');
}

/** A package that was written to an archive. */
export interface Archived extends ComputedChecksum {
  /** The worker that has the archiving. */
  readonly worker: string;
}

/**
 * Notes that a package was archived and read back: its copy in the archive is present and verified, and the package is
 * marked as archived.
 * @param id UUID of the archiving
 * @returns false when the worker does not have the archiving any more; nothing was changed then
 * @throws OpsDbError `checksum_mismatch` when the copy has another checksum than the package; `filing_conflict` as
 *   {@link recordCopies}; nothing is written then, and the archiving is to be failed
 *
 * @example
 * import { randomUUID } from 'node:crypto';
 * import {
 *   claim,
 *   completeArchiving,
 *   DataLocation,
 *   LongTermArchiveTransfer,
 *   RawDataPackage,
 *   RawDataPackagePhysicalCopy,
 *   transition,
 * } from 'ccat-ops-db';
 *
 * // A package also goes to the archive of Cornell.
 * const site = { shortName: 'us' };
 * const from = await session.findOneByOrFail(DataLocation, { name: 'input_buffer', site });
 * const to = await session.findOneByOrFail(DataLocation, { name: 'lta', site });
 * const { id: rawDataPackageId, checksum } = await session.findOneByOrFail(RawDataPackage, {
 *   instrumentModule: { name: 'HFA' },
 * });
 * const way = { originLocationId: from.id, destinationLocationId: to.id };
 * await session.insert(LongTermArchiveTransfer, { id: randomUUID(), rawDataPackageId, ...way });
 *
 * const worker = 'archiver-1';
 * for (const { id } of await claim(session, LongTermArchiveTransfer, { limit: 1, worker })) {
 *   const step = { from: 'scheduled', to: 'in_progress', worker };
 *   await transition(session, LongTermArchiveTransfer, id, step);
 *   // Here the worker writes the package to the archive and computes the checksum of what it reads back.
 *   const computed = { checksum: checksum ?? '', checksumAlgorithm: 'sha256' as const };
 *   console.log(await completeArchiving(session, id, { worker, ...computed })); // true
 * }
 * const inArchives = { rawDataPackageId, status: 'present' } as const;
 * console.log(await session.countBy(RawDataPackagePhysicalCopy, inArchives)); // 2
 */
export function completeArchiving(
  manager: EntityManager,
  id: string,
  { worker, checksum, checksumAlgorithm }: Archived,
): Promise<boolean> {
  const step = { from: Status.IN_PROGRESS, to: Status.COMPLETED, worker };
  const archived = {
    property: 'state',
    from: PackageState.TRANSFERRING,
    to: PackageState.ARCHIVED,
    by: worker,
  };
  const part = `FROM long_term_archive_transfer archiving JOIN raw_data_package part ON part.id = archiving.raw_data_package_id
    WHERE archiving.id = CAST(:id AS uuid)`;
  const source = {
    from: part,
    subject: 'part.id',
    place: 'archiving.destination_location_id',
    checksum: 'part.checksum',
    algorithm: 'part.checksum_algorithm',
    named: { id },
  };
  const otherChecksum = `(SELECT part.* ${part}) part
    WHERE (lower(part.checksum), CAST(part.checksum_algorithm AS text)) IS DISTINCT FROM (:checksum, :checksumAlgorithm)`;
  const steps = () => [
    transitionStep(manager, LongTermArchiveTransfer, id, step, { mustMove: true }),
    refuseIfAny(manager.dataSource, otherChecksum, {
      id,
      checksum: String(checksum).toLowerCase(),
      checksumAlgorithm,
    }),
    ...copiesSteps(manager, RawDataPackagePhysicalCopy, source, worker),
    moveManyStep(manager, RawDataPackage, {
      ...archived,
      where: { id: amongCopies(source, 'subject') },
      from: [archived.from],
    }),
  ];
  return atOnceOrCarefully(manager, steps, true, async (nested) => {
    if (!(await transition(nested, LongTermArchiveTransfer, id, step))) return false;
    const { rawDataPackageId, rawDataPackage, destinationLocationId } = await nested.findOneOrFail(
      LongTermArchiveTransfer,
      { where: { id }, relations: { rawDataPackage: true } },
    );
    const computed = { rawDataPackageId, checksum, checksumAlgorithm };
    const copies = assertSameChecksums([rawDataPackage as RawDataPackage], [computed]);
    const place = { dataLocationId: destinationLocationId, by: worker };
    await recordCopies(nested, RawDataPackagePhysicalCopy, { ...place, copies });
    await transition(nested, RawDataPackage, rawDataPackageId, archived);
    return true;
  });
}
