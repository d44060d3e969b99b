import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { ApiToken, createDataSource, ExecutedObsUnit } from '../../../src/index.js';
import { grantRead } from '../../../src/tools/grant-read/index.js';
import { describePostgresql, describeSqlite, onServer } from '../../support/databases.js';
import { oneOfEach } from '../../support/one-of-each.js';

describePostgresql('a role for dashboards', (database) => {
  const roles: string[] = [];
  let owner: DataSource;
  let reader: DataSource;

  const newName = () => {
    const name = `Reader ${randomUUID().slice(0, 8)}`;
    roles.push(name);
    return name;
  };

  const newRole = async (rights = '') => {
    const name = newName();
    await onServer(`CREATE ROLE "${name}" LOGIN PASSWORD 'reader' ${rights}`);
    return name;
  };

  beforeAll(async () => {
    owner = await database.open();
    await oneOfEach(owner.manager);
    const user = await newRole();
    await grantRead(owner, user);
    reader = await createDataSource({ ...database.options, user, password: 'reader' }).initialize();
  });

  afterAll(async () => {
    await reader.destroy();
    for (const role of roles) {
      const [found] = await onServer(`SELECT 1 FROM pg_roles WHERE rolname = '${role}'`);
      if (!found) continue;
      await owner.query(`DROP OWNED BY "${role}"`);
      await onServer(`DROP ROLE "${role}"`);
    }
  });

  const denied = expect.objectContaining({ driverError: expect.objectContaining({ code: '42501' }) });

  it('reads every table and view', async () => {
    for (const { target, tableType } of owner.entityMetadatas)
      if (tableType !== 'junction') await expect(reader.manager.find(target)).resolves.toBeDefined();
    expect(await reader.manager.count(ExecutedObsUnit)).toBe(1);
    expect(await reader.manager.findOneBy(ApiToken, { name: 'script' })).toMatchObject({
      tokenPrefix: 'ccat_abc',
    });
    for (const { tableName } of owner.entityMetadatas.filter(({ tableType }) => tableType === 'junction'))
      await expect(reader.query(`SELECT * FROM "${tableName}"`)).resolves.toHaveLength(1);
  });

  it.each([
    'SELECT token_hash FROM api_token',
    'SELECT * FROM api_token',
    'SELECT a FROM api_token a',
    'SELECT 1 FROM api_token WHERE token_hash = $1',
  ])('cannot see the hashes of tokens: %s', async (query) => {
    const values = query.includes('$1') ? ['a'.repeat(64)] : [];
    await expect(reader.query(query, values)).rejects.toEqual(denied);
  });

  it.each([
    "UPDATE executed_obs_unit SET note = 'x'",
    'DELETE FROM api_token',
    'TRUNCATE status_history',
    "INSERT INTO site (name, short_name) VALUES ('x', 'x')",
    'CREATE TABLE another (id integer)',
    'DROP TABLE site CASCADE',
  ])('cannot write: %s', async (statement) => {
    await expect(reader.query(statement)).rejects.toEqual(denied);
  });

  it('is granted the same again without harm, and a whole table no longer', async () => {
    const role = await newRole();
    await owner.query(`GRANT SELECT ON api_token TO "${role}"`);
    expect(await grantRead(owner, role)).toEqual(await grantRead(owner, role));
    const [{ sees }] = await owner.query(
      `SELECT has_column_privilege($1, 'api_token', 'token_hash', 'SELECT') AS sees`,
      [role],
    );
    expect(sees).toBe(false);
  });

  it('changes nothing when only asked what would be done', async () => {
    const role = newName();
    const { statements, created } = await grantRead(owner, role, { create: true, dryRun: true });
    expect(created).toBe(true);
    expect(statements[0]).toBe(`CREATE ROLE "${role}" LOGIN`);
    expect(statements.join('\n')).not.toContain('token_hash');
    expect(await owner.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role])).toEqual([]);
  });

  it('is created only when that is asked for', async () => {
    const role = newName();
    await expect(grantRead(owner, role)).rejects.toMatchObject({
      ...{ code: 'grant_refused', message: expect.stringContaining('--create') },
    });
    expect(await grantRead(owner, role, { create: true })).toMatchObject({ created: true });
    expect(await owner.query('SELECT rolcanlogin FROM pg_roles WHERE rolname = $1', [role])).toEqual([
      ...[{ rolcanlogin: true }],
    ]);
  });

  it.each([
    ['may write already', (role: string) => `GRANT DELETE ON site TO "${role}"`, 'write site'],
    ['is a superuser', (role: string) => `ALTER ROLE "${role}" SUPERUSER`, 'read api_token.token_hash'],
  ])('is refused, and granted nothing, when it %s', async (_, statement, right) => {
    const role = await newRole();
    await owner.query(statement(role));
    await expect(grantRead(owner, role)).rejects.toMatchObject({
      ...{ code: 'grant_refused', message: expect.stringContaining(right) },
    });
    await owner.query(`ALTER ROLE "${role}" NOSUPERUSER`);
    const [{ reads }] = await owner.query(`SELECT has_table_privilege($1, 'source', 'SELECT') AS reads`, [
      role,
    ]);
    expect(reads).toBe(false);
  });

  it('is granted nothing by a login that owns nothing', async () => {
    await expect(grantRead(reader, await newRole())).rejects.toMatchObject({
      ...{ code: 'grant_refused', message: expect.stringContaining('owner of the tables') },
    });
  });

  it('is granted nothing where there are no tables', async () => {
    const empty = await createDataSource(await database.create('empty')).initialize();
    const result = grantRead(empty, await newRole());
    await expect(result).rejects.toMatchObject({ code: 'schema_mismatch' });
    await empty.destroy();
  });
});

describeSqlite('a role for dashboards', (database) => {
  it('is nothing that SQLite has', async () => {
    await expect(grantRead(await database.open(), 'grafana')).rejects.toMatchObject({
      ...{ code: 'database_unsupported', message: expect.stringContaining('SQLite has no roles') },
    });
  });
});
