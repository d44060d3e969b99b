/**
 * Dynaconf's own options in the environment: those that are supported, and those that are not and would change the
 * settings.
 */
import { OpsDbError } from '../errors.js';
import type { Variables } from './environment.js';
import { strip } from './python.js';
import { parseOptionText } from './variable-text.js';

const SUFFIX = '_FOR_DYNACONF';
const FOLLOWED = ['ENV', 'FORCE_ENV', 'ENV_SWITCHER', 'SETTINGS_FILE', 'SECRETS', 'ROOT_PATH'].map(
  (name) => name + SUFFIX,
);

/** Options that are not supported, with the values that change nothing. */
const UNCHANGED: Readonly<Record<string, readonly string[]>> = {
  ENVIRONMENTS_FOR_DYNACONF: ['true'],
  ENVVAR_PREFIX_FOR_DYNACONF: ['ccat_ops_db'],
  DEFAULT_ENV_FOR_DYNACONF: ['default'],
  ENCODING_FOR_DYNACONF: ['utf-8', 'utf8'],
  DOTTED_LOOKUP_FOR_DYNACONF: ['true'],
  NESTED_SEPARATOR_FOR_DYNACONF: ['__'],
  AUTO_CAST_FOR_DYNACONF: ['true'],
  SILENT_ERRORS_FOR_DYNACONF: ['true'],
};
const OFF = ['', 'false', 'off', 'no', '0', '@none', '[]'];
/** Names of the options in older versions of Dynaconf. */
const OLD_NAMES = [
  'DYNACONF_SETTINGS',
  'DYNACONF_SETTINGS_MODULE',
  'DYNACONF_NAMESPACE',
  'SETTINGS_MODULE',
  'PROJECT_ROOT',
];

/** The variable that names the active environments, whether it is set or not. */
export function environmentVariable(env: Variables): string {
  if (env.FORCE_ENV_FOR_DYNACONF !== undefined) return 'FORCE_ENV_FOR_DYNACONF';
  const switcher = env.ENV_SWITCHER_FOR_DYNACONF;
  const name = switcher === undefined ? undefined : parseOptionText(switcher);
  return typeof name === 'string' && name !== '' ? name : 'ENV_FOR_DYNACONF';
}

/** The names of files in an option, separated by semicolons or commas; undefined where it is not set. */
export function filesOf(
  env: Variables,
  option: 'SETTINGS_FILE_FOR_DYNACONF' | 'SECRETS_FOR_DYNACONF',
): string[] | undefined {
  const text = env[option];
  if (text === undefined || text === '') return undefined;
  const value = parseOptionText(text) ?? '';
  return Array.isArray(value)
    ? value.map(String)
    : namesIn(String(value), ';').flatMap((part) => namesIn(part, ','));
}

/** The folder where the search for files starts before the working directory, where an option names one. */
export function rootPath(env: Variables): string | undefined {
  const text = env.ROOT_PATH_FOR_DYNACONF;
  if (!text) return undefined;
  const value = parseOptionText(text);
  if (typeof value === 'string') return value;
  throw new OpsDbError('settings_invalid', 'ROOT_PATH_FOR_DYNACONF must be the path of a folder');
}

/**
 * Options that are set and not supported, so that Dynaconf would find other settings. The lines never repeat a value.
 */
export function unfollowedOptions(env: Variables): string[] {
  return Object.entries(env)
    .filter(([name, text]) => isOption(name) && text !== undefined && isChange(name, text))
    .map(
      ([name]) =>
        `${name} is an option of Dynaconf that this package does not follow: it has no effect here. Followed are ${FOLLOWED.join(', ')}`,
    );
}

function isOption(name: string): boolean {
  return (
    (name.endsWith(SUFFIX) && !FOLLOWED.includes(name) && !name.startsWith('CCAT_OPS_DB_')) ||
    OLD_NAMES.includes(name)
  );
}

function isChange(name: string, text: string): boolean {
  const value = text
    .trim()
    .toLowerCase()
    .replace(/^(["'])(.*)\1$/, '$2');
  const unchanged = UNCHANGED[name];
  return unchanged ? !unchanged.includes(value) : !OFF.includes(value);
}

/** The names in a text, without blanks around them. */
export function namesIn(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map(strip)
    .filter((name) => name !== '');
}
