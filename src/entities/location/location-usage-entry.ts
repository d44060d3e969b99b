import { Entity, Index, ManyToOne } from 'typeorm';
import { Key, ReferenceKey, Text, WideInt } from '../columns.js';
import { DataLocation } from './data-location.js';

/**
 * A change of what lies at a location. The sum of all entries of a location is what lies there; see `locationUsage`. The
 * database adds entries with each statement that makes, moves or ends copies, and folds many into one.
 *
 * @example
 * import { DataLocation, LocationUsageEntry } from 'ccat-ops-db';
 *
 * const { id: dataLocationId } = await session.findOneByOrFail(DataLocation, { name: 'lta', active: true });
 * const entries = await session.findBy(LocationUsageEntry, { dataLocationId });
 * console.log(entries.reduce((sum, { copies }) => sum + copies, 0)); // 5
 */
@Entity({ comment: 'A change of what lies at a location; the sum of all entries is what lies there.' })
@Index(['dataLocationId', 'copyType', 'copyStatus'])
export class LocationUsageEntry {
  /** Key of the row, given by the database. */
  @Key()
  id!: number;

  /** Location where the copies lie. */
  @ReferenceKey({ comment: 'Location where the copies lie' })
  dataLocationId!: number;

  @ManyToOne(() => DataLocation, { nullable: false, onDelete: 'CASCADE' })
  dataLocation?: DataLocation;

  /** What the copies are copies of, as physical_copy.type. */
  @Text({ comment: 'What the copies are copies of, as physical_copy.type' })
  copyType!: string;

  /** Status of the copies, as physical_copy.status. */
  @Text({ comment: 'Status of the copies, as physical_copy.status' })
  copyStatus!: string;

  /** How many more copies there are; negative: fewer. */
  @WideInt({ comment: 'How many more copies there are; negative: fewer' })
  copies!: number;

  /** How many more bytes the copies take; negative: fewer; staged packages take none. */
  @WideInt({ comment: 'How many more bytes the copies take; negative: fewer; staged packages take none' })
  bytes!: number;
}
