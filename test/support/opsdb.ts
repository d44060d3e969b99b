import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packageRoot } from '../../src/package-root.js';
import type { DatabaseOptions } from './databases.js';

/** The program as its users call it. */
export const OPSDB = path.join(packageRoot(), 'bin', 'opsdb.js');

/** How a command ended. */
export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs `opsdb` as a process of its own, with no settings but those of the variables, in a folder that vanishes
 * after the tests of the file. To be called at the top of a test file.
 */
export function opsdbRunner() {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'opsdb-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  return (args: readonly string[], env: Record<string, string> = {}): Promise<Result> =>
    new Promise((resolve) => {
      const options = { cwd: folder, env: { PATH: process.env.PATH, ...env } };
      const child = execFile(process.execPath, [OPSDB, ...args], options, (_, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, stdout, stderr }),
      );
    });
}

/** The database of some settings as environment variables. */
export function environmentOf({ settings }: DatabaseOptions): Record<string, string> {
  const { host, port, user, password, database } = settings.postgresql;
  const variables = {
    DATABASE_TYPE: settings.databaseType,
    DATABASE_SQLITE_DATABASE: settings.sqlite.database,
    DATABASE_POSTGRESQL_HOST: host,
    DATABASE_POSTGRESQL_PORT: String(port),
    DATABASE_POSTGRESQL_USER: user,
    DATABASE_POSTGRESQL_PASSWORD: password,
    DATABASE_POSTGRESQL_DATABASE: database,
  };
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [`CCAT_OPS_DB_${name}`, value]));
}
