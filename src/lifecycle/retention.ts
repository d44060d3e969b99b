import type { Dialect } from '../database/dialect.js';
import {
  DataProductPhysicalCopy,
  DataTransferPackagePhysicalCopy,
  type PhysicalCopy,
  PhysicalCopyStatus,
  RawDataFilePhysicalCopy,
  RawDataPackagePhysicalCopy,
  RetainedKind,
} from '../entities/index.js';
import type { EntityClass } from './transition.js';

const DAY_S = 86_400;

/** Statuses of a copy that nobody has decided yet to delete. */
const RESTING = [
  PhysicalCopyStatus.PRESENT,
  PhysicalCopyStatus.STAGED,
  PhysicalCopyStatus.DELETION_POSSIBLE,
  PhysicalCopyStatus.BAD,
];

/**
 * That a copy may go now as far as age and room are concerned, as an SQL condition: its retention has passed, its location lets go
 * since it has become too full, or nothing limits how long copies are kept there. What was to go before is not asked again.
 */
export function isDue(
  { nowPlus }: Pick<Dialect, 'nowPlus'>,
  entity: EntityClass<PhysicalCopy>,
  alias: string,
): string {
  const days = retentionDays(entity, alias);
  const resting = RESTING.map((status) => `'${status}'`).join(', ');
  return `("${alias}"."status" NOT IN (${resting})
    OR EXISTS (
      SELECT 1 FROM data_location place WHERE place.id = "${alias}"."data_location_id" AND (
        place.letting_go_since IS NOT NULL
        OR (${days} IS NULL AND place.high_watermark_bytes IS NULL)
        OR "${alias}"."updated_at" <= ${nowPlus(`-${DAY_S} * ${days}`)}
      )
    ))`;
}

/** How long a copy is kept: by its kind at the place, by its kind at places of the type, by the place; null: no limit. */
function retentionDays(entity: EntityClass<PhysicalCopy>, alias: string): string {
  const kind = kindOf(entity, alias);
  const ofKind = `SELECT policy.retention_days FROM retention_policy policy WHERE CAST(policy.kind AS text) = ${kind}`;
  return `COALESCE(
    (${ofKind} AND policy.data_location_id = place.id),
    (${ofKind} AND policy.data_location_id IS NULL AND CAST(policy.location_type AS text) = CAST(place.location_type AS text)),
    place.retention_days
  )`;
}

function kindOf(entity: EntityClass<PhysicalCopy>, alias: string): string {
  const known = KINDS.get(entity);
  if (known) return `'${known}'`;
  if (entity !== (DataProductPhysicalCopy as EntityClass<PhysicalCopy>))
    throw new TypeError(`There is no retention for ${entity.name}`);
  return `(SELECT CASE WHEN kept.type = 'intermediate' THEN '${RetainedKind.INTERMEDIATE}' ELSE '${RetainedKind.PRODUCT}' END
    FROM data_product kept WHERE kept.id = "${alias}"."data_product_id")`;
}

const KINDS = new Map<EntityClass<PhysicalCopy>, RetainedKind>([
  [RawDataFilePhysicalCopy, RetainedKind.FILE],
  [RawDataPackagePhysicalCopy, RetainedKind.PACKAGE],
  [DataTransferPackagePhysicalCopy, RetainedKind.BUNDLE],
]);
