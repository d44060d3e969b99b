import { OpsDbError } from '../errors.js';
import { strip } from './python.js';
import { castTokens } from './tokens.js';
import { isTable, type SettingTable, type SettingValue, table } from './values.js';

/** A setting with the place that gave it: file and section, or the name of a variable. */
export interface Setting {
  readonly value: SettingValue;
  readonly origin: string;
}

/** Settings while the layers are merged; a later setting replaces an earlier one with the same key. */
export class MergedSettings {
  /** By key in upper case: only the first level of keys ignores case. */
  private readonly settings = new Map<string, Setting>();

  /** The setting of a key in any case. */
  get(key: string): Setting | undefined {
    return this.settings.get(key.toUpperCase());
  }

  /** All settings with their keys in lower case. */
  entries(): [string, Setting][] {
    return [...this.settings].map(([key, setting]) => [key.toLowerCase(), setting]);
  }

  /**
   * Sets a key; `__` and, unless `dots` is false, `.` in it lead into tables, whose other members stay.
   *
   * @throws OpsDbError `settings_invalid` when a cast in the value fails
   */
  set(key: string, value: SettingValue, origin: string, dots = true): void {
    const [first = '', ...path] = dots ? key.replaceAll('__', '.').split('.') : [key.replaceAll('__', '.')];
    if (path.length > MOST_PARTS)
      throw new OpsDbError(
        'settings_invalid',
        `has ${path.length + 1} parts; a name has at most ${MOST_PARTS}`,
      );
    assertShallow(value);
    const cast = castTokens(value);
    const existing = this.get(first)?.value;
    if (path.length === 0) {
      this.put(first, cast, origin);
    } else if (cast !== undefined || isTable(existing)) {
      const tree = isTable(existing) ? existing : table();
      setMember(tree, path, cast);
      // Dynaconf casts the whole table again, twice: a token that the first pass produces is cast, too.
      this.put(first, castTokens(castTokens(tree) ?? null), origin);
    }
  }

  private put(key: string, value: SettingValue | undefined, origin: string): void {
    const name = strip(key).toUpperCase();
    if (value === undefined) this.settings.delete(name);
    else this.settings.set(name, { value, origin });
  }
}

/** Most parts of a name, and most levels of a value: few enough for every parser. */
const MOST_PARTS = 100;

/** @throws OpsDbError `settings_invalid` for lists and tables within each other at more levels */
function assertShallow(value: SettingValue | undefined, levels = MOST_PARTS): void {
  if (typeof value !== 'object' || value === null || value instanceof Date) return;
  if (levels === 0)
    throw new OpsDbError('settings_invalid', `has lists or tables at more than ${MOST_PARTS} levels`);
  for (const member of Object.values(value)) assertShallow(member as SettingValue, levels - 1);
}

function setMember(tree: SettingTable, path: readonly string[], value: SettingValue | undefined): void {
  const [name = '', ...rest] = path;
  const key = existingSpelling(tree, name);
  if (rest.length > 0) {
    const branch = tree[key];
    if (value === undefined && !isTable(branch)) return;
    const below = isTable(branch) ? branch : table();
    tree[key] = below;
    setMember(below, rest, value);
  } else if (value === undefined) {
    delete tree[key];
  } else {
    tree[key] = value;
  }
}

/** Below the first level a new name takes the spelling of an existing member that differs only in case. */
function existingSpelling(tree: SettingTable, name: string): string {
  if (name in tree) return name;
  const wanted = name.toLowerCase();
  const alike = (key: string) =>
    [key, key.replaceAll(' ', '_')].some((spelling) => spelling.toLowerCase() === wanted);
  return Object.keys(tree).find(alike) ?? name;
}
