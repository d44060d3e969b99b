/**
 * The text behind `@json`. Dynaconf reads JSON; failing that, the first JSON object within the text; failing that, a
 * Python literal.
 */
import { OpsDbError } from '../errors.js';
import { isTable, type SettingValue, table, wholeNumber } from './values.js';

const STRING = /"(?:[^"\\]|\\.)*"/s;
const STRING_OR_BRACE = new RegExp(`${STRING.source}|[{}]`, 'gs');
const STRING_OR_ANY_BRACKET = new RegExp(`${STRING.source}|[[\\]{}]`, 'gs');
const STRING_OR_BIG_INTEGER = new RegExp(`${STRING.source}|(?<![\\d.eE+-])-?\\d{16,}(?![\\d.eE])`, 'gs');
const PYTHON_TOKEN = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|,\s*(?=[\])}])|[[\](){}:,]|\s+|[^\s[\](){}:,'"]+/gs;
const PYTHON_ESCAPE = /\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|U([0-9a-fA-F]{8})|(.))/gs;

const JSON_OF_PYTHON = new Map([
  ['True', 'true'],
  ['False', 'false'],
  ['None', 'null'],
  ['(', '['],
  [')', ']'],
]);
const CONTROL_CHARACTERS = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\n', ''],
]);
/** Most levels of lists and objects: more would exhaust the stack of the parser. */
const DEEPEST = 100;

function isDeep(text: string): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(STRING_OR_ANY_BRACKET)) {
    if (token === '[' || token === '{') depth += 1;
    if (token === ']' || token === '}') depth -= 1;
    if (depth > DEEPEST) return true;
  }
  return false;
}

/** Key of the wrapper of integers that JSON.parse would round. */
const BIG_INTEGER = '\0integer';

/**
 * The value of a text behind `@json`, or undefined where the text holds none.
 *
 * @throws OpsDbError `settings_invalid` when lists and objects lie too deep within each other
 */
export function parseJsonToken(text: string): SettingValue | undefined {
  if (isDeep(text))
    throw new OpsDbError('settings_invalid', `what follows @json is deeper than ${DEEPEST} levels`);
  for (const read of [readJson, readFirstObject, readPython]) {
    const value = read(text);
    if (value !== undefined) return value;
  }
  return undefined;
}

function readJson(text: string): SettingValue | undefined {
  const exact = text.replace(STRING_OR_BIG_INTEGER, (token) =>
    token.startsWith('"') ? token : JSON.stringify({ [BIG_INTEGER]: token }),
  );
  try {
    return JSON.parse(exact, (_key, value) => fromJson(value));
  } catch {
    return undefined;
  }
}

function fromJson(value: SettingValue): SettingValue {
  if (Object.is(value, -0)) return 0;
  if (!isTable(value)) return value;
  const integer = value[BIG_INTEGER];
  return typeof integer === 'string' ? wholeNumber(BigInt(integer)) : table(Object.entries(value));
}

function readFirstObject(text: string): SettingValue | undefined {
  const json = text.replace(/(: ?)(True|False|None)/g, (_, colon, word) => colon + JSON_OF_PYTHON.get(word));
  for (let start = json.indexOf('{'); start >= 0; start = json.indexOf('{', start + 1)) {
    const value = readJson(json.slice(start, endOfObject(json, start)));
    if (value !== undefined) return value;
  }
  return undefined;
}

function endOfObject(text: string, start: number): number {
  let depth = 0;
  for (const { 0: token, index } of text.slice(start).matchAll(STRING_OR_BRACE)) {
    if (token === '{') depth += 1;
    if (token === '}') depth -= 1;
    if (depth === 0) return start + index + 1;
  }
  return text.length;
}

function readPython(text: string): SettingValue | undefined {
  const tokens = text.match(PYTHON_TOKEN) ?? [];
  if (tokens.join('') !== text) return undefined;
  return readJson(tokens.map(pythonToJson).join(''));
}

function pythonToJson(token: string): string {
  if (token.startsWith(',')) return token === ',' ? token : '';
  if (/^["']/.test(token)) return JSON.stringify(unescapePython(token.slice(1, -1)));
  return JSON_OF_PYTHON.get(token) ?? (/^[A-Za-z]/.test(token) ? `not Python: ${token}` : token);
}

function unescapePython(text: string): string {
  return text.replace(PYTHON_ESCAPE, (sequence, short, byte, long, character) => {
    const code = short ?? byte ?? long;
    if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
    if (/["'\\]/.test(character)) return character;
    return CONTROL_CHARACTERS.get(character) ?? sequence;
  });
}
