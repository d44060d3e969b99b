/** Warnings about likely mistakes. The messages never repeat a value, which may be a secret. */
import { closest } from 'fastest-levenshtein';
import { SECTION_ABOVE, SECTIONS_BELOW, shownName, type Variables } from './environment.js';
import { type SettingsFile, settingVariables } from './layers.js';
import type { MergedSettings, Setting } from './merged.js';
import { SETTING_KEYS } from './schema.js';
import { isTable, type SettingTable } from './values.js';

const OWN_PREFIX = 'CCAT_OPS_DB_';
const OWN_FAMILIES = ['database', 'migration'];
const OWN_TOKENS =
  /^@(?:format|jinja|get|read_file|insert|merge|merge_unique|reset|upper|lower|title|capitalize|swapcase|casefold|strip|lstrip|rstrip|split)(?: |$)/;
const EVERYWHERE: readonly string[] = [...SECTIONS_BELOW, SECTION_ABOVE];
const FILE_OPTIONS: readonly string[] = ['dynaconf_merge', 'dynaconf_dotted_lookup'];
const KEYS: readonly string[] = SETTING_KEYS;

/** Active environments that no file has a section for. */
export function unknownEnvironments(
  variable: string,
  environments: readonly string[],
  files: readonly SettingsFile[],
): string[] {
  const sections = files.flatMap(({ topLevel }) =>
    [...topLevel.keys()].filter((name) => isTable(topLevel.get(name))),
  );
  return environments
    .filter((name) => !EVERYWHERE.includes(name) && !sections.includes(name))
    .map((name) => {
      const nearest = closest(
        name,
        sections.filter((section) => !EVERYWHERE.includes(section)),
      );
      return `${variable}: no settings file has a section [${shownName(name)}]; the nearest is [${nearest}]`;
    });
}

/** Keys of settings files that stand outside the sections, where they have no effect. */
export function keysOutsideSections(files: readonly SettingsFile[]): string[] {
  return files.flatMap(({ path, topLevel }) =>
    [...topLevel]
      .filter(([key, value]) => !isTable(value) && !FILE_OPTIONS.includes(key))
      .map(
        ([key]) =>
          `${path}: ${shownName(key)} stands outside the sections and has no effect; ` +
          `the nearest setting is ${closest(key, KEYS)}, to be put under [default] or an environment`,
      ),
  );
}

/**
 * Unknown keys within the sections that resemble settings of this package. Other keys may belong to another program.
 */
export function unknownKeys(settings: MergedSettings): string[] {
  return settings
    .entries()
    .filter(([key]) => looksLikeOurs(key) && !KEYS.includes(key))
    .map(([key, { origin, value }]) =>
      isTable(value)
        ? `${origin}: ${shownName(key)} is a table and has no effect; write its members as ${membersOf(key, value)}`
        : `${origin}: ${shownName(key)} is not a setting; the nearest is ${closest(key, KEYS)}`,
    );
}

function membersOf(key: string, table: SettingTable): string {
  const members = Object.keys(table).map((name) => closest(`${key}_${name.toLowerCase()}`, KEYS));
  return [...new Set(members)].join(', ') || closest(key, KEYS);
}

function looksLikeOurs(key: string): boolean {
  return OWN_FAMILIES.some((family) => key === family || key.startsWith(`${family}_`));
}

/** Keys by which Dynaconf would read further files, which this package does not. */
export function unfollowedKeys(settings: MergedSettings): string[] {
  return settings
    .entries()
    .filter(([key]) => key === 'dynaconf_include' || key === 'dynaconf_includes')
    .map(([key, { origin }]) => `${origin}: ${key} is not followed: the files that it names are not read`);
}

/** Settings whose value begins with a token that Dynaconf would evaluate. */
export function unappliedTokens(given: ReadonlyMap<string, Setting | undefined>): string[] {
  return [...given].flatMap(([key, setting]) => {
    if (typeof setting?.value !== 'string') return [];
    const [token] = OWN_TOKENS.exec(setting.value) ?? [];
    if (token === undefined) return [];
    const name =
      setting.origin.startsWith(OWN_PREFIX) || setting.origin.startsWith('DYNACONF_') ? '' : ` ${key}`;
    return [
      `${setting.origin}:${name} begins with ${token.trim()}, which is not carried out here: the value is taken as it stands`,
    ];
  });
}

/** Variables that set nothing: with this package's prefix, with that of all programs, or with a prefix in small letters. */
export function unknownVariables(env: Variables): string[] {
  const unknown = settingVariables(env).filter(
    ({ name, key }) =>
      (name.startsWith(OWN_PREFIX) || looksLikeOurs(key.toLowerCase())) && !KEYS.includes(key.toLowerCase()),
  );
  const small = Object.keys(env).filter(
    (name) => !name.startsWith(OWN_PREFIX) && name.toUpperCase().startsWith(OWN_PREFIX),
  );
  return [
    ...unknown.map(
      ({ name, key }) => `${name} is not a setting and has no effect; the nearest is ${variableLike(key)}`,
    ),
    ...small.map(
      (name) =>
        `${shownName(name)} has no effect, since its prefix is not in capitals; the nearest is ${variableLike(name.slice(OWN_PREFIX.length))}`,
    ),
  ];
}

function variableLike(key: string): string {
  return OWN_PREFIX + closest(key.toLowerCase(), KEYS).toUpperCase();
}
