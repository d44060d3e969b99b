import { LONGEST_PATH_BYTES } from '../entities/relative-path.js';
import { composed } from './text.js';

export const PATH_WANTED =
  'a path below the root of its location: names joined by single slashes, none of them . or .., without control ' +
  `characters, in Unicode's composed form (NFC), of at most ${LONGEST_PATH_BYTES} bytes in UTF-8`;

/** No name that is empty, `.` or `..`, and no control character: neither C0, C1 nor those that turn the direction of writing. */
const WRONG =
  '(?:^|/)\\.{0,2}(?:/|$)|[\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]';

const FORBIDDEN = new RegExp(WRONG);

/** As {@link isRelativePath}, for JSON Schemas: they know neither bytes nor forms of Unicode. */
export const PATH_PATTERN = `^(?!.*(?:${WRONG}))[^\\ud800-\\udfff]+$`;

/** Whether a worker that joins a text to the root of a location stays below it, and everybody spells it alike. */
export function isRelativePath(text: string): boolean {
  return !FORBIDDEN.test(text) && Buffer.byteLength(text) <= LONGEST_PATH_BYTES && composed(text) === text;
}
