/** The `@word` at the start of a text, which says how to read the rest. */
import { OpsDbError } from '../errors.js';
import { parseJsonToken } from './json-token.js';
import { strip, toFloat, toInteger } from './python.js';
import { isTable, type SettingValue, table } from './values.js';

const TRUE_WORDS = new Set(['t', 'true', 'enabled', '1', 'on', 'yes']);

/** The value that a token makes of the text behind it; undefined removes the key. */
type Cast = (text: string) => SettingValue | undefined;

const CASTS = new Map<string, Cast>([
  ['@str', (text) => text],
  ['@int', (text) => required(toInteger(text), '@int', 'a whole number')],
  ['@float', (text) => required(toFloat(text), '@float', 'a number')],
  ['@bool', (text) => TRUE_WORDS.has(strip(text).toLowerCase())],
  ['@json', (text) => required(parseJsonToken(text), '@json', 'JSON')],
  ...['@none', '@null', '@note', '@comment'].map((word): [string, Cast] => [word, () => null]),
  ...['@del', '@empty'].map((word): [string, Cast] => [word, () => undefined]),
]);

function required<T>(value: T | undefined, token: string, wanted: string): T {
  // The text may be a secret, so the message does not repeat it.
  if (value === undefined) throw new OpsDbError('settings_invalid', `what follows ${token} is not ${wanted}`);
  return value;
}

/** The cast of a text, bound to the rest of it; undefined for ordinary text. */
export function castOf(text: string): (() => SettingValue | undefined) | undefined {
  const space = text.indexOf(' ');
  const cast = CASTS.get(space < 0 ? text : text.slice(0, space));
  return cast && (() => cast(space < 0 ? '' : text.slice(space + 1)));
}

/**
 * Applies the tokens of a value at every depth, once.
 *
 * @returns undefined when the value itself is to be removed; removed members are left out
 * @throws OpsDbError `settings_invalid` when a cast fails
 */
export function castTokens(value: SettingValue): SettingValue | undefined {
  if (typeof value === 'string') {
    const cast = castOf(value);
    return cast ? cast() : value;
  }
  if (Array.isArray(value)) return value.map(castTokens).filter((member) => member !== undefined);
  if (isTable(value)) return table(Object.entries(value).flatMap(castMember));
  return value;
}

function castMember([key, member]: [string, SettingValue]): [string, SettingValue][] {
  const cast = castTokens(member);
  return cast === undefined ? [] : [[key, cast]];
}
