import { OpsDbError } from '../errors.js';
import { environmentVariable, namesIn } from './dynaconf-options.js';
import { parseOptionText } from './variable-text.js';

/** Variables of the environment by name, in the order in which they are listed. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Length of a name in a message [characters]. */
const LONGEST_NAME = 100;

/** The name of a variable or key as messages show it: short whatever it is. */
export function shownName(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
}

/** Sections that apply in every environment: two below the environment's own, one above. */
export const SECTIONS_BELOW = ['default', 'ccat_ops_db'];
export const SECTION_ABOVE = 'global';

/** The environment where `ENV_FOR_DYNACONF` is not set. */
export const DEFAULT_ENVIRONMENT = 'development';

/**
 * The active environments that `ENV_FOR_DYNACONF` names, or the variable that Dynaconf looks at before it, lower case, later ones win; `development` where it
 * is not set, none where it is empty.
 *
 * @throws OpsDbError `settings_invalid` when it reads as something other than text, such as `2024`
 */
export function activeEnvironments(env: Variables): string[] {
  const variable = environmentVariable(env);
  const given = env[variable];
  if (given === undefined) return [DEFAULT_ENVIRONMENT];
  const value = parseOptionText(given);
  if (typeof value !== 'string') {
    throw new OpsDbError(
      'settings_invalid',
      `${variable} = ${given}: must name one or more sections of the settings files, separated by ` +
        `commas; a name that reads as a number, date or list is written in quotes: "${given}"`,
    );
  }
  return namesIn(value, ',').map((name) => name.toLowerCase());
}

/** The sections of a file in the order in which they apply. */
export function sectionOrder(environments: readonly string[]): string[] {
  return [...new Set([...SECTIONS_BELOW, ...environments, SECTION_ABOVE])];
}
