import { type ConstantElevationSource, FieldShape, OffsetFrame } from '../../entities/index.js';
import { leastOf } from './crossings.js';
import { angleBetween, type Direction, directionOf, signed } from './direction.js';
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
 * ObsCore: as in the planners, the sky is flat around the centre.
 * @returns undefined for a field that has no fixed place
 */
export function distanceFromField(place: SkyPlace, field: FieldExtent): number | undefined {
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
  return distanceFromRectangle(
    place,
    { raDeg, decDeg },
    rectangleOf(field, { raDeg, decDeg }, widthDeg, heightDeg),
  );
}

/** How far right ascension and declination go from the centre by half the width, and by half the height [deg]. */
interface Rectangle {
  readonly width: SkyPlace;
  readonly height: SkyPlace;
}

function rectangleOf(
  { fieldFrame, rotationDeg }: FieldExtent,
  centre: SkyPlace,
  widthDeg: number,
  heightDeg: number,
): Rectangle {
  const turn = (rotationDeg ?? 0) * DEGREE + (fieldFrame === OffsetFrame.GALACTIC ? galacticTurn(centre) : 0);
  const across = Math.cos(centre.decDeg * DEGREE);
  return {
    width: { raDeg: ((widthDeg / 2) * Math.cos(turn)) / across, decDeg: (-widthDeg / 2) * Math.sin(turn) },
    height: { raDeg: ((heightDeg / 2) * Math.sin(turn)) / across, decDeg: (heightDeg / 2) * Math.cos(turn) },
  };
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

function distanceFromRectangle(place: SkyPlace, centre: SkyPlace, { width, height }: Rectangle): number {
  const [raAway, decAway] = [signed(place.raDeg - centre.raDeg), place.decDeg - centre.decDeg];
  const area = width.raDeg * height.decDeg - width.decDeg * height.raDeg;
  const east = (raAway * height.decDeg - decAway * height.raDeg) / area;
  const north = (width.raDeg * decAway - width.decDeg * raAway) / area;
  if (Math.abs(east) <= 1 && Math.abs(north) <= 1) return 0;
  const to = directionOf(place.raDeg, place.decDeg);
  const onEdge = (eastPart: number, northPart: number): Direction =>
    directionOf(
      centre.raDeg + eastPart * width.raDeg + northPart * height.raDeg,
      centre.decDeg + eastPart * width.decDeg + northPart * height.decDeg,
    );
  const edges = [1, -1].flatMap((side) => [
    (part: number) => angleBetween(to, onEdge(side, part)),
    (part: number) => angleBetween(to, onEdge(part, side)),
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
