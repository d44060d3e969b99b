/**
 * Cells of the sky: HEALPix in its ring scheme (Górski et al. 2005, ApJ 622, 759). The database computes the cell of a
 * position in a trigger, with the same expression on both databases.
 */

/** Cells along a side of each of the twelve faces: cells of 13.7 arcmin. */
export const NSIDE = 256;

const CAP = 2 * NSIDE * (NSIDE - 1);
const ALL = 12 * NSIDE * NSIDE;

/**
 * The number of the cell as SQL, null where an angle is null. All of it is in double precision, which has each number of a cell
 * exactly.
 * @param ra SQL of the right ascension, from 0 to below 360 [deg]
 * @param dec SQL of the declination [deg]
 */
export function cellSql(ra: string, dec: string): string {
  const turns = `(${ra} / 90.0)`;
  const height = `sin(radians(${dec}))`;
  return `CAST(CASE WHEN abs(${height}) * 3 <= 2 THEN ${beltSql(turns, height)} ELSE ${capSql(turns, height)} END AS integer)`;
}

/** Between the caps each ring has four times NSIDE cells. */
function beltSql(turns: string, height: string): string {
  const up = `floor(${NSIDE} * (0.5 + ${turns} - 0.75 * ${height}))`;
  const down = `floor(${NSIDE} * (0.5 + ${turns} + 0.75 * ${height}))`;
  // Every second ring is shifted by half a cell.
  const shift = `(1 - ${modulo(`(${NSIDE} + 1 + ${up} - ${down})`, 2)})`;
  const inRing = modulo(`floor((${up} + ${down} - ${NSIDE} + ${shift} + 1) / 2)`, 4 * NSIDE);
  return `${CAP} + (${NSIDE} + ${up} - ${down}) * ${4 * NSIDE} + ${inRing}`;
}

/** In the caps the rings have 4, 8, 12 … cells, counted from the pole. */
function capSql(turns: string, height: string): string {
  const part = `(${turns} - floor(${turns}))`;
  const size = `(${NSIDE} * sqrt(3 * (1 - abs(${height}))))`;
  const ring = `(floor(${part} * ${size}) + floor((1 - ${part}) * ${size}) + 1)`;
  const inRing = `floor(${turns} * ${ring})`;
  return (
    `CASE WHEN ${height} > 0 THEN 2 * ${ring} * (${ring} - 1) + ${inRing} ` +
    `ELSE ${ALL} - 2 * ${ring} * (${ring} + 1) + ${inRing} END`
  );
}

function modulo(value: string, by: number): string {
  return `(${value} - ${by} * floor(${value} / ${by}))`;
}
