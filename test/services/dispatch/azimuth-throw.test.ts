import { azimuthThrow } from '../../../src/services/dispatch/azimuth-throw.js';
import { FYST } from '../../../src/services/sky/site.js';

/** What the public planner needs less its padding of 2 degrees on either side, to the degree. */
const FIELDS: readonly [field: readonly number[], elevationDeg: number, throwDeg: number][] = [
  [[0, -2, 60, 14], 50, 168 - 4],
  [[24, -32, 40, 10], 50, 112 - 4],
];

describe('the azimuth that a field at constant elevation needs', () => {
  const pass = ([ra_center = 0, dec_center = 0, width = 0, height = 0]: readonly number[]) => ({
    field: { ra_center, dec_center, width, height },
    angleDeg: 0,
    elevationDeg: 50,
    isRising: true,
  });
  const of = (given: readonly number[], more = {}) => azimuthThrow({ ...pass(given), ...more }, FYST);

  it.each(FIELDS)('is that of the planner for %j at %d deg', (field, elevationDeg, throwDeg) => {
    const found = of(field, { elevationDeg }) ?? 0;
    expect(Math.abs(found - throwDeg)).toBeLessThanOrEqual(1);
  });

  it('is the same wherever the field lies in right ascension, and when it sets', () => {
    const [first] = FIELDS;
    const [, ...place] = first?.[0] ?? [];
    for (const ra of [0, 90, 359.9]) expect(of([ra, ...place])).toBeCloseTo(of([0, ...place]) ?? 0, 9);
    expect(of([0, ...place], { isRising: false })).toBeCloseTo(of([0, ...place]) ?? 0, 9);
  });

  it('is small for a field that goes through north', () => {
    // It culminates at 43 degrees, in the north.
    expect(of([0, 24, 1, 1], { elevationDeg: 42.9 })).toBeLessThan(30);
  });

  it('grows with the side that a turned field has in right ascension', () => {
    const narrow = of([0, -2, 2, 20]) ?? 0;
    expect(of([0, -2, 2, 20], { angleDeg: 90 })).toBeCloseTo(of([0, -2, 20, 2]) ?? 0, 1);
    expect(narrow).not.toBeCloseTo(of([0, -2, 20, 2]) ?? 0, 0);
  });

  it('is not known of a field that never reaches the elevation', () => {
    expect(of([0, 60, 1, 1])).toBeUndefined();
  });
});
