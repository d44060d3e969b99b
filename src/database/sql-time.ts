import type { DataSource } from 'typeorm';
import { SQLITE_NOW } from './model-data-source.js';

/** The present of the database's clock, which is the same for all workers, to the millisecond. */
export function sqlNow({ options }: DataSource): string {
  return options.type === 'postgres' ? 'statement_timestamp()' : SQLITE_NOW;
}

/** The database's present plus a number of seconds, which may be negative. */
export function sqlNowPlus({ options }: DataSource, seconds: string): string {
  return options.type === 'postgres'
    ? `statement_timestamp() + make_interval(secs => ${seconds})`
    : `strftime('%Y-%m-%d %H:%M:%f', 'now', (${seconds}) || ' seconds')`;
}
