import {
  BaryState,
  Body,
  C_AUDAY,
  Equator,
  MakeTime,
  Observer,
  RotateVector,
  Rotation_EQJ_EQD,
  SiderealTime,
  Vector,
} from 'astronomy-engine';
import type { Source } from '../../entities/index.js';
import {
  angleBetween,
  anglesOf,
  type Direction,
  directionOf,
  dot,
  plus,
  positive,
  unitOf,
} from './direction.js';
import type { TelescopeSite } from './site.js';
import { type Ephemeris, ephemerisOf, type SkyTarget } from './target.js';

/** Where a source is at one moment, seen from the telescope. */
export interface SkyPosition {
  /** Right ascension, ICRS; of a body as seen from the telescope [deg]. */
  readonly raDeg: number;
  /** Declination, ICRS; of a body as seen from the telescope [deg]. */
  readonly decDeg: number;
  /** Azimuth, north through east, from 0 to below 360 [deg]. */
  readonly azimuthDeg: number;
  /** Elevation above the horizon, without refraction [deg]. */
  readonly elevationDeg: number;
  /** Distance from the Sun [deg]. */
  readonly sunDistanceDeg: number;
}

/** Where a target is at one moment, with all that a scheduler or an observer wants to know of it. */
export interface TargetPosition extends SkyPosition {
  /** Position angle of the zenith at the target, north through east, from -180 to below 180 [deg]. */
  readonly parallacticDeg: number;
  /** Local apparent sidereal angle, from 0 to below 360 [deg]. */
  readonly siderealDeg: number;
  /** One over the sine of the elevation; null at and below the horizon. */
  readonly airmass: number | null;
  /** Distance from the Moon [deg]. */
  readonly moonDistanceDeg: number;
}

const DEGREE = Math.PI / 180;
const MAS = DEGREE / 3_600_000;
const DAYS_A_YEAR = 365.25;

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
  /** The local apparent sidereal angle, from 0 to below 360 [deg]. */
  readonly siderealDeg: number;
  private readonly time;
  private readonly observer;
  private readonly toDate;
  private readonly known = new Map<Body, Direction>();

  /**
   * @param site where the telescope stands
   * @param instant when
   */
  constructor({ latitudeDeg, longitudeDeg, altitudeM }: TelescopeSite, instant: Date) {
    this.time = MakeTime(instant);
    this.observer = new Observer(latitudeDeg, longitudeDeg, altitudeM);
    this.toDate = Rotation_EQJ_EQD(this.time);
    this.siderealDeg = positive(SiderealTime(this.time) * 15 + longitudeDeg);
  }

  /** Where the Sun is seen, in the axes of ICRS. */
  get sun(): Direction {
    return this.bodyDirection(Body.Sun);
  }

  /** Where the Moon is seen, in the axes of ICRS. */
  get moon(): Direction {
    return this.bodyDirection(Body.Moon);
  }

  /**
   * Where a source is. Of a field it is the centre, of a range of declination the point on the meridian.
   * @returns undefined where the position is not known: asteroids, and fields without limits
   */
  positionOf(source: Source): SkyPosition | undefined {
    return this.fullPositionOf(source, false);
  }

  /**
   * As {@link Sky.positionOf}, with everything that is known of a target.
   * @returns undefined where the position is not known: asteroids, and fields without limits
   */
  targetPositionOf(target: SkyTarget): TargetPosition | undefined {
    return this.fullPositionOf(target, true);
  }

  private fullPositionOf(target: SkyTarget, withMoon: true): TargetPosition | undefined;
  private fullPositionOf(target: SkyTarget, withMoon: boolean): SkyPosition | undefined;
  private fullPositionOf(target: SkyTarget, withMoon: boolean): SkyPosition | TargetPosition | undefined {
    const ephemeris = ephemerisOf(target);
    if (!ephemeris) return undefined;
    const apparent = this.apparent(ephemeris);
    const place = anglesOf(plus(apparent, this.earthVelocity(), -1));
    const { up, north, east } = this.local(apparent, this.siderealDeg);
    const position: SkyPosition = {
      raDeg: place.longitudeDeg,
      decDeg: place.latitudeDeg,
      azimuthDeg: positive(Math.atan2(east, north) / DEGREE),
      elevationDeg: Math.atan2(up, Math.hypot(north, east)) / DEGREE,
      sunDistanceDeg: angleBetween(apparent, this.sun),
    };
    if (!withMoon) return position;
    return {
      ...position,
      parallacticDeg: this.parallacticDeg(apparent),
      siderealDeg: this.siderealDeg,
      airmass: up > 0 ? 1 / up : null,
      moonDistanceDeg: angleBetween(apparent, this.moon),
    };
  }

  /**
   * The direction in which a target is seen, in the axes of ICRS: with aberration, and a body as from the telescope.
   * @internal
   */
  apparent(ephemeris: Ephemeris): Direction {
    if ('body' in ephemeris) return this.bodyDirection(ephemeris.body);
    return plus(this.catalogue(ephemeris), this.earthVelocity());
  }

  /**
   * A direction in the axes of ICRS as seen from the telescope: its parts upwards, to the north and to the east.
   * @param siderealDeg that of a moment within minutes of the sky's own
   * @internal
   */
  local(direction: Direction, siderealDeg: number): { up: number; north: number; east: number } {
    const { x, y, z } = this.ofDate(direction);
    const [sidereal, latitude] = [siderealDeg * DEGREE, this.observer.latitude * DEGREE];
    const toMeridian = x * Math.cos(sidereal) + y * Math.sin(sidereal);
    return {
      up: toMeridian * Math.cos(latitude) + z * Math.sin(latitude),
      north: z * Math.cos(latitude) - toMeridian * Math.sin(latitude),
      east: y * Math.cos(sidereal) - x * Math.sin(sidereal),
    };
  }

  private parallacticDeg(apparent: Direction): number {
    const { x, y, z } = this.ofDate(apparent);
    const across = Math.hypot(x, y);
    const zenith = directionOf(this.siderealDeg, this.observer.latitude);
    const toEast = { x: -y / across, y: x / across, z: 0 };
    const toNorth = { x: (-z * x) / across, y: (-z * y) / across, z: across };
    return Math.atan2(dot(zenith, toEast), dot(zenith, toNorth)) / DEGREE;
  }

  private catalogue(ephemeris: Exclude<Ephemeris, { body: Body }>): Direction {
    if (!('raDeg' in ephemeris)) return directionOf(this.siderealDeg, ephemeris.decDeg);
    const { raDeg, decDeg, properMotionRaMasYr, properMotionDecMasYr } = ephemeris;
    const place = directionOf(raDeg, decDeg);
    if (!properMotionRaMasYr && !properMotionDecMasYr) return place;
    const years = (this.time.tt / DAYS_A_YEAR) * MAS;
    const moved = plus(place, directionOf(raDeg + 90, 0), (properMotionRaMasYr ?? 0) * years);
    return plus(moved, directionOf(raDeg, decDeg + 90), (properMotionDecMasYr ?? 0) * years);
  }

  private bodyDirection(body: Body): Direction {
    const known = this.known.get(body) ?? unitOf(Equator(body, this.time, this.observer, false, true).vec);
    this.known.set(body, known);
    return known;
  }

  /** The velocity of the Earth over that of light, by which aberration moves what is seen. */
  private earthVelocity(): Direction {
    return earthVelocityOn(Math.round(this.time.ut));
  }

  /** From the axes of ICRS to those of the equator of date: x and y in its plane. */
  private ofDate({ x, y, z }: Direction): Direction {
    return RotateVector(this.toDate, new Vector(x, y, z, this.time));
  }
}

/** Velocities by day, which changes them by a ten-thousandth of a degree in aberration. */
const velocities = new Map<number, Direction>();
/** Days that are kept. */
const DAYS_KEPT = 400;

/** @param day since the noon of 1 January 2000 */
function earthVelocityOn(day: number): Direction {
  const known = velocities.get(day);
  if (known) return known;
  const { vx, vy, vz } = BaryState(Body.Earth, day);
  const velocity = { x: vx / C_AUDAY, y: vy / C_AUDAY, z: vz / C_AUDAY };
  if (velocities.size >= DAYS_KEPT) velocities.clear();
  velocities.set(day, velocity);
  return velocity;
}
