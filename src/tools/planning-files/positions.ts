import type { Cells, Converter, Report } from '../../tabular/converter.js';
import { parseNumber } from '../../tabular/number.js';
import { AngleError, parseAngle, type SexagesimalUnit } from './angle.js';
import { CelestialSystem, toIcrs } from './icrs.js';

/** How people name the systems. What catalogues call J2000 without more is ICRS to 0.03 arcsec. */
const SYSTEMS: ReadonlyMap<string, CelestialSystem> = new Map([
  ['icrs', CelestialSystem.ICRS],
  ['j2000', CelestialSystem.ICRS],
  ['fk5', CelestialSystem.FK5],
  ['b1950', CelestialSystem.FK4],
  ['fk4', CelestialSystem.FK4],
]);

const EQUATORIAL = ['ra', 'dec'] as const;
const GALACTIC = ['glon', 'glat'] as const;
const NOTHING: Cells = { ra_deg: undefined, dec_deg: undefined, coordinates_as_given: undefined };

/** Makes positions in ICRS out of `ra` and `dec` with their `system` and `epoch`, or of `glon` and `glat`. */
export const positions: Converter = {
  takes: ['ra', 'dec', 'system', 'epoch', 'glon', 'glat'],
  gives: ['ra_deg', 'dec_deg', 'coordinates_as_given'],
  lacks(names) {
    const begun = [EQUATORIAL, GALACTIC].filter((pair) => pair.some((name) => names.includes(name)));
    return (begun.length > 0 ? begun : [EQUATORIAL]).flat().filter((name) => !names.includes(name));
  },
  convert(cells, report) {
    const isGalactic = Boolean(cells.glon || cells.glat) || !('ra' in cells);
    if (isGalactic && (cells.ra || cells.dec)) {
      report('glon', cells.glon ?? '', 'stands beside ra and dec; one position is enough');
      return NOTHING;
    }
    const [longitude, latitude] = isGalactic ? GALACTIC : EQUATORIAL;
    const system = isGalactic ? CelestialSystem.GALACTIC : systemOf(cells, report);
    const epoch = epochOf(cells, system, report);
    const longitudeDeg = angle(cells, longitude, isGalactic ? 'degrees' : 'hours', [0, 360], report);
    const latitudeDeg = angle(cells, latitude, 'degrees', [-90, 90], report);
    if (system === undefined || longitudeDeg === undefined || latitudeDeg === undefined) return NOTHING;
    const { raDeg, decDeg } = toIcrs({ longitudeDeg, latitudeDeg }, system, epoch);
    return {
      ra_deg: String(raDeg),
      dec_deg: String(decDeg),
      coordinates_as_given: asGiven(cells, longitude, latitude),
    };
  },
};

function systemOf({ system: text = '' }: Cells, report: Report): CelestialSystem | undefined {
  const system = SYSTEMS.get(text.toLowerCase() || CelestialSystem.ICRS);
  if (!system)
    report('system', text, `allowed are ${[...SYSTEMS.keys()].join(', ')}; galactic is glon, glat`);
  return system;
}

function epochOf(
  { epoch: text }: Cells,
  system: CelestialSystem | undefined,
  report: Report,
): number | undefined {
  if (!text) return undefined;
  if (system !== undefined && system !== CelestialSystem.FK4) {
    report('epoch', text, 'must be empty but for positions in B1950; others are for the epoch 2000');
    return undefined;
  }
  const epoch = parseNumber(text.replace(/^b/i, '')) ?? Number.NaN;
  if (epoch >= 1850 && epoch <= 2100) return epoch;
  report('epoch', text, 'must be the Besselian year in which the position was measured, such as 1979.9');
  return undefined;
}

function angle(
  cells: Cells,
  column: string,
  unit: SexagesimalUnit,
  [min, max]: readonly [number, number],
  report: Report,
): number | undefined {
  const text = cells[column];
  if (text === undefined) return undefined;
  try {
    const value = parseAngle(text, unit);
    if (value >= min && value <= max) return value;
    report(column, text, `must be from ${min} to ${max} degrees`);
  } catch (error) {
    if (!(error instanceof AngleError)) throw error;
    report(column, text, error.message);
  }
  return undefined;
}

/** Empty where the position was given in degrees of ICRS, so that nothing is lost without it. */
function asGiven(cells: Cells, longitude: string, latitude: string): string {
  const [first, second] = [cells[longitude] as string, cells[latitude] as string];
  const system = longitude === 'glon' ? 'galactic' : (cells.system || 'ICRS').toUpperCase();
  const isPlain = [first, second].every((text) => parseNumber(text) !== undefined);
  if (system === 'ICRS' && isPlain) return '';
  return [system, first, second, cells.epoch && `epoch ${cells.epoch}`].filter(Boolean).join(' ');
}
