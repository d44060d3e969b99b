import { effectiveSettings, type InitOptions } from '../../database/connection-settings.js';
import { loadSettings, type Settings } from '../../settings/index.js';

type Target = Pick<InitOptions, 'database' | 'dbName'>;

let named: string | undefined;
let read: Settings | undefined;

/** @param database the value of `--database`; the settings decide where it is left out */
export function useDatabase(database: string | undefined): void {
  named = database;
  read = undefined;
}

/** The database that the command works on. Settings are read once, with their warnings. */
export function connectionOptions(): InitOptions & { readonly settings: Settings } {
  read ??= loadSettings();
  return { settings: read, ...targetOn(read) };
}

/** The settings of the command, with the database that it works on. */
export function commandSettings(): Settings {
  return effectiveSettings(connectionOptions());
}

/** The database alone, for a caller that reads the settings itself because they may be invalid. */
export function target(): Target {
  try {
    return named === undefined ? {} : targetOn(loadSettings({ warn: () => {} }));
  } catch {
    return {};
  }
}

/** A plain name is a database on the server of the settings. */
function targetOn({ databaseType }: Settings): Target {
  if (named === undefined) return {};
  return databaseType === 'postgresql' && /^[\w-]+$/.test(named) ? { dbName: named } : { database: named };
}
