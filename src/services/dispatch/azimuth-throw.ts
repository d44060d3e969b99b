import type { TelescopeSite } from '../sky/site.js';
import type { PlannerField } from './target.js';

const RADIANS = Math.PI / 180;

/** A field as it is scanned at constant elevation. */
export interface ConstantElevationPass {
  readonly field: PlannerField;
  /** Rotation of the field, north through east [deg]. */
  readonly angleDeg: number;
  /** Elevation of the scan [deg]. */
  readonly elevationDeg: number;
  /** Whether the field rises through that elevation; otherwise it sets. */
  readonly isRising: boolean;
}

/**
 * How far the azimuth must go to and fro so that a field at constant elevation is covered, without the padding [deg]. As in the planner: the pass
 * lasts from the first to the last edge in right ascension, at the declination of the centre; at its start, middle and end the corners
 * and the centre are looked at.
 * @returns undefined where the field never crosses the elevation
 */
export function azimuthThrow(
  pass: ConstantElevationPass,
  { latitudeDeg }: TelescopeSite,
): number | undefined {
  const { field, elevationDeg, isRising } = pass;
  const corners = cornersOf(pass);
  const edges = corners.map(([ra]) => ra);
  const crossing = hourAngleAt(elevationDeg, field.dec_center, latitudeDeg);
  if (crossing === undefined) return undefined;
  const [first, last] = [Math.min(...edges), Math.max(...edges)];
  const points = [...corners, [field.ra_center, field.dec_center] as const];
  const azimuths = [first, (first + last) / 2, last]
    .map((ra) => ra + (isRising ? -crossing : crossing))
    .flatMap((sidereal) => points.map(([ra, dec]) => azimuthOf(sidereal - ra, dec, latitudeDeg)));
  return spread(azimuths);
}

function cornersOf({ field, angleDeg }: ConstantElevationPass): (readonly [ra: number, dec: number])[] {
  const { ra_center: ra, dec_center: dec, width, height } = field;
  const [cos, sin] = [Math.cos(angleDeg * RADIANS), Math.sin(angleDeg * RADIANS)];
  const sides = [-0.5, 0.5];
  return sides.flatMap((x) =>
    sides.map((y): readonly [number, number] => {
      const [east, north] = [x * width, y * height];
      return [ra + (east * cos - north * sin) / Math.cos(dec * RADIANS), dec + east * sin + north * cos];
    }),
  );
}

/** The hour angle at which a declination sets through an elevation [deg]; undefined where it never does. */
function hourAngleAt(elevationDeg: number, decDeg: number, latitudeDeg: number): number | undefined {
  const [latitude, dec] = [latitudeDeg * RADIANS, decDeg * RADIANS];
  const cosine =
    (Math.sin(elevationDeg * RADIANS) - Math.sin(latitude) * Math.sin(dec)) /
    (Math.cos(latitude) * Math.cos(dec));
  return Math.abs(cosine) > 1 ? undefined : Math.acos(cosine) / RADIANS;
}

function azimuthOf(hourAngleDeg: number, decDeg: number, latitudeDeg: number): number {
  const [hourAngle, dec, latitude] = [hourAngleDeg, decDeg, latitudeDeg].map((angle) => angle * RADIANS) as [
    number,
    number,
    number,
  ];
  const east = -Math.cos(dec) * Math.sin(hourAngle);
  const north = Math.sin(dec) * Math.cos(latitude) - Math.cos(dec) * Math.cos(hourAngle) * Math.sin(latitude);
  return (Math.atan2(east, north) / RADIANS + 360) % 360;
}

/** From the smallest to the largest of some azimuths, which may lie on both sides of north [deg]. */
function spread(azimuths: readonly number[]): number {
  const width = (angles: readonly number[]) => Math.max(...angles) - Math.min(...angles);
  if (width(azimuths) <= 180) return width(azimuths);
  const median = [...azimuths].sort((a, b) => a - b)[Math.floor(azimuths.length / 2)] as number;
  return width(azimuths.map((azimuth) => ((azimuth - median + 540) % 360) - 180));
}
