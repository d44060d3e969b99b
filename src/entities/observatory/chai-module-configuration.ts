import { OneToMany } from 'typeorm';
import { Enum, Real } from '../columns.js';
import type { ChaiInparParameter } from '../planning/chai-inpar-parameter.js';
import { Subtype } from '../subtype.js';
import { ModuleConfigurationType, Sideband } from './enums.js';
import { InstrumentModuleConfiguration } from './instrument-module-configuration.js';

/**
 * A tuning of a CHAI array: one local oscillator setting that takes one or more spectral lines.
 *
 * @example
 * import { ChaiModuleConfiguration, Sideband } from 'ccat-ops-db';
 *
 * const tuning = await session.findOneOrFail(ChaiModuleConfiguration, {
 *   where: { sideband: Sideband.USB, instrumentModule: { name: 'HFA' } },
 *   relations: { inparParameters: { spectralLine: true } },
 *   order: { inparParameters: { ifFrequencyGhz: 'ASC' } },
 * });
 * console.log(tuning.inparParameters?.map(({ spectralLine }) => spectralLine?.lineId)); // [ 'CO76', 'CI21' ]
 */
@Subtype('ChaiModuleConfiguration', ModuleConfigurationType.CHAI)
export class ChaiModuleConfiguration extends InstrumentModuleConfiguration {
  /** Frequency of the local oscillator for a source at rest [GHz]. */
  @Real({ comment: 'Frequency of the local oscillator for a source at rest', unit: 'GHz', above: 0 })
  loFrequencyGhz!: number;

  /** Sideband that takes the lines. */
  @Enum(Sideband, { comment: 'Sideband that takes the lines' })
  sideband!: Sideband;

  @OneToMany('ChaiInparParameter', 'chaiModuleConfiguration')
  inparParameters?: ChaiInparParameter[];
}
