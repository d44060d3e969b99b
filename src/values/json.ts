import { isStorableText } from './text.js';

/** Levels of lists and objects within each other; SQLite takes 1,000 and other readers fewer. */
const DEEPEST = 100;

export const JSON_WANTED =
  'a value that can be written as JSON and read as the same: objects, lists, texts in valid Unicode without the character ' +
  `U+0000, finite numbers, true and false, at most ${DEEPEST} levels deep`;

/**
 * A value as it comes back from a JSON column: instants are texts, what is undefined is left out.
 * @returns undefined where it cannot be written, or would come back as something else
 */
export function canonicalJson(value: unknown): unknown {
  try {
    const text = JSON.stringify(value, assertStorable);
    if (text === undefined) return undefined;
    const parsed: unknown = JSON.parse(text);
    return isDeeperThan(parsed, DEEPEST) ? undefined : parsed;
  } catch {
    // It contains itself, is too deep for the stack, or contains a value that JSON cannot express.
    return undefined;
  }
}

function assertStorable(key: string, value: unknown): unknown {
  const isStorable =
    typeof value === 'string'
      ? isStorableText(value)
      : typeof value === 'number'
        ? Number.isFinite(value)
        : typeof value !== 'object' || value === null || Array.isArray(value) || isPlainObject(value);
  if (!isStorable || !isStorableText(key)) throw new TypeError(`not storable: ${key}`);
  return value;
}

/** Neither a map nor a set, which JSON writes as empty objects; of any realm. */
function isPlainObject(value: object): boolean {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/** Whether lists and objects lie within each other at more than so many levels. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isDeeperThan(part, levels - 1));
}
