/** Why a text is no angle, and what is allowed. */
export class AngleError extends Error {}

/** The unit of a sexagesimal angle that names none. */
export type SexagesimalUnit = 'hours' | 'degrees';

const DECIMAL = /^([+-]?)(\d+\.?\d*|\.\d+) ?([hd]?)$/;
const PARTS = /^([+-]?)(\d{1,3}) ?([hd: ]) ?(\d{1,2}(?:\.\d*)?) ?(?:[m: ] ?(?:(\d{1,2}(?:\.\d*)?) ?s?)?)?$/;
/** Four digits before the point are no angle: hours or degrees, minutes and seconds without marks between them. */
const PACKED = /^[+-]?\d{4,}(\.\d*)? ?[hd]?$/;
const DEGREES_AN_HOUR = 15;

/**
 * An angle as people write it: `83.810417`, `5.587361h`, `05:35:14.5`, `05 35 14.5`, `5h35m14.5s`, `-5d22m30s`,
 * `-5°22′30″`.
 * @param text the angle; a plain decimal number is in degrees
 * @param unit of an angle in parts that says neither hours nor degrees
 * @returns the angle [deg]
 * @throws AngleError
 */
export function parseAngle(text: string, unit: SexagesimalUnit): number {
  const plain = normalised(text);
  if (PACKED.test(plain)) throw new AngleError(PACKED_ANGLE);
  const decimal = DECIMAL.exec(plain);
  if (decimal) {
    const [, sign, value, letter] = decimal;
    assertUnit(letter, unit);
    return signed(sign, Number(value) * (letter === 'h' ? DEGREES_AN_HOUR : 1));
  }
  const [whole, sign, first, mark, minutes, seconds = '0'] = PARTS.exec(plain) ?? [];
  if (whole === undefined) throw new AngleError(`must be an angle such as ${EXAMPLES[unit]}`);
  assertUnit(mark, unit);
  if (Number(minutes) >= 60 || Number(seconds) >= 60)
    throw new AngleError('must have minutes and seconds below 60');
  if (minutes?.includes('.') && Number(seconds) > 0)
    throw new AngleError('must have whole minutes where it has seconds');
  const value = Number(first) + Number(minutes) / 60 + Number(seconds) / 3600;
  const isHours = mark === 'h' || (mark !== 'd' && unit === 'hours');
  return signed(sign, isHours ? value * DEGREES_AN_HOUR : value);
}

const PACKED_ANGLE =
  'looks like hours or degrees, minutes and seconds written together: put colons between them, as in 05:35:14.5';

const EXAMPLES: Readonly<Record<SexagesimalUnit, string>> = {
  hours: '83.810417 (degrees), 5.587361h, 05:35:14.5 (hours), 5h35m14.5s or 83d48m37.5s',
  degrees: '-5.375, -05:22:30 or -5d22m30s',
};

function assertUnit(mark: string | undefined, unit: SexagesimalUnit): void {
  if (mark === 'h' && unit === 'degrees') throw new AngleError('must be in degrees, not in hours');
}

/** With the codes of ° º ″ ′, which the bundler does not escape in a pattern: one of them would double the memory of its text. */
function normalised(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replaceAll('\u2212', '-')
    .replace(/deg|[\u00b0\u00ba]/g, 'd')
    .replace(/[\u2033"]|''/g, 's')
    .replace(/[\u2032']/g, 'm')
    .replace(/\s+/g, ' ')
    .replace(/^([+-]) /, '$1');
}

function signed(sign: string | undefined, value: number): number {
  return sign === '-' ? -value : value;
}
