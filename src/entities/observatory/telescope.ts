import { Check, Entity, Index, ManyToOne, Unique } from 'typeorm';
import { Instant, Real, ReferenceKey, Text } from '../columns.js';
import { Keyed } from '../keyed.js';
import { Observatory } from './observatory.js';

/**
 * A telescope at one place, such as the Fred Young Submillimeter Telescope (FYST).
 *
 * @example
 * import { Telescope } from 'ccat-ops-db';
 *
 * const fyst = await session.findOneByOrFail(Telescope, { shortName: 'FYST' });
 * const isAllowed = (elevationDeg: number, sunDistanceDeg: number) =>
 *   elevationDeg >= fyst.elevationMinDeg &&
 *   elevationDeg <= fyst.elevationMaxDeg &&
 *   sunDistanceDeg >= fyst.sunExclusionDeg;
 * console.log(isAllowed(45, 96.5)); // true
 * console.log(isAllowed(45, 20)); // false
 */
@Entity({ comment: 'A telescope at one place, with the limits that every observation must keep.' })
@Unique(['name'])
@Unique(['shortName'])
@Check('ck_telescope__elevation_limits_ordered', '"elevation_min_deg" < "elevation_max_deg"')
@Check('ck_telescope__azimuth_limits_ordered', '"azimuth_min_deg" < "azimuth_max_deg"')
@Check('ck_telescope__sun_warning_outside_exclusion', '"sun_warning_deg" >= "sun_exclusion_deg"')
export class Telescope extends Keyed {
  /** Observatory that runs the telescope. */
  @Index()
  @ReferenceKey({ comment: 'Observatory that runs the telescope' })
  observatoryId!: number;

  @ManyToOne(() => Observatory, { nullable: false, onDelete: 'RESTRICT' })
  observatory?: Observatory;

  /** Name of the telescope. */
  @Text({ comment: 'Name of the telescope' })
  name!: string;

  /** Short form of the name. */
  // Such as `FYST`.
  @Text({ comment: 'Short form of the name' })
  shortName!: string;

  /** Geodetic latitude, north positive [deg]. */
  @Real({ comment: 'Geodetic latitude, north positive', unit: 'deg', min: -90, max: 90 })
  latitudeDeg!: number;

  /** Longitude, east positive [deg]. */
  @Real({ comment: 'Longitude, east positive', unit: 'deg', min: -180, max: 180 })
  longitudeDeg!: number;

  /** Height above sea level [m]. */
  @Real({ comment: 'Height above sea level', unit: 'm', min: -500, max: 9000 })
  altitudeM!: number;

  /** Diameter of the primary mirror [m]. */
  @Real({ comment: 'Diameter of the primary mirror', unit: 'm', above: 0 })
  apertureM!: number;

  /** Diameter that sensitivity estimates use [m]; null: not known. */
  @Real({ comment: 'Diameter that sensitivity estimates use', unit: 'm', above: 0, null: 'not known' })
  effectiveApertureM!: number | null;

  /** Diameter of the usable field of view [deg]; null: not known. */
  @Real({ comment: 'Diameter of the usable field of view', unit: 'deg', above: 0, null: 'not known' })
  fieldOfViewDeg!: number | null;

  /** Scale in the focal plane [arcsec/mm]; null: not known. */
  @Real({ comment: 'Scale in the focal plane', unit: 'arcsec/mm', above: 0, null: 'not known' })
  plateScaleArcsecPerMm!: number | null;

  /** Root mean square error of the surface [um]; null: not known. */
  @Real({ comment: 'Root mean square error of the surface', unit: 'um', above: 0, null: 'not known' })
  surfaceRmsUm!: number | null;

  /** Smallest azimuth of operation, north through east [deg]. */
  @Real({ comment: 'Smallest azimuth of operation, north through east', unit: 'deg', min: -360, max: 360 })
  azimuthMinDeg!: number;

  /** Largest azimuth of operation, north through east [deg]. */
  @Real({ comment: 'Largest azimuth of operation, north through east', unit: 'deg', min: -360, max: 720 })
  azimuthMaxDeg!: number;

  /** Smallest elevation of operation [deg]. */
  @Real({ comment: 'Smallest elevation of operation', unit: 'deg', min: 0, max: 90 })
  elevationMinDeg!: number;

  /** Largest elevation of operation [deg]. */
  // Above 90 where the telescope can go over the zenith.
  @Real({ comment: 'Largest elevation of operation', unit: 'deg', min: 0, max: 180 })
  elevationMaxDeg!: number;

  /** Largest speed in azimuth that planners use [deg/s]. */
  @Real({ comment: 'Largest speed in azimuth that planners use', unit: 'deg/s', above: 0 })
  azimuthSpeedMaxDegS!: number;

  /** Largest acceleration in azimuth that planners use [deg/s**2]. */
  @Real({ comment: 'Largest acceleration in azimuth that planners use', unit: 'deg/s**2', above: 0 })
  azimuthAccelerationMaxDegS2!: number;

  /** Largest speed in elevation that planners use [deg/s]. */
  @Real({ comment: 'Largest speed in elevation that planners use', unit: 'deg/s', above: 0 })
  elevationSpeedMaxDegS!: number;

  /** Largest acceleration in elevation that planners use [deg/s**2]. */
  @Real({ comment: 'Largest acceleration in elevation that planners use', unit: 'deg/s**2', above: 0 })
  elevationAccelerationMaxDegS2!: number;

  /** Time from the end of a slew until the telescope stands still [s]. */
  @Real({
    comment: 'Time from the end of a slew until the telescope stands still',
    unit: 's',
    min: 0,
    default: 5,
  })
  settleTimeS!: number;

  /** Distance from the Sun inside which the telescope must not point [deg]. */
  @Real({
    comment: 'Distance from the Sun inside which the telescope must not point',
    unit: 'deg',
    min: 0,
    max: 180,
  })
  sunExclusionDeg!: number;

  /** Distance from the Sun inside which operators are warned [deg]. */
  @Real({ comment: 'Distance from the Sun inside which operators are warned', unit: 'deg', min: 0, max: 180 })
  sunWarningDeg!: number;

  /** Civil time zone of the place, IANA name. */
  // IANA name; operations are in UTC.
  @Text({ comment: 'Civil time zone of the place, IANA name' })
  timeZone!: string;

  /**
   * End of the last night that was simulated here, UTC: executions up to then are not in the future; null:
   * none was, as at the observatory.
   */
  // A simulation has its own clock, which may be ahead of the server's.
  @Instant({
    comment:
      'End of the last night that was simulated here, UTC: executions up to then are not in the future',
    null: 'none was, as at the observatory',
  })
  simulatedUntil!: Date | null;
}
