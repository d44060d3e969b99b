import { parseAngle } from '../../../src/tools/planning-files/angle.js';
import { CelestialSystem, toIcrs } from '../../../src/tools/planning-files/icrs.js';

const DEGREES = 180 / Math.PI;

/** The angle between two directions [arcsec], exact for small ones. */
function arcsecondsBetween(a: { raDeg: number; decDeg: number }, raDeg: number, decDeg: number): number {
  const across = (((a.raDeg - raDeg + 540) % 360) - 180) * Math.cos(decDeg / DEGREES);
  return Math.hypot(across, a.decDeg - decDeg) * 3600;
}

/** Positions that the VLA calibrator manual gives for both equinoxes; those of B1950 are for the epoch 1979.9. */
const calibrators = [
  ['0005+383', '00h03m22.3357s', '38d03m33.430s', '00h05m57.1755s', '38d20m15.169s'],
  ['3C84', '03h16m29.5673s', '41d19m51.916s', '03h19m48.160102s', '41d30m42.10305s'],
  ['1733-130', '17h30m13.5352s', '-13d02m45.837s', '17h33m02.7058s', '-13d04m49.546s'],
] as const;

/** Pairs that the test programs of the IAU's SOFA library give, in radians. */
const sofa = [
  [
    'galactic (iauG2icrs)',
    CelestialSystem.GALACTIC,
    5.585053606381855,
    -0.785398163397448,
    5.933807430222719,
    -1.178487061357994,
  ],
  ['FK5 (iauFk52h)', CelestialSystem.FK5, 1.76779433, -0.2917517103, 1.767794226299948, -0.291751607053039],
] as const;

describe('a position', () => {
  it.each(calibrators)('of %s in B1950 is brought to ICRS to 0.1 arcsec', (_, ra, dec, icrsRa, icrsDec) => {
    const longitudeDeg = parseAngle(ra, 'hours');
    const latitudeDeg = parseAngle(dec, 'degrees');
    const position = toIcrs({ longitudeDeg, latitudeDeg }, CelestialSystem.FK4, 1979.9);
    const away = arcsecondsBetween(position, parseAngle(icrsRa, 'hours'), parseAngle(icrsDec, 'degrees'));
    expect(away).toBeLessThan(0.05);
  });

  it.each(sofa)('in %s is brought to ICRS', (_, system, longitude, latitude, ra, dec) => {
    const position = toIcrs({ longitudeDeg: longitude * DEGREES, latitudeDeg: latitude * DEGREES }, system);
    expect(arcsecondsBetween(position, ra * DEGREES, dec * DEGREES)).toBeLessThan(1e-6);
  });

  it('in B1950 is where SOFA has it in FK5 (iauFk45z)', () => {
    const at = (longitude: number, latitude: number) => ({
      longitudeDeg: longitude * DEGREES,
      latitudeDeg: latitude * DEGREES,
    });
    const fk4 = toIcrs(at(0.0160228497538296, -0.1164347929099906), CelestialSystem.FK4, 1954.6776176252567);
    const fk5 = toIcrs(at(0.02719295911606862, -0.1115766001565927), CelestialSystem.FK5);
    expect(arcsecondsBetween(fk4, fk5.raDeg, fk5.decDeg)).toBeLessThan(1e-6);
  });

  it('at the galactic north pole is where the IAU has it', () => {
    const pole = toIcrs({ longitudeDeg: 0, latitudeDeg: 90 }, CelestialSystem.GALACTIC);
    expect(arcsecondsBetween(pole, 192.85948, 27.12825)).toBeLessThan(0.01);
  });

  it('in ICRS stays what it is, with a right ascension below 360', () => {
    expect(toIcrs({ longitudeDeg: 360, latitudeDeg: -90 }, CelestialSystem.ICRS)).toEqual({
      raDeg: 0,
      decDeg: -90,
    });
  });
});
