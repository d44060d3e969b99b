import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { entities } from '../../src/entities/index.js';
import { packageRoot } from '../../src/package-root.js';

/** What TypeORM would load for other databases. */
const OTHERS = [
  '@google-cloud/spanner',
  '@sap/hana-client',
  '@sap/hana-client/extension/Stream',
  'hdb-pool',
  'ioredis',
];
const DRIVERS = [
  'mongodb',
  'mssql',
  'mysql',
  'mysql2',
  'oracledb',
  'pg-query-stream',
  'redis',
  'sql.js',
  'sqlite3',
];
const MORE = ['better-sqlite3', 'pg-native', 'react-native-sqlite-storage', 'typeorm-aurora-data-api-driver'];

const SERVICE = `import { entities, initCcatOpsDb, Site } from 'ccat-ops-db';
async function main() {
  const { session, dataSource } = await initCcatOpsDb({ databaseType: 'sqlite', database: ':memory:' });
  await session.save(Site, { name: 'Bonn', shortName: 'bonn' });
  const { name, checks } = dataSource.getMetadata(Site);
  const tables = entities.map((entity) => dataSource.getMetadata(entity).tableName);
  console.log(JSON.stringify([await session.count(Site), name, checks.map((check) => check.name).sort()[0], tables]));
  await dataSource.destroy();
}
main();`;

describe('a service in one minified file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-test-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('finds tables and constraints under their names, and no file beside a package.json', () => {
    const outfile = path.join(folder, 'service.cjs');
    buildSync({
      stdin: { contents: SERVICE, resolveDir: packageRoot() },
      outfile,
      bundle: true,
      minify: true,
      format: 'cjs',
      platform: 'node',
      external: [...OTHERS, ...DRIVERS, ...MORE],
      logLevel: 'error',
    });
    const env = { ...process.env, NODE_PATH: path.join(packageRoot(), 'node_modules') };
    const printed = execFileSync(process.execPath, [outfile], { cwd: folder, encoding: 'utf8', env });
    const [sites, name, check, tables] = JSON.parse(printed);
    expect([sites, name, check]).toEqual([1, 'Site', 'ck_site__description']);
    expect(tables).toHaveLength(entities.length);
    expect(tables).toContain('obs_unit');
  }, 60_000);
});
