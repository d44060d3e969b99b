import { DRIVE_LIMITS } from '../../entities/scan-patterns.js';

/** What a pong needs to be drawn. */
export interface PongShape {
  /** Mean speed on the sky [deg/s]. */
  readonly velocity: number;
  /** Extents of the box [deg]. */
  readonly width: number;
  readonly height: number;
  /** Distance between neighbouring lines [deg]. */
  readonly spacing: number;
  /** Terms of the Fourier series of the turns. */
  readonly numTerms: number;
}

/** How a pong moves. */
export interface PongMotion {
  /** Time after which the path closes [s]. */
  readonly periodS: number;
  /** Largest speed along either axis of the box [deg/s]. */
  readonly axisSpeed: number;
  /** Largest acceleration along each axis of the box [deg/s2]. */
  readonly accelerations: readonly [x: number, y: number];
}

/** Peak of a pong's speed over its mean, by the number of terms; from 4 on it stays below the last. */
const PEAK_SPEED = [1.27, 1.2, 1.19, 1.18];

/**
 * The period, speeds and accelerations of a pong. Lines run diagonally at the mean speed, so that each axis of the box
 * is a triangular wave at that speed over the square root of 2. The box has a whole number of vertices on each side; the
 * two numbers have no common divisor, or the path would close too early.
 */
export function pongMotion({ velocity, width, height, spacing, numTerms }: PongShape): PongMotion {
  const step = Math.SQRT2 * spacing;
  const [x, y] = coprime(Math.ceil(width / step), Math.ceil(height / step));
  const axisSpeed = velocity / Math.SQRT2;
  // The curvature of the truncated series at its turn: 2 N v^2 / amplitude.
  const acceleration = (vertices: number) => (2 * numTerms * axisSpeed ** 2) / ((vertices * step) / 2);
  return {
    periodS: (4 * x * y * spacing) / velocity,
    axisSpeed: axisSpeed * (PEAK_SPEED[Math.min(numTerms, PEAK_SPEED.length) - 1] ?? 1),
    accelerations: [acceleration(x), acceleration(y)],
  };
}

/** The numbers of vertices of both sides: of different parity, and then the larger one raised until nothing divides both. */
function coprime(width: number, height: number): readonly [number, number] {
  let [x, y] = [width, height];
  if (x % 2 === y % 2) [x, y] = x >= y ? [x, y + 1] : [x + 1, y];
  while (divisor(x, y) > 1) [x, y] = x >= y ? [x + 2, y] : [x, y + 2];
  return [x, y];
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

/** How far a daisy reaches from its centre [deg]. */
export function daisyReach(radius: number, turnRadius: number): number {
  return Math.hypot(radius, turnRadius) + turnRadius;
}

/** Elevation at which the speed of the azimuth axis is told [deg]. */
const TYPICAL_ELEVATION_DEG = 45;

/** The speed of the azimuth axis for a speed on the sky, at an elevation [deg/s]. */
export function azimuthSpeed(onSky: number, elevationDeg = TYPICAL_ELEVATION_DEG): number {
  return onSky / Math.cos((elevationDeg * Math.PI) / 180);
}

/**
 * Why the drives cannot do a pong in whatever direction its box lies on the sky; undefined where they can in some.
 * @param velocity the mean speed on the sky [deg/s]
 */
export function pongOverload(velocity: number, { axisSpeed, accelerations }: PongMotion): string | undefined {
  const azimuth = azimuthSpeed(velocity);
  if (azimuth > DRIVE_LIMITS.azimuthSpeedDegS)
    return `is too fast: at ${TYPICAL_ELEVATION_DEG} deg of elevation the azimuth would move at about ${rounded(azimuth)} deg/s, above ${DRIVE_LIMITS.azimuthSpeedDegS}`;
  if (axisSpeed > DRIVE_LIMITS.elevationSpeedDegS)
    return `is too fast: the elevation would move at up to ${rounded(axisSpeed)} deg/s, above ${DRIVE_LIMITS.elevationSpeedDegS}`;
  const least = Math.min(...accelerations);
  return least > DRIVE_LIMITS.elevationAccelerationDegS2
    ? `is too fast for the box: the turns need ${rounded(least)} deg/s2, above the ${DRIVE_LIMITS.elevationAccelerationDegS2} of the elevation drive`
    : undefined;
}

/** Why the drives cannot do the speed of a daisy, which moves in all directions; undefined where they can. */
export function daisyOverload(velocity: number): string | undefined {
  return velocity > DRIVE_LIMITS.elevationSpeedDegS
    ? `is too fast: a daisy moves in all directions, and the elevation drive does at most ${DRIVE_LIMITS.elevationSpeedDegS} deg/s`
    : undefined;
}

/** Why the drives cannot do the turns of a daisy; undefined where they can. */
export function turnOverload(velocity: number, turnRadius: number): string | undefined {
  const acceleration = velocity ** 2 / turnRadius;
  // Rounding must not refuse what is just at the limit.
  return acceleration > DRIVE_LIMITS.elevationAccelerationDegS2 * (1 + 1e-9)
    ? `is too small: v*v/Rt = ${rounded(acceleration)} deg/s2 in the turn, above the ${DRIVE_LIMITS.elevationAccelerationDegS2} of the elevation drive`
    : undefined;
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
