import type { DataSource, EntityManager } from 'typeorm';
import { dialectOf } from '../../database/dialect.js';
import { assertSchema } from '../../database/prepare-schema.js';
import { createDataSource } from '../../datasource.js';

/** Does work on the database of the settings as it is, without creating tables, and closes the connection. */
export async function connected<T>(
  work: (dataSource: DataSource) => Promise<T>,
  create: () => DataSource = createDataSource,
): Promise<T> {
  const dataSource = await create().initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/**
 * Reads from the database of the settings, whose tables have to be there and fit; all that is read is of one moment.
 * @throws OpsDbError `schema_mismatch`
 */
export async function ofOneMoment<T>(read: (manager: EntityManager) => Promise<T>): Promise<T> {
  return connected(async (dataSource) => {
    await assertSchema(dataSource);
    return dataSource.transaction(dialectOf(dataSource).snapshotIsolation, read);
  });
}
