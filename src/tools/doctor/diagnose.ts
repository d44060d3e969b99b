import type { DataSource } from 'typeorm';
import { effectiveSettings, type InitOptions } from '../../database/connection-settings.js';
import { describeDatabase } from '../../database-url.js';
import { createDataSource } from '../../datasource.js';
import { OpsDbError } from '../../errors.js';
import { isForRehearsal, loadSettings, type Settings } from '../../settings/index.js';
import { aboutSetting } from '../../settings/schema.js';
import { errorOfSurroundings } from '../../surroundings.js';
import { type Finding, fail, ok, warn } from './finding.js';
import {
  clock,
  replication,
  serverIntegrity,
  serverPermissions,
  serverSpace,
  serverVersion,
} from './postgresql.js';
import { drift, schema } from './schema-finding.js';
import { spoolFindings } from './spool.js';
import { fileIntegrity, fileIsThere, fileSpace } from './sqlite.js';

/**
 * Checks everything around a service that may keep it from working: settings, connection, schema, replicas, clocks,
 * space and rights. It leaves nothing changed. A check that an earlier failure makes impossible is left out.
 *
 * @param options which database; what is left out comes from the settings
 * @returns one finding or more for each check, in the order of the checks; it does not throw for what it finds
 *
 * @example
 * import { diagnose } from 'ccat-ops-db/doctor';
 *
 * const findings = await diagnose({ database: '/no/such/ops.sqlite' });
 * const failed = findings.find(({ status }) => status === 'fail');
 * console.log(failed?.check); // connection
 * console.log(failed?.found); // there is no file /no/such/ops.sqlite
 */
export async function diagnose(options: InitOptions = {}): Promise<Finding[]> {
  const findings: Finding[] = [];
  const settings = readSettings(options, findings);
  if (!settings) return findings;
  try {
    findings.push(...spoolFindings(settings));
  } catch (error) {
    findings.push(
      failure('spool', error, 'change what the message names, or spool_path (CCAT_OPS_DB_SPOOL_PATH)'),
    );
  }
  const dataSource = await connect(settings, findings);
  if (!dataSource) return findings;
  try {
    for (const [check, look] of settings.databaseType === 'postgresql' ? OF_SERVERS : OF_FILES)
      findings.push(
        ...(await look(dataSource, settings).catch((error: unknown) => [failure(check, error, AGAIN)])),
      );
    return findings;
  } finally {
    await dataSource.destroy().catch(() => undefined);
  }
}

const AGAIN = 'see to what the message names, then run opsdb doctor again';

type Look = (dataSource: DataSource, settings: Settings) => Promise<readonly Finding[]>;

const OF_SERVERS: readonly (readonly [Finding['check'], Look])[] = [
  ['schema', schema],
  ['drift', drift],
  ['replication', replication],
  ['clock', clock],
  ['space', serverSpace],
  ['integrity', serverIntegrity],
  ['permissions', serverPermissions],
];
const OF_FILES: readonly (readonly [Finding['check'], Look])[] = [
  ['schema', schema],
  ['drift', drift],
  ['space', fileSpace],
  ['integrity', fileIntegrity],
];

function readSettings(options: InitOptions, findings: Finding[]): Settings | undefined {
  const warnings: string[] = [];
  try {
    const loaded = options.settings ?? loadSettings({ warn: (message) => warnings.push(message) });
    const settings = effectiveSettings({ ...options, settings: loaded });
    for (const message of warnings)
      findings.push(warn('settings', message, 'correct its name, or take it out; opsdb settings shows all'));
    if (isDevelopmentPassword(settings))
      findings.push(
        warn(
          'settings',
          'production uses the password for development, which is public',
          'set CCAT_OPS_DB_DATABASE_POSTGRESQL_PASSWORD, or database_postgresql_password in .secrets.toml',
        ),
      );
    const environment = settings.environment.join(', ') || 'none';
    findings.push(ok('settings', `${settings.databaseType}, environment ${environment}`));
    return settings;
  } catch (error) {
    findings.push(failure('settings', error, 'opsdb settings shows every setting and where it comes from'));
    return undefined;
  }
}

/** Whether a production database takes the password that everybody knows. */
function isDevelopmentPassword({ environment, databaseType, postgresql }: Settings): boolean {
  if (isForRehearsal(environment) || databaseType !== 'postgresql') return false;
  return postgresql.password === aboutSetting('database_postgresql_password').default;
}

async function connect(settings: Settings, findings: Finding[]): Promise<DataSource | undefined> {
  const missing = fileIsThere(settings);
  if (missing) {
    findings.push(missing);
    return undefined;
  }
  try {
    const start = performance.now();
    const dataSource = await createDataSource({ settings }).initialize();
    const milliseconds = Math.round(performance.now() - start);
    const version = await serverVersion(dataSource);
    findings.push(
      ok('connection', `${describeDatabase({ settings })}, ${version}, connected in ${milliseconds} ms`),
    );
    return dataSource;
  } catch (error) {
    findings.push(failure('connection', error, 'change what the message names, then run opsdb doctor again'));
    return undefined;
  }
}

/** The message of a user's mistake already says what to do. */
function failure(check: Finding['check'], error: unknown, remedy: string): Finding {
  const known = error instanceof OpsDbError ? error : errorOfSurroundings(error);
  return known
    ? fail(check, known.message, remedy)
    : fail(
        check,
        `this cannot be told: ${(error as Error).stack ?? String(error)}`,
        'report it as a bug of this package',
      );
}
