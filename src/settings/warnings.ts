/** What a user most likely did not mean. None of these messages repeats a value: it may be a secret. */
import { closest } from 'fastest-levenshtein';
import { SECTION_ABOVE, SECTIONS_BELOW, type Variables } from './environment.js';
import { type SettingsFile, settingVariables } from './layers.js';
import type { MergedSettings } from './merged.js';
import { SETTING_KEYS } from './schema.js';
import { isTable } from './values.js';

const OWN_PREFIX = 'CCAT_OPS_DB_';
const OWN_FAMILY = 'database_';
const EVERYWHERE: readonly string[] = [...SECTIONS_BELOW, SECTION_ABOVE];
const FILE_OPTIONS: readonly string[] = ['dynaconf_merge', 'dynaconf_dotted_lookup'];
const KEYS: readonly string[] = SETTING_KEYS;

/** Active environments that no file has a section for. */
export function unknownEnvironments(
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
      return `ENV_FOR_DYNACONF: no settings file has a section [${name}]; the nearest is [${nearest}]`;
    });
}

/** Keys of settings files that stand outside the sections, where they have no effect. */
export function keysOutsideSections(files: readonly SettingsFile[]): string[] {
  return files.flatMap(({ path, topLevel }) =>
    [...topLevel]
      .filter(([key, value]) => !isTable(value) && !FILE_OPTIONS.includes(key))
      .map(
        ([key]) =>
          `${path}: ${key} stands outside the sections and has no effect; ` +
          `the nearest setting is ${closest(key, KEYS)}, to be put under [default] or an environment`,
      ),
  );
}

/** Keys within the sections that look like settings of this package. Others may belong to another program. */
export function unknownKeys(settings: MergedSettings): string[] {
  return settings
    .entries()
    .filter(([key]) => key.startsWith(OWN_FAMILY) && !KEYS.includes(key))
    .map(([key, { origin }]) => `${origin}: ${key} is not a setting; the nearest is ${closest(key, KEYS)}`);
}

/** Variables with this package's prefix that set nothing. */
export function unknownVariables(env: Variables): string[] {
  return settingVariables(env)
    .filter(({ name, key }) => name.startsWith(OWN_PREFIX) && !KEYS.includes(key.toLowerCase()))
    .map(({ name, key }) => {
      const nearest = OWN_PREFIX + closest(key.toLowerCase(), KEYS).toUpperCase();
      return `${name} is not a setting and has no effect; the nearest is ${nearest}`;
    });
}
