import { Json, Real } from '../columns.js';
import { Subtype } from '../subtype.js';
import { ObservationConfigurationType } from './enums.js';
import { ObservationConfiguration } from './observation-configuration.js';

/** One window of a constant-elevation plan, with the keys that the planner writes; degrees and seconds. */
export interface AzimuthRange {
  /** Elevation of the scan [deg]. */
  readonly elevation: number;
  /** Smallest azimuth of the scan [deg]. */
  readonly az_min: number;
  /** Largest azimuth of the scan [deg]. */
  readonly az_max: number;
  /** Duration of the scan [s]. */
  readonly duration: number;
}

/**
 * How Prime-Cam and Mod-Cam scan.
 *
 * @example
 * import { PrimeCamObservationConfiguration } from 'ccat-ops-db';
 * import { IsNull, Not } from 'typeorm';
 *
 * const planned = await session.findBy(PrimeCamObservationConfiguration, { azimuthRanges: Not(IsNull()) });
 * const [window] = planned.flatMap(({ azimuthRanges }) => azimuthRanges ?? []);
 * console.log(window?.az_min, window?.az_max, window?.duration); // 120 240 14400
 */
@Subtype('PrimeCamObservationConfiguration', ObservationConfigurationType.PRIME_CAM)
export class PrimeCamObservationConfiguration extends ObservationConfiguration {
  /** Speed of the scan: of pong and daisy on the sky, at constant elevation of the azimuth axis [deg/s]. */
  @Real({
    comment: 'Speed of the scan: of pong and daisy on the sky, at constant elevation of the azimuth axis',
    unit: 'deg/s',
    above: 0,
  })
  onskyVelocityDegS!: number;

  /**
   * Acceleration: of a daisy at its start, where it is required, otherwise at the turns [deg/s**2]; null: the
   * planner's default.
   */
  @Real({
    comment: 'Acceleration: of a daisy at its start, where it is required, otherwise at the turns',
    unit: 'deg/s**2',
    above: 0,
    null: "the planner's default",
  })
  scanAccelerationDegS2!: number | null;

  /**
   * Azimuth table: a list of elevation, az_min, az_max [deg] and duration [s]; null: not at constant
   * elevation, or left to the planner.
   */
  @Json({
    comment: 'Azimuth table: a list of elevation, az_min, az_max [deg] and duration [s]',
    null: 'not at constant elevation, or left to the planner',
  })
  azimuthRanges!: AzimuthRange[] | null;
}
