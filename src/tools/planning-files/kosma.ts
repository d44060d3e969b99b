/** The columns that a line of a source catalogue is read into. */
export const KOSMA_COLUMNS = [
  'name',
  'system',
  'ra',
  'dec',
  'glon',
  'glat',
  'velocity',
  'frame',
  'convention',
] as const;

/** What a line must look like. */
export const KOSMA_LINE =
  'must be NAME EQ 2000|EQ 1950|GA LONGITUDE LATITUDE [FRAME VELOCITY [CONVENTION]], such as Orion-KL EQ 2000 05:35:14.5 -05:22:30 LSR 9 RADIO';

const TOKEN = /"[^"]*"|\S+/g;
const EQUINOXES: Readonly<Record<string, string>> = { 2000: 'j2000', 1950: 'b1950' };

/**
 * A line of a source catalogue in columns of text: name, system, position, velocity.
 * @returns the cells of {@link KOSMA_COLUMNS}, fewer where the line is not as it must be; undefined where the line
 *   is empty or a comment
 */
export function kosmaRecord(line: string): readonly string[] | undefined {
  const text = line.replace(/^\uFEFF/, '').trim();
  if (text === '' || /^[!#]/.test(text)) return undefined;
  const [name = '', system = '', ...rest] = tokens(text);
  const isGalactic = /^GA$/i.test(system);
  const equinox = /^EQ$/i.test(system) ? EQUINOXES[Number(rest.shift())] : '';
  const [longitude = '', latitude = '', frame = '', velocity = '', convention = '', ...more] = rest;
  if (equinox === undefined || (!isGalactic && equinox === '') || latitude === '' || more.length > 0)
    return [name, text.slice(name.length).trim()];
  const position = isGalactic ? ['', '', longitude, latitude] : [longitude, latitude, '', ''];
  return [name, equinox, ...position, velocity, frame, convention];
}

/** Words, and texts in quotes as one word each; what follows `!` after a blank is a comment. */
function tokens(text: string): string[] {
  const words = [...text.matchAll(TOKEN)].map(([word]) => word);
  const comment = words.findIndex((word) => word.startsWith('!'));
  return words.slice(0, comment < 0 ? undefined : comment).map((word) => word.replaceAll('"', ''));
}
