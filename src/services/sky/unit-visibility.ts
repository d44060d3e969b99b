import type { ObsUnit } from '../../entities/index.js';
import { assertOptions } from '../../values/arguments.js';
import { type Extent, extentOf } from '../dispatch/extent.js';
import { signed } from './direction.js';
import { FYST, type ObservingPlace } from './site.js';
import { type Place, type SkySamples, skySamples } from './sky-samples.js';
import { ephemerisOf } from './target.js';
import {
  type Bounds,
  boundLimits,
  boundsOf,
  intervalsOf,
  type Limit,
  type VisibilityOptions,
  type VisibleInterval,
} from './visibility.js';
import { instantsOf } from './window.js';

const DEGREE = Math.PI / 180;

/**
 * When an obs unit can be observed: what the telescope sweeps over around the source keeps the limits of elevation, azimuth
 * and distance from the Sun, of the unit and of the telescope, within the unit's sidereal window and period. At constant
 * elevation it is when the field drifts through that elevation, on the side that the scan asks for.
 * @param unit with `source` and `obsMode` loaded
 * @param options a night, or from and to; limits on top of those of the unit and of the telescope
 * @returns the intervals in their order; none where the position is not known
 * @throws OpsDbError `value_invalid` for a window or limit that is not allowed
 *
 * @example
 * import { obsUnitForDispatch, Telescope, unitVisibility } from 'ccat-ops-db';
 *
 * const telescope = await session.findOneByOrFail(Telescope, { shortName: 'FYST' });
 * const unit = await obsUnitForDispatch(session, 'Orion-KL/otf/CO43');
 * const [first] = unitVisibility(unit, { night: '2026-11-30', telescope });
 * console.log(first?.start.toISOString().slice(0, 16), first?.endBy); // 2026-12-01T01:29 elevation_min
 */
export function unitVisibility(unit: ObsUnit, options: VisibilityOptions): VisibleInterval[] {
  assertOptions('options', options);
  const telescope: ObservingPlace = options.telescope ?? FYST;
  const [from, to] = instantsOf(options, telescope);
  const bounds = boundsOf(options);
  const ephemeris = unit.source && ephemerisOf(unit.source);
  if (!ephemeris) return [];
  const samples = skySamples(telescope, from, to);
  const placeAt = samples.track(ephemeris);
  const extent = extentOf(unit);
  return intervalsOf(samples, [
    ...periodLimits(unit),
    ...siderealLimits(unit, samples),
    ...(extent.elevationDeg === null
      ? boundLimits(samples, placeAt, trackingBounds(unit, bounds, extent, telescope))
      : driftLimits(samples, placeAt, extent, withLimitsOf(unit, bounds), extent.elevationDeg)),
    ...azimuthLimits(unit, telescope, placeAt, extent),
  ]);
}

function withLimitsOf(unit: ObsUnit, bounds: Bounds): Bounds {
  return {
    ...bounds,
    elevationMinDeg: Math.max(bounds.elevationMinDeg, unit.elevationMinDeg ?? -90),
    elevationMaxDeg: Math.min(bounds.elevationMaxDeg, unit.elevationMaxDeg ?? 90),
    sunDistanceMinDeg: Math.max(bounds.sunDistanceMinDeg, unit.sunDistanceMinDeg ?? 0),
  };
}

/** The limits of the source where the telescope follows it: those of the path, less its reach. */
function trackingBounds(
  unit: ObsUnit,
  bounds: Bounds,
  { reachDeg, speedDegS }: Extent,
  telescope: ObservingPlace,
): Bounds {
  const limits = withLimitsOf(unit, bounds);
  // Near the zenith the azimuth axis has to move faster than the path does.
  const fastest = telescope.azimuthSpeedMaxDegS ?? Number.POSITIVE_INFINITY;
  const steepestDeg = Math.acos(Math.min(1, speedDegS / fastest)) / DEGREE;
  return {
    elevationMinDeg: limits.elevationMinDeg + reachDeg,
    elevationMaxDeg: Math.min(limits.elevationMaxDeg, steepestDeg) - reachDeg,
    sunDistanceMinDeg: limits.sunDistanceMinDeg && limits.sunDistanceMinDeg + reachDeg,
    moonDistanceMinDeg: limits.moonDistanceMinDeg && limits.moonDistanceMinDeg + reachDeg,
  };
}

/** At constant elevation the telescope stays where it is, and the field drifts through. */
function driftLimits(
  samples: SkySamples,
  placeAt: (time: number) => Place,
  { reachDeg, side }: Extent,
  { elevationMinDeg, elevationMaxDeg, sunDistanceMinDeg, moonDistanceMinDeg }: Bounds,
  elevationDeg: number,
): Limit[] {
  const isAllowed = elevationMinDeg <= elevationDeg && elevationDeg <= elevationMaxDeg;
  const through = {
    elevationMinDeg: Math.max(elevationDeg - reachDeg, -90),
    elevationMaxDeg: elevationDeg + reachDeg,
    sunDistanceMinDeg: sunDistanceMinDeg && sunDistanceMinDeg + reachDeg,
    moonDistanceMinDeg: moonDistanceMinDeg && moonDistanceMinDeg + reachDeg,
  };
  const drift = boundLimits(samples, placeAt, through).map(({ edge, margin }): Limit => {
    const isElevation = edge === 'elevation_min' || edge === 'elevation_max';
    return { edge: isElevation ? 'field_elevation' : edge, margin };
  });
  const turn = side === 'rising' ? 1 : -1;
  return [
    { edge: 'elevation_min', margin: () => (isAllowed ? 1 : -1) },
    ...drift,
    ...(side ? [{ edge: 'side' as const, margin: (time: number) => turn * placeAt(time).east }] : []),
  ];
}

/** The telescope can reach an azimuth with more than one turn of its cables. */
function azimuthLimits(
  unit: ObsUnit,
  telescope: ObservingPlace,
  placeAt: (time: number) => Place,
  { reachDeg, elevationDeg }: Extent,
): Limit[] {
  const least = unit.azimuthMinDeg ?? telescope.azimuthMinDeg ?? 0;
  const most = unit.azimuthMaxDeg ?? telescope.azimuthMaxDeg ?? 360;
  if (most - least >= 360) return [];
  const [middle, half] = [(least + most) / 2, (most - least) / 2];
  return [
    {
      edge: 'azimuth',
      margin: (time) => {
        const { up, north, east } = placeAt(time);
        const across = elevationDeg === null ? Math.hypot(north, east) : Math.cos(elevationDeg * DEGREE);
        const marginDeg = Math.min(180, reachDeg / Math.max(across, 0.01));
        return up > 0.9999
          ? -1
          : half - marginDeg - Math.abs(signed(Math.atan2(east, north) / DEGREE - middle));
      },
    },
  ];
}

function siderealLimits({ minLsa, maxLsa }: ObsUnit, samples: SkySamples): Limit[] {
  if (minLsa === null || maxLsa === null) return [];
  const half = (minLsa <= maxLsa ? maxLsa - minLsa : maxLsa + 360 - minLsa) / 2;
  const margin = (time: number) => half - Math.abs(signed(samples.siderealDeg(time) - minLsa - half));
  return [{ edge: 'sidereal_angle', margin }];
}

function periodLimits({ notBefore, notAfter }: ObsUnit): Limit[] {
  const limits: Limit[] = [];
  if (notBefore) limits.push({ edge: 'period', margin: (time) => time - notBefore.getTime() });
  if (notAfter) limits.push({ edge: 'period', margin: (time) => notAfter.getTime() - time });
  return limits;
}
