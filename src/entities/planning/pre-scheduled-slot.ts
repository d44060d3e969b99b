import { Check, Entity, Index, ManyToOne, Unique } from 'typeorm';
import { Instant, ReferenceKey, Text } from '../columns.js';
import { Keyed } from '../keyed.js';
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
export class PreScheduledSlot extends Keyed {
  /** Unit that the time is kept for. */
  @ReferenceKey({ comment: 'Unit that the time is kept for' })
  obsUnitId!: number;

  @ManyToOne(() => ObsUnit, { nullable: false, onDelete: 'CASCADE' })
  obsUnit?: ObsUnit;

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
