import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../package-root.js';
import { loadSettings } from '../../settings/index.js';
import { sqlalchemyModels } from './models.js';
import { text } from './python.js';
import { template } from './template.js';

/**
 * Writes the model for programs in Python.
 * @param target a file whose name ends in `.py` for the classes alone; another path is the folder of a package that connects, too
 * @returns the files that were written
 */
export async function writeSqlalchemy(target: string): Promise<string[]> {
  const { version } = JSON.parse(readFileSync(path.join(packageRoot(), 'package.json'), 'utf8'));
  const models = await sqlalchemyModels(version);
  const files: [string, string][] = target.endsWith('.py')
    ? [[target, models]]
    : [
        [path.join(target, '__init__.py'), packageText()],
        [path.join(target, 'models.py'), models],
      ];
  for (const [file, content] of files) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return files.map(([file]) => file);
}

function packageText(): string {
  const { databaseType, sqlite, postgresql } = loadSettings({ cwd: '/', env: {}, warn: () => {} });
  const { database, user, password, host, port } = postgresql;
  const defaults = {
    database_type: databaseType,
    database_sqlite_database: sqlite.database,
    database_postgresql_database: database,
    database_postgresql_user: user,
    database_postgresql_password: password,
    database_postgresql_host: host,
    database_postgresql_port: String(port),
  };
  const lines = Object.entries(defaults).map(([key, value]) => `    ${text(key)}: ${text(value)},`);
  return template('package.py').replace('DEFAULTS_OF_THE_SETTINGS', () => `{\n${lines.join('\n')}\n}`);
}
