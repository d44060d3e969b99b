import { Entity, Index, ManyToOne } from 'typeorm';
import { Enum, Int, ReferenceKey } from '../columns.js';
import { Keyed } from '../keyed.js';
import { DataLocation } from './data-location.js';
import { LocationType, RetainedKind } from './enums.js';

/**
 * How long copies of one kind are kept after their last change, at one place or at all places of a type. Where there is no policy,
 * the retention of the place holds. A change of a policy holds for the copies that are there, too.
 *
 * @example
 * import { DataLocation, RetainedKind, RetentionPolicy } from 'ccat-ops-db';
 *
 * const place = await session.findOneByOrFail(DataLocation, { name: 'ramses_processing' });
 * const { id: dataLocationId, locationType } = place;
 * const kind = RetainedKind.INTERMEDIATE;
 * await session.save(RetentionPolicy, { locationType, kind, retentionDays: 7 });
 * await session.save(RetentionPolicy, { locationType, dataLocationId, kind, retentionDays: 2 });
 * console.log(await session.countBy(RetentionPolicy, { kind })); // 2
 */
@Entity({ comment: 'How long copies of one kind are kept, at one place or at all places of a type.' })
@Index('uq_retention_policy__of_place', ['dataLocationId', 'kind'], {
  unique: true,
  where: '"data_location_id" IS NOT NULL',
})
@Index('uq_retention_policy__of_type', ['locationType', 'kind'], {
  unique: true,
  where: '"data_location_id" IS NULL',
})
export class RetentionPolicy extends Keyed {
  /** Type of the locations that the policy is for. */
  @Enum(LocationType, { comment: 'Type of the locations that the policy is for' })
  locationType!: LocationType;

  /** Location that the policy is for; null: all locations of the type. */
  @ReferenceKey({ comment: 'Location that the policy is for', null: 'all locations of the type' })
  dataLocationId!: number | null;

  @ManyToOne(() => DataLocation, { nullable: true, onDelete: 'CASCADE' })
  dataLocation?: DataLocation | null;

  /** What the copies are copies of. */
  @Enum(RetainedKind, { comment: 'What the copies are copies of' })
  kind!: RetainedKind;

  /** How long copies are kept after their last change [d]. */
  @Int({ comment: 'How long copies are kept after their last change', unit: 'd', min: 0 })
  retentionDays!: number;
}
