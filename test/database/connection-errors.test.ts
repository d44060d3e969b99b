import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import type { InitOptions } from '../../src/database/connection-settings.js';
import { isRetryable } from '../../src/database/retry.js';
import { initCcatOpsDb } from '../../src/datasource.js';
import type { OpsDbError } from '../../src/errors.js';
import { describePostgresql, describeSqlite, onServer } from '../support/databases.js';

const secret = 'guess-me-not';

async function faultOf(options: InitOptions): Promise<OpsDbError> {
  const outcome = await initCcatOpsDb(options).then(
    ({ dataSource }) => dataSource.destroy(),
    (error: unknown) => error,
  );
  return outcome as OpsDbError;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as { port: number }).port;
}

describePostgresql('a server that cannot be used', (database) => {
  it.each([
    ['host', { host: 'no-such-host.invalid' }, 'no-such-host.invalid', 'database_unreachable'],
    ['database', { dbName: 'no_such_database' }, 'no_such_database', 'database_missing'],
    ['user', { user: 'no_such_user' }, 'no_such_user', 'database_login_failed'],
  ])('is an error that names the setting of a wrong %s', async (setting, wrong, value, code) => {
    const fault = await faultOf({ ...database.options, ...wrong });
    expect(fault.code).toBe(code);
    expect(fault.message).toContain(`database_postgresql_${setting}`);
    expect(fault.message).toContain(`CCAT_OPS_DB_DATABASE_POSTGRESQL_${setting.toUpperCase()}`);
    expect(fault.message).toContain(value);
    expect(inspect(fault, { depth: null })).not.toContain(database.options.settings.postgresql.password);
  });

  it('is an error that names the setting of a wrong port', async () => {
    const server = createServer();
    const port = await listen(server);
    server.close();
    const fault = await faultOf({ ...database.options, port, password: secret });
    expect(fault.code).toBe('database_unreachable');
    expect(fault.message).toMatch(new RegExp(`CCAT_OPS_DB_DATABASE_POSTGRESQL_PORT, now ${port}`));
    expect(inspect(fault, { depth: null })).not.toContain(secret);
  });

  it('is an error that names the setting of a wrong password, not the password', async () => {
    const { settings } = await database.create('empty');
    const role = `${settings.postgresql.database}_role`;
    await onServer(`CREATE ROLE ${role} LOGIN PASSWORD 'right'`);
    try {
      const fault = await faultOf({ settings, user: role, password: secret });
      // A server that trusts everybody refuses the role later, for want of rights.
      expect(['database_login_failed', 'database_not_writable']).toContain(fault.code);
      if (fault.code === 'database_login_failed')
        expect(fault.message).toContain('CCAT_OPS_DB_DATABASE_POSTGRESQL_PASSWORD');
      expect(inspect(fault, { depth: null, showHidden: true })).not.toContain(secret);
    } finally {
      await onServer(`DROP ROLE ${role}`);
    }
  });

  it('is an error of its own when it has too many connections', async () => {
    const { settings } = await database.create('empty');
    const role = `${settings.postgresql.database}_many`;
    await onServer(`CREATE ROLE ${role} LOGIN PASSWORD '${secret}' CONNECTION LIMIT 0`);
    try {
      const fault = await faultOf({ settings, user: role, password: secret });
      expect(fault).toMatchObject({ code: 'database_busy', cause: { code: '53300' } });
      expect(fault.message).toMatch(/too many connections.*CCAT_OPS_DB_DATABASE_POSTGRESQL_POOL_SIZE/);
      expect(isRetryable(fault)).toBe(true);
    } finally {
      await onServer(`DROP ROLE ${role}`);
    }
  });

  it('is an error that says so when there is no answer in time', async () => {
    const silent = createServer();
    const port = await listen(silent);
    const { settings } = database.options;
    const impatient = { ...settings, postgresql: { ...settings.postgresql, connectTimeoutMs: 50 } };
    const fault = await faultOf({ settings: impatient, port, password: secret });
    silent.close();
    expect(fault.code).toBe('database_unreachable');
    expect(fault.message).toContain('CCAT_OPS_DB_DATABASE_POSTGRESQL_CONNECT_TIMEOUT_MS, now 50');
    expect(inspect(fault, { depth: null })).not.toContain(secret);
  });

  it('is an error that names the TLS setting when the server has no TLS', async () => {
    const withoutTls = createServer((socket) => socket.on('data', () => socket.write('N')));
    const port = await listen(withoutTls);
    const { settings } = database.options;
    const tls = { ...settings, postgresql: { ...settings.postgresql, sslMode: 'require' as const } };
    const fault = await faultOf({ settings: tls, port });
    withoutTls.close();
    expect(fault.code).toBe('database_unreachable');
    expect(fault.message).toContain('database_postgresql_ssl_mode');
  });

  it('is an error that names the setting of a certificate file that is not there', async () => {
    const { settings } = database.options;
    const tls = { sslMode: 'verify-full' as const, sslRootCert: '/no/such/ca.pem' };
    const fault = await faultOf({
      settings: { ...settings, postgresql: { ...settings.postgresql, ...tls } },
    });
    expect(fault.code).toBe('settings_invalid');
    expect(fault.message).toContain('CCAT_OPS_DB_DATABASE_POSTGRESQL_SSL_ROOT_CERT');
    expect(fault.message).toContain('/no/such/ca.pem');
  });

  it('does not show its password in a printed data source', async () => {
    const dataSource = await database.open();
    const { password } = database.options.settings.postgresql;
    expect(password).not.toBe('');
    expect(inspect(dataSource.options, { depth: null })).not.toContain(password);
  });
});

describeSqlite('a file that cannot be used', (database) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const text = path.join(folder, 'text');
  writeFileSync(text, 'this is not a database, but long enough to be taken for one '.repeat(20));

  it.each([
    ['in a folder that is a file', path.join(text, 'below.sqlite')],
    ['that is a folder', folder],
    ['that is not a database', text],
  ])('is an error when it is one %s', async (_, file) => {
    const fault = await faultOf({ ...database.options, database: file });
    expect(fault.code).toBe('database_not_writable');
    expect(fault.message).toContain(`CCAT_OPS_DB_DATABASE_SQLITE_DATABASE, now ${file}`);
  });

  it('is created with its folders', async () => {
    const file = path.join(folder, 'a', 'b', 'c.sqlite');
    const dataSource = await database.open({ ...database.options, database: file });
    expect(dataSource.options.database).toBe(file);
    expect(statSync(file).size).toBeGreaterThan(0);
  });
});
