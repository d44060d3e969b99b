import { loadDriver } from '../../database/drivers.js';

/** The driver of SQLite, loaded where a spool is used for the first time. */
export function sqliteDriver(): typeof import('better-sqlite3') {
  return loadDriver('better-sqlite3', () => require('better-sqlite3'));
}
