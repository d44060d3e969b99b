/**
 * Python's trimming of text and parsing of numbers, which differ from JavaScript's: other white space, digits of every
 * script, underscores between digits.
 */
import { wholeNumber } from './values.js';

const SPACE = '\\t-\\r\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
/** The ASCII separators are white space around text, but not around numbers. */
const AROUND_TEXT = outer(`[\\x1c-\\x1f${SPACE}]`);
const AROUND_NUMBER = outer(`[${SPACE}]`);
const INTEGER = /^[+-]?[0-9](?:_?[0-9])*$/;
const FLOAT =
  /^[+-]?(?:[0-9](?:_?[0-9])*(?:\.(?:[0-9](?:_?[0-9])*)?)?|\.[0-9](?:_?[0-9])*)(?:e[+-]?[0-9](?:_?[0-9])*)?$/i;
const NOT_FINITE = /^([+-]?)(inf|infinity|nan)$/i;

/** `str.strip()`. */
export function strip(text: string): string {
  return text.replace(AROUND_TEXT, '');
}

/** `int(text)`, or undefined where Python raises. */
export function toInteger(text: string): number | bigint | undefined {
  const plain = asciiDigits(text.replace(AROUND_NUMBER, ''));
  if (!INTEGER.test(plain)) return undefined;
  return wholeNumber(BigInt(plain.replaceAll('_', '')));
}

/** `float(text)`, or undefined where Python raises. */
export function toFloat(text: string): number | undefined {
  const plain = asciiDigits(text.replace(AROUND_NUMBER, ''));
  const special = NOT_FINITE.exec(plain);
  if (special) return special[2]?.toLowerCase() === 'nan' ? Number.NaN : Number(`${special[1]}Infinity`);
  return FLOAT.test(plain) ? Number(plain.replaceAll('_', '')) : undefined;
}

function outer(space: string): RegExp {
  return new RegExp(`^${space}+|${space}+$`, 'g');
}

function asciiDigits(text: string): string {
  return text.replace(/[^\0-\x7f]/gu, (character) => digitValue(character)?.toString() ?? character);
}

/** Unicode lays out the digits of each script as zero to nine in a row. */
function digitValue(character: string): number | undefined {
  if (!isDigit(character)) return undefined;
  const code = character.codePointAt(0) ?? 0;
  let first = code;
  while (isDigit(String.fromCodePoint(first - 1))) first -= 1;
  return (code - first) % 10;
}

function isDigit(character: string): boolean {
  return /^\p{Nd}$/u.test(character);
}
