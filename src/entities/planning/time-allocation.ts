import { Check, Entity, ForeignKey, Index, ManyToOne } from 'typeorm';
import { CalendarDate, Real, ReferenceKey, Text } from '../columns.js';
import { Keyed } from '../keyed.js';
import { ObservingProgram } from './observing-program.js';
import { SubObservingProgram } from './sub-observing-program.js';

/**
 * Hours that a program or project is granted in a semester or another period.
 *
 * @example
 * import { ObservingProgram, TimeAllocation } from 'ccat-ops-db';
 *
 * const { id: observingProgramId } = await session.findOneByOrFail(ObservingProgram, { shortName: 'GEco' });
 * const period = { period: '2026B', firstNight: '2026-10-01', lastNight: '2027-03-31' };
 * await session.save(TimeAllocation, { observingProgramId, ...period, hours: 120 });
 * console.log(await session.countBy(TimeAllocation, { period: '2026B' })); // 1
 */
@Entity({ comment: 'Hours that a program or project is granted in a period.' })
@ForeignKey(
  () => SubObservingProgram,
  ['subObservingProgramId', 'observingProgramId'],
  ['id', 'observingProgramId'],
  { name: 'fk_time_allocation__sub_program_of_program', onDelete: 'RESTRICT' },
)
@Index('uq_time_allocation__of_program', ['observingProgramId', 'period'], {
  unique: true,
  where: `"sub_observing_program_id" IS NULL`,
})
@Index('uq_time_allocation__of_project', ['subObservingProgramId', 'period'], {
  unique: true,
  where: `"sub_observing_program_id" IS NOT NULL`,
})
@Check('ck_time_allocation__nights_ordered', '"first_night" <= "last_night"')
export class TimeAllocation extends Keyed {
  /** Program that is granted the time. */
  @ReferenceKey({ comment: 'Program that is granted the time' })
  observingProgramId!: number;

  @ManyToOne(() => ObservingProgram, { nullable: false, onDelete: 'CASCADE' })
  observingProgram?: ObservingProgram;

  /** Project of that program that is granted the time; null: the program as a whole. */
  @ReferenceKey({
    comment: 'Project of that program that is granted the time',
    null: 'the program as a whole',
  })
  subObservingProgramId!: number | null;

  // The foreign key is the one of two columns above: the project must be one of the program.
  @ManyToOne(() => SubObservingProgram, { nullable: true, createForeignKeyConstraints: false })
  subObservingProgram?: SubObservingProgram | null;

  /** Name of the period, such as 2026B. */
  @Text({ comment: 'Name of the period, such as 2026B' })
  period!: string;

  /** First night of the period. */
  @CalendarDate({ comment: 'First night of the period' })
  firstNight!: string;

  /** Last night of the period. */
  @CalendarDate({ comment: 'Last night of the period' })
  lastNight!: string;

  /** Time that is granted [h]. */
  @Real({ comment: 'Time that is granted', unit: 'h', min: 0 })
  hours!: number;
}
