import {
  AngleBetween,
  Body,
  Equator,
  EquatorFromVector,
  HorizonFromVector,
  MakeTime,
  Observer,
  RotateVector,
  Rotation_EQJ_HOR,
  SiderealTime,
  Spherical,
  type Vector,
  VectorFromSphere,
} from 'astronomy-engine';
import {
  ConstantElevationSource,
  FixedSource,
  SolarSystemObject,
  type Source,
} from '../../entities/index.js';
import type { TelescopeSite } from './site.js';

/** Where a source is at one moment, seen from the telescope. */
export interface SkyPosition {
  /** Right ascension, ICRS [deg]. */
  readonly raDeg: number;
  /** Declination, ICRS [deg]. */
  readonly decDeg: number;
  /** Azimuth, north through east, from 0 to below 360 [deg]. */
  readonly azimuthDeg: number;
  /** Elevation above the horizon, without refraction [deg]. */
  readonly elevationDeg: number;
  /** Distance from the Sun [deg]. */
  readonly sunDistanceDeg: number;
}

/** Bodies by the code of NAIF, of themselves or of their barycentre: a moon is not told from its planet. */
const BODIES: ReadonlyMap<number, Body> = new Map([
  [10, Body.Sun],
  [199, Body.Mercury],
  [299, Body.Venus],
  [301, Body.Moon],
  [4, Body.Mars],
  [5, Body.Jupiter],
  [6, Body.Saturn],
  [7, Body.Uranus],
  [8, Body.Neptune],
]);

/**
 * The sky above a telescope at one moment.
 * @param site where the telescope stands
 * @param instant when
 *
 * @example
 * import { FYST, Source, skyAt } from 'ccat-ops-db';
 *
 * const sky = skyAt(FYST, new Date('2026-12-01T07:20:00Z'));
 * const jupiter = sky.positionOf(await session.findOneByOrFail(Source, { name: 'Jupiter' }));
 * console.log(jupiter?.elevationDeg.toFixed(0)); // 39
 */
export function skyAt(site: TelescopeSite, instant: Date): Sky {
  return new Sky(site, instant);
}

/** The sky above a telescope at one moment, as {@link skyAt} makes it. */
export class Sky {
  private readonly time;
  private readonly observer;
  private readonly toHorizon;
  private readonly sun: Vector;

  /**
   * @param site where the telescope stands
   * @param instant when
   */
  constructor({ latitudeDeg, longitudeDeg, altitudeM }: TelescopeSite, instant: Date) {
    this.time = MakeTime(instant);
    this.observer = new Observer(latitudeDeg, longitudeDeg, altitudeM);
    this.toHorizon = Rotation_EQJ_HOR(this.time, this.observer);
    this.sun = this.body(Body.Sun);
  }

  /** The local sidereal angle, from 0 to below 360 [deg]. */
  get siderealDeg(): number {
    return positive(SiderealTime(this.time) * 15 + this.observer.longitude);
  }

  /**
   * Where a source is. Of a field it is the centre, of a range of declination the point on the meridian.
   * @returns undefined where the position is not known: asteroids, and fields without limits
   */
  positionOf(source: Source): SkyPosition | undefined {
    const vector = this.vectorOf(source);
    if (!vector) return undefined;
    const { ra, dec } = EquatorFromVector(vector);
    const { lat, lon } = HorizonFromVector(RotateVector(this.toHorizon, vector), '');
    const sunDistanceDeg = AngleBetween(vector, this.sun);
    return { raDeg: ra * 15, decDeg: dec, azimuthDeg: lon, elevationDeg: lat, sunDistanceDeg };
  }

  private vectorOf(source: Source): Vector | undefined {
    if (source instanceof FixedSource) return this.direction(source.raDeg, source.decDeg);
    if (source instanceof SolarSystemObject) {
      const body = BODIES.get(source.naifId) ?? BODIES.get(source.naifBarycenterId ?? Number.NaN);
      return body && this.body(body);
    }
    if (!(source instanceof ConstantElevationSource)) return undefined;
    if (source.followsSource) return this.vectorOf(source.followsSource);
    if (source.centerDecDeg === null) return undefined;
    return this.direction(source.centerRaDeg ?? this.siderealDeg, source.centerDecDeg);
  }

  private body(body: Body): Vector {
    return Equator(body, this.time, this.observer, false, true).vec;
  }

  private direction(raDeg: number, decDeg: number): Vector {
    return VectorFromSphere(new Spherical(decDeg, raDeg, 1), this.time);
  }
}

function positive(degrees: number): number {
  return ((degrees % 360) + 360) % 360;
}
