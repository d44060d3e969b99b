import { parseNumber } from '../../tabular/number.js';

/** The columns that a line of a source catalogue is read into. */
export const KOSMA_COLUMNS = [
  'name',
  'aliases',
  'system',
  'ra',
  'dec',
  'glon',
  'glat',
  'velocity',
  'redshift',
  'frame',
  'convention',
  'note',
] as const;

/** The syntax of a line, for messages. */
export const KOSMA_LINE =
  'must be NAME[|ALIAS] EQ 2000|EQ 1950|GA LONGITUDE LATITUDE [FRAME VELOCITY [CONVENTION]] [REDSHIFT Z] [FLUX JY [INDEX]], such as Orion-KL EQ 2000 05:35:14.5 -05:22:30 LSR 9 RADIO';

/** A line that is valid in the grammar but cannot be stored. */
export class KosmaError extends Error {}

const TOKEN = /"[^"]*"|\S+/g;
const EQUINOXES: ReadonlyMap<number, string> = new Map([
  [2000, 'j2000'],
  [1950, 'b1950'],
]);

/** The coordinate systems of the grammar that are not supported. */
const UNSUPPORTED_SYSTEMS: ReadonlyMap<string, string> = new Map([
  ['EC', 'ecliptic coordinates'],
  ['HO', 'horizontal coordinates'],
  ['DA', 'equatorial coordinates of the date'],
]);
const CONVENTIONS = ['RADIO', 'OPT', 'OPTICAL', 'REL', 'RELATIVISTIC'];
const MAGNITUDE = /^(MAGNITUDE|M[VRIJHKLMN])$/;

/** The cells of a line as they are found. */
type Found = Record<(typeof KOSMA_COLUMNS)[number], string>;

/** Reads the words after a keyword, and returns their number. */
type Keyword = (words: readonly string[], found: Found) => number;

/** The optional keywords by the shortest spelling that is allowed; they may stand in any order. */
const KEYWORDS: readonly (readonly [shortest: string, whole: string, Keyword])[] = [
  ['LS', 'LSRK', velocityIn('LSR')],
  ['VL', 'VLSR', velocityIn('LSR')],
  // In this grammar HELIO means the barycentre of the solar system.
  ['HE', 'HELIOCENTRIC', velocityIn('BARY')],
  ['BA', 'BARYCENTRIC', velocityIn('BARY')],
  ['UN', 'UNSTATED', velocityIn('UNSTATED')],
  ['NU', 'NULL', ([value]) => (isNumber(value) ? 1 : 0)],
  ['EA', 'EARTH', unsupported('velocities in the frame of the Earth')],
  ['TO', 'TOPOCENTRIC', unsupported('velocities in the frame of the telescope')],
  ['RE', 'REDSHIFT', redshift],
  ['FL', 'FLUX', flux],
  ['PR', 'PROJECT', ([id = ''], found) => noted(found, `project ${id}`, 1)],
];

/**
 * A line of a source catalogue in columns of text, as the programs of GILDAS and KOSMA write them: name and aliases, system,
 * position, and keywords in any order. Decimals are hours after EQ and degrees after GA.
 * @returns the cells of {@link KOSMA_COLUMNS}, fewer where the line is not as it must be; undefined where the line
 *   is empty or a comment
 * @throws KosmaError where the line has something that the grammar knows and the database does not
 */
export function kosmaRecord(line: string): readonly string[] | undefined {
  const text = line.replace(/^\uFEFF/, '').trim();
  if (text === '' || /^[!#]/.test(text)) return undefined;
  const [names = '', system = '', ...rest] = tokens(text);
  const found = Object.fromEntries(KOSMA_COLUMNS.map((column) => [column, ''])) as Found;
  const [name = '', ...aliases] = names.split('|');
  found.name = name;
  if (aliases.length > 0) found.aliases = JSON.stringify(aliases.filter(Boolean));
  const words = readPosition(system.toUpperCase(), rest, found);
  if (words === undefined) return [name, text.slice(names.length).trim()];
  readKeywords(words, found);
  return KOSMA_COLUMNS.map((column) => found[column]);
}

/** Reads the position; returns the words after it, or undefined where it is invalid. */
function readPosition(system: string, rest: readonly string[], found: Found): readonly string[] | undefined {
  const foreign = UNSUPPORTED_SYSTEMS.get(system);
  if (foreign !== undefined)
    throw new KosmaError(`has ${foreign} (${system}), which are not supported: give EQ 2000, EQ 1950 or GA`);
  if (/^[+-]?\d/.test(system))
    throw new KosmaError(
      'has no system: write EQ 2000 or EQ 1950 before equatorial coordinates, GA before galactic ones',
    );
  const isGalactic = system === 'GA';
  if (!isGalactic && system !== 'EQ') return undefined;
  const [equinox = '', ...words] = isGalactic ? ['', ...rest] : rest;
  if (!isGalactic) {
    const year = parseNumber(equinox.replace(/^[JB]/i, ''));
    if (year === undefined) return undefined;
    const known = EQUINOXES.get(year);
    if (known === undefined)
      throw new KosmaError(`has the equinox ${equinox}, which is not supported: give EQ 2000 or EQ 1950`);
    found.system = known;
  }
  const [longitude = '', latitude = '', ...more] = words;
  if (latitude === '') return undefined;
  if (longitude.includes(',') || latitude.includes(','))
    throw new KosmaError(
      'has coordinates that change with time, which are not supported: give the position alone',
    );
  if (isGalactic) [found.glon, found.glat] = [longitude, latitude];
  else [found.ra, found.dec] = [isNumber(longitude) ? `${longitude}h` : longitude, latitude];
  return more;
}

function readKeywords(words: readonly string[], found: Found): void {
  for (let at = 0; at < words.length; ) {
    const word = (words[at] as string).toUpperCase();
    const rest = words.slice(at + 1);
    const keyword = KEYWORDS.find(([shortest, whole]) => word.startsWith(shortest) && whole.startsWith(word));
    if (keyword) at += 1 + keyword[2](rest, found);
    else if (MAGNITUDE.test(word)) at += 1 + noted(found, `magnitude ${word} ${rest[0] ?? ''}`, 1);
    else
      throw new KosmaError(
        `has ${words[at]}, which is no keyword; known are ${KEYWORDS.map(([, whole]) => whole).join(', ')}, MAGNITUDE`,
      );
  }
}

function velocityIn(frame: string): Keyword {
  return ([value = '', convention = ''], found) => {
    if (found.frame !== '') throw new KosmaError('has two velocities; one is enough');
    found.frame = frame;
    found.velocity = value;
    if (!CONVENTIONS.includes(convention.toUpperCase())) return 1;
    found.convention = convention;
    return 2;
  };
}

function redshift([value = '']: readonly string[], found: Found): number {
  found.redshift = value;
  return 1;
}

/** Catalogues do not give the wavelength of a flux, so it goes into the note. */
function flux([value, index]: readonly string[], found: Found): number {
  if (!isNumber(value)) throw new KosmaError(`has FLUX ${value ?? ''}, which must be a number of Jy`);
  const hasIndex = isNumber(index);
  noted(found, `flux ${value} Jy${hasIndex ? `, spectral index ${index}` : ''}`, 1);
  return hasIndex ? 2 : 1;
}

function unsupported(what: string): Keyword {
  return () => {
    throw new KosmaError(`has ${what}, which are not supported: give LSR or HELIO`);
  };
}

function noted(found: Found, text: string, words: number): number {
  found.note = [found.note, text].filter(Boolean).join('; ');
  return words;
}

function isNumber(word: string | undefined): boolean {
  return word !== undefined && parseNumber(word) !== undefined;
}

/** Words, and texts in quotes as one word each; what follows `!` after a blank is a comment. */
function tokens(text: string): string[] {
  const words = [...text.matchAll(TOKEN)].map(([word]) => word);
  const comment = words.findIndex((word) => word.startsWith('!'));
  return words.slice(0, comment < 0 ? undefined : comment).map((word) => word.replaceAll('"', ''));
}
