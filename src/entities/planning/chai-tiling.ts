import { Entity, ManyToOne, Unique } from 'typeorm';
import { Int, Real, ReferenceKey } from '../columns.js';
import { Keyed } from '../keyed.js';
import { ChaiObservationConfiguration } from './chai-observation-configuration.js';

/**
 * One tile of a CHAI map: a footprint of the array at an offset from the source.
 *
 * @example
 * import { ChaiTiling } from 'ccat-ops-db';
 *
 * const tiles = await session.find(ChaiTiling, {
 *   where: { chaiObservationConfiguration: { name: 'otf_lfa_15x15' } },
 *   order: { tileNumber: 'ASC' },
 * });
 * console.log(tiles.length, tiles[0]?.offsetXArcmin, tiles[0]?.offsetYArcmin); // 4 -3.75 -3.75
 */
@Entity({ comment: 'One tile of a CHAI map.' })
@Unique(['chaiObservationConfigurationId', 'tileNumber'])
export class ChaiTiling extends Keyed {
  /** Map that the tile belongs to. */
  @ReferenceKey({ comment: 'Map that the tile belongs to' })
  chaiObservationConfigurationId!: number;

  @ManyToOne(
    () => ChaiObservationConfiguration,
    (configuration) => configuration.tilings,
    { nullable: false, onDelete: 'CASCADE' },
  )
  chaiObservationConfiguration?: ChaiObservationConfiguration;

  /** Number of the tile within its map, in the order of observing. */
  @Int({ comment: 'Number of the tile within its map, in the order of observing', min: 1 })
  tileNumber!: number;

  /** Offset of the tile from the source in right ascension times cos(declination) [arcmin]. */
  @Real({
    comment: 'Offset of the tile from the source in right ascension times cos(declination)',
    unit: 'arcmin',
  })
  offsetXArcmin!: number;

  /** Offset of the tile from the source in declination [arcmin]. */
  @Real({ comment: 'Offset of the tile from the source in declination', unit: 'arcmin' })
  offsetYArcmin!: number;

  /** Rotation of the tile, north through east [deg]. */
  @Real({ comment: 'Rotation of the tile, north through east', unit: 'deg', min: -180, max: 180 })
  angleDeg!: number;

  /** Number of rows. */
  @Int({ comment: 'Number of rows', min: 1 })
  rowCount!: number;

  /** Distance between rows [arcsec]. */
  @Real({ comment: 'Distance between rows', unit: 'arcsec', above: 0 })
  rowSpacingArcsec!: number;

  /** Distance between dumps along a row [arcsec]. */
  @Real({ comment: 'Distance between dumps along a row', unit: 'arcsec', above: 0 })
  dumpSpacingArcsec!: number;
}
