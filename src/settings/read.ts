import { activeEnvironments, type Variables } from './environment.js';
import { applyFiles, applyVariables, readFiles } from './layers.js';
import { MergedSettings } from './merged.js';
import { type SettingTable, table } from './values.js';

/** Where settings are read from. */
export interface SettingsSource {
  /** The folder where the search for settings files starts; the working directory where left out. */
  readonly cwd?: string;
  /** The complete environment; `process.env` where left out. */
  readonly env?: Variables;
}

/** Where settings are read from, and the receiver of warnings about likely mistakes. */
export interface LoadOptions extends SettingsSource {
  /** Takes one line; `process.emitWarning` where left out. Secrets are never in it. */
  readonly warn?: (message: string) => void;
}

/** Dynaconf's own options and their older names can be set in files, but are no settings. */
const OPTION =
  /_FOR_DYNACONF$|^(?:PROJECT_ROOT|SETTINGS_MODULE|DYNACONF_(?:NAMESPACE|SETTINGS|SETTINGS_MODULE|SILENT_ERRORS|ALWAYS_FRESH_VARS))$/i;

/**
 * The merged values of all layers as Dynaconf 3.3.5 would give them, unchecked: whatever key, whatever type.
 * {@link loadSettings} gives the checked settings of this package.
 *
 * @param source `bundled: false` leaves out the defaults of this package, the lowest layer
 * @returns a table without a prototype; first-level keys are lower case
 * @throws OpsDbError `settings_invalid` when a file is not TOML, with file, line and column, or a cast fails
 *
 * @example
 * import { tmpdir } from 'node:os';
 * import { readSettings } from 'ccat-ops-db';
 *
 * const env = { CCAT_OPS_DB_REDIS_HOST: 'redis.example', CCAT_OPS_DB_REDIS_PORT: '6379' };
 * const { redis_host, redis_port } = readSettings({ cwd: tmpdir(), env, bundled: false });
 * console.log([redis_host, redis_port]); // [ 'redis.example', 6379 ]
 */
export function readSettings(source: SettingsSource & { readonly bundled?: boolean } = {}): SettingTable {
  const { cwd = process.cwd(), env = process.env, bundled = true } = source;
  const settings = new MergedSettings();
  applyFiles(
    settings,
    readFiles(cwd, env, bundled, () => {}),
    activeEnvironments(env),
  );
  applyVariables(settings, env);
  const visible = settings.entries().filter(([key]) => !OPTION.test(key));
  return table(visible.map(([key, { value }]) => [key, value]));
}
