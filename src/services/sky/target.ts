import { Body } from 'astronomy-engine';
import { ConstantElevationSource, FixedSource, SolarSystemObject, Source } from '../../entities/index.js';
import { assertNumber, invalidArgument } from '../../values/arguments.js';

/** A place on the sky, ICRS. */
export interface SkyPlace {
  /** Right ascension, from 0 to below 360 [deg]. */
  readonly raDeg: number;
  /** Declination [deg]. */
  readonly decDeg: number;
}

/** A body of the solar system. */
export interface SkyBody {
  /** Its name, such as `Jupiter`; capitals do not count. */
  readonly body: string;
}

/** What the sky can be asked about: a source of the database, a place, or a body. */
export type SkyTarget = Source | SkyPlace | SkyBody;

/** A target as the ephemeris takes it. */
export type Ephemeris =
  | { readonly body: Body }
  | (SkyPlace & {
      readonly properMotionRaMasYr?: number | null;
      readonly properMotionDecMasYr?: number | null;
    })
  /** On the meridian at every moment: the middle of a range of declination. */
  | { readonly decDeg: number };

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
  [9, Body.Pluto],
]);

const BODIES_BY_NAME = new Map([...BODIES.values()].map((body) => [body.toLowerCase(), body]));

/**
 * What the ephemeris is to be asked for a target. Of a field it is the centre.
 * @returns undefined where the position is not known: asteroids, and fields without limits
 * @throws OpsDbError `value_invalid` for what is no target
 */
export function ephemerisOf(target: SkyTarget): Ephemeris | undefined {
  if (target instanceof Source) return ephemerisOfSource(target);
  if (typeof target !== 'object' || target === null)
    throw invalidArgument('the target', target, 'a source, { raDeg, decDeg } or { body }');
  if ('body' in target) return { body: bodyOf(target.body) };
  assertPlace(target);
  return target;
}

function ephemerisOfSource(source: Source): Ephemeris | undefined {
  if (source instanceof FixedSource) return source;
  if (source instanceof SolarSystemObject) {
    const body = BODIES.get(source.naifId) ?? BODIES.get(source.naifBarycenterId ?? Number.NaN);
    return body && { body };
  }
  if (!(source instanceof ConstantElevationSource)) return undefined;
  if (source.followsSource) return ephemerisOfSource(source.followsSource);
  const { centerRaDeg: raDeg, centerDecDeg: decDeg } = source;
  if (decDeg === null) return undefined;
  return raDeg === null ? { decDeg } : { raDeg, decDeg };
}

/** @throws OpsDbError `value_invalid` where an angle is out of its range */
export function assertPlace({ raDeg, decDeg }: SkyPlace): void {
  assertNumber('raDeg', raDeg, 0, 360);
  assertNumber('decDeg', decDeg, -90, 90);
}

function bodyOf(name: unknown): Body {
  const body = typeof name === 'string' ? BODIES_BY_NAME.get(name.trim().toLowerCase()) : undefined;
  if (body) return body;
  throw invalidArgument('body', name, `one of ${[...BODIES.values()].join(', ')}`);
}
