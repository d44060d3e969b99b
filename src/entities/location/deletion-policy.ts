import { Entity, Unique } from 'typeorm';
import { Enum, Int } from '../columns.js';
import { Keyed } from '../keyed.js';
import { LocationType } from './enums.js';

/**
 * When copies at the locations of one type may be deleted. A type without a row has the defaults.
 *
 * @example
 * import { DeletionPolicy, LocationType } from 'ccat-ops-db';
 *
 * await session.update(DeletionPolicy, { locationType: LocationType.BUFFER }, { minArchiveCopies: 2 });
 * const policies = await session.find(DeletionPolicy, { order: { id: 'ASC' } });
 * const all = policies.map(({ locationType, minArchiveCopies }) => `${locationType} ${minArchiveCopies}`);
 * console.log(all); // [ 'source 1', 'buffer 2' ]
 */
@Entity({ comment: 'When copies at the locations of one type may be deleted.' })
@Unique(['locationType'])
export class DeletionPolicy extends Keyed {
  /** Type of the locations that the policy is for. */
  @Enum(LocationType, { comment: 'Type of the locations that the policy is for' })
  locationType!: LocationType;

  /** Verified copies in long-term archives that must be present. */
  @Int({ comment: 'Verified copies in long-term archives that must be present', min: 1, default: 1 })
  minArchiveCopies!: number;
}
