import type { DataSource, QueryRunner } from 'typeorm';
import { OpsDbError } from '../../errors.js';
import { dialectOf } from '../dialect.js';
import { assertNothingForeign } from '../ownership.js';
import { ModelDataSource } from '../typeorm/model-data-source.js';
import { schemaRevision } from './revision.js';

/**
 * Refuses where a migration would do harm or cannot be done.
 * @throws OpsDbError `migration_refused`: on SQLite, through a transaction pooler, on a replica, on a database that is
 *   ahead of this version, and on tables of which nothing says which revision they are; the message says what to do
 */
export async function assertMigratable(dataSource: DataSource, runner?: QueryRunner): Promise<void> {
  if (!dialectOf(dataSource).hasServer)
    throw refused(
      'migrations are for PostgreSQL. A SQLite database is made anew: `opsdb init --drop`, or another file in database_sqlite_database',
    );
  if (dataSource instanceof ModelDataSource && dataSource.handle.isPooled)
    throw refused(
      'a pooler lends the connection for one transaction, so that the lock and the settings of a migration would stay ' +
        'with somebody else. Set database_postgresql_host and database_postgresql_port to the server itself, and ' +
        'database_postgresql_pooler to none',
    );
  const [{ replica }] = await dataSource.query('SELECT pg_is_in_recovery() AS replica', [], runner);
  if (replica)
    throw refused(
      'the server is a read-only replica, which gets its schema from the primary. Set database_postgresql_host to the primary',
    );
  await assertNothingForeign(dataSource, 'nothing was migrated', { runner, code: 'migration_refused' });
  const { relation, unknown, code } = await schemaRevision(dataSource, runner);
  if (relation === 'newer')
    throw refused(
      `the database has migrations that this version (${code}) does not know: ${unknown.join(', ')}. ` +
        'Install the version of ccat-ops-db that has them, or restore the backup that was made before them',
    );
  if (relation === 'unstamped')
    throw refused(
      'the tables are there, but nothing says of which revision. If they are as this version has them, which ' +
        '`opsdb migrate --check` tells, note it with `opsdb stamp`',
    );
}

function refused(reason: string): OpsDbError {
  return new OpsDbError('migration_refused', `Nothing was migrated: ${reason}`);
}
