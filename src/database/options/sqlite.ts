import type { Settings } from '../../settings/index.js';
import { loadDriver } from '../drivers.js';

/** TypeORM's options for a SQLite file. */
export function sqliteOptions({ database, busyTimeoutMs }: Settings['sqlite'], assertAdapted: () => void) {
  return {
    type: 'better-sqlite3',
    driver: loadDriver('better-sqlite3', () => require('better-sqlite3')),
    database,
    timeout: busyTimeoutMs,
    enableWAL: true,
    prepareDatabase: (connection: import('better-sqlite3').Database) => {
      assertAdapted();
      // The query runners wait for other processes: the driver would block the whole process.
      connection.pragma('busy_timeout = 0');
      connection.pragma('synchronous = NORMAL');
      // TypeORM sets update dates to CURRENT_TIMESTAMP, which has whole seconds only.
      connection.function('current_timestamp', () =>
        new Date().toISOString().replace('T', ' ').replace('Z', ''),
      );
    },
  } as const;
}
