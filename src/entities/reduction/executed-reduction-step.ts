import { Check, Entity, Index, ManyToOne } from 'typeorm';
import { Enum, Flag, Int, Json, Real, ReferenceKey, Text, UuidReference } from '../columns.js';
import { Work } from '../work.js';
import { RunStatus } from './enums.js';
import { InputSet } from './input-set.js';
import { ReductionSoftwareVersion } from './reduction-software-version.js';
import { ReductionStep } from './reduction-step.js';

/** Names with values that say for which part of the data a run or a product stands, such as `{ source: 'ECDFS' }`. */
export type Dims = Readonly<Record<string, string | number | boolean | null>>;

/**
 * One run of a reduction step on one division of its packages.
 *
 * @example
 * import { ExecutedReductionStep, RunStatus } from 'ccat-ops-db';
 *
 * const run = await session.findOneOrFail(ExecutedReductionStep, {
 *   where: { status: RunStatus.COMPLETED, reductionStep: { name: 'gridding' } },
 *   relations: { reductionSoftwareVersion: { reductionSoftware: true } },
 *   order: { finishedAt: 'DESC' },
 * });
 * console.log(run.subGroupKey, run.exitCode, run.wallTimeSeconds); // source=RScl 0 1067
 * const { reductionSoftware, version } = run.reductionSoftwareVersion ?? {};
 * console.log(reductionSoftware?.name, version); // chai-gridding 1.0.0
 */
@Entity({ comment: 'One run of a reduction step on one division of its packages.' })
@Index('ix_executed_reduction_step__division', ['reductionStepId', 'subGroupKey', 'createdAt'])
@Index(
  'uq_executed_reduction_step__live',
  ['reductionStepId', 'subGroupKey', 'inputSetId', 'reductionSoftwareVersionId'],
  {
    unique: true,
    where: `"status" NOT IN ('failed', 'cancelled')`,
  },
)
@Index('ix_executed_reduction_step__pending', ['priority', 'createdAt'], { where: `"status" = 'pending'` })
@Index('ix_executed_reduction_step__in_hand', ['heartbeatAt'], {
  where: `"status" IN ('staging_data', 'submitted', 'running', 'collecting_results')`,
})
@Index('ix_executed_reduction_step__failed', ['updatedAt'], { where: `"status" = 'failed'` })
@Index('ix_executed_reduction_step__retryable', ['updatedAt'], {
  where: `"status" = 'failed' AND "retry_count" < "max_retries"`,
})
@Index('ix_executed_reduction_step__reading', ['inputSetId'], {
  where: `"status" NOT IN ('completed', 'failed', 'cancelled')`,
})
@Index('ix_executed_reduction_step__input_set_id', ['inputSetId'])
@Index('ix_executed_reduction_step__dims', ['dims'], { type: 'gin' })
@Index('ix_executed_reduction_step__with_warnings', ['inputSetId'], { where: '"with_warnings"' })
@Check(
  'ck_executed_reduction_step__key_is_folder_name',
  `"sub_group_key" NOT LIKE '%/%' AND "sub_group_key" NOT IN ('.', '..') AND length("sub_group_key") <= 255`,
)
@Check(
  'ck_executed_reduction_step__only_completed_warns',
  `"with_warnings" = false OR "status" = 'completed'`,
)
export class ExecutedReductionStep extends Work {
  /** Step that was run. */
  @ReferenceKey({ comment: 'Step that was run' })
  reductionStepId!: number;

  @ManyToOne(() => ReductionStep, { nullable: false, onDelete: 'RESTRICT' })
  reductionStep?: ReductionStep;

  /** Which division of the packages it is, also the name of its folder; all for a single run. */
  @Text({
    comment: 'Which division of the packages it is, also the name of its folder; all for a single run',
  })
  subGroupKey!: string;

  /** Values of the dimensions that divide the packages, by name. */
  @Json({ comment: 'Values of the dimensions that divide the packages, by name', default: {} })
  dims!: Dims;

  /** What the run reads. */
  @UuidReference({ comment: 'What the run reads' })
  inputSetId!: string;

  @ManyToOne(() => InputSet, { nullable: false, onDelete: 'RESTRICT' })
  inputSet?: InputSet;

  /** Version of the software that the run uses. */
  @ReferenceKey({ comment: 'Version of the software that the run uses' })
  reductionSoftwareVersionId!: number;

  @ManyToOne(() => ReductionSoftwareVersion, { nullable: false, onDelete: 'RESTRICT' })
  reductionSoftwareVersion?: ReductionSoftwareVersion;

  /** Where the run stands. */
  @Enum(RunStatus, { comment: 'Where the run stands', default: 'pending' })
  status!: RunStatus;

  /** Whether the software marked the completed run with warnings. */
  @Flag({ comment: 'Whether the software marked the completed run with warnings', default: false })
  withWarnings!: boolean;

  /** Number of the job in the batch system; null: not submitted yet. */
  @Text({ comment: 'Number of the job in the batch system', null: 'not submitted yet' })
  hpcJobId!: string | null;

  /** Exit code of the software; null: not ended yet. */
  @Int({ comment: 'Exit code of the software', null: 'not ended yet' })
  exitCode!: number | null;

  /** Duration of the run [s]; null: not ended yet. */
  @Real({ comment: 'Duration of the run', unit: 's', min: 0, null: 'not ended yet' })
  wallTimeSeconds!: number | null;

  /** Processor time of the run [h]; null: not reported. */
  @Real({ comment: 'Processor time of the run', unit: 'h', min: 0, null: 'not reported' })
  cpuHours!: number | null;

  /** Largest memory of the run [Gbyte]; null: not reported. */
  @Real({ comment: 'Largest memory of the run', unit: 'Gbyte', min: 0, null: 'not reported' })
  peakMemoryGb!: number | null;

  /** Other figures of the run by name. */
  @Json({ comment: 'Other figures of the run by name', default: {} })
  metrics!: Record<string, unknown>;
}
