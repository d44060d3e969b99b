import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { type Dialect, dialectOf } from '../database/dialect.js';
import {
  DataProductPhysicalCopy,
  DataTransferPackagePhysicalCopy,
  type PhysicalCopy,
  PhysicalCopyStatus,
  RawDataFilePhysicalCopy,
  RawDataPackagePhysicalCopy,
} from '../entities/index.js';
import { assertWhole } from '../values/arguments.js';
import { mayBeTriedAgain } from './failed-work.js';
import type { EntityClass } from './transition.js';

/** Archive copies that must be there where no deletion policy says otherwise. */
const DEFAULT_ARCHIVE_COPIES = 1;

const LIVE = `('pending', 'scheduled', 'in_progress')`;

/** Statuses that a copy can be deleted from. */
const DELETABLE_FROM = [
  PhysicalCopyStatus.PRESENT,
  PhysicalCopyStatus.STAGED,
  PhysicalCopyStatus.DELETION_POSSIBLE,
  PhysicalCopyStatus.DELETION_FAILED,
  PhysicalCopyStatus.BAD,
];

/**
 * The deletion rule, as a condition on a query of copies. A copy at a SOURCE or BUFFER may go only when what it is a copy
 * of is safe: its package (for a bundle each of its packages)
 * - is archived,
 * - has at least as many copies in long-term archives as the policy of the location's type asks for, each present and
 *   verified with the checksum of the package,
 * - and is needed by no bundle that is being built, transfer, unpacking, archiving or staging job. What has failed counts
 *   until somebody gives it up (`giveUpWork`), or other work has taken its place.
 *
 * A copy of raw data at a PROCESSING location may go when its package is in archives as above and no active staging job needs it.
 * A copy of a data product may go, wherever it lies,
 * - when no run that is under way reads it, or has failed and may be tried again (until it is given up, or a newer run of its step and
 *   division has taken its place), and none is to come: each step that reads the products of its step has completed a run on it, or a
 *   newer run of its own step has completed,
 * - and when another copy is present, or, for an intermediate, its run could make it again: each package that the run read is in an
 *   archive, and each product that it read is present somewhere or can be made again, too. What else a run made is a result, and its last
 *   copy stays.
 *
 * A bad copy counts nowhere as one that is present. Neither it nor the good copy that it is repaired from goes until the repair has come
 * to its end; the good copy of one that has failed stays until the bad one is bad no longer, or the repair is given up.
 *
 * A copy in a long-term archive may never go, and one that somebody holds (`holdCopies`) not before that time. When a copy goes
 * that may go is a matter of age and room, see `scheduleDeletions`.
 * @param query selects copies of files, packages, bundles or data products under the alias
 * @param alias of the copies in the query
 * @returns the query, with the condition added
 * @throws TypeError when there is no rule for the entity: it must be one of the four kinds of copies
 *
 * @example
 * import { DataProductPhysicalCopy, whereDeletable } from 'ccat-ops-db';
 *
 * const copies = session
 *   .createQueryBuilder(DataProductPhysicalCopy, 'copy')
 *   .innerJoin('copy.dataProduct', 'product')
 *   .where('product.type = :type', { type: 'log' });
 * // The last copy of a result stays.
 * console.log(await whereDeletable(copies, DataProductPhysicalCopy, 'copy').getCount()); // 0
 */
export function whereDeletable<E extends ObjectLiteral>(
  query: SelectQueryBuilder<E>,
  entity: EntityClass<PhysicalCopy>,
  alias: string,
): SelectQueryBuilder<E> {
  return query.andWhere(deletionRule(dialectOf(query.dataSource), entity, alias));
}

/** The deletion rule as an SQL condition, see {@link whereDeletable}. */
export function deletionRule(
  { now }: Pick<Dialect, 'now'>,
  entity: EntityClass<PhysicalCopy>,
  alias: string,
): string {
  const locationType = locationTypeOf(alias);
  const { isSafe, mayGoAtProcessing } = conditions(entity, alias, locationType);
  // Here and below also in the words of an index, since SQLite does not see for itself that it holds the rows.
  return `"${alias}"."status" <> 'deleted' AND ("${alias}"."keep_until" IS NULL OR "${alias}"."keep_until" <= ${now})
    AND NOT ${isRepaired(alias)} AND NOT ${isRepairedFrom(alias)}
    AND CASE ${locationType} WHEN 'long_term_archive' THEN 1 = 0 WHEN 'processing' THEN ${mayGoAtProcessing} ELSE ${isSafe} END`;
}

function isRepaired(alias: string): string {
  return `EXISTS (SELECT 1 FROM copy_repair repair WHERE repair.physical_copy_id = "${alias}"."id" AND repair.status IN ${LIVE})`;
}

/** A repair under way may have begun to read, also when its bad copy has come back from elsewhere. In the words of an index. */
function isRepairedFrom(alias: string): string {
  return `EXISTS (
      SELECT 1 FROM copy_repair repair
      WHERE repair.source_copy_id = "${alias}"."id" AND repair.status <> 'completed' AND repair.given_up_at IS NULL
        AND (repair.status IN ${LIVE} OR ${mayBeTriedAgain('copy_repair', 'repair')})
    )`;
}

function locationTypeOf(alias: string): string {
  return `(SELECT CAST(place.location_type AS text) FROM data_location place WHERE place.id = "${alias}"."data_location_id")`;
}

/** The copies of a location that may be deleted, those unchanged for longest first. */
export interface Deletable {
  /** Location where the copies lie. */
  readonly dataLocationId: number;
  /** How many copies at most. */
  readonly limit: number;
}

/**
 * Finds copies that may be deleted.
 * @param entity which kind of copies
 * @returns the copies as entities, those unchanged for longest first; empty when none may go
 * @throws TypeError as {@link whereDeletable} does; OpsDbError `value_invalid` when the limit is no whole number from 0 on
 *
 * @example
 * import {
 *   DataLocation,
 *   DataProductPhysicalCopy,
 *   deletableCopies,
 *   RawDataPackagePhysicalCopy,
 * } from 'ccat-ops-db';
 *
 * const processing = await session.findOneByOrFail(DataLocation, { name: 'ramses_processing' });
 * const products = { dataLocationId: processing.id, limit: 10 };
 * console.log((await deletableCopies(session, DataProductPhysicalCopy, products)).length); // 2
 *
 * const archive = await session.findOneByOrFail(DataLocation, { name: 'lta', active: true });
 * const packages = { dataLocationId: archive.id, limit: 10 };
 * console.log(await deletableCopies(session, RawDataPackagePhysicalCopy, packages)); // []
 */
export function deletableCopies<E extends PhysicalCopy>(
  manager: EntityManager,
  entity: EntityClass<E>,
  { dataLocationId, limit }: Deletable,
): Promise<E[]> {
  assertWhole('dataLocationId', dataLocationId, 1);
  assertWhole('limit', limit);
  const rule = deletionRule(dialectOf(manager), entity, 'it');
  return manager
    .createQueryBuilder<PhysicalCopy>(entity, 'it')
    .where({ dataLocationId })
    .andWhere('it.status IN (:...deletableFrom)', { deletableFrom: DELETABLE_FROM })
    .orderBy('it.updatedAt')
    .limit(limit)
    .andWhere(rule)
    .getMany() as Promise<E[]>;
}

interface Conditions {
  /** Copies at a source or buffer. */
  readonly isSafe: string;
  readonly mayGoAtProcessing: string;
}

function conditions(entity: EntityClass<PhysicalCopy>, alias: string, locationType: string): Conditions {
  if (entity === (RawDataPackagePhysicalCopy as EntityClass<PhysicalCopy>))
    return conditionsOfPackage(`"${alias}"."raw_data_package_id"`, locationType);
  if (entity === (RawDataFilePhysicalCopy as EntityClass<PhysicalCopy>))
    return conditionsOfPackage(
      `(SELECT of_file.raw_data_package_id FROM raw_data_file of_file WHERE of_file.id = "${alias}"."raw_data_file_id")`,
      locationType,
    );
  if (entity === (DataTransferPackagePhysicalCopy as EntityClass<PhysicalCopy>)) {
    const inBundle = `SELECT 1 FROM raw_data_package part WHERE part.data_transfer_package_id = "${alias}"."data_transfer_package_id"`;
    const ofPart = conditionsOfPackage('part.id', locationType);
    const ofAll = (condition: string) =>
      `EXISTS (${inBundle}) AND NOT EXISTS (${inBundle} AND NOT (${condition}))`;
    return { isSafe: ofAll(ofPart.isSafe), mayGoAtProcessing: ofAll(ofPart.mayGoAtProcessing) };
  }
  if (entity === (DataProductPhysicalCopy as EntityClass<PhysicalCopy>)) {
    const productId = `"${alias}"."data_product_id"`;
    const mayGo = `NOT (${productIsRead(productId)} OR ${productIsToBeRead(productId)})
      AND (${productIsElsewhere(productId, alias)} OR ${productCanBeMadeAgain(productId)})`;
    return { isSafe: mayGo, mayGoAtProcessing: mayGo };
  }
  throw new TypeError(`There is no deletion rule for ${entity.name}`);
}

/** NULL, which is not true, for a file that is in no package. */
function conditionsOfPackage(packageId: string, locationType: string): Conditions {
  const archived = `EXISTS (SELECT 1 FROM raw_data_package safe WHERE safe.id = ${packageId} AND ${packageIsArchived(locationType)})`;
  return {
    isSafe: packageIsSafe(packageId, locationType),
    mayGoAtProcessing: `${archived} AND NOT ${packageIsStaged(packageId)}`,
  };
}

/** That archives have as many verified copies of the package `safe` as the policy asks for. */
function packageIsArchived(locationType: string): string {
  return `safe.state = 'archived'
      AND (
        SELECT count(*) FROM physical_copy archived
        JOIN data_location archive ON archive.id = archived.data_location_id
        WHERE archived.raw_data_package_id = safe.id
          AND archive.location_type = 'long_term_archive'
          AND archived.status = 'present'
          AND archived.verified_at IS NOT NULL
          AND archived.checksum = safe.checksum
          AND CAST(archived.checksum_algorithm AS text) = CAST(safe.checksum_algorithm AS text)
      ) >= COALESCE(
        (SELECT policy.min_archive_copies FROM deletion_policy policy WHERE CAST(policy.location_type AS text) = ${locationType}),
        ${DEFAULT_ARCHIVE_COPIES}
      )`;
}

function packageIsSafe(packageId: string, locationType: string): string {
  return `EXISTS (
      SELECT 1 FROM raw_data_package safe WHERE safe.id = ${packageId} AND ${packageIsArchived(locationType)}
      AND NOT EXISTS (
        SELECT 1 FROM data_transfer_package bundle
        WHERE bundle.id = safe.data_transfer_package_id AND (bundle.status IN ${LIVE} OR ${mayBeTriedAgain('data_transfer_package', 'bundle')})
      )
      AND NOT EXISTS (
        SELECT 1 FROM data_transfer moving
        WHERE moving.data_transfer_package_id = safe.data_transfer_package_id AND moving.status IN ${LIVE}
          AND moving.status <> 'failed'
      )
      AND NOT EXISTS (
        SELECT 1 FROM data_transfer broken
        WHERE broken.data_transfer_package_id = safe.data_transfer_package_id
          AND ${mayBeTriedAgain('data_transfer', 'broken')}
      )
      AND NOT EXISTS (
        SELECT 1 FROM data_transfer_unpacking unpacking
        JOIN data_transfer moved ON moved.id = unpacking.data_transfer_id
        WHERE moved.data_transfer_package_id = safe.data_transfer_package_id AND moved.status <> 'failed'
          AND (unpacking.status IN ${LIVE} OR ${mayBeTriedAgain('data_transfer_unpacking', 'unpacking')})
      )
      AND NOT EXISTS (
        SELECT 1 FROM long_term_archive_transfer archiving
        WHERE archiving.raw_data_package_id = safe.id AND archiving.status IN ${LIVE} AND archiving.status <> 'failed'
      )
      AND NOT EXISTS (
        SELECT 1 FROM long_term_archive_transfer broken
        WHERE broken.raw_data_package_id = safe.id AND ${mayBeTriedAgain('long_term_archive_transfer', 'broken')}
      )
      AND NOT ${packageIsStaged('safe.id')}
    )`;
}

/** Copies that are scheduled for deletion do not count, so that the last two are not deleted together. */
function productIsElsewhere(productId: string, alias: string): string {
  return `EXISTS (
      SELECT 1 FROM physical_copy other
      WHERE other.data_product_id = ${productId} AND other.id <> "${alias}"."id" AND other.status = 'present'
    )`;
}

/**
 * By its run, from what the run read; what is gone of that is an intermediate that can be made again, too. So intermediates that were
 * made one from the other may go together.
 */
function productCanBeMadeAgain(productId: string): string {
  const isPresent = (id: string) =>
    `EXISTS (SELECT 1 FROM physical_copy source WHERE source.data_product_id = ${id} AND source.status = 'present')`;
  return `EXISTS (
      SELECT 1 FROM data_product again JOIN executed_reduction_step run ON run.id = again.executed_reduction_step_id
      WHERE again.id = ${productId} AND again.type = 'intermediate' AND NOT EXISTS (
        WITH RECURSIVE needed (input_set_id) AS (
          SELECT run.input_set_id
          UNION
          SELECT maker.input_set_id FROM needed
          JOIN input_set_member member ON member.input_set_id = needed.input_set_id
          JOIN data_product gone ON gone.id = member.data_product_id AND gone.type = 'intermediate'
          JOIN executed_reduction_step maker ON maker.id = gone.executed_reduction_step_id
          WHERE NOT ${isPresent('gone.id')}
        )
        SELECT 1 FROM needed JOIN input_set_member input ON input.input_set_id = needed.input_set_id
        LEFT JOIN data_product product ON product.id = input.data_product_id
        WHERE (product.id IS NULL OR (product.type <> 'intermediate' AND NOT ${isPresent('product.id')}))
        AND NOT EXISTS (
          SELECT 1 FROM physical_copy archived JOIN data_location archive ON archive.id = archived.data_location_id
          WHERE archived.raw_data_package_id = input.raw_data_package_id AND archived.status = 'present'
            AND archive.location_type = 'long_term_archive'
        )
      )
    )`;
}

function productIsRead(productId: string): string {
  const reads = (run: string) => `SELECT 1 FROM input_set_member input
      JOIN executed_reduction_step ${run} ON ${run}.input_set_id = input.input_set_id WHERE input.data_product_id = ${productId}`;
  return `(EXISTS (
      ${reads('run')} AND run.status NOT IN ('completed', 'failed', 'cancelled')
    ) OR EXISTS (
      ${reads('broken')} AND ${mayBeTriedAgain('executed_reduction_step', 'broken')}
    ))`;
}

/** By a step that has completed no run on it, while its own run is the newest completed one of its division. */
function productIsToBeRead(productId: string): string {
  return `EXISTS (
      SELECT 1 FROM data_product kept
      JOIN executed_reduction_step made ON made.id = kept.executed_reduction_step_id
      JOIN reduction_step maker ON maker.id = made.reduction_step_id
      JOIN reduction_step_dependency later ON later.pipeline_id = maker.pipeline_id AND later.upstream_position = maker.position
      JOIN reduction_step reader ON reader.pipeline_id = later.pipeline_id AND reader.position = later.position
      WHERE kept.id = ${productId} AND kept.type IN ('intermediate', 'science')
      AND NOT EXISTS (
        SELECT 1 FROM executed_reduction_step newer
        WHERE newer.reduction_step_id = made.reduction_step_id AND newer.sub_group_key = made.sub_group_key
          AND newer.status = 'completed' AND (newer.created_at, newer.id) > (made.created_at, made.id)
      )
      AND NOT EXISTS (
        SELECT 1 FROM input_set_member input JOIN executed_reduction_step run ON run.input_set_id = input.input_set_id
        WHERE input.data_product_id = kept.id AND run.reduction_step_id = reader.id AND run.status = 'completed'
      )
    )`;
}

function packageIsStaged(packageId: string): string {
  return `EXISTS (
      SELECT 1 FROM staging_job_raw_data_package staged JOIN staging_job job ON job.id = staged.staging_job_id
      WHERE staged.raw_data_package_id = ${packageId} AND job.active
    )`;
}
