import { Check, Entity, Exclusion, Index, ManyToOne, Unique } from 'typeorm';
import { Instant, ReferenceKey, Text } from '../columns.js';
import { Keyed } from '../keyed.js';
import { Instrument } from '../observatory/instrument.js';
import { Telescope } from '../observatory/telescope.js';
import { INSTRUMENT_COMMENT, ONE_AT_A_TIME, TELESCOPE_COMMENT } from '../telescope-time.js';
import { ObsUnit } from './obs-unit.js';

/**
 * A time that is kept for an obs unit.
 *
 * @example
 * import { PreScheduledSlot } from 'ccat-ops-db';
 * import { Between } from 'typeorm';
 *
 * const night = Between(new Date('2026-11-30T12:00:00Z'), new Date('2026-12-01T12:00:00Z'));
 * const [slot] = await session.find(PreScheduledSlot, {
 *   where: { startTime: night },
 *   relations: { obsUnit: true },
 *   order: { startTime: 'ASC' },
 * });
 * console.log(slot?.obsUnit?.name); // 3C273/daisy/Prime-Cam
 * console.log(slot?.endTime.toISOString()); // 2026-11-30T12:10:00.000Z
 */
@Entity({ comment: 'A time that is kept for an obs unit.' })
@Unique(['obsUnitId', 'startTime'])
@Check('ck_pre_scheduled_slot__times_ordered', '"start_time" < "end_time"')
@Exclusion('ex_pre_scheduled_slot__telescope', ONE_AT_A_TIME)
export class PreScheduledSlot extends Keyed {
  /** Unit that the time is kept for. */
  @ReferenceKey({ comment: 'Unit that the time is kept for' })
  obsUnitId!: number;

  @ManyToOne(() => ObsUnit, { nullable: false, onDelete: 'CASCADE' })
  obsUnit?: ObsUnit;

  /**
   * Telescope whose time it is, kept by the database from the modules of the unit; null: the unit has no
   * modules, or the slot overlapped another one before the database held it.
   */
  @ReferenceKey({
    comment: TELESCOPE_COMMENT,
    keptByDatabase: true,
    null: 'the unit has no modules, or the slot overlapped another one before the database held it',
  })
  telescopeId!: number | null;

  @ManyToOne(() => Telescope, { nullable: true, onDelete: 'RESTRICT' })
  telescope?: Telescope | null;

  /**
   * Instrument that observes beside another one through the focal plane, kept by the database; null: the slot
   * has the whole focal plane.
   */
  @ReferenceKey({
    comment: INSTRUMENT_COMMENT,
    keptByDatabase: true,
    null: 'the slot has the whole focal plane',
  })
  instrumentId!: number | null;

  @ManyToOne(() => Instrument, { nullable: true, onDelete: 'RESTRICT' })
  instrument?: Instrument | null;

  /** Start of the slot, UTC. */
  @Index()
  @Instant({ comment: 'Start of the slot, UTC' })
  startTime!: Date;

  /** End of the slot, UTC. */
  @Instant({ comment: 'End of the slot, UTC' })
  endTime!: Date;

  /** Why the time is kept; null: nothing to say. */
  @Text({ comment: 'Why the time is kept', null: 'nothing to say' })
  reason!: string | null;
}
