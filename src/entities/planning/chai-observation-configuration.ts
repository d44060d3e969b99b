import { OneToMany } from 'typeorm';
import { Real } from '../columns.js';
import { Subtype } from '../subtype.js';
import type { ChaiTiling } from './chai-tiling.js';
import { ObservationConfigurationType } from './enums.js';
import { ObservationConfiguration } from './observation-configuration.js';

/**
 * How CHAI maps: dumps, rows and the tiles that the map is made of.
 *
 * @example
 * import { ChaiObservationConfiguration } from 'ccat-ops-db';
 *
 * const map = await session.findOneOrFail(ChaiObservationConfiguration, {
 *   where: { name: 'otf_lfa_15x15' },
 *   relations: { tilings: true },
 * });
 * console.log(map.tilings?.length, map.dumpTimeS); // 4 1
 */
@Subtype('ChaiObservationConfiguration', ObservationConfigurationType.CHAI)
export class ChaiObservationConfiguration extends ObservationConfiguration {
  /** Extent of the map in right ascension [arcmin]; null: a single position. */
  @Real({
    comment: 'Extent of the map in right ascension',
    unit: 'arcmin',
    above: 0,
    null: 'a single position',
  })
  mapWidthArcmin!: number | null;

  /** Extent of the map in declination [arcmin]; null: a single position. */
  @Real({ comment: 'Extent of the map in declination', unit: 'arcmin', above: 0, null: 'a single position' })
  mapHeightArcmin!: number | null;

  /** Rotation of the map, north through east [deg]; null: not rotated. */
  @Real({
    comment: 'Rotation of the map, north through east',
    unit: 'deg',
    min: -180,
    max: 180,
    null: 'not rotated',
  })
  mapAngleDeg!: number | null;

  /** Distance between rows [arcsec]; null: a single position. */
  @Real({ comment: 'Distance between rows', unit: 'arcsec', above: 0, null: 'a single position' })
  rowSpacingArcsec!: number | null;

  /** Distance between dumps along a row [arcsec]; null: a single position. */
  @Real({
    comment: 'Distance between dumps along a row',
    unit: 'arcsec',
    above: 0,
    null: 'a single position',
  })
  dumpSpacingArcsec!: number | null;

  /** Integration time of a dump [s]. */
  @Real({ comment: 'Integration time of a dump', unit: 's', above: 0 })
  dumpTimeS!: number;

  @OneToMany('ChaiTiling', 'chaiObservationConfiguration')
  tilings?: ChaiTiling[];
}
