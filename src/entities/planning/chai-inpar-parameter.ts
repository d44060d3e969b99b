import { Entity, Index, ManyToOne, Unique } from 'typeorm';
import { Real, ReferenceKey } from '../columns.js';
import { Keyed } from '../keyed.js';
import { ChaiModuleConfiguration } from '../observatory/chai-module-configuration.js';
import { SpectralLine } from './spectral-line.js';

/**
 * Where one spectral line falls in a CHAI tuning: a row of its inpar file.
 *
 * @example
 * import { ChaiInparParameter } from 'ccat-ops-db';
 *
 * const row = await session.findOneOrFail(ChaiInparParameter, {
 *   where: { spectralLine: { lineId: 'CO43' } },
 *   relations: { chaiModuleConfiguration: true },
 * });
 * console.log(row.chaiModuleConfiguration?.name); // LFA_CO43_LSB
 * console.log(row.ifFrequencyGhz, row.imageFrequencyGhz); // 6 473.040768
 */
@Entity({ comment: 'Where one spectral line falls in a CHAI tuning.' })
@Unique('uq_chai_inpar_parameter__configuration_line', ['chaiModuleConfigurationId', 'spectralLineId'])
export class ChaiInparParameter extends Keyed {
  /** Tuning that takes the line. */
  @ReferenceKey({ comment: 'Tuning that takes the line' })
  chaiModuleConfigurationId!: number;

  @ManyToOne(
    () => ChaiModuleConfiguration,
    (configuration) => configuration.inparParameters,
    { nullable: false, onDelete: 'CASCADE' },
  )
  chaiModuleConfiguration?: ChaiModuleConfiguration;

  /** Spectral line. */
  @Index()
  @ReferenceKey({ comment: 'Spectral line' })
  spectralLineId!: number;

  @ManyToOne(() => SpectralLine, { nullable: false, onDelete: 'RESTRICT' })
  spectralLine?: SpectralLine;

  /** Intermediate frequency of the line [GHz]. */
  @Real({ comment: 'Intermediate frequency of the line', unit: 'GHz', above: 0 })
  ifFrequencyGhz!: number;

  /** Sky frequency in the other sideband that falls on the same intermediate frequency [GHz]. */
  @Real({
    comment: 'Sky frequency in the other sideband that falls on the same intermediate frequency',
    unit: 'GHz',
    above: 0,
  })
  imageFrequencyGhz!: number;

  /** Velocity for which the tuning was computed, LSRK, radio convention [km/s]. */
  @Real({ comment: 'Velocity for which the tuning was computed, LSRK, radio convention', unit: 'km/s' })
  velocityLsrKms!: number;
}
