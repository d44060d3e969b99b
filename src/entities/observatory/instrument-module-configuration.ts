import { Entity, ManyToMany, ManyToOne, TableInheritance, Unique } from 'typeorm';
import { Enum, ReferenceKey, Text } from '../columns.js';
import { Keyed } from '../keyed.js';
import type { ObsUnit } from '../planning/obs-unit.js';
import { ModuleConfigurationType } from './enums.js';
import { InstrumentModule } from './instrument-module.js';

/**
 * A named way to set up a module for observing; obs units say which ones they use.
 *
 * @example
 * import {
 *   ChaiModuleConfiguration,
 *   InstrumentModuleConfiguration,
 *   ModuleConfigurationType,
 * } from 'ccat-ops-db';
 *
 * const where = { obsUnits: { name: 'RScl/position_switch/CO43' } };
 * const setUp = await session.findOneByOrFail(InstrumentModuleConfiguration, where);
 * console.log(setUp.name, setUp.type === ModuleConfigurationType.CHAI); // LFA_CO43_LSB true
 * if (setUp instanceof ChaiModuleConfiguration) console.log(setUp.loFrequencyGhz); // 467.040768
 */
@Entity({ comment: 'A named way to set up an instrument module for observing; a family told apart by type.' })
@TableInheritance({ column: 'type' })
@Unique(['instrumentModuleId', 'name'])
export abstract class InstrumentModuleConfiguration extends Keyed {
  @Enum(ModuleConfigurationType, { comment: 'Which member of the family the row is' })
  readonly type!: ModuleConfigurationType;

  /** Module that is set up. */
  @ReferenceKey({ comment: 'Module that is set up' })
  instrumentModuleId!: number;

  @ManyToOne(() => InstrumentModule, { nullable: false, onDelete: 'RESTRICT' })
  instrumentModule?: InstrumentModule;

  /** Name of the configuration, unique within the module. */
  @Text({ comment: 'Name of the configuration, unique within the module' })
  name!: string;

  /** What the configuration is for; null: nothing to say. */
  @Text({ comment: 'What the configuration is for', null: 'nothing to say' })
  description!: string | null;

  /** Stands here for its onDelete: a configuration that obs units use must not vanish. */
  @ManyToMany('ObsUnit', 'instrumentModuleConfigurations', { onDelete: 'RESTRICT' })
  obsUnits?: ObsUnit[];
}
