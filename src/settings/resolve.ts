import { safeParse } from 'valibot';
import { InvalidInputError, type Issue, OpsDbError } from '../errors.js';
import { visible } from '../visible.js';
import { environmentVariable, unfollowedOptions } from './dynaconf-options.js';
import { activeEnvironments } from './environment.js';
import { applyFiles, DEFAULT_LAYER, readFiles, type SettingVariable, settingVariables } from './layers.js';
import { MergedSettings, type Setting } from './merged.js';
import type { LoadOptions } from './read.js';
import { aboutSetting, type CheckedValues, SETTING_KEYS, type SettingKey, settingsSchema } from './schema.js';
import { couldBeUrl } from './url-like.js';
import { isTable, type SettingValue } from './values.js';
import { parseVariableText } from './variable-text.js';
import {
  keysOutsideSections,
  unappliedTokens,
  unfollowedKeys,
  unknownEnvironments,
  unknownKeys,
  unknownVariables,
} from './warnings.js';

/** The settings of this package with their origins. */
export interface Resolved {
  readonly environment: readonly string[];
  readonly values: CheckedValues;
  readonly origins: ReadonlyMap<SettingKey, string>;
}

/** Replaces a secret wherever a value is shown. */
export const MASK = '********';

/**
 * Finds the value of every setting, and checks it.
 *
 * @throws InvalidInputError `settings_invalid` with all values that are not allowed
 * @throws OpsDbError `settings_invalid` when a file is not TOML or a cast in a file fails
 */
export function resolveSettings(options: LoadOptions): Resolved {
  const { cwd = process.cwd(), env = process.env, warn = emitWarning } = options;
  const environment = activeEnvironments(env);
  const files = readFiles(cwd, env, true, warn);
  const fromFiles = merge(files, environment);
  const defaults = mergedDefaults();
  const warnings = [
    ...unfollowedOptions(env),
    ...unknownEnvironments(environmentVariable(env), environment, files),
    ...keysOutsideSections(files),
    ...unknownKeys(fromFiles),
    ...unfollowedKeys(fromFiles),
    ...unknownVariables(env),
  ];
  // Reading `process.env` is slow.
  const variables = settingVariables(env);
  const given = new Map(
    SETTING_KEYS.map((key) => [
      key,
      [fromVariables(key, variables), fromFiles.get(key), defaults.get(key)].find(isSet),
    ]),
  );
  for (const warning of [...warnings, ...unappliedTokens(given)]) warn(warning);
  return {
    environment,
    values: check(given),
    origins: new Map([...given].map(([key, setting]) => [key, setting?.origin ?? DEFAULT_LAYER.path])),
  };
}

/** The value of every setting where nothing sets it. */
export function defaultValues(): CheckedValues {
  const defaults = mergedDefaults();
  return check(new Map(SETTING_KEYS.map((key) => [key, defaults.get(key)])));
}

function mergedDefaults(): MergedSettings {
  return merge([DEFAULT_LAYER], []);
}

function emitWarning(message: string): void {
  process.emitWarning(visible(message), { type: 'CcatOpsDbWarning' });
}

function merge(files: Parameters<typeof applyFiles>[1], environment: readonly string[]): MergedSettings {
  const settings = new MergedSettings();
  applyFiles(settings, files, environment);
  return settings;
}

/** `@none` leaves a setting at its default, as if it were not set. */
function isSet(setting: Setting | undefined): boolean {
  return setting !== undefined && setting.value !== null;
}

function fromVariables(key: SettingKey, variables: readonly SettingVariable[]): Setting | undefined {
  const variable = variables.findLast((candidate) => candidate.key.toLowerCase() === key);
  if (!variable) return undefined;
  const { name, text } = variable;
  return { value: aboutSetting(key).kind === 'text' ? text : parsedOrText(text), origin: name };
}

function parsedOrText(text: string): SettingValue {
  try {
    return parseVariableText(text) ?? null;
  } catch (error) {
    // A failed cast is reported with the other issues, as an invalid value.
    if (error instanceof OpsDbError) return text;
    throw error;
  }
}

function check(given: ReadonlyMap<SettingKey, Setting | undefined>): CheckedValues {
  const values = Object.fromEntries([...given].map(([key, setting]) => [key, setting?.value]));
  const checked = safeParse(settingsSchema, values);
  if (checked.success) return checked.output;
  const wrong = new Set(checked.issues.map(({ path }) => path?.[0].key as SettingKey));
  const issues = [...wrong].map((key) => issue(key, given.get(key)));
  throw new InvalidInputError('settings_invalid', 'these settings are not allowed:', issues);
}

function issue(key: SettingKey, setting: Setting | undefined): Issue {
  const { allowed, kind, secret } = aboutSetting(key);
  const value = setting?.value;
  return {
    origin: setting?.origin ?? DEFAULT_LAYER.path,
    key,
    value: secret || isUrl(value) ? MASK : shown(value),
    message: `must be ${allowed}${hint(key, kind, value)}`,
  };
}

function hint(key: SettingKey, kind: string, value: SettingValue | undefined): string {
  if (key === 'database_type' && value === 'mysql') {
    return '; the original ccat_ops_db accepts mysql, this package does not work with it';
  }
  if (isUrl(value)) return ', and no URL: host, port, user, password and name are settings of their own';
  const unquoted = kind === 'text' && value !== undefined && typeof value !== 'string';
  return unquoted ? '; write it in quotes' : '';
}

/** A URL in the wrong place may contain a password. */
function isUrl(value: SettingValue | undefined): boolean {
  return typeof value === 'string' && (couldBeUrl(value) || /\S@\S/.test(value));
}

function shown(value: SettingValue | undefined): string {
  if (value === undefined) return '(not set)';
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return 'a list';
  return isTable(value) ? 'a table' : String(value);
}
