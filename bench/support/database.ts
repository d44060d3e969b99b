import path from 'node:path';
import type { DataSource } from 'typeorm';
import { initCcatOpsDb } from '../../src/datasource.js';
import { loadSettings } from '../../src/settings/index.js';
import type { Contender } from './task.js';

/**
 * Opens a database, whatever the settings and the environment are, and creates the tables that it lacks.
 * @param database a URL or the path of a SQLite file
 */
export async function openDatabase(database: string): Promise<DataSource> {
  const settings = loadSettings({ cwd: path.parse(__dirname).root, env: {}, warn: () => {} });
  // Filling takes longer than the limit for statements of a service.
  const postgresql = { ...settings.postgresql, statementTimeoutMs: 0 };
  const { dataSource } = await initCcatOpsDb({ database, settings: { ...settings, postgresql } });
  return dataSource;
}

/**
 * A contender that works on a data source of this package.
 * @param less what it leaves out of the work
 */
export function onDataSource<Given>(
  work: (dataSource: DataSource, given: Given) => Promise<unknown>,
  less?: string,
): Contender<Given> {
  return {
    less,
    async connect(database) {
      const dataSource = await openDatabase(database);
      return { run: (given) => work(dataSource, given), close: () => dataSource.destroy() };
    },
  };
}
