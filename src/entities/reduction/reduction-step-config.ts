import { Entity, Unique } from 'typeorm';
import { Int, Json, Real, Text } from '../columns.js';
import { Keyed } from '../keyed.js';

/**
 * Parameters of a step's software and what it needs of a computer; steps share them.
 *
 * @example
 * import { ReductionStep, ReductionStepConfig } from 'ccat-ops-db';
 *
 * const config = await session.findOneByOrFail(ReductionStepConfig, { name: 'chai-gridding-half-beam' });
 * console.log(config.cpuCount, config.memoryGb, config.parameters); // 8 64 { pixel_beam_fraction: 0.5 }
 * // Steps share it: this many run with the new value from now on.
 * console.log(await session.countBy(ReductionStep, { reductionStepConfigId: config.id })); // 2
 * config.parameters = { ...config.parameters, pixel_beam_fraction: 0.25 };
 * await session.save(config);
 */
@Entity({ comment: "Parameters of a reduction step's software and the resources that it needs." })
@Unique(['name'])
export class ReductionStepConfig extends Keyed {
  /** Name of the configuration. */
  @Text({ comment: 'Name of the configuration' })
  name!: string;

  /** Parameters by the names of the software. */
  @Json({ comment: 'Parameters by the names of the software', default: {} })
  parameters!: Record<string, unknown>;

  /** Environment variables of the container, no secrets. */
  @Json({ comment: 'Environment variables of the container, no secrets', default: {} })
  environment!: Record<string, string>;

  /** Processors. */
  @Int({ comment: 'Processors', min: 1, default: 1 })
  cpuCount!: number;

  /** Memory [Gbyte]. */
  @Real({ comment: 'Memory', unit: 'Gbyte', above: 0, default: 4 })
  memoryGb!: number;

  /** Longest run [h]. */
  @Real({ comment: 'Longest run', unit: 'h', above: 0, default: 1 })
  timeLimitH!: number;
}
