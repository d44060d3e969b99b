import { Entity, Index, ManyToOne, OneToMany, Unique } from 'typeorm';
import { Flag, ReferenceKey, Text } from '../columns.js';
import { Keyed } from '../keyed.js';
import { Instrument } from '../observatory/instrument.js';
import type { SubObservingProgram } from './sub-observing-program.js';

/**
 * A scientific or technical program, for Prime-Cam a survey; normally called by its short name.
 *
 * @example
 * import { ObservingProgram } from 'ccat-ops-db';
 *
 * const program = await session.findOneOrFail(ObservingProgram, {
 *   where: { shortName: 'GEco' },
 *   relations: { instrument: true, subObservingPrograms: true },
 * });
 * console.log(program.name, program.instrument?.name); // Galactic Ecology CHAI
 * console.log(program.subObservingPrograms?.length); // 5
 */
@Entity({ comment: 'A scientific or technical observing program; for Prime-Cam a survey.' })
@Unique(['name'])
@Unique(['shortName'])
export class ObservingProgram extends Keyed {
  /** Name of the program. */
  @Text({ comment: 'Name of the program' })
  name!: string;

  /** Short name that people use, such as GEco. */
  @Text({ comment: 'Short name that people use, such as GEco' })
  shortName!: string;

  /** What the program observes; null: nothing to say. */
  @Text({ comment: 'What the program observes', null: 'nothing to say' })
  description!: string | null;

  /** People who lead the program, as published; null: not published. */
  @Text({ comment: 'People who lead the program, as published', null: 'not published' })
  lead!: string | null;

  /** Institution or institutions of the lead; null: not published. */
  @Text({ comment: 'Institution or institutions of the lead', null: 'not published' })
  institution!: string | null;

  /** Time or area allocated to the program, as published; null: not published. */
  @Text({ comment: 'Time or area allocated to the program, as published', null: 'not published' })
  allocation!: string | null;

  /** Instrument that the program uses; null: all instruments. */
  @Index()
  @ReferenceKey({ comment: 'Instrument that the program uses', null: 'all instruments' })
  instrumentId!: number | null;

  @ManyToOne(() => Instrument, { nullable: true, onDelete: 'RESTRICT' })
  instrument?: Instrument | null;

  /** Whether units of the program are observed at present. */
  @Flag({ comment: 'Whether units of the program are observed at present', default: true })
  active!: boolean;

  /** Whether what it observes is calibration, which serves all programs and is charged to none. */
  @Flag({
    comment: 'Whether what it observes is calibration, which serves all programs and is charged to none',
    default: false,
  })
  calibration!: boolean;

  @OneToMany('SubObservingProgram', 'observingProgram')
  subObservingPrograms?: SubObservingProgram[];
}
