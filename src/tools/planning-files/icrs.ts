/** A direction on the sky [deg]. */
export interface Direction {
  /** Longitude or right ascension [deg]. */
  readonly longitudeDeg: number;
  /** Latitude or declination [deg]. */
  readonly latitudeDeg: number;
}

/**
 * The systems in which positions are given; those of the equator are for the equinox in their name.
 *
 * @example
 * import { CelestialSystem, toIcrs } from 'ccat-ops-db/planning-files';
 *
 * const centre = toIcrs({ longitudeDeg: 0, latitudeDeg: 0 }, CelestialSystem.GALACTIC);
 * console.log(centre.raDeg.toFixed(3), centre.decDeg.toFixed(3)); // 266.405 -28.936
 */
export const CelestialSystem = {
  ICRS: 'icrs',
  /** FK5, equinox and epoch J2000. */
  FK5: 'fk5',
  /** FK4, equinox B1950, with the E-terms of aberration as catalogues have them. */
  FK4: 'fk4',
  /** Galactic longitude and latitude of the IAU system of 1958, as the Hipparcos Catalogue ties it to ICRS. */
  GALACTIC: 'galactic',
} as const;
export type CelestialSystem = (typeof CelestialSystem)[keyof typeof CelestialSystem];

type Vector = readonly [number, number, number];
type Matrix = readonly [Vector, Vector, Vector];

const RADIANS = Math.PI / 180;
const ARCSECONDS = RADIANS / 3600;

/**
 * The right ascension and declination in ICRS of a position in another system. The object is assumed to be at rest in
 * an inertial frame, as distant sources are.
 * @param position right ascension and declination, or galactic longitude and latitude [deg]
 * @param system which system the position is in
 * @param epoch FK4 only: when the position was measured [Besselian year]
 * @returns right ascension from 0 to below 360 and declination, ICRS [deg]
 *
 * @example
 * import { CelestialSystem, toIcrs } from 'ccat-ops-db/planning-files';
 *
 * const centre = toIcrs({ longitudeDeg: 0, latitudeDeg: 0 }, CelestialSystem.GALACTIC);
 * console.log(centre.raDeg.toFixed(3), centre.decDeg.toFixed(3)); // 266.405 -28.936
 */
export function toIcrs(
  position: Direction,
  system: CelestialSystem,
  epoch = 1950,
): { raDeg: number; decDeg: number } {
  if (system === CelestialSystem.ICRS)
    return { raDeg: position.longitudeDeg % 360, decDeg: position.latitudeDeg };
  const { longitudeDeg, latitudeDeg } = direction(ROUTES[system](vector(position), epoch));
  return { raDeg: longitudeDeg, decDeg: latitudeDeg };
}

const ROUTES: Readonly<
  Record<Exclude<CelestialSystem, 'icrs'>, (position: Vector, epoch: number) => Vector>
> = {
  fk5: (position) => times(FK5_TO_ICRS, position),
  fk4: (position, epoch) => times(FK5_TO_ICRS, fk4ToFk5(position, epoch)),
  galactic: (position) => times(GALACTIC_TO_ICRS, position),
};

/** Orientation of FK5 in ICRS at J2000 about x, y and z [mas]: ESA SP-1200 (Hipparcos), vol. 1, table 1.2.2. */
const FK5_TO_ICRS: Matrix = turnedAxes(-0.0199 * ARCSECONDS, -0.0091 * ARCSECONDS, 0.0229 * ARCSECONDS);

/**
 * The galactic north pole in ICRS, 192.85948 and 27.12825, and the galactic longitude 32.93192 at which the galactic
 * equator ascends through that of ICRS [deg]: ESA SP-1200 (Hipparcos), vol. 1, section 1.5.3.
 */
const GALACTIC_TO_ICRS: Matrix = product(
  product(about('z', (192.85948 + 90) * RADIANS), about('x', (90 - 27.12825) * RADIANS)),
  about('z', -32.93192 * RADIANS),
);

/** E-terms of aberration at B1950, and their change [arcsec/century]: Explanatory Supplement (1992), 3.591-2. */
const E_TERMS: Vector = [-1.62557e-6, -0.31919e-6, -0.13843e-6];
const E_TERMS_CHANGE: Vector = [1.245e-3, -1.58e-3, -0.659e-3];

/** FK4 B1950 to FK5 J2000: Aoki et al. (1983), Explanatory Supplement (1992), 3.591-4. */
const POSITION_MATRIX: Matrix = [
  [0.9999256782, -0.0111820611, -0.0048579477],
  [0.011182061, 0.9999374784, -0.0000271765],
  [0.0048579479, -0.0000271474, 0.9999881997],
];

/** The motion in FK5 of a position that is at rest in FK4 [arcsec/century]; from the same source. */
const MOTION_MATRIX: Matrix = [
  [-0.000551, -0.238565, 0.435739],
  [0.238514, -0.002667, -0.008541],
  [-0.435623, 0.012254, 0.002117],
];

function fk4ToFk5(catalogued: Vector, epoch: number): Vector {
  const sinceB1950 = ((epoch - 1950) / 100) * ARCSECONDS;
  const eTerms = sum(E_TERMS, scaled(E_TERMS_CHANGE, sinceB1950));
  // Of the E-terms only what is across the line of sight was in the catalogued direction.
  const inLine = scaled(catalogued, dot(catalogued, eTerms));
  const position = sum(catalogued, sum(inLine, scaled(eTerms, -1)));
  const sinceJ2000 = ((julianEpoch(epoch) - 2000) / 100) * ARCSECONDS;
  return sum(times(POSITION_MATRIX, position), scaled(times(MOTION_MATRIX, position), sinceJ2000));
}

function julianEpoch(besselian: number): number {
  const julianDate = 2415020.31352 + (besselian - 1900) * 365.242198781;
  return 2000 + (julianDate - 2451545) / 365.25;
}

function vector({ longitudeDeg, latitudeDeg }: Direction): Vector {
  const [longitude, latitude] = [longitudeDeg * RADIANS, latitudeDeg * RADIANS];
  const cosLatitude = Math.cos(latitude);
  return [cosLatitude * Math.cos(longitude), cosLatitude * Math.sin(longitude), Math.sin(latitude)];
}

function direction([x, y, z]: Vector): Direction {
  const longitude = Math.atan2(y, x) / RADIANS;
  return {
    longitudeDeg: longitude < 0 ? (longitude + 360) % 360 : longitude,
    latitudeDeg: Math.atan2(z, Math.hypot(x, y)) / RADIANS,
  };
}

/** Turns a vector about one axis [rad], the other two from the first towards the second. */
function about(axis: 'x' | 'z', angle: number): Matrix {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return axis === 'x'
    ? [
        [1, 0, 0],
        [0, c, -s],
        [0, s, c],
      ]
    : [
        [c, -s, 0],
        [s, c, 0],
        [0, 0, 1],
      ];
}

/** Turns the axes by small angles about x, y and z [rad]. */
function turnedAxes(x: number, y: number, z: number): Matrix {
  return [
    [1, z, -y],
    [-z, 1, x],
    [y, -x, 1],
  ];
}

function transposed([[a, b, c], [d, e, f], [g, h, i]]: Matrix): Matrix {
  return [
    [a, d, g],
    [b, e, h],
    [c, f, i],
  ];
}

function product(left: Matrix, right: Matrix): Matrix {
  const [a, b, c] = transposed(right).map((column) => times(left, column)) as [Vector, Vector, Vector];
  return transposed([a, b, c]);
}

function times([a, b, c]: Matrix, position: Vector): Vector {
  return [dot(a, position), dot(b, position), dot(c, position)];
}

function dot([a, b, c]: Vector, [x, y, z]: Vector): number {
  return a * x + b * y + c * z;
}

function sum([a, b, c]: Vector, [x, y, z]: Vector): Vector {
  return [a + x, b + y, c + z];
}

function scaled([x, y, z]: Vector, factor: number): Vector {
  return [x * factor, y * factor, z * factor];
}
