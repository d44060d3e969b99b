import { Check, Entity, ForeignKey, JoinColumn, ManyToOne, Unique } from 'typeorm';
import { Int, ReferenceKey } from '../columns.js';
import { Keyed } from '../keyed.js';
import { Pipeline } from './pipeline.js';
import { ReductionStep } from './reduction-step.js';

/**
 * That a step reads the products of another step of its pipeline. A step can depend on several, and always on earlier ones:
 * the steps of a pipeline are a directed acyclic graph.
 *
 * @example
 * import { Pipeline, ReductionStepDependency } from 'ccat-ops-db';
 *
 * const { id: pipelineId } = await session.findOneByOrFail(Pipeline, { name: 'chai-co43' });
 * // The third step reads what the first has made, too.
 * await session.insert(ReductionStepDependency, { pipelineId, position: 3, upstreamPosition: 1 });
 * const found = await session.find(ReductionStepDependency, {
 *   where: { pipelineId, reductionStep: { name: 'gridding' } },
 *   relations: { upstreamStep: true },
 *   order: { upstreamPosition: 'ASC' },
 * });
 * console.log(found.map(({ upstreamStep }) => upstreamStep?.name)); // [ 'calibration', 'baseline' ]
 *
 * const circle = { pipelineId, position: 1, upstreamPosition: 3 };
 * const refused = await session.insert(ReductionStepDependency, circle).catch(() => 'refused');
 * console.log(refused); // refused
 */
@Entity({ comment: 'That a step reads the products of an earlier step of its pipeline.' })
@Unique('uq_reduction_step_dependency__steps', ['pipelineId', 'position', 'upstreamPosition'])
@ForeignKey(() => ReductionStep, ['position', 'pipelineId'], ['position', 'pipelineId'], {
  name: 'fk_reduction_step_dependency__step',
  onDelete: 'CASCADE',
  onUpdate: 'CASCADE',
})
@ForeignKey(() => ReductionStep, ['upstreamPosition', 'pipelineId'], ['position', 'pipelineId'], {
  name: 'fk_reduction_step_dependency__upstream_step',
  onDelete: 'RESTRICT',
  onUpdate: 'CASCADE',
})
@Check('ck_reduction_step_dependency__upstream_is_earlier', '"upstream_position" < "position"')
export class ReductionStepDependency extends Keyed {
  /** Pipeline of both steps. */
  @ReferenceKey({ comment: 'Pipeline of both steps' })
  pipelineId!: number;

  // Of this and the other two relations, the foreign keys are those of two columns above: both steps are of one pipeline.
  @ManyToOne(() => Pipeline, { nullable: false, createForeignKeyConstraints: false })
  pipeline?: Pipeline;

  /** Place of the step that reads. */
  @Int({ comment: 'Place of the step that reads', min: 1 })
  position!: number;

  @ManyToOne(
    () => ReductionStep,
    (step) => step.dependencies,
    { nullable: false, createForeignKeyConstraints: false },
  )
  @JoinColumn([
    { name: 'position', referencedColumnName: 'position' },
    { name: 'pipeline_id', referencedColumnName: 'pipelineId' },
  ])
  reductionStep?: ReductionStep;

  /** Place of the step that has made the products. */
  @Int({ comment: 'Place of the step that has made the products', min: 1 })
  upstreamPosition!: number;

  @ManyToOne(() => ReductionStep, { nullable: false, createForeignKeyConstraints: false })
  @JoinColumn([
    { name: 'upstream_position', referencedColumnName: 'position' },
    { name: 'pipeline_id', referencedColumnName: 'pipelineId' },
  ])
  upstreamStep?: ReductionStep;
}
