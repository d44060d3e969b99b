import { Entity, Unique } from 'typeorm';
import { Enum, Int } from '../columns.js';
import { Keyed } from '../keyed.js';
import { LocationType } from './enums.js';

/** When copies at the locations of one type may be deleted. A type without a row has the defaults. */
@Entity({ comment: 'When copies at the locations of one type may be deleted.' })
@Unique(['locationType'])
export class DeletionPolicy extends Keyed {
  @Enum(LocationType, { comment: 'Type of the locations that the policy is for' })
  locationType!: LocationType;

  @Int({ comment: 'Verified copies in long-term archives that must be present', min: 1, default: 1 })
  minArchiveCopies!: number;
}
