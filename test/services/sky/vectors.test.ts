import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../../src/package-root.js';
import { angleBetween, directionOf, signed } from '../../../src/services/sky/direction.js';
import { type SkyTarget, skyPosition, visibility } from '../../../src/services/sky/index.js';

interface Target {
  readonly name: string;
  readonly body?: string;
  readonly ra_deg: number;
  readonly dec_deg: number;
}

interface PositionVector {
  readonly kind: 'position';
  readonly source: Target;
  readonly time: string;
  readonly azimuth_deg: number;
  readonly elevation_deg: number;
  readonly sidereal_deg: number;
  readonly parallactic_deg: number;
  readonly sun_distance_deg: number;
  readonly airmass: number | null;
}

interface VisibilityVector {
  readonly kind: 'visibility';
  readonly source: Target;
  readonly night: string;
  readonly from: string;
  readonly to: string;
  readonly elevation_min_deg: number;
  readonly elevation_max_deg: number;
  readonly sun_distance_min_deg: number;
  readonly intervals: readonly {
    readonly start: string;
    readonly end: string;
    readonly start_by: string;
    readonly end_by: string;
    readonly start_tolerance_s: number;
    readonly end_tolerance_s: number;
  }[];
}

const FILE = path.join(packageRoot(), 'test', 'services', 'sky', 'vectors', 'sky-vectors.jsonl');
const vectors: (PositionVector | VisibilityVector)[] = readFileSync(FILE, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

const targetOf = ({ body, ra_deg, dec_deg }: Target): SkyTarget =>
  body ? { body } : { raDeg: ra_deg, decDeg: dec_deg };

/** Allowed in position [deg]. */
const CLOSE_DEG = 0.01;

it('200 positions are those of the vectors', () => {
  const positions = vectors.filter((vector) => vector.kind === 'position');
  expect(positions).toHaveLength(200);
  for (const vector of positions) {
    const found = skyPosition(targetOf(vector.source), new Date(vector.time));
    if (!found) throw new Error(`${vector.source.name} has no position`);
    const away = angleBetween(
      directionOf(found.azimuthDeg, found.elevationDeg),
      directionOf(vector.azimuth_deg, vector.elevation_deg),
    );
    expect([vector.source.name, vector.time, away < CLOSE_DEG]).toEqual([
      vector.source.name,
      vector.time,
      true,
    ]);
    expect(Math.abs(signed(found.siderealDeg - vector.sidereal_deg))).toBeLessThan(CLOSE_DEG);
    expect(Math.abs(found.sunDistanceDeg - vector.sun_distance_deg)).toBeLessThan(CLOSE_DEG);
    if (vector.elevation_deg < 89)
      expect(Math.abs(signed(found.parallacticDeg - vector.parallactic_deg))).toBeLessThan(CLOSE_DEG);
    if (vector.airmass === null) expect(found.airmass).toBeNull();
    else if (vector.elevation_deg > 20) expect(found.airmass).toBeCloseTo(vector.airmass, 3);
  }
});

it('30 nights have the intervals of the vectors', () => {
  const nights = vectors.filter((vector) => vector.kind === 'visibility');
  expect(nights).toHaveLength(30);
  for (const vector of nights) {
    const limits = {
      elevationMinDeg: vector.elevation_min_deg,
      elevationMaxDeg: vector.elevation_max_deg,
      sunDistanceMinDeg: vector.sun_distance_min_deg,
    };
    const found = visibility(targetOf(vector.source), { night: vector.night, ...limits });
    expect(found.map(({ startBy, endBy }) => [startBy, endBy])).toEqual(
      vector.intervals.map(({ start_by, end_by }) => [start_by, end_by]),
    );
    vector.intervals.forEach((wanted, index) => {
      const offS = (edge: 'start' | 'end') =>
        Math.abs((found[index]?.[edge].getTime() ?? Number.NaN) - Date.parse(wanted[edge])) / 1000;
      expect(offS('start')).toBeLessThanOrEqual(Math.max(wanted.start_tolerance_s, 30));
      expect(offS('end')).toBeLessThanOrEqual(Math.max(wanted.end_tolerance_s, 30));
    });
    const window = { from: new Date(vector.from), to: new Date(vector.to) };
    expect(visibility(targetOf(vector.source), { ...window, ...limits })).toEqual(found);
  }
});
