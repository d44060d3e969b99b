/** The layers of settings, lowest first: files, and within each its sections; then environment variables. */
import { readBounded } from '../bounded-file.js';
import { OpsDbError } from '../errors.js';
import { filesOf, rootPath } from './dynaconf-options.js';
import { sectionOrder, shownName, type Variables } from './environment.js';
import { findSettingsFiles } from './find-files.js';
import type { MergedSettings } from './merged.js';
import { overlookedFiles } from './overlooked-files.js';
import { DEFAULTS } from './schema.js';
import { parseToml } from './toml.js';
import { TomlGrammarError } from './toml-grammar.js';
import { isTable, type SettingTable, type SettingValue, table } from './values.js';
import { parseVariableText } from './variable-text.js';

/** Prefixes of variables: of every program with Dynaconf, then of this package. */
const PREFIXES = ['DYNACONF_', 'CCAT_OPS_DB_'];

/** A settings file that was read, or the defaults. */
export interface SettingsFile {
  readonly path: string;
  /** Its top-level keys; names of sections are in lower case. */
  readonly topLevel: ReadonlyMap<string, SettingValue>;
}

/** A variable that sets something. */
export interface SettingVariable {
  readonly name: string;
  /** The name without its prefix. */
  readonly key: string;
  readonly text: string;
}

/** The lowest layer: the defaults of this package. */
export const DEFAULT_LAYER: SettingsFile = {
  path: 'defaults of ccat-ops-db',
  topLevel: new Map(Object.entries(DEFAULTS).map(([name, values]) => [name, table(Object.entries(values))])),
};

/**
 * Reads the settings files, lowest layer first. One that cannot be read is passed over.
 *
 * @param cwd the folder where the search starts
 * @param env the environment, for the options of Dynaconf that name files and folders
 * @param withDefaults whether the defaults of this package are the lowest layer
 * @param warn called for files that cannot be read, that are named and missing, and that exist and are not read
 * @throws OpsDbError `settings_invalid` with file, line and column when one is not TOML
 */
export function readFiles(
  cwd: string,
  env: Variables,
  withDefaults: boolean,
  warn: (message: string) => void,
): SettingsFile[] {
  const search = findSettingsFiles(cwd, {
    instead: tomlOf(env, 'SETTINGS_FILE_FOR_DYNACONF', warn),
    further: tomlOf(env, 'SECRETS_FOR_DYNACONF', warn),
    root: rootPath(env),
  });
  for (const warning of overlookedFiles(search)) warn(warning);
  const files = [...new Set(search.found)].flatMap((file) => {
    const text = readText(file, warn);
    return text === undefined ? [] : [{ path: file, topLevel: lowerCaseNames(parseFile(file, text)) }];
  });
  return withDefaults ? [DEFAULT_LAYER, ...files] : files;
}

/** Only TOML is read. */
function tomlOf(
  env: Variables,
  option: Parameters<typeof filesOf>[1],
  warn: (message: string) => void,
): string[] | undefined {
  const files = filesOf(env, option);
  for (const file of files ?? [])
    if (!file.endsWith('.toml')) warn(`${option} names ${file}, which is not TOML: it is passed over`);
  return files?.filter((file) => file.endsWith('.toml'));
}

function readText(file: string, warn: (message: string) => void): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readBounded(file);
  } catch (error) {
    if (error instanceof RangeError)
      throw new OpsDbError('settings_invalid', `${file}: ${error.message}, which no settings need`, {
        cause: error,
      });
    warn(`${file} cannot be read and is passed over: ${(error as Error).message}`);
    return undefined;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new OpsDbError('settings_invalid', `${file}: is not UTF-8, the encoding of TOML`, { cause });
  }
}

function parseFile(file: string, text: string): SettingTable {
  try {
    return parseToml(text);
  } catch (error) {
    if (!(error instanceof TomlGrammarError)) throw error;
    throw new OpsDbError('settings_invalid', `${file}: not TOML 1.0: ${error.message}`, { cause: error });
  }
}

function lowerCaseNames(content: SettingTable): Map<string, SettingValue> {
  return new Map(Object.entries(content).map(([name, value]) => [name.toLowerCase(), value]));
}

/**
 * Merges the sections of the files; a later file wins over an earlier one, whatever the section.
 *
 * @throws OpsDbError `settings_invalid` when a cast fails, or an active environment's name is not a section
 */
export function applyFiles(
  settings: MergedSettings,
  files: readonly SettingsFile[],
  environments: readonly string[],
): void {
  for (const file of files) {
    for (const name of sectionOrder(environments)) {
      const section = file.topLevel.get(name);
      const origin = `${file.path} [${name}]`;
      if (isEmpty(section)) continue;
      if (!isTable(section)) throw new OpsDbError('settings_invalid', `${origin}: must be a section`);
      applySection(settings, section, origin, file.topLevel.get('dynaconf_dotted_lookup'));
    }
  }
}

/** Whether a value is false in Python, except for an empty table. */
function isEmpty(value: SettingValue | undefined): boolean {
  return Array.isArray(value) ? value.length === 0 : !value;
}

function applySection(
  settings: MergedSettings,
  section: SettingTable,
  origin: string,
  dotsInFile: SettingValue | undefined,
): void {
  const values = new Map(Object.entries(section).map(([key, value]) => [upperCaseFirstLevel(key), value]));
  const dots = dotsInFile ?? values.get('DYNACONF_DOTTED_LOOKUP') ?? true;
  if (dotsInFile === undefined) values.delete('DYNACONF_DOTTED_LOOKUP');
  for (const [key, value] of values) {
    naming(`${origin}: ${shownName(key.toLowerCase())}`, () =>
      settings.set(key, value, origin, dots === true),
    );
  }
}

function upperCaseFirstLevel(key: string): string {
  const [first = '', ...deeper] = key.split('__');
  return [first.toUpperCase(), ...deeper].join('__');
}

/** The variables that set something, lowest layer first. */
export function settingVariables(env: Variables): SettingVariable[] {
  return PREFIXES.flatMap((prefix) =>
    Object.entries(env).flatMap(([name, text]) =>
      name.startsWith(prefix) && text !== undefined
        ? [{ name: shownName(name), key: name.slice(prefix.length), text }]
        : [],
    ),
  );
}

/**
 * Merges the environment variables into the settings, read as Dynaconf does.
 *
 * @throws OpsDbError `settings_invalid` when a cast fails
 */
export function applyVariables(settings: MergedSettings, env: Variables): void {
  for (const { name, key, text } of settingVariables(env)) {
    naming(name, () => {
      const value = parseVariableText(text);
      settings.set(key, value === undefined ? '@del' : value, name);
    });
  }
}

function naming(origin: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof OpsDbError)) throw error;
    throw new OpsDbError(error.code, `${origin}: ${error.message}`, { cause: error });
  }
}
