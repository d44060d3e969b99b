import { OpsDbError } from '../errors.js';

type Driver = 'better-sqlite3' | 'pg';

/** A service with one kind of database needs no driver of the other. */
const USED_FOR: Readonly<Record<Driver, string>> = { 'better-sqlite3': 'SQLite', pg: 'PostgreSQL' };

/**
 * Loads a driver where it is used for the first time.
 * @param load what requires it; the name is written out there, so that bundlers find it
 * @throws OpsDbError `driver_unusable` where it is missing, or built for another Node
 */
export function loadDriver<T>(name: Driver, load: () => T): T {
  try {
    return load();
  } catch (error) {
    throw driverUnusable(error) ?? missing(name, error) ?? error;
  }
}

/** The error for the native part of better-sqlite3, which is loaded with the first connection only. */
export function driverUnusable(error: unknown): OpsDbError | undefined {
  const { code, message = '' } = error as { code?: string; message?: string };
  const isNative = code === 'ERR_DLOPEN_FAILED' || /Could not locate the bindings file/.test(message);
  if (!isNative) return undefined;
  const [reason = ''] = message.split(/\.?\n|\. Tried/);
  return new OpsDbError(
    'driver_unusable',
    `the native part of better-sqlite3, the driver of SQLite, is missing or was built for another Node or system than this one ` +
      `(Node ${process.version}, ${process.platform} ${process.arch}: ${reason.trim()}): build it with npm rebuild better-sqlite3; with pnpm: ` +
      'pnpm approve-builds, then pnpm rebuild better-sqlite3; with yarn: yarn rebuild better-sqlite3 (yarn 1: yarn install --force)',
    { cause: error },
  );
}

function missing(name: Driver, cause: unknown): OpsDbError | undefined {
  const { code, message = '' } = cause as { code?: string; message?: string };
  if (code !== 'MODULE_NOT_FOUND' || !message.includes(`'${name}'`)) return undefined;
  return new OpsDbError(
    'driver_unusable',
    `${name}, the driver of ${USED_FOR[name]}, is not installed: npm install ${name}, pnpm add ${name} or yarn add ${name}; or use the ` +
      'other database (database_type, CCAT_OPS_DB_DATABASE_TYPE)',
    { cause },
  );
}
