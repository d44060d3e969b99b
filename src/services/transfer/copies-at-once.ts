import { type EntityManager, type FindOptionsWhere, Raw } from 'typeorm';
import type { EntityMetadata } from 'typeorm/metadata/EntityMetadata.js';
import { dialectOf } from '../../database/dialect.js';
import { refuseIfAny, type Step, sqlStep } from '../../database/together.js';
import {
  DataProductPhysicalCopy,
  DataTransferPackagePhysicalCopy,
  type PhysicalCopy,
  PhysicalCopyStatus,
  RawDataFilePhysicalCopy,
  RawDataPackagePhysicalCopy,
} from '../../entities/index.js';
import type { EntityClass } from '../../lifecycle/index.js';
import { moveManyStep } from './move-many.js';

/** The property that says what a copy is of. */
const OF = new Map<EntityClass<PhysicalCopy>, string>([
  [RawDataFilePhysicalCopy, 'rawDataFileId'],
  [RawDataPackagePhysicalCopy, 'rawDataPackageId'],
  [DataTransferPackagePhysicalCopy, 'dataTransferPackageId'],
  [DataProductPhysicalCopy, 'dataProductId'],
]);

/** The property that says what a copy is of. @throws TypeError for what is no kind of copy */
export function subjectOf(entity: EntityClass<PhysicalCopy>): string {
  const property = OF.get(entity);
  if (property) return property;
  throw new TypeError(`${entity.name} is no kind of copy`);
}

/** A copy in one of these was to go, had gone or was bad, and is there again. */
const COMES_BACK: readonly string[] = [
  PhysicalCopyStatus.DELETED,
  PhysicalCopyStatus.DELETION_SCHEDULED,
  PhysicalCopyStatus.DELETION_FAILED,
  PhysicalCopyStatus.DELETION_POSSIBLE,
  PhysicalCopyStatus.BAD,
];

/** Makes copies present again that were to go or had gone. */
export function bringBackStep(
  manager: EntityManager,
  entity: EntityClass<PhysicalCopy>,
  where: FindOptionsWhere<PhysicalCopy>,
  by: string,
): Step {
  return moveManyStep(manager, entity, {
    where,
    from: COMES_BACK,
    to: PhysicalCopyStatus.PRESENT,
    set: { checksum: null, checksumAlgorithm: null, verifiedAt: null, badSince: null, badReason: null },
    by,
    reason: 'copied again',
  });
}

/** Copies as expressions of PostgreSQL over rows. */
export interface CopySource {
  /** The rows, SQL from `FROM` on, with parameters as `:name`. */
  readonly from: string;
  /** What it is a copy of. */
  readonly subject: string;
  /** Its location. */
  readonly place: string;
  /** Its key; the database makes it where left out. */
  readonly id?: string;
  /** What was computed, null where it was not verified; left out where none was. */
  readonly checksum?: string;
  readonly algorithm?: string;
  /** Values of the parameters, by name. */
  readonly named: Readonly<Record<string, unknown>>;
}

/** Selects `id`, `subject`, `place`, `checksum` and `algorithm` of each copy. */
function rowsOf({
  from,
  subject,
  place,
  id = 'CAST(NULL AS uuid)',
  checksum = 'CAST(NULL AS text)',
  algorithm = 'NULL',
}: CopySource): string {
  return `SELECT ${id} AS id, ${subject} AS subject, ${place} AS place, ${checksum} AS checksum,
    CAST(${algorithm} AS text) AS algorithm ${from}`;
}

/** The condition that a column is one of what the copies are of, or where they are. */
export function amongCopies(source: CopySource, column: 'subject' | 'place'): ReturnType<typeof Raw> {
  return Raw((own) => `${own} IN (SELECT ${column} FROM (${rowsOf(source)}) given)`, source.named);
}

/** A UUID of version 7: its time, and beyond that one by chance. */
export const NEW_UUID = `CAST(encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
  PLACING substring(int8send(CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS bigint)) FROM 3) FROM 1 FOR 6),
  52, 1), 53, 1), 'hex') AS uuid)`;

/**
 * The statements on PostgreSQL that record copies: those that had gone come back, those that are missing are added, those that are
 * known are noted as verified. The last one fails where a copy is being deleted at this moment.
 */
export function copiesSteps(
  manager: EntityManager,
  entity: EntityClass<PhysicalCopy>,
  source: CopySource,
  by: string,
): Step[] {
  const { dataSource } = manager;
  const metadata = dataSource.getMetadata(entity);
  const property = subjectOf(entity);
  const subject = columnOf(metadata, property);
  const { now } = dialectOf(dataSource);
  const { named } = source;
  const sql = rowsOf(source);
  const where = {
    [property]: amongCopies(source, 'subject'),
    dataLocationId: amongCopies(source, 'place'),
  } as FindOptionsWhere<PhysicalCopy>;
  const same = `it.${subject} = given.subject AND it.data_location_id = given.place`;
  const table = `"${metadata.tablePath}"`;
  const sum = `lower(given.checksum), CAST(given.algorithm AS ${enumOf(metadata, 'checksumAlgorithm')})`;
  // What is added is not seen by the UPDATE.
  const added = `INSERT INTO ${table} (id, type, data_location_id, ${subject}, checksum, checksum_algorithm, verified_at)
    SELECT COALESCE(given.id, ${NEW_UUID}), '${metadata.discriminatorValue}', given.place, given.subject, ${sum},
      CASE WHEN given.checksum IS NOT NULL THEN ${now} END
    FROM (${sql}) given ORDER BY given.subject ON CONFLICT DO NOTHING`;
  const verified = `UPDATE ${table} it SET (checksum, checksum_algorithm) = ROW (${sum}), verified_at = ${now}, updated_at = ${now}
    FROM (${sql}) given WHERE ${same} AND given.checksum IS NOT NULL`;
  const going = `${table} it JOIN (${sql}) given ON ${same} WHERE it.status IN (:...going)`;
  return [
    bringBackStep(manager, entity, where, by),
    sqlStep(dataSource, `WITH added AS (${added}) ${verified}`, named),
    refuseIfAny(dataSource, going, {
      ...named,
      going: [...COMES_BACK, PhysicalCopyStatus.DELETION_IN_PROGRESS],
    }),
  ];
}

function columnOf(metadata: EntityMetadata, property: string): string {
  return metadata.findColumnWithPropertyName(property)?.databaseName as string;
}

/** The type of an enum, as TypeORM names it. */
function enumOf(metadata: EntityMetadata, property: string): string {
  const column = metadata.findColumnWithPropertyName(property);
  return `"${column?.enumName ?? `${metadata.tableName}_${column?.databaseName}_enum`}"`;
}
