import { VelocityConvention, VelocityFrame } from '../../entities/index.js';
import type { Cells, Converter, Report } from '../../tabular/converter.js';
import { parseNumber } from '../../tabular/number.js';

type Spellings = ReadonlyMap<string, string>;

const FRAMES: Spellings = new Map([
  ['lsr', VelocityFrame.LSRK],
  ['vlsr', VelocityFrame.LSRK],
  ['lsrk', VelocityFrame.LSRK],
  ['hel', VelocityFrame.HELIOCENTRIC],
  ['helio', VelocityFrame.HELIOCENTRIC],
  ['heliocentric', VelocityFrame.HELIOCENTRIC],
  ['bary', VelocityFrame.BARYCENTRIC],
  ['barycentric', VelocityFrame.BARYCENTRIC],
  ['unstated', VelocityFrame.UNSTATED],
]);

const CONVENTIONS: Spellings = new Map([
  ['radio', VelocityConvention.RADIO],
  ['opt', VelocityConvention.OPTICAL],
  ['optical', VelocityConvention.OPTICAL],
  ['rel', VelocityConvention.RELATIVISTIC],
  ['relativistic', VelocityConvention.RELATIVISTIC],
]);

const LIGHT_KMS = 299_792.458;
const UNIT = / *km\/s$/i;

/**
 * Makes a velocity out of `velocity` [km/s] or `redshift` (z), its `frame` and its `convention`, in the usual
 * spellings. A redshift becomes cz, which is a velocity of the optical convention.
 */
export const velocities: Converter = {
  takes: ['velocity', 'redshift', 'frame', 'convention'],
  gives: ['velocity_kms', 'velocity_frame', 'velocity_convention'],
  lacks: (names) =>
    names.includes('redshift') ? [] : ['velocity', 'frame'].filter((name) => !names.includes(name)),
  convert(cells, report) {
    return cells.redshift ? fromRedshift(cells, report) : fromVelocity(cells, report);
  },
};

function fromVelocity(cells: Cells, report: Report): Cells {
  const { velocity = '', frame = '' } = cells;
  const number = velocity && parseNumber(velocity.replace(UNIT, ''));
  if (number === undefined) report('velocity', velocity, 'must be a number of km/s');
  if (velocity && frame === '') report('frame', frame, `must say what it refers to: ${names(FRAMES)}`);
  if (velocity === '' && frame) report('velocity', velocity, 'must not be empty where the frame is given');
  return {
    velocity_kms: number === undefined ? undefined : String(number),
    velocity_frame: spelled(cells, 'frame', FRAMES, report),
    velocity_convention: spelled(cells, 'convention', CONVENTIONS, report),
  };
}

function fromRedshift(cells: Cells, report: Report): Cells {
  const { redshift = '', velocity, frame } = cells;
  const z = parseNumber(redshift);
  if (z === undefined || z <= -1) report('redshift', redshift, 'must be a number above -1');
  if (velocity) report('redshift', redshift, 'stands beside a velocity; one of them is enough');
  const convention = spelled(cells, 'convention', CONVENTIONS, report);
  if (convention && convention !== VelocityConvention.OPTICAL)
    report('convention', cells.convention ?? '', 'must be optical or empty beside a redshift');
  return {
    velocity_kms: z === undefined ? undefined : String(z * LIGHT_KMS),
    velocity_frame: frame ? spelled(cells, 'frame', FRAMES, report) : VelocityFrame.UNSTATED,
    velocity_convention: VelocityConvention.OPTICAL,
  };
}

function spelled(cells: Cells, column: string, spellings: Spellings, report: Report): string | undefined {
  const text = cells[column] ?? '';
  const value = text ? spellings.get(text.toLowerCase()) : '';
  if (value === undefined) report(column, text, `allowed are ${names(spellings)}`);
  return value;
}

function names(spellings: Spellings): string {
  return [...spellings.keys()].join(', ');
}
