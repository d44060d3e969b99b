import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DataSource, ObjectLiteral } from 'typeorm';
import { ownTables } from '../../../src/database/own-tables.js';
import { getDatabaseUrl } from '../../../src/database-url.js';
import {
  ExecutedObsUnit,
  entities,
  RawDataFile,
  RawDataFilePhysicalCopy,
  Role,
} from '../../../src/entities/index.js';
import { packageRoot } from '../../../src/package-root.js';
import { toPlain } from '../../../src/services/schemas/index.js';
import { loadSettings } from '../../../src/settings/index.js';
import { writeSqlalchemy } from '../../../src/tools/sqlalchemy/index.js';
import { describeEachDatabase, describeSqlite } from '../../support/databases.js';
import { oneOfEach } from '../../support/one-of-each.js';
import { python } from '../../support/python.js';

interface Found {
  readonly differences: string[];
  readonly rows: Record<string, ObjectLiteral[]>;
  readonly tables?: number;
  readonly archived: string[];
  readonly written: {
    readonly execution: string;
    readonly file: string;
    readonly copy: string;
    readonly role: number;
  };
  readonly refused: string[];
  readonly url: string;
}

const PROGRAMS = path.join(packageRoot(), 'test', 'tools', 'sqlalchemy');
const URLS = path.join(PROGRAMS, 'urls.py');
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-test-'));
  await writeSqlalchemy(path.join(folder, 'ccat_ops_db'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** All rows of all classes, by the names that they have in Python. */
async function rowsOfAllClasses(dataSource: DataSource): Promise<Found['rows']> {
  const rows: Found['rows'] = {};
  for (const entity of entities) {
    const { columns, primaryColumns } = dataSource.getMetadata(entity);
    const order = Object.fromEntries(
      primaryColumns.map(({ propertyName }) => [propertyName, 'ASC' as const]),
    );
    const select = Object.fromEntries(columns.map(({ propertyName }) => [propertyName, true]));
    const found = await dataSource.getRepository<ObjectLiteral>(entity).find({ order, select });
    rows[entity.name] = found
      .filter((row) => row.constructor === entity)
      .map((row) => {
        const plain = toPlain(row, { secrets: true });
        const named = columns.map(({ databaseName, propertyName }) => [
          databaseName === 'metadata' ? 'metadata_' : databaseName,
          plain[propertyName] ?? null,
        ]);
        return Object.fromEntries(named);
      });
  }
  return rows;
}

describeEachDatabase('a service in Python', (database) => {
  let dataSource: DataSource;
  let before: Found['rows'];
  let found: Found;
  beforeAll(async () => {
    dataSource = await database.open();
    await oneOfEach(dataSource.manager);
    before = await rowsOfAllClasses(dataSource);
    const { sqlite, postgresql } = database.options.settings;
    const options =
      database.type === 'sqlite'
        ? { database_type: 'sqlite', database: sqlite.database }
        : {
            database_type: 'postgresql',
            host: postgresql.host,
            port: String(postgresql.port),
            user: postgresql.user,
            password: postgresql.password,
            db_name: postgresql.database,
          };
    found = await python<Found>(path.join(PROGRAMS, 'service.py'), [folder, JSON.stringify(options)]);
  });

  it('has classes that are as the tables', () => {
    expect(found.differences).toEqual([]);
    expect(found.url).toBe(getDatabaseUrl(database.options));
  });

  it('reads every row of every class as this package does', () => {
    expect(Object.values(before).filter((rows) => rows.length > 0).length).toBeGreaterThan(55);
    expect(found.rows).toEqual(before);
  });

  it('writes what this package reads', async () => {
    const { execution, file, copy, role } = found.written;
    expect(await dataSource.manager.findOneByOrFail(ExecutedObsUnit, { id: execution })).toMatchObject({
      startTime: new Date('2026-11-22T02:00:00.123Z'),
      observingNight: '2026-11-21',
      status: 'running',
      conditions: { seeing: [1, null, 'é'] },
    });
    expect(await dataSource.manager.findOneByOrFail(RawDataFile, { id: file })).toMatchObject({
      executedObsUnitId: execution,
      sizeBytes: Number.MAX_SAFE_INTEGER,
      metadata: { beam: 1.5 },
    });
    const made = await dataSource.manager.findOneByOrFail(RawDataFilePhysicalCopy, { id: copy });
    expect(made).toMatchObject({ rawDataFileId: file, status: 'present' });
    const withPermissions = { where: { id: role }, relations: { permissions: true } };
    expect((await dataSource.manager.findOneOrFail(Role, withPermissions)).permissions).toHaveLength(1);
  });

  it('is refused what the rules of the tables do not allow, and instants without a time zone', () => {
    expect(found.refused).toEqual([
      expect.stringContaining('ck_raw_data_file__relative_path'),
      expect.stringContaining('ck_observatory__name'),
      expect.stringMatching(/foreign key|FOREIGN KEY|not-null|NOT NULL/),
      expect.stringContaining('has no time zone: give one, such as datetime.now(timezone.utc)'),
    ]);
  });

  if (database.type === 'sqlite')
    it('needs no function in checks, triggers and views that the SQLite of Python does not have', () => {
      expect(found.tables).toBe(ownTables(dataSource).length);
    });
});

describeSqlite('the words of the original', (database) => {
  it('connect, and drop the tables when asked, which opsdb makes anew', async () => {
    const { settings } = await database.create('seed');
    const file = settings.sqlite.database;
    const env = {
      ...process.env,
      CCAT_OPS_DB_DATABASE_TYPE: 'sqlite',
      CCAT_OPS_DB_DATABASE_SQLITE_DATABASE: file,
      OPSDB: path.join(packageRoot(), 'bin', 'opsdb.js'),
    };
    const found = await python(path.join(PROGRAMS, 'init.py'), [folder, file], env);
    expect(found).toEqual({ sources: 193, names: ['CCAT', 'Example'], again: ['CCAT'] });
  });
});

describeSqlite('getDatabaseUrl', (database) => {
  const login = { user: 'ccat', password: 'secret', host: 'db.example', port: 5432, dbName: 'ccat_ops_db' };
  const cases: Partial<typeof login & { schema: string }>[] = [
    {},
    { user: 'a@b:c/d', password: 'p:/?#% +é@&=' },
    { host: '::1' },
    { host: '/var/run/postgresql', port: 6543 },
    { dbName: 'x/y z%20#' },
    { password: '100%25' },
  ];

  it('writes what SQLAlchemy reads as the same parts', async () => {
    const urls = cases.map((parts) => getDatabaseUrl({ databaseType: 'postgresql', ...login, ...parts }));
    const found = await python<ObjectLiteral[]>(URLS, [JSON.stringify(urls)]);
    const expected = cases.map((parts) => {
      const { dbName, port, ...rest } = { ...login, ...parts };
      return { driver: 'postgresql', ...rest, port: String(port), database: dbName, options: null };
    });
    expect(found).toEqual(expected);
  });

  it('names the schema of the settings, and the driver for programs that wait for nothing', async () => {
    const settings = loadSettings({
      env: { CCAT_OPS_DB_DATABASE_POSTGRESQL_SCHEMA: 'ours' },
      warn: () => {},
    });
    const postgresql = { settings, databaseType: 'postgresql' as const, ...login };
    const urls = [
      getDatabaseUrl(postgresql),
      getDatabaseUrl({ databaseType: 'postgresql', ...login, asyncDriver: true }),
      getDatabaseUrl({ database: 'test.db', asyncDriver: true }),
    ];
    const found = await python<ObjectLiteral[]>(URLS, [JSON.stringify(urls)]);
    expect(found.map(({ driver, options }) => [driver, options])).toEqual([
      ['postgresql', '-csearch_path=ours'],
      ['postgresql+asyncpg', null],
      ['sqlite+aiosqlite', null],
    ]);
  });

  it('leads SQLAlchemy to the file itself, whatever its name', async () => {
    const files = ['a b.sqlite', '50%20 é#&=+@:.sqlite', "quo'ted.sqlite"].map((name) =>
      path.join(folder, name),
    );
    for (const file of files) copyFileSync(database.options.settings.sqlite.database, file);
    const urls = files.map((file) => getDatabaseUrl({ database: file }));
    const found = await python<ObjectLiteral[]>(URLS, [JSON.stringify(urls)]);
    expect(found.map((each) => each.database)).toEqual(files);
  });
});
