import { NSIDE } from '../../database/sky-cell.js';

/** Cells from one number to another, both included. */
export type CellRange = readonly [first: number, last: number];

const DEGREE = Math.PI / 180;
const RINGS = 4 * NSIDE - 1;
const CAP = 2 * NSIDE * (NSIDE - 1);
const ALL = 12 * NSIDE * NSIDE;
/** Of a wider cone whole rings are looked at, so that a statement has few ranges. */
const MOST_RANGES = 200;

/** The farthest that a corner of a cell is from its middle [rad]. */
const CORNER = cornerDistance();
/** Of what the databases round otherwise [rad]. */
const ROUNDING = 1e-9;

/**
 * The cells that a cone may touch, as ranges of their numbers: those whose middle is within the radius and the distance from a
 * cell's middle to its farthest corner.
 */
export function cellsOfCone(raDeg: number, decDeg: number, radiusDeg: number): CellRange[] {
  const radius = radiusDeg * DEGREE + CORNER + ROUNDING;
  const dec = decDeg * DEGREE;
  const [highest, lowest] = [Math.min(dec + radius, Math.PI / 2), Math.max(dec - radius, -Math.PI / 2)];
  const rings: Ring[] = [];
  for (let number = ringAbove(highest); number <= RINGS; number += 1) {
    const ring = ringOf(number);
    if (ring.dec < lowest) break;
    rings.push(ring);
  }
  const [first, last] = [rings[0], rings.at(-1)];
  if (!first || !last) return [];
  if (rings.length * 2 > MOST_RANGES) return [[first.start, last.start + last.cells - 1]];
  return rings.flatMap((ring) => cellsOfRing(ring, raDeg * DEGREE, dec, radius));
}

interface Ring {
  /** Number of its first cell. */
  readonly start: number;
  readonly cells: number;
  /** Right ascension of the middle of its first cell [rad]. */
  readonly offset: number;
  /** Declination of the middles of its cells [rad]. */
  readonly dec: number;
}

/** @param number from 1 at the north pole to 4 NSIDE - 1 at the south pole */
function ringOf(number: number): Ring {
  if (number > 3 * NSIDE) {
    const north = ringOf(4 * NSIDE - number);
    return { ...north, start: ALL - north.start - north.cells, dec: -north.dec };
  }
  if (number < NSIDE) {
    const cells = 4 * number;
    // By its half, which is exact near the pole.
    const halfDistance = Math.asin(Math.sqrt((number * number) / (6 * NSIDE * NSIDE)));
    return {
      start: 2 * number * (number - 1),
      cells,
      offset: Math.PI / cells,
      dec: Math.PI / 2 - 2 * halfDistance,
    };
  }
  const cells = 4 * NSIDE;
  return {
    start: CAP + (number - NSIDE) * cells,
    cells,
    offset: (number - NSIDE) % 2 === 0 ? Math.PI / cells : 0,
    dec: Math.asin((4 - (2 * number) / NSIDE) / 3),
  };
}

/** A ring above a declination, by at most a few. */
function ringAbove(dec: number): number {
  const height = Math.sin(dec);
  const number =
    height > 2 / 3
      ? Math.floor(NSIDE * Math.sqrt(3 * (1 - height)))
      : Math.floor(((4 - 3 * height) * NSIDE) / 2);
  const south = height < -2 / 3 ? 4 * NSIDE - Math.ceil(NSIDE * Math.sqrt(3 * (1 + height))) : number;
  let ring = Math.min(RINGS, Math.max(1, Math.min(number, south) - 1));
  while (ring < RINGS && ringOf(ring).dec > dec) ring += 1;
  return ring;
}

function cellsOfRing(
  { start, cells, offset, dec }: Ring,
  ra: number,
  middle: number,
  radius: number,
): CellRange[] {
  const across = Math.cos(dec) * Math.cos(middle);
  const cosine = (Math.cos(radius) - Math.sin(dec) * Math.sin(middle)) / across;
  if (cosine > 1) return [];
  if (!(cosine > -1) || across < 1e-12) return [[start, start + cells - 1]];
  const [step, half] = [(2 * Math.PI) / cells, Math.acos(cosine)];
  const first = Math.floor((ra - half - offset) / step);
  const last = Math.ceil((ra + half - offset) / step);
  if (last - first + 1 >= cells) return [[start, start + cells - 1]];
  const from = ((first % cells) + cells) % cells;
  const to = from + last - first;
  return to < cells
    ? [[start + from, start + to]]
    : [
        [start + from, start + cells - 1],
        [start, start + to - cells],
      ];
}

/** Of a cell where the cap begins, which has the farthest corners. */
function cornerDistance(): number {
  const outer = (1 - 1 / NSIDE) ** 2;
  const [a, b] = [Math.asin(2 / 3), Math.asin(1 - outer / 3)];
  const turn = Math.PI / (4 * NSIDE);
  return Math.acos(Math.sin(a) * Math.sin(b) + Math.cos(a) * Math.cos(b) * Math.cos(turn));
}
