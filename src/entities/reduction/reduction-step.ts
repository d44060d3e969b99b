import { Check, Entity, Index, ManyToOne, OneToMany, Unique } from 'typeorm';
import { Enum, Int, Json, ReferenceKey, Text } from '../columns.js';
import { Keyed } from '../keyed.js';
import { VersionPolicy } from './enums.js';
import { Pipeline } from './pipeline.js';
import { ReductionSoftware } from './reduction-software.js';
import { ReductionSoftwareVersion } from './reduction-software-version.js';
import { ReductionStepConfig } from './reduction-step-config.js';
import type { ReductionStepDependency } from './reduction-step-dependency.js';

/**
 * One step of a pipeline: which software runs with which parameters on how the packages are divided.
 *
 * @example
 * import { ReductionStep, VersionPolicy } from 'ccat-ops-db';
 *
 * const steps = await session.find(ReductionStep, {
 *   where: { pipeline: { name: 'chai-co43' }, versionPolicy: VersionPolicy.COMPATIBLE },
 *   relations: { dependencies: { upstreamStep: true } },
 *   order: { position: 'ASC' },
 * });
 * const chain = steps.map(({ name, dependencies = [] }) => {
 *   const upstream = dependencies.map(({ upstreamStep }) => upstreamStep?.name).join(' and ');
 *   return `${upstream || 'raw data'} > ${name}`;
 * });
 * console.log(chain.join(', ')); // raw data > calibration, calibration > baseline, baseline > gridding
 */
@Entity({ comment: 'One step of a pipeline.' })
@Unique(['pipelineId', 'name'])
@Unique(['pipelineId', 'position'])
@Check('ck_reduction_step__name_is_folder_name', `"name" NOT LIKE '%/%' AND "name" NOT IN ('.', '..')`)
@Check(
  'ck_reduction_step__pinned_has_version',
  `("version_policy" = 'pinned') = ("pinned_version_id" IS NOT NULL)`,
)
export class ReductionStep extends Keyed {
  /** Pipeline that the step belongs to. */
  @ReferenceKey({ comment: 'Pipeline that the step belongs to' })
  pipelineId!: number;

  @ManyToOne(
    () => Pipeline,
    (pipeline) => pipeline.reductionSteps,
    { nullable: false, onDelete: 'CASCADE' },
  )
  pipeline?: Pipeline;

  /** Name of the step within its pipeline, also of its folder. */
  @Text({ comment: 'Name of the step within its pipeline, also of its folder' })
  name!: string;

  /** Place in the order of the steps. */
  @Int({ comment: 'Place in the order of the steps', min: 1 })
  position!: number;

  /** Without any, the step reads raw data packages. */
  @OneToMany('ReductionStepDependency', 'reductionStep')
  dependencies?: ReductionStepDependency[];

  /** Software that runs. */
  @Index()
  @ReferenceKey({ comment: 'Software that runs' })
  reductionSoftwareId!: number;

  @ManyToOne(() => ReductionSoftware, { nullable: false, onDelete: 'RESTRICT' })
  reductionSoftware?: ReductionSoftware;

  /** Version that always runs; null: chosen by the policy. */
  @ReferenceKey({ comment: 'Version that always runs', null: 'chosen by the policy' })
  pinnedVersionId!: number | null;

  @ManyToOne(() => ReductionSoftwareVersion, { nullable: true, onDelete: 'RESTRICT' })
  pinnedVersion?: ReductionSoftwareVersion | null;

  /** Parameters and resources. */
  @Index()
  @ReferenceKey({ comment: 'Parameters and resources' })
  reductionStepConfigId!: number;

  @ManyToOne(() => ReductionStepConfig, { nullable: false, onDelete: 'RESTRICT' })
  reductionStepConfig?: ReductionStepConfig;

  /** Dimensions that divide the packages into runs, such as executed_obs_unit; empty: one run for all. */
  @Json({
    comment:
      'Dimensions that divide the packages into runs, such as executed_obs_unit; empty: one run for all',
    default: [],
  })
  groupBy!: string[];

  /** Shortest time between two runs on the same division [s]. */
  @Int({ comment: 'Shortest time between two runs on the same division', unit: 's', min: 0, default: 60 })
  cooldownSeconds!: number;

  /** Which version of the software runs. */
  @Enum(VersionPolicy, { comment: 'Which version of the software runs', default: 'compatible' })
  versionPolicy!: VersionPolicy;

  /** How often a failed run is tried again. */
  @Int({ comment: 'How often a failed run is tried again', min: 0, default: 3 })
  maxRetries!: number;
}
