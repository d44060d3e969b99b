import { Entity, TableInheritance, Unique } from 'typeorm';
import { Enum, Text } from '../columns.js';
import { Keyed } from '../keyed.js';
import { ObservationConfigurationType } from './enums.js';

/**
 * How an observation is carried out; several obs units may share one.
 *
 * @example
 * import { ChaiObservationConfiguration, ObservationConfigurationType, ObsUnit } from 'ccat-ops-db';
 *
 * const type = ObservationConfigurationType.CHAI;
 * console.log(await session.countBy(ObsUnit, { observationConfiguration: { type } })); // 220
 *
 * const { observationConfiguration: how } = await session.findOneOrFail(ObsUnit, {
 *   where: { name: 'Orion-KL/otf/CO43' },
 *   relations: { observationConfiguration: true },
 * });
 * if (how instanceof ChaiObservationConfiguration) console.log(how.mapWidthArcmin); // 15
 */
@Entity({ comment: 'How an observation is carried out; a family told apart by type.' })
@TableInheritance({ column: 'type' })
@Unique(['name'])
export abstract class ObservationConfiguration extends Keyed {
  @Enum(ObservationConfigurationType, { comment: 'Which member of the family the row is' })
  readonly type!: ObservationConfigurationType;

  /** Name of the configuration. */
  @Text({ comment: 'Name of the configuration' })
  name!: string;

  /** What the configuration is for; null: nothing to say. */
  @Text({ comment: 'What the configuration is for', null: 'nothing to say' })
  description!: string | null;
}
