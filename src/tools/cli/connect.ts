import { existsSync } from 'node:fs';
import path from 'node:path';
import type { DataSource, EntityManager } from 'typeorm';
import { effectiveSettings, IN_MEMORY } from '../../database/connection-settings.js';
import { dialectOf } from '../../database/dialect.js';
import { assertSchema } from '../../database/prepare-schema.js';
import { createDataSource } from '../../datasource.js';
import { OpsDbError } from '../../errors.js';
import type { Settings } from '../../settings/index.js';
import { connectionOptions } from './connection.js';

/** Connects to the database of the command without creating tables, does the work, and closes the connection. */
export async function connected<T>(
  work: (dataSource: DataSource) => Promise<T>,
  create: typeof createDataSource = createDataSource,
): Promise<T> {
  const options = connectionOptions();
  assertFile(effectiveSettings(options));
  const dataSource = await create(options).initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/** SQLite would create a missing file; for a missing folder it reports an error of its own. */
function assertFile({ databaseType, sqlite: { database } }: Settings): void {
  if (databaseType !== 'sqlite' || database === IN_MEMORY || existsSync(database)) return;
  if (!existsSync(`${path.dirname(database)}/.`)) return;
  throw new OpsDbError(
    'database_missing',
    `there is no file ${database}: create it with opsdb init, or name another database (--database, ` +
      'CCAT_OPS_DB_DATABASE_SQLITE_DATABASE)',
  );
}

/**
 * Reads from the database of the command in one snapshot. Its tables must exist and fit this version.
 * @throws OpsDbError `schema_mismatch`
 */
export async function ofOneMoment<T>(read: (manager: EntityManager) => Promise<T>): Promise<T> {
  return workingTables(({ dataSource }) =>
    dataSource.transaction(dialectOf(dataSource).snapshotIsolation, read),
  );
}

/**
 * Works on the database of the command. Its tables must exist and fit this version.
 * @throws OpsDbError `schema_mismatch`
 */
export async function workingTables<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
  return connected(async (dataSource) => {
    await assertSchema(dataSource);
    return work(dataSource.manager);
  });
}
