import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { ApiToken, createDataSource, ExecutedObsUnit, type OpsDbError } from '../../../src/index.js';
import { grantReadWithin } from '../../../src/tools/grant-read/grant-read.js';
import { grantRead } from '../../../src/tools/grant-read/index.js';
import { describePostgresql, describeSqlite, onServer } from '../../support/databases.js';
import { oneOfEach } from '../../support/one-of-each.js';

const SERVER_ROLES = [
  'pg_read_all_data',
  'pg_write_all_data',
  'pg_read_server_files',
  'pg_write_server_files',
  'pg_execute_server_program',
  'pg_monitor',
  'pg_signal_backend',
];

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
    expect(await reader.manager.findBy(ApiToken, {})).toMatchObject([{ tokenPrefix: 'ccat_abc' }]);
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
      code: 'grant_refused',
      message: expect.stringContaining('--create'),
    });
    expect(await grantRead(owner, role, { create: true })).toMatchObject({ created: true });
    expect(await owner.query('SELECT rolcanlogin FROM pg_roles WHERE rolname = $1', [role])).toEqual([
      ...[{ rolcanlogin: true }],
    ]);
  });

  const owns = (role: string) => [`ALTER TABLE site OWNER TO "${role}"`];
  const everyRight: [string, string, (role: string) => string[]][] = [
    ['read api_token.token_hash', 'SUPERUSER', (role) => [`ALTER ROLE "${role}" SUPERUSER`]],
    ['CREATEROLE', 'CREATEROLE', (role) => [`ALTER ROLE "${role}" CREATEROLE`]],
    ['CREATEDB', 'CREATEDB', (role) => [`ALTER ROLE "${role}" CREATEDB`]],
    ['REPLICATION', 'REPLICATION', (role) => [`ALTER ROLE "${role}" REPLICATION`]],
    ['BYPASSRLS', 'BYPASSRLS', (role) => [`ALTER ROLE "${role}" BYPASSRLS`]],
    ...SERVER_ROLES.map((server): [string, string, (role: string) => string[]] => [
      `use the rights of ${server}`,
      server,
      (role) => [`GRANT ${server} TO "${role}"`],
    ]),
    ['do everything with the table site', 'ownership of a table', owns],
    ['with the schema public', 'its schema', (role) => [`ALTER SCHEMA public OWNER TO "${role}"`]],
    ...['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE'].map(
      (right): [string, string, (role: string) => string[]] => [
        `write site (${right})`,
        right,
        (role) => [`GRANT ${right} ON site TO "${role}"`],
      ],
    ),
    ['change site (REFERENCES)', 'REFERENCES', (role) => [`GRANT REFERENCES ON site TO "${role}"`]],
    ['change site (TRIGGER)', 'TRIGGER', (role) => [`GRANT TRIGGER ON site TO "${role}"`]],
    ['write site (UPDATE)', 'UPDATE of a column', (role) => [`GRANT UPDATE (name) ON site TO "${role}"`]],
    [
      'write site_id_seq (USAGE)',
      'a sequence',
      (role) => [`GRANT USAGE ON SEQUENCE site_id_seq TO "${role}"`],
    ],
    [
      'let others read site',
      'to pass it on',
      (role) => [`GRANT SELECT ON site TO "${role}" WITH GRANT OPTION`],
    ],
    ['create in the schema', 'CREATE in it', (role) => [`GRANT CREATE ON SCHEMA public TO "${role}"`]],
    [
      'created later',
      'rights on later tables',
      (role) => [`ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO "${role}"`],
    ],
    [
      'read api_token.token_hash through shown_again',
      'a view of a view',
      (role) => [
        'CREATE VIEW shown AS SELECT * FROM api_token',
        'CREATE VIEW shown_again AS SELECT * FROM shown',
        `GRANT SELECT ON shown_again TO "${role}"`,
      ],
    ],
    [
      'call pg_read_file(text)',
      'a function of the server',
      (role) => [`GRANT EXECUTE ON FUNCTION pg_read_file(text) TO "${role}"`],
    ],
    [
      'call leak()',
      "a function with its owner's rights",
      (role) => [
        `CREATE FUNCTION leak() RETURNS text LANGUAGE sql SECURITY DEFINER AS 'SELECT token_hash::text FROM api_token'`,
        'REVOKE EXECUTE ON FUNCTION leak() FROM PUBLIC',
        `GRANT EXECUTE ON FUNCTION leak() TO "${role}"`,
      ],
    ],
    [
      'set archive_command (ALTER SYSTEM)',
      'a parameter of the server',
      (role) => [`GRANT ALTER SYSTEM ON PARAMETER archive_command TO "${role}"`],
    ],
  ];

  /** All of it is undone, since roles are shared by all databases of the server. */
  const refusalOf = async (role: string, statements: readonly string[]): Promise<OpsDbError> => {
    const undone = new Error('undone');
    let refusal: unknown;
    await owner
      .transaction(async (manager) => {
        for (const statement of statements) await manager.query(statement);
        refusal = await grantReadWithin(manager, role).catch((error: unknown) => error);
        throw undone;
      })
      .catch((error: unknown) => {
        if (error !== undone) throw error;
      });
    return refusal as OpsDbError;
  };

  it.each(everyRight)('is refused what it asks for when it may %s, by %s', async (right, _, statements) => {
    const role = await newRole();
    expect(await refusalOf(role, statements(role))).toMatchObject({
      code: 'grant_refused',
      message: expect.stringContaining(right),
    });
  });

  it.each(everyRight)(
    'is refused likewise when it can become a role that may %s, by %s',
    async (right, _, statements) => {
      const [role, group, member] = [await newRole('NOINHERIT'), newName(), newName()];
      const message = (
        await refusalOf(role, [
          `CREATE ROLE "${group}"`,
          `CREATE ROLE "${member}" NOINHERIT`,
          ...statements(group),
          `GRANT "${group}" TO "${member}"`,
          `GRANT "${member}" TO "${role}"`,
        ])
      ).message;
      expect(message).toContain(right);
    },
  );

  it.each(['SELECT', 'SELECT (token_hash)'])(
    'is refused when it can become a role with %s of hashes',
    async (right) => {
      const [role, group] = [await newRole('NOINHERIT'), newName()];
      const statements = [
        `CREATE ROLE "${group}"`,
        `GRANT ${right} ON api_token TO "${group}"`,
        `GRANT "${group}" TO "${role}"`,
      ];
      expect((await refusalOf(role, statements)).message).toContain(
        `read api_token.token_hash as the role ${group}`,
      );
    },
  );

  it.each(['DELETE', 'TRIGGER', 'INSERT (name)'])('is refused when everybody has %s', async (right) => {
    const role = await newRole();
    const { message } = await refusalOf(role, [`GRANT ${right} ON site TO PUBLIC`]);
    expect(message).toContain('as everybody (PUBLIC)');
  });

  it('may be a member of a role that reads no more than itself', async () => {
    const [role, group] = [await newRole(), await newRole()];
    await grantRead(owner, group);
    await onServer(`GRANT "${group}" TO "${role}"`);
    expect(await grantRead(owner, role)).toMatchObject({ created: false });
  });

  it('is told so when only asked what would be done, and not for what the statements take away', async () => {
    const role = await newRole();
    await owner.query(`GRANT SELECT ON api_token TO "${role}"`);
    expect(await grantRead(owner, role, { dryRun: true })).toMatchObject({ dryRun: true });
    await owner.query(`GRANT TRIGGER ON site TO "${role}"`);
    await expect(grantRead(owner, role, { dryRun: true })).rejects.toMatchObject({ code: 'grant_refused' });
  });

  it('is granted nothing when it is refused', async () => {
    const role = await newRole();
    await owner.query(`GRANT DELETE ON site TO "${role}"`);
    await expect(grantRead(owner, role)).rejects.toMatchObject({ code: 'grant_refused' });
    const [{ reads }] = await owner.query(`SELECT has_table_privilege($1, 'source', 'SELECT') AS reads`, [
      role,
    ]);
    expect(reads).toBe(false);
  });

  it('is granted nothing by a login that owns nothing', async () => {
    await expect(grantRead(reader, await newRole())).rejects.toMatchObject({
      code: 'grant_refused',
      message: expect.stringContaining('owner of the tables'),
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
      code: 'database_unsupported',
      message: expect.stringContaining('SQLite has no roles'),
    });
  });
});
