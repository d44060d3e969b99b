import type { Dialect } from './dialect.js';

/** Parts that a long edge of a polygon is divided into: its edges are great circles, those of a field are not. */
const PARTS = 4;
/** Widest field that needs no points beside its corners [deg]. */
const WIDE_DEG = 10;

/** Right ascension and declination of the northern galactic pole, ICRS, as radians. */
const POLE_RA = `radians(192.859508)`;
const POLE_DEC = `radians(27.128336)`;

/** The angle by which the axes of a field are turned from those of ICRS at its centre, north through east [rad]. */
const ANGLE = `radians(coalesce(rotation, 0)) + CASE WHEN frame = 'galactic' THEN atan2(
      cos(${POLE_DEC}) * sin(${POLE_RA} - radians(ra)),
      sin(${POLE_DEC}) * cos(radians(dec)) - cos(${POLE_DEC}) * sin(radians(dec)) * cos(${POLE_RA} - radians(ra))
    ) ELSE 0 END`;

/**
 * Columns from which the polygon of a rectangle is made: the change of right ascension and declination over half its
 * width to the east, and over half its height to the north. As in the planners, the sky is flat around the centre.
 */
export const RECTANGLE = `
    width / 2 * cos(${ANGLE}) / cos(radians(dec)) AS width_ra, -width / 2 * sin(${ANGLE}) AS width_dec,
    height / 2 * sin(${ANGLE}) / cos(radians(dec)) AS height_ra, height / 2 * cos(${ANGLE}) AS height_dec`;

/**
 * The region in STC-S: the polygon of a rectangle, its corners counter-clockwise as seen from the Earth, or a circle; null for a
 * rectangle that reaches a pole, goes around the sky or moves with the horizon.
 */
export function region(dialect: Dialect): string {
  const { decimals } = dialect;
  return `CASE
      WHEN ra IS NULL OR dec IS NULL OR fov IS NULL THEN NULL
      WHEN width IS NULL THEN
        'CIRCLE ICRS ' || ${decimals('ra')} || ' ' || ${decimals('dec')} || ' ' || ${decimals('fov / 2')}
      WHEN frame = 'horizontal' OR abs(dec) + abs(width_dec) + abs(height_dec) >= 90 OR abs(width_ra) + abs(height_ra) >= 180 THEN NULL
      WHEN width > ${WIDE_DEG} THEN ${vertices(dialect, PARTS)}
      ELSE ${vertices(dialect, 1)}
    END`;
}

function vertices({ decimals }: Dialect, parts: number): string {
  const toWest = Array.from({ length: parts + 1 }, (_, index) => 1 - (2 * index) / parts);
  const offsets = [...toWest.map((east) => [east, -1]), ...toWest.map((east) => [-east, 1])];
  const points = offsets.map(([east, north]) => {
    const ra = `ra + (${east}) * width_ra + (${north}) * height_ra`;
    const dec = `dec + (${east}) * width_dec + (${north}) * height_dec`;
    return `${decimals(`${ra} - 360 * floor((${ra}) / 360)`)} || ' ' || ${decimals(dec)}`;
  });
  return `'POLYGON ICRS ' || ${points.join(" || ' ' || ")}`;
}
