import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { OpsDbError } from '../../errors.js';
import type { Settings } from '../../settings/index.js';

/**
 * Runs the backup command of the settings, if there is one, with the database in the variables that PostgreSQL's own
 * programs read. What it prints goes to the standard error stream.
 * @throws OpsDbError `migration_refused` when the command fails
 */
export async function runBackup({ migration: { backupCommand }, postgresql }: Settings): Promise<void> {
  if (backupCommand === null) return;
  const { host, port, user, password, database, sslMode, sslRootCert } = postgresql;
  const env = {
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGPASSWORD: password,
    PGDATABASE: database,
    PGSSLMODE: sslMode,
    ...(sslRootCert && { PGSSLROOTCERT: sslRootCert }),
  };
  const child = spawn(backupCommand, {
    shell: true,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...env },
  });
  const [code, signal] = await once(child, 'exit');
  if (code === 0) return;
  throw new OpsDbError(
    'migration_refused',
    `Nothing was migrated: the backup command (migration_backup_command) ended with ${signal ?? `exit code ${code}`}: ${backupCommand}`,
  );
}
