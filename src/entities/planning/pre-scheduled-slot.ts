import { Check, Entity, Index, ManyToOne, Unique } from 'typeorm';
import { Instant, ReferenceKey, Text } from '../columns.js';
import { Keyed } from '../keyed.js';
import { ObsUnit } from './obs-unit.js';

/** A time that is kept for an obs unit. */
@Entity({ comment: 'A time that is kept for an obs unit.' })
@Unique(['obsUnitId', 'startTime'])
@Check('ck_pre_scheduled_slot__times_ordered', '"start_time" < "end_time"')
export class PreScheduledSlot extends Keyed {
  @ReferenceKey({ comment: 'Unit that the time is kept for' })
  obsUnitId!: number;

  @ManyToOne(() => ObsUnit, { nullable: false, onDelete: 'CASCADE' })
  obsUnit?: ObsUnit;

  @Index()
  @Instant({ comment: 'Start of the slot, UTC' })
  startTime!: Date;

  @Instant({ comment: 'End of the slot, UTC' })
  endTime!: Date;

  @Text({ comment: 'Why the time is kept', null: 'nothing to say' })
  reason!: string | null;
}
