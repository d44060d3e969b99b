import { existsSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import type { DataSource } from 'typeorm';
import { IN_MEMORY } from '../../database/connection-settings.js';
import type { Settings } from '../../settings/index.js';
import { describeBytes } from '../output/bytes.js';
import { type Finding, fail, ok, warn } from './finding.js';

/** Free space below which it is a warning, and below which a night does not fit [byte]. */
const [LOW_BYTES, LOWEST_BYTES] = [1e9, 100e6];

/** A finding where the file is not there: to connect would create it. */
export function fileIsThere({ databaseType, sqlite: { database } }: Settings): Finding | undefined {
  if (databaseType !== 'sqlite' || database === IN_MEMORY || existsSync(database)) return undefined;
  return fail(
    'connection',
    `there is no file ${database}`,
    'run opsdb init to create it, or change database_sqlite_database (CCAT_OPS_DB_DATABASE_SQLITE_DATABASE)',
  );
}

/** Whether every page of the file can be read and fits the others; no finding where it does. */
export async function fileIntegrity(dataSource: DataSource): Promise<Finding[]> {
  const rows: { quick_check: string }[] = await dataSource.query(`PRAGMA quick_check(${SHOWN})`);
  const issues = rows.map(({ quick_check }) => quick_check).filter((line) => line !== 'ok');
  if (issues.length === 0) return [];
  return [
    fail(
      'integrity',
      `the file is damaged: ${issues.join('; ')}`,
      'stop what writes to it, keep a copy, and restore the latest backup; sqlite3 FILE .recover saves what can be read',
    ),
  ];
}

/** Number of damages that are listed. */
const SHOWN = 5;

/** The size of the file, and the free space beside it. */
export async function fileSpace(_: DataSource, { sqlite: { database } }: Settings): Promise<Finding[]> {
  if (database === IN_MEMORY) return [ok('space', 'in memory')];
  const folder = path.dirname(path.resolve(database));
  const { bavail, bsize } = await statfs(folder);
  return [judgedSpace(statSync(database).size, bavail * bsize, folder)];
}

/** @param freeBytes what is left in the folder of the database */
export function judgedSpace(sizeBytes: number, freeBytes: number, folder: string): Finding {
  const found = `the database takes ${describeBytes(sizeBytes)}, ${describeBytes(freeBytes)} are free in ${folder}`;
  const remedy = 'make room there, or move the database (database_sqlite_database)';
  if (freeBytes < LOWEST_BYTES) return fail('space', found, remedy);
  return freeBytes < LOW_BYTES ? warn('space', found, remedy) : ok('space', found);
}
