import { OpsDbError } from '../errors.js';
import { strip } from './python.js';
import { parseOptionText } from './variable-text.js';

/** Variables of the environment by name, in the order in which they are listed. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Sections that apply in every environment: two below the environment's own, one above. */
export const SECTIONS_BELOW = ['default', 'ccat_ops_db'];
export const SECTION_ABOVE = 'global';

/** The environment where `ENV_FOR_DYNACONF` is not set. */
export const DEFAULT_ENVIRONMENT = 'development';

/**
 * The active environments that `ENV_FOR_DYNACONF` names, lower case, later ones win; `development` where it
 * is not set, none where it is empty.
 *
 * @throws OpsDbError `settings_invalid` when it reads as something other than text, such as `2024`
 */
export function activeEnvironments(env: Variables): string[] {
  const given = env.ENV_FOR_DYNACONF ?? DEFAULT_ENVIRONMENT;
  const value = parseOptionText(given);
  if (typeof value !== 'string') {
    throw new OpsDbError(
      'settings_invalid',
      `ENV_FOR_DYNACONF = ${given}: must name one or more sections of the settings files, separated by ` +
        `commas; a name that reads as a number, date or list is written in quotes: "${given}"`,
    );
  }
  return names(value, ',').map((name) => name.toLowerCase());
}

/** The further files that `SECRETS_FOR_DYNACONF` names, separated by semicolons or commas. Only TOML is read. */
export function secretsFiles(env: Variables): string[] {
  const value = parseOptionText(env.SECRETS_FOR_DYNACONF ?? '') ?? '';
  const listed = Array.isArray(value)
    ? value.map(String)
    : names(String(value), ';').flatMap((part) => names(part, ','));
  return listed.filter((name) => name.endsWith('.toml'));
}

/** The sections of a file in the order in which they apply. */
export function sectionOrder(environments: readonly string[]): string[] {
  return [...new Set([...SECTIONS_BELOW, ...environments, SECTION_ABOVE])];
}

function names(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map(strip)
    .filter((name) => name !== '');
}
