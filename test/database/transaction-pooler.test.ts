import { migrate } from '../../src/database/migration-engine/index.js';
import { withDbSession } from '../../src/datasource.js';
import { Site } from '../../src/entities/index.js';
import { readByKey } from '../../src/services/reading/index.js';
import { describePostgresql } from '../support/databases.js';

describePostgresql('behind a pooler that lends connections for one transaction', (database) => {
  const openWith = (pooler: 'none' | 'transaction') => {
    const { settings } = database.options;
    const postgresql = { ...settings.postgresql, statementTimeoutMs: 12_345, pooler };
    return database.open({ settings: { ...settings, postgresql } });
  };
  /** What the server knows of a session in which a site was read twice. */
  const sessionWith = async (pooler: 'none' | 'transaction') => {
    const dataSource = await openWith(pooler);
    return withDbSession(
      async (manager) => {
        const { id } = await manager.save(manager.create(Site, { name: pooler, shortName: pooler }));
        for (let times = 0; times < 2; times++)
          expect(await readByKey(manager, Site, id)).toMatchObject({ shortName: pooler });
        const [session] = await manager.query(
          `SELECT count(*)::int AS statements, current_setting('statement_timeout') AS timeout FROM pg_prepared_statements`,
        );
        return session;
      },
      { dataSource },
    );
  };

  it('no statement is kept, and no setting is sent with the login', async () => {
    expect(await sessionWith('transaction')).toEqual({ statements: 0, timeout: '0' });
  });

  it('both are without one', async () => {
    const session = await sessionWith('none');
    expect(session.timeout).toBe('12345ms');
    expect(session.statements).toBeGreaterThan(0);
  });

  it('nothing is migrated', async () => {
    await expect(migrate(await openWith('transaction'))).rejects.toMatchObject({
      code: 'migration_refused',
      message: expect.stringContaining('database_postgresql_pooler'),
    });
  });
});
