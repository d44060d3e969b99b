import path from 'node:path';
import type { DataSource } from 'typeorm';
import { initCcatOpsDb } from '../../src/datasource.js';
import { loadSettings } from '../../src/settings/index.js';

/**
 * Opens a database, whatever the settings and the environment are, and creates the tables that it lacks.
 * @param database a URL or the path of a SQLite file
 */
export async function openDatabase(database: string): Promise<DataSource> {
  const settings = loadSettings({ cwd: path.parse(__dirname).root, env: {}, warn: () => {} });
  // Filling takes longer than any statement of a service may.
  const postgresql = { ...settings.postgresql, statementTimeoutMs: 0 };
  const { dataSource } = await initCcatOpsDb({ database, settings: { ...settings, postgresql } });
  return dataSource;
}
