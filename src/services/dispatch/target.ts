import {
  ConstantElevationSource,
  FixedSource,
  OffsetFrame,
  SolarSystemObject,
  type Source,
} from '../../entities/index.js';
import type { TelescopeSite } from '../sky/site.js';
import { Sky } from '../sky/sky.js';

/** Right ascension and declination, ICRS [deg]. */
export interface Centre {
  readonly ra: number;
  readonly dec: number;
}

/** A field as the planners take it. */
export interface PlannerField {
  /** Right ascension of the centre, ICRS [deg]. */
  readonly ra_center: number;
  /** Declination of the centre, ICRS [deg]. */
  readonly dec_center: number;
  /** Extent in right ascension, on the sky [deg]. */
  readonly width: number;
  /** Extent in declination [deg]. */
  readonly height: number;
}

/** When and from where a moving source is looked at. */
export interface Occasion {
  readonly at: Date;
  readonly telescope: TelescopeSite;
}

/** The body that a source is or moves with; undefined for what stands still. */
export function bodyOf(source: Source): SolarSystemObject | undefined {
  if (source instanceof SolarSystemObject) return source;
  const followed = source instanceof ConstantElevationSource ? source.followsSource : undefined;
  return followed instanceof SolarSystemObject ? followed : undefined;
}

/** Where the centre of a source is; undefined where it has none, or none that is known. */
export function centreOf(source: Source, { at, telescope }: Occasion): Centre | undefined {
  if (source instanceof FixedSource) return { ra: source.raDeg, dec: source.decDeg };
  const body = bodyOf(source);
  if (body) {
    const position = new Sky(telescope, at).positionOf(body);
    return position && { ra: position.raDeg, dec: position.decDeg };
  }
  if (!(source instanceof ConstantElevationSource)) return undefined;
  const { centerRaDeg: ra, centerDecDeg: dec } = source;
  return ra === null || dec === null ? undefined : { ra, dec };
}

/** The field that a source is, with what is against giving it to a planner. */
export function fieldOf(source: Source, occasion: Occasion): PlannerField | string {
  const centre = centreOf(source, occasion);
  if (!(source instanceof ConstantElevationSource))
    return 'has no extent: a field with centre, width and height is scanned';
  const { widthDeg: width, heightDeg: height, fieldFrame } = source;
  if (!centre || width === null || height === null)
    return 'cannot be planned: a field needs its centre, width and height';
  if (fieldFrame !== OffsetFrame.EQUATORIAL)
    return `cannot be planned: its width and height are along ${fieldFrame} axes, and the planner knows equatorial ones`;
  return { ra_center: centre.ra, dec_center: centre.dec, width, height };
}
