import { Entity, ManyToOne, Unique } from 'typeorm';
import { ReferenceKey, Text } from '../columns.js';
import { Keyed } from '../keyed.js';
import { ObservingProgram } from './observing-program.js';

/**
 * A finer science project inside a program; in practice only GEco has them.
 *
 * @example
 * import { ObsUnit, SubObservingProgram } from 'ccat-ops-db';
 *
 * const project = await session.findOneOrFail(SubObservingProgram, {
 *   where: { shortName: 'GEco-LMC' },
 *   relations: { observingProgram: true },
 * });
 * console.log(project.observingProgram?.name); // Galactic Ecology
 * console.log(await session.countBy(ObsUnit, { subObservingProgramId: project.id })); // 13
 */
@Entity({ comment: 'A finer science project inside an observing program.' })
@Unique(['shortName'])
@Unique(['observingProgramId', 'name'])
// What the foreign key of obs_unit refers to, so that a unit's sub-program is one of its own program.
@Unique(['id', 'observingProgramId'])
export class SubObservingProgram extends Keyed {
  /** Program that the project belongs to. */
  @ReferenceKey({ comment: 'Program that the project belongs to' })
  observingProgramId!: number;

  @ManyToOne(
    () => ObservingProgram,
    (program) => program.subObservingPrograms,
    { nullable: false, onDelete: 'CASCADE' },
  )
  observingProgram?: ObservingProgram;

  /** Name of the project. */
  @Text({ comment: 'Name of the project' })
  name!: string;

  /** Short name that people use, such as GEco-LMC. */
  @Text({ comment: 'Short name that people use, such as GEco-LMC' })
  shortName!: string;

  /** What the project observes; null: nothing to say. */
  @Text({ comment: 'What the project observes', null: 'nothing to say' })
  description!: string | null;
}
