import { type ConstantElevationSource, FieldShape, OffsetFrame } from '../../entities/index.js';
import { leastOf } from './crossings.js';
import { angleBetween, type Direction, directionOf, dot, plus, signed } from './direction.js';
import type { SkyPlace } from './target.js';

/** What the extent of a field is made of. */
export type FieldExtent = Pick<
  ConstantElevationSource,
  'fieldShape' | 'centerRaDeg' | 'centerDecDeg' | 'widthDeg' | 'heightDeg' | 'fieldFrame' | 'rotationDeg'
>;

const DEGREE = Math.PI / 180;
/** Right ascension and declination of the northern galactic pole, ICRS [deg]. */
const GALACTIC_POLE = { raDeg: 192.859508, decDeg: 27.128336 };
/** Parts of an edge of which the nearest is looked at more closely. */
const PARTS = 24;

/**
 * How far a place is from a field: 0 within it, else from its nearest edge [deg]. The outline of a rectangle is that of
 * ObsCore: as in the planners, the sky is flat around the centre. One that reaches a pole lies on a plane that touches the sky there.
 * @param atMostDeg what is farther is of no interest
 * @returns undefined for a field that has no fixed place, or may be left out since it is farther
 */
export function distanceFromField(
  place: SkyPlace,
  field: FieldExtent,
  atMostDeg: number = 180,
): number | undefined {
  const { fieldShape, centerRaDeg: raDeg, centerDecDeg: decDeg, widthDeg, heightDeg } = field;
  if (decDeg === null) return undefined;
  if (fieldShape === FieldShape.DECLINATION_RANGE)
    return Math.max(0, Math.abs(place.decDeg - decDeg) - (heightDeg ?? 0) / 2);
  if (raDeg === null) return undefined;
  const toCentre = angleBetween(directionOf(place.raDeg, place.decDeg), directionOf(raDeg, decDeg));
  if (fieldShape === FieldShape.CIRCLE) return Math.max(0, toCentre - (widthDeg ?? 0) / 2);
  if (widthDeg === null || heightDeg === null) return toCentre;
  // It turns with the horizon: a circle that holds it in every place.
  if (field.fieldFrame === OffsetFrame.HORIZONTAL)
    return Math.max(0, toCentre - Math.hypot(widthDeg, heightDeg) / 2);
  // No part of it is farther from its centre, along a parallel and then a meridian.
  const farthestDeg = (Math.SQRT2 * (widthDeg + heightDeg)) / 2;
  if (toCentre - farthestDeg > atMostDeg) return undefined;
  return distanceFromRectangle(place, rectangleOf(field, { raDeg, decDeg }, widthDeg / 2, heightDeg / 2));
}

/** A rectangle on the sky. Its places have two coordinates, of which both are from -1 to 1 within it. */
interface Rectangle {
  readonly at: (east: number, north: number) => Direction;
  readonly coordinatesOf: (place: SkyPlace) => readonly [east: number, north: number];
}

/** @param width half of it [deg] @param height half of it [deg] */
function rectangleOf(
  { fieldFrame, rotationDeg }: FieldExtent,
  centre: SkyPlace,
  width: number,
  height: number,
): Rectangle {
  const turn = (rotationDeg ?? 0) * DEGREE + (fieldFrame === OffsetFrame.GALACTIC ? galacticTurn(centre) : 0);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  /** Degrees to the east and to the north of the centre. */
  const offsets = (east: number, north: number): [x: number, y: number] => [
    east * width * cos + north * height * sin,
    north * height * cos - east * width * sin,
  ];
  const coordinates = (x: number, y: number): [east: number, north: number] => [
    (x * cos - y * sin) / width,
    (x * sin + y * cos) / height,
  ];
  const [mostEast, mostNorth] = [
    width * Math.abs(cos) + height * Math.abs(sin),
    width * Math.abs(sin) + height * Math.abs(cos),
  ];
  const across = Math.cos(centre.decDeg * DEGREE);
  if (Math.abs(centre.decDeg) + mostNorth >= 90 || mostEast >= 180 * across)
    return onPlane(centre, offsets, coordinates);
  return {
    at: (east, north) => {
      const [x, y] = offsets(east, north);
      return directionOf(centre.raDeg + x / across, centre.decDeg + y);
    },
    coordinatesOf: ({ raDeg, decDeg }) =>
      coordinates(signed(raDeg - centre.raDeg) * across, decDeg - centre.decDeg),
  };
}

/** Around a pole right ascension is no measure: distances and directions from the centre stay as they are. */
function onPlane(
  { raDeg, decDeg }: SkyPlace,
  offsets: (east: number, north: number) => [x: number, y: number],
  coordinates: (x: number, y: number) => [east: number, north: number],
): Rectangle {
  const [centre, toEast, toNorth] = [
    directionOf(raDeg, decDeg),
    directionOf(raDeg + 90, 0),
    directionOf(raDeg, decDeg + 90),
  ];
  return {
    at: (east, north) => {
      const [x, y] = offsets(east, north);
      const away = Math.hypot(x, y);
      if (away === 0) return centre;
      const side = plus(scaled(toEast, x / away), toNorth, y / away);
      return plus(scaled(centre, Math.cos(away * DEGREE)), side, Math.sin(away * DEGREE));
    },
    coordinatesOf: (place) => {
      const direction = directionOf(place.raDeg, place.decDeg);
      const [east, north] = [dot(direction, toEast), dot(direction, toNorth)];
      const away = angleBetween(direction, centre);
      const whole = Math.hypot(east, north) || 1;
      return coordinates((away * east) / whole, (away * north) / whole);
    },
  };
}

function scaled({ x, y, z }: Direction, factor: number): Direction {
  return { x: x * factor, y: y * factor, z: z * factor };
}

/** The angle by which galactic axes are turned from those of ICRS, north through east [rad]. */
function galacticTurn({ raDeg, decDeg }: SkyPlace): number {
  const [dec, poleDec] = [decDeg * DEGREE, GALACTIC_POLE.decDeg * DEGREE];
  const away = (GALACTIC_POLE.raDeg - raDeg) * DEGREE;
  return Math.atan2(
    Math.cos(poleDec) * Math.sin(away),
    Math.sin(poleDec) * Math.cos(dec) - Math.cos(poleDec) * Math.sin(dec) * Math.cos(away),
  );
}

function distanceFromRectangle(place: SkyPlace, { at, coordinatesOf }: Rectangle): number {
  const [east, north] = coordinatesOf(place);
  if (Math.abs(east) <= 1 && Math.abs(north) <= 1) return 0;
  const to = directionOf(place.raDeg, place.decDeg);
  const edges = [1, -1].flatMap((side) => [
    (part: number) => angleBetween(to, at(side, part)),
    (part: number) => angleBetween(to, at(part, side)),
  ]);
  return Math.min(...edges.map(leastOnEdge));
}

/** The least of a function from -1 to 1. */
function leastOnEdge(of: (part: number) => number): number {
  const parts = Array.from({ length: PARTS + 1 }, (_, index) => -1 + (2 * index) / PARTS);
  const best = parts.reduce((least, part) => (of(part) < of(least) ? part : least));
  const step = 2 / PARTS;
  return of(leastOf(of, Math.max(-1, best - step), Math.min(1, best + step), 60));
}
