/** A direction as a vector of length 1. */
export interface Direction {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

const DEGREE = Math.PI / 180;

/** The direction of two angles. */
export function directionOf(longitudeDeg: number, latitudeDeg: number): Direction {
  const [longitude, latitude] = [longitudeDeg * DEGREE, latitudeDeg * DEGREE];
  return {
    x: Math.cos(latitude) * Math.cos(longitude),
    y: Math.cos(latitude) * Math.sin(longitude),
    z: Math.sin(latitude),
  };
}

/** The angles of a vector of any length, the longitude from 0 to below 360 [deg]. */
export function anglesOf({ x, y, z }: Direction): { longitudeDeg: number; latitudeDeg: number } {
  return {
    longitudeDeg: positive(Math.atan2(y, x) / DEGREE),
    latitudeDeg: Math.atan2(z, Math.hypot(x, y)) / DEGREE,
  };
}

/** One vector plus a multiple of another, scaled to length 1. */
export function plus(one: Direction, other: Direction, factor = 1): Direction {
  return unitOf({
    x: one.x + factor * other.x,
    y: one.y + factor * other.y,
    z: one.z + factor * other.z,
  });
}

/** A vector scaled to length 1. */
export function unitOf({ x, y, z }: Direction): Direction {
  const length = Math.sqrt(x * x + y * y + z * z);
  return { x: x / length, y: y / length, z: z / length };
}

/** The cosine of the angle between two directions. */
export function dot(one: Direction, other: Direction): number {
  return one.x * other.x + one.y * other.y + one.z * other.z;
}

/** The angle between two directions, exact also where it is small [deg]. */
export function angleBetween(one: Direction, other: Direction): number {
  const across = Math.hypot(one.x - other.x, one.y - other.y, one.z - other.z);
  const along = Math.hypot(one.x + other.x, one.y + other.y, one.z + other.z);
  return (2 * Math.atan2(across, along)) / DEGREE;
}

/** An angle from 0 to below 360 [deg]. */
export function positive(degrees: number): number {
  const angle = ((degrees % 360) + 360) % 360;
  return angle === 360 ? 0 : angle;
}

/** An angle from -180 to below 180 [deg]. */
export function signed(degrees: number): number {
  return positive(degrees + 180) - 180;
}
