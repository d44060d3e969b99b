import { createHash } from 'node:crypto';
import type { Dims } from '../../entities/index.js';

/** A dimension with its value, which has a second part where {@link SECOND_PARTS} names one. */
export type KeyPart = readonly [name: string, values: readonly unknown[]];

/** The longest name of a folder that file systems take [byte]. */
const LONGEST_FOLDER_NAME = 255;
/** Key of the only division of packages that are not divided. */
const UNDIVIDED = 'all';
/** Stands before the hash at the end of a key that was cut; a dimension has a name there. */
const CUT = '+~';

/** The dimensions of which the value has a second part, and the dimension that this part belongs to. */
const SECOND_PARTS: Readonly<Record<string, string>> = { instrument_module: 'instrument' };

/**
 * The key of a division, which is also the name of its folder: ASCII without `/`, of at most 255 characters.
 */
export function keyOf(parts: readonly KeyPart[]): string {
  const key = parts.map(([name, values]) => `${name}=${values.map(encode).join('@')}`).join('+') || UNDIVIDED;
  if (key.length <= LONGEST_FOLDER_NAME) return key;
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 32);
  const start = key.slice(0, LONGEST_FOLDER_NAME - CUT.length - hash.length).replace(/%.?$/, '');
  return `${start}${CUT}${hash}`;
}

/**
 * What a sub-group key stands for. A module and its instrument are one part of a key and two dimensions; a dimension
 * without a value is null.
 * @param key such as `source=ECDFS+instrument_module=280%20GHz@Prime-Cam`
 * @returns null for a key that was cut because it was too long, and for one that is no list of dimensions: `dims` of the
 *   run tells then
 *
 * @example
 * import { dimsOfKey } from 'ccat-ops-db';
 *
 * const { source, ...module } = dimsOfKey('source=ECDFS+instrument_module=280%20GHz@Prime-Cam') ?? {};
 * console.log(source, module); // ECDFS { instrument_module: '280 GHz', instrument: 'Prime-Cam' }
 * console.log(dimsOfKey('source=Saturn+line_id=')); // { source: 'Saturn', line_id: null }
 * console.log(dimsOfKey('all')); // {}
 */
export function dimsOfKey(key: string): Dims | null {
  if (key === UNDIVIDED) return {};
  if (key.includes(CUT)) return null;
  const dims = new Map<string, string | null>();
  for (const part of key.split('+')) {
    const [, name, value] = /^([a-z][a-z0-9_]*)=(.*)$/s.exec(part) ?? [];
    if (name === undefined || value === undefined) return null;
    const second = SECOND_PARTS[name];
    const at = second ? value.indexOf('@') : -1;
    dims.set(name, decode(at < 0 ? value : value.slice(0, at)));
    if (second && at >= 0) dims.set(second, decode(value.slice(at + 1)));
  }
  return Object.fromEntries(dims);
}

/** What a division stands for, as {@link dimsOfKey} reads it from the key. */
export function dimsOf(parts: readonly KeyPart[]): Dims {
  const dims = new Map<string, string | null>();
  for (const [name, [value, ofSecond]] of parts) {
    dims.set(name, text(value));
    const second = SECOND_PARTS[name];
    if (second) dims.set(second, text(ofSecond));
  }
  return Object.fromEntries(dims);
}

function text(value: unknown): string | null {
  return value === null || value === undefined || value === '' ? null : String(value);
}

function encode(value: unknown): string {
  const encoded = encodeURIComponent(text(value) ?? '');
  return encoded.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decode(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded) || null;
  } catch {
    // A percent sign of a key that was written by hand.
    return encoded;
  }
}
