import { environmentVariable } from './dynaconf-options.js';
import { DEFAULT_ENVIRONMENT, type Variables } from './environment.js';
import type { LoadOptions } from './read.js';
import { defaultValues, MASK, resolveSettings } from './resolve.js';
import { aboutSetting, SETTING_KEYS } from './schema.js';

/** A setting with its effective value and where that comes from. */
export interface ExplainedSetting {
  /** The name in the files; `environment` for the active environments. */
  readonly key: string;
  /** The environment variable that sets it. */
  readonly variable: string;
  /** The effective value; secrets are masked. */
  readonly value: string | number | null;
  /** File and section, or the name of a variable. */
  readonly origin: string;
  /** The default of this package; secrets are masked. */
  readonly default: string | number | null;
  /** The values that are allowed. */
  readonly allowed: string;
  /** What the setting is for. */
  readonly description: string;
}

/**
 * The active environments and every effective setting with its origin; secrets are masked.
 *
 * @throws OpsDbError as {@link loadSettings} does
 *
 * @example
 * import { explainSettings } from 'ccat-ops-db';
 *
 * const settings = explainSettings({ cwd: '/', env: {} });
 * const password = settings.find(({ key }) => key === 'database_postgresql_password');
 * console.log(password?.value === 'pw4ccat'); // false
 */
export function explainSettings(options: LoadOptions = {}): ExplainedSetting[] {
  const { environment, values, origins } = resolveSettings(options);
  const defaults = defaultValues();
  const settings = SETTING_KEYS.map((key) => {
    const { allowed, description, secret } = aboutSetting(key);
    return {
      key,
      variable: `CCAT_OPS_DB_${key.toUpperCase()}`,
      value: secret ? MASK : values[key],
      origin: origins.get(key) ?? '',
      default: secret ? MASK : defaults[key],
      allowed,
      description,
    };
  });
  return [explainEnvironment(environment, options.env ?? process.env), ...settings];
}

function explainEnvironment(environment: readonly string[], env: Variables): ExplainedSetting {
  const variable = environmentVariable(env);
  return {
    key: 'environment',
    variable,
    value: environment.join(', '),
    origin: env[variable] === undefined ? 'default' : variable,
    default: DEFAULT_ENVIRONMENT,
    allowed: 'names of sections of the settings files, separated by commas',
    description: 'The environments whose sections apply; later ones win.',
  };
}
