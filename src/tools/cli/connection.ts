import { effectiveSettings, type InitOptions } from '../../database/connection-settings.js';
import { loadSettings, type Settings } from '../../settings/index.js';

type Target = Pick<InitOptions, 'database' | 'dbName'>;

let named: string | undefined;
let read: Settings | undefined;

/** @param database what `--database` says; the settings decide where it is left out */
export function useDatabase(database: string | undefined): void {
  named = database;
  read = undefined;
}

/** Which database a command works on. Settings are read, and warned about, once. */
export function connectionOptions(): InitOptions & { readonly settings: Settings } {
  read ??= loadSettings();
  return { settings: read, ...targetOn(read) };
}

/** The settings of the command, with the database that it works on. */
export function commandSettings(): Settings {
  return effectiveSettings(connectionOptions());
}

/** For who reads the settings by himself, since they may be wrong. */
export function target(): Target {
  try {
    return named === undefined ? {} : targetOn(loadSettings({ warn: () => {} }));
  } catch {
    return {};
  }
}

/** A name alone is one on the server of the settings. */
function targetOn({ databaseType }: Settings): Target {
  if (named === undefined) return {};
  return databaseType === 'postgresql' && /^[\w-]+$/.test(named) ? { dbName: named } : { database: named };
}
