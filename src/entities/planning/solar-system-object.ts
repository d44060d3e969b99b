import { Unique } from 'typeorm';
import { Enum, Int, Real, Text } from '../columns.js';
import { Subtype } from '../subtype.js';
import { BodyClass, SourceType } from './enums.js';
import { Source } from './source.js';

/**
 * A planet, moon, asteroid or comet, whose position comes from an ephemeris.
 *
 * @example
 * import { BodyClass, SolarSystemObject } from 'ccat-ops-db';
 * import { LessThan } from 'typeorm';
 *
 * const smallPlanets = await session.find(SolarSystemObject, {
 *   where: { bodyClass: BodyClass.PLANET, angularDiameterMaxArcsec: LessThan(10) },
 *   order: { naifId: 'ASC' },
 * });
 * console.log(smallPlanets.map(({ name }) => name)); // [ 'Uranus', 'Neptune' ]
 */
@Unique(['naifId'])
@Subtype('SolarSystemObject', SourceType.SOLAR_SYSTEM_OBJECT, {
  rules: { diameters_ordered: '"angular_diameter_min_arcsec" <= "angular_diameter_max_arcsec"' },
})
export class SolarSystemObject extends Source {
  /** Code of the body in the NAIF system of JPL. */
  @Int({ comment: 'Code of the body in the NAIF system of JPL', min: 0 })
  naifId!: number;

  /** Code of the barycentre of the body's system in the NAIF system; null: it has none. */
  @Int({
    comment: "Code of the barycentre of the body's system in the NAIF system",
    min: 0,
    null: 'it has none',
  })
  naifBarycenterId!: number | null;

  /** Kind of body. */
  @Enum(BodyClass, { comment: 'Kind of body' })
  bodyClass!: BodyClass;

  /** Smallest angular diameter seen from Earth [arcsec]; null: not known. */
  @Real({ comment: 'Smallest angular diameter seen from Earth', unit: 'arcsec', above: 0, null: 'not known' })
  angularDiameterMinArcsec!: number | null;

  /** Largest angular diameter seen from Earth [arcsec]; null: not known. */
  @Real({ comment: 'Largest angular diameter seen from Earth', unit: 'arcsec', above: 0, null: 'not known' })
  angularDiameterMaxArcsec!: number | null;

  /** What the body is used for; null: nothing to say. */
  @Text({ comment: 'What the body is used for', null: 'nothing to say' })
  typicalUse!: string | null;
}
