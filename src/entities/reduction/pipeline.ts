import { Entity, Index, ManyToOne, OneToMany, Unique } from 'typeorm';
import { User } from '../access/user.js';
import { Enum, Flag, Int, Json, ReferenceKey, Text } from '../columns.js';
import { Keyed } from '../keyed.js';
import { DataLocation } from '../location/data-location.js';
import { DataGrouping } from './data-grouping.js';
import { TriggerType } from './enums.js';
import type { ReductionStep } from './reduction-step.js';

/**
 * A chain of reduction steps for the packages of a grouping.
 *
 * @example
 * import { Pipeline, TriggerType } from 'ccat-ops-db';
 *
 * const daily = await session.findOneOrFail(Pipeline, {
 *   where: { enabled: true, triggerType: TriggerType.CRON },
 *   relations: { dataGrouping: true, reductionSteps: true },
 * });
 * console.log(daily.triggerConfig.expression, daily.dataGrouping?.name); // 0 18 * * * primecam-280-fields
 * const steps = daily.reductionSteps?.map(({ name, groupBy }) => `${name} by ${groupBy}`);
 * console.log(steps); // [ 'mapmaking by source' ]
 */
@Entity({ comment: 'A chain of reduction steps for the packages of a grouping.' })
@Unique(['name'])
@Index('ix_pipeline__enabled', ['processingLocationId'], { where: '"enabled"' })
export class Pipeline extends Keyed {
  /** Name of the pipeline. */
  @Text({ comment: 'Name of the pipeline' })
  name!: string;

  /** What the pipeline makes; null: nothing to say. */
  @Text({ comment: 'What the pipeline makes', null: 'nothing to say' })
  description!: string | null;

  /** Packages that are reduced. */
  @Index()
  @ReferenceKey({ comment: 'Packages that are reduced' })
  dataGroupingId!: number;

  @ManyToOne(() => DataGrouping, { nullable: false, onDelete: 'RESTRICT' })
  dataGrouping?: DataGrouping;

  /** Processing location where the steps run. */
  @ReferenceKey({ comment: 'Processing location where the steps run' })
  processingLocationId!: number;

  @ManyToOne(() => DataLocation, { nullable: false, onDelete: 'RESTRICT' })
  processingLocation?: DataLocation;

  /** What makes the pipeline run. */
  @Enum(TriggerType, { comment: 'What makes the pipeline run', default: 'manual' })
  triggerType!: TriggerType;

  /** Details of the trigger, such as a cron expression. */
  @Json({ comment: 'Details of the trigger, such as a cron expression', default: {} })
  triggerConfig!: Record<string, unknown>;

  /** Whether the trigger is heeded. */
  @Flag({ comment: 'Whether the trigger is heeded', default: true })
  enabled!: boolean;

  /** Priority, higher first. */
  @Int({ comment: 'Priority, higher first', min: 0, max: 100, default: 50 })
  priority!: number;

  /** User on whose authority the pipeline runs; null: part of the starting state. */
  @ReferenceKey({ comment: 'User on whose authority the pipeline runs', null: 'part of the starting state' })
  createdByUserId!: number | null;

  @ManyToOne(() => User, { nullable: true, onDelete: 'SET NULL' })
  createdByUser?: User | null;

  @OneToMany('ReductionStep', 'pipeline')
  reductionSteps?: ReductionStep[];
}
