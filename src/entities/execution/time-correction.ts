import { Check, Entity, Index, ManyToOne } from 'typeorm';
import { Enum, Instant, ReferenceKey, Text } from '../columns.js';
import { Keyed } from '../keyed.js';
import { Telescope } from '../observatory/telescope.js';
import { ObservingProgram } from '../planning/observing-program.js';
import { TimeUse } from './enums.js';

/**
 * An operator's correction of the accounting of a time interval, with the reason. Corrections are added, never edited: of two for
 * the same interval the later one applies.
 *
 * @example
 * import { Telescope, TimeCorrection, TimeUse } from 'ccat-ops-db';
 *
 * const { id: telescopeId } = await session.findOneByOrFail(Telescope, { shortName: 'FYST' });
 * const correction = await session.save(TimeCorrection, {
 *   telescopeId,
 *   startTime: new Date('2026-12-01T02:00:00Z'),
 *   endTime: new Date('2026-12-01T05:30:00Z'),
 *   use: TimeUse.LOST_WEATHER,
 *   reason: 'snow on the mirror',
 *   enteredBy: 'operator',
 * });
 * console.log(correction.reason); // snow on the mirror
 */
@Entity({ comment: 'What an operator says of a stretch of time, with the reason; added, never changed.' })
@Check('ck_time_correction__times_ordered', '"start_time" < "end_time"')
@Check(
  'ck_time_correction__charged_has_program',
  `("use" = 'charged') = ("observing_program_id" IS NOT NULL)`,
)
export class TimeCorrection extends Keyed {
  /** Telescope whose time it is. */
  @ReferenceKey({ comment: 'Telescope whose time it is' })
  telescopeId!: number;

  @ManyToOne(() => Telescope, { nullable: false, onDelete: 'RESTRICT' })
  telescope?: Telescope;

  /** Start of the time, UTC. */
  @Index()
  @Instant({ comment: 'Start of the time, UTC' })
  startTime!: Date;

  /** End of the time, UTC. */
  @Instant({ comment: 'End of the time, UTC' })
  endTime!: Date;

  /** What the time counts as. */
  @Enum(TimeUse, { comment: 'What the time counts as' })
  use!: TimeUse;

  /** Program that the time is charged to; null: it is not charged. */
  @ReferenceKey({ comment: 'Program that the time is charged to', null: 'it is not charged' })
  observingProgramId!: number | null;

  @ManyToOne(() => ObservingProgram, { nullable: true, onDelete: 'RESTRICT' })
  observingProgram?: ObservingProgram | null;

  /** Why the time counts as that. */
  @Text({ comment: 'Why the time counts as that' })
  reason!: string;

  /** Who says so. */
  @Text({ comment: 'Who says so' })
  enteredBy!: string;
}
