import { Check, Entity, ManyToOne, TableInheritance, Unique } from 'typeorm';
import { ByteCount, Enum, Flag, Instant, Int, ReferenceKey, Text } from '../columns.js';
import { WithAvailability } from '../with-availability.js';
import { LocationAvailability, LocationType, StorageType } from './enums.js';
import { Site } from './site.js';

/**
 * Storage at a site that files and packages can lie on.
 *
 * @example
 * import { DataLocation, DiskDataLocation, LocationType, S3DataLocation, WRITABLE } from 'ccat-ops-db';
 *
 * const archive = await session.findOneOrFail(DataLocation, {
 *   where: { ...WRITABLE, locationType: LocationType.LONG_TERM_ARCHIVE },
 *   relations: { site: true },
 * });
 * console.log(archive.site?.shortName, archive.name); // cologne lta
 * if (archive instanceof DiskDataLocation) console.log(archive.path);
 * if (archive instanceof S3DataLocation) console.log(archive.bucket); // ccat-lta
 */
@Entity({
  comment: 'Storage at a site that files and packages can lie on; a family told apart by storage_type.',
})
@TableInheritance({ column: 'storageType' })
@Unique(['siteId', 'name'])
@Unique(['id', 'locationType'])
@Check('ck_data_location__verified_later_than_kept', '"verify_after_days" > "retention_days"')
@Check('ck_data_location__low_below_high', '"low_watermark_bytes" <= "high_watermark_bytes"')
@Check('ck_data_location__high_has_low', '("high_watermark_bytes" IS NULL) = ("low_watermark_bytes" IS NULL)')
@Check('ck_data_location__high_within_capacity', '"high_watermark_bytes" <= "capacity_bytes"')
@Check(
  'ck_data_location__active_only_when_usable',
  `"active" = false OR "availability" IN ('online', 'read_only')`,
)
export abstract class DataLocation extends WithAvailability {
  @Enum(StorageType, {
    comment: 'How the location stores, and so which member of the family the row is',
    fixed: true,
  })
  readonly storageType!: StorageType;

  /** Site that the storage stands at. */
  @ReferenceKey({ comment: 'Site that the storage stands at' })
  siteId!: number;

  @ManyToOne(
    () => Site,
    (site) => site.dataLocations,
    { nullable: false, onDelete: 'RESTRICT' },
  )
  site?: Site;

  /** Name of the location, unique within its site; part of the names of work queues. */
  @Text({ comment: 'Name of the location, unique within its site; part of the names of work queues' })
  name!: string;

  /** What the location is for. */
  @Enum(LocationType, { comment: 'What the location is for' })
  locationType!: LocationType;

  /** Order among the locations of one type at a site, 1 is used first. */
  @Int({ comment: 'Order among the locations of one type at a site, 1 is used first', min: 1, default: 1 })
  priority!: number;

  /** Whether the data transfer uses the location. */
  @Flag({ comment: 'Whether the data transfer uses the location', default: true })
  active!: boolean;

  /** What can be done with the location. */
  @Enum(LocationAvailability, { comment: 'What can be done with the location', default: 'online' })
  availability!: LocationAvailability;

  /** Space in all [byte]; null: not limited, or not known. */
  @ByteCount({ comment: 'Space in all', null: 'not limited, or not known' })
  capacityBytes!: number | null;

  /**
   * When more lies there, copies that may go are let go, the oldest first [byte]; null: copies go by their
   * age alone.
   */
  @ByteCount({
    comment: 'When more lies there, copies that may go are let go, the oldest first',
    null: 'copies go by their age alone',
  })
  highWatermarkBytes!: number | null;

  /** Down to this copies are let go [byte]; null: copies go by their age alone. */
  @ByteCount({ comment: 'Down to this copies are let go', null: 'copies go by their age alone' })
  lowWatermarkBytes!: number | null;

  /** Since when copies are let go because too much lies there, UTC; null: not too much lies there. */
  @Instant({
    comment: 'Since when copies are let go because too much lies there, UTC',
    null: 'not too much lies there',
  })
  lettingGoSince!: Date | null;

  /** How long temporary copies are kept after their last use [d]; null: until the space is needed. */
  @Int({
    comment: 'How long temporary copies are kept after their last use',
    unit: 'd',
    min: 0,
    null: 'until the space is needed',
  })
  retentionDays!: number | null;

  /** After how many days copies are verified again [d]; null: never. */
  @Int({
    comment: 'After how many days copies are verified again',
    unit: 'd',
    min: 1,
    null: 'never',
  })
  verifyAfterDays!: number | null;

  /** Anything an operator should know; null: nothing to say. */
  @Text({ comment: 'Anything an operator should know', null: 'nothing to say' })
  note!: string | null;
}
