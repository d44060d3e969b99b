import { assertNumber, assertOptions } from '../../values/arguments.js';
import { spansOf } from './crossings.js';
import { dot } from './direction.js';
import { FYST, type ObservingPlace } from './site.js';
import { type Place, type SkySamples, skySamples } from './sky-samples.js';
import { ephemerisOf, type SkyTarget } from './target.js';
import { instantsOf, type SkyWindow } from './window.js';

/** What begins or ends an interval in which something can be observed. */
export type IntervalEdge =
  | 'window'
  | 'elevation_min'
  | 'elevation_max'
  | 'sun_distance'
  | 'moon_distance'
  | 'azimuth'
  | 'sidereal_angle'
  | 'field_elevation'
  | 'side'
  | 'period';

/** A time in which something can be observed. */
export interface VisibleInterval {
  /** Start, UTC. */
  readonly start: Date;
  /** End, UTC. */
  readonly end: Date;
  /** What makes the start. */
  readonly startBy: IntervalEdge;
  /** What makes the end. */
  readonly endBy: IntervalEdge;
}

/** When, from where and how something is to be visible. */
export interface VisibilityOptions extends SkyWindow {
  /** The telescope, whose limits hold, too; by default FYST's place without limits. */
  readonly telescope?: ObservingPlace;
  /** Lowest elevation; by default the telescope's limit, or the horizon [deg]. */
  readonly elevationMinDeg?: number;
  /** Highest elevation; by default the telescope's limit [deg]. */
  readonly elevationMaxDeg?: number;
  /** Smallest distance from the Sun; by default the telescope's limit, or any [deg]. */
  readonly sunDistanceMinDeg?: number;
  /** Smallest distance from the Moon; by default any [deg]. */
  readonly moonDistanceMinDeg?: number;
}

/** A limit: where the function is not negative it is kept. */
export interface Limit {
  readonly edge: IntervalEdge;
  readonly margin: (time: number) => number;
}

const DEGREE = Math.PI / 180;

/**
 * When a target can be observed: its elevation and its distance from the Sun are within the limits. Nothing is asked of
 * darkness, and nothing is refracted. Of a field it is the centre; {@link unitVisibility} looks at its extent.
 *
 * The sky of the last windows is kept, so that a thousand sources of one night take no second.
 * @param target a source of the database, `{ raDeg, decDeg }` in ICRS, or `{ body }`
 * @param options a night, or from and to, and the limits
 * @returns the intervals in their order; none where the position is not known
 * @throws OpsDbError `value_invalid` for a target, window or limit that is not allowed
 *
 * @example
 * import { Source, visibility } from 'ccat-ops-db';
 *
 * const options = { night: '2026-11-30', elevationMinDeg: 40, sunDistanceMinDeg: 45 };
 * const [orion] = visibility(await session.findOneByOrFail(Source, { name: 'Orion-KL' }), options);
 * console.log(orion?.start.toISOString().slice(0, 16), orion?.startBy); // 2026-12-01T02:13 elevation_min
 * console.log(visibility({ body: 'Sun' }, options).length); // 0
 */
export function visibility(target: SkyTarget, options: VisibilityOptions): VisibleInterval[] {
  assertOptions('options', options);
  const { telescope = FYST } = options;
  const [from, to] = instantsOf(options, telescope);
  const ephemeris = ephemerisOf(target);
  const bounds = boundsOf(options);
  if (!ephemeris) return [];
  const samples = skySamples(telescope, from, to);
  return intervalsOf(samples, boundLimits(samples, samples.track(ephemeris), bounds));
}

/** The limits of elevation and distance that hold. */
export interface Bounds {
  readonly elevationMinDeg: number;
  readonly elevationMaxDeg: number;
  readonly sunDistanceMinDeg: number;
  readonly moonDistanceMinDeg: number;
}

/** The stricter of the limits that are asked for and of those of the telescope. */
export function boundsOf(options: VisibilityOptions): Bounds {
  const telescope: ObservingPlace = options.telescope ?? FYST;
  const {
    elevationMinDeg = 0,
    elevationMaxDeg = 90,
    sunDistanceMinDeg = 0,
    moonDistanceMinDeg = 0,
  } = options;
  assertNumber('elevationMinDeg', elevationMinDeg, -90, 90);
  assertNumber('elevationMaxDeg', elevationMaxDeg, -90, 90);
  assertNumber('sunDistanceMinDeg', sunDistanceMinDeg, 0, 180);
  assertNumber('moonDistanceMinDeg', moonDistanceMinDeg, 0, 180);
  return {
    elevationMinDeg: Math.max(elevationMinDeg, telescope.elevationMinDeg ?? -90),
    elevationMaxDeg: Math.min(elevationMaxDeg, telescope.elevationMaxDeg ?? 90),
    sunDistanceMinDeg: Math.max(sunDistanceMinDeg, telescope.sunExclusionDeg ?? 0),
    moonDistanceMinDeg,
  };
}

/** The limits of elevation and distance as functions of time. */
export function boundLimits(samples: SkySamples, placeAt: (time: number) => Place, bounds: Bounds): Limit[] {
  const { elevationMinDeg, elevationMaxDeg, sunDistanceMinDeg, moonDistanceMinDeg } = bounds;
  const lowest = Math.sin(elevationMinDeg * DEGREE);
  const limits: Limit[] = [{ edge: 'elevation_min', margin: (time) => placeAt(time).up - lowest }];
  if (elevationMaxDeg < 90) {
    const highest = Math.sin(elevationMaxDeg * DEGREE);
    limits.push({ edge: 'elevation_max', margin: (time) => highest - placeAt(time).up });
  }
  for (const [edge, leastDeg, body] of [
    ['sun_distance', sunDistanceMinDeg, 'sun'],
    ['moon_distance', moonDistanceMinDeg, 'moon'],
  ] as const) {
    if (leastDeg <= 0) continue;
    const [bodyAt, nearest] = [samples.follow((sky) => sky[body]), Math.cos(leastDeg * DEGREE)];
    limits.push({ edge, margin: (time) => nearest - dot(placeAt(time).direction, bodyAt(time)) });
  }
  return limits;
}

/** When all limits are kept. */
export function intervalsOf({ times, from, to }: SkySamples, limits: readonly Limit[]): VisibleInterval[] {
  let open: OpenInterval[] = [{ from, to, startBy: 'window', endBy: 'window' }];
  for (const { edge, margin } of limits) {
    if (open.length === 0) return [];
    const spans = spansOf(margin, times);
    open = open.flatMap((one) =>
      spans
        .filter((span) => span.from < one.to && one.from < span.to)
        .map((span) => ({
          from: Math.max(one.from, span.from),
          to: Math.min(one.to, span.to),
          startBy: span.from > one.from ? edge : one.startBy,
          endBy: span.to < one.to ? edge : one.endBy,
        })),
    );
  }
  return open.map((one) => ({
    start: new Date(one.from),
    end: new Date(one.to),
    startBy: one.startBy,
    endBy: one.endBy,
  }));
}

interface OpenInterval {
  readonly from: number;
  readonly to: number;
  readonly startBy: IntervalEdge;
  readonly endBy: IntervalEdge;
}
