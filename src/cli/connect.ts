import type { DataSource } from 'typeorm';
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
