import { Entity, Unique } from 'typeorm';
import { Text } from '../columns.js';
import { Keyed } from '../keyed.js';

/**
 * A program that reduces data, such as `chai-calibration`.
 *
 * @example
 * import { ReductionSoftware, ReductionStep } from 'ccat-ops-db';
 *
 * const software = await session.findOneByOrFail(ReductionSoftware, { name: 'chai-gridding' });
 * const steps = await session.find(ReductionStep, {
 *   where: { reductionSoftwareId: software.id },
 *   relations: { pipeline: true },
 *   order: { id: 'ASC' },
 * });
 * console.log(steps.map(({ pipeline }) => pipeline?.name)); // [ 'chai-co43', 'chai-ci10' ]
 */
@Entity({ comment: 'A program that reduces data.' })
@Unique(['name'])
export class ReductionSoftware extends Keyed {
  /** Name of the software. */
  @Text({ comment: 'Name of the software' })
  name!: string;

  /** What the software does; null: nothing to say. */
  @Text({ comment: 'What the software does', null: 'nothing to say' })
  description!: string | null;

  /** Address of its source code; null: not recorded. */
  @Text({ comment: 'Address of its source code', null: 'not recorded' })
  repositoryUrl!: string | null;
}
