import type { DataSource, EntityManager } from 'typeorm';
import { createDataSource } from '../datasource.js';

/** Does work on the database of the settings as it is, without creating tables, and closes the connection. */
export async function connected<T>(work: (dataSource: DataSource) => Promise<T>): Promise<T> {
  const dataSource = await createDataSource().initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/** Reads from the database of the settings; all that is read is of one moment. */
export async function ofOneMoment<T>(read: (manager: EntityManager) => Promise<T>): Promise<T> {
  return connected((dataSource) => {
    const isolation = dataSource.options.type === 'postgres' ? 'REPEATABLE READ' : 'SERIALIZABLE';
    return dataSource.transaction(isolation, read);
  });
}
