// In a copy of TypeORM, changes the undocumented parts that this package uses, one at a time, and checks that the
// contract test fails. Prints a line for each change; exit code 1 where one goes unnoticed.
//
//   npm run trial:typeorm -- [words of changes]
const { spawnSync } = require('node:child_process');
const { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const ROOT = join(__dirname, '..');
const TRIAL = join(ROOT, 'node_modules', '.typeorm-trial');
const TEST = 'dist/test/contract/typeorm-insides';

/** Changes that an upgrade might make: a name is renamed, or a text changes in one file. */
const CHANGES = [
  { rename: 'isTransactionActive' },
  { rename: 'stmtCache' },
  { rename: 'connectedQueryRunners' },
  { rename: 'obtainMasterConnection' },
  { rename: 'createPool' },
  { rename: 'createQueryRunner', file: 'data-source/DataSource.js' },
  { rename: 'buildMetadatas' },
  { rename: 'indices' },
  { rename: 'preparePersistentValue' },
  { rename: 'normalizeType' },
  { rename: 'normalizeDefault' },
  { rename: 'wrapWithJsonFunction' },
  { rename: 'createDateDefault' },
  { rename: 'buildWhere' },
  { rename: 'buildAlias' },
  { rename: '_value', file: 'find-options/FindOperator.js' },
  { rename: 'createMetadataTableIfNecessary' },
  { rename: 'executeSchemaSyncOperationsInProperOrder' },
  { rename: 'entityToSyncMetadatas' },
  { rename: 'getExecutedMigrations' },
  { rename: 'getPendingMigrations' },
  { rename: 'executeMigration' },
  { rename: 'findInheritanceType' },
  {
    what: 'the cache of results is made later',
    file: 'cache/QueryResultCacheFactory.js',
    from: 'return cache.provider(this.dataSource)',
    to: 'return { connect() { cache.provider(this.dataSource); }, disconnect() {} }',
  },
  {
    what: 'columns are selected in another order',
    file: 'query-builder/SelectQueryBuilder.js',
    from: 'const allColumns = [...columns, ...nonSelectedPrimaryColumns];',
    to: 'const allColumns = [...columns, ...nonSelectedPrimaryColumns].reverse();',
  },
];

const wanted = process.argv.slice(2);
let unnoticed = 0;
for (const change of CHANGES) {
  const title = change.what ?? `${change.rename} is renamed${change.file ? ` in ${change.file}` : ''}`;
  if (wanted.length > 0 && !wanted.some((word) => title.includes(word))) continue;
  apply(change);
  const failed = failedTests();
  if (failed.length === 0) unnoticed += 1;
  console.log(
    `${failed.length > 0 ? 'noticed' : 'UNNOTICED'}: ${title}${failed[0] ? ` (${failed[0]})` : ''}`,
  );
}
rmSync(TRIAL, { recursive: true, force: true });
process.exitCode = unnoticed > 0 ? 1 : 0;

function apply({ rename, file, from, to }) {
  rmSync(TRIAL, { recursive: true, force: true });
  cpSync(join(ROOT, 'node_modules', 'typeorm'), join(TRIAL, 'typeorm'), {
    recursive: true,
    dereference: true,
    filter: (path) => !path.includes('/typeorm/browser') && !/\.(map|ts)$/.test(path),
  });
  const files = file
    ? [file]
    : readdirSync(join(TRIAL, 'typeorm'), { recursive: true }).filter((name) => name.endsWith('.js'));
  let changes = 0;
  for (const each of files) {
    const path = join(TRIAL, 'typeorm', each);
    const text = readFileSync(path, 'utf8');
    const changed = rename
      ? text.replace(new RegExp(`(?<![\\w$])${rename}(?![\\w$])`, 'g'), `${rename}Renamed`)
      : text.replace(from, () => to);
    if (changed === text) continue;
    changes += 1;
    writeFileSync(path, changed);
  }
  if (changes === 0)
    throw new Error(`TypeORM has no ${rename ?? from} any more: take the change out of the list`);
}

function failedTests() {
  const config = {
    ...require(join(ROOT, 'jest.config.js')),
    rootDir: ROOT,
    moduleNameMapper: {
      '^typeorm$': join(TRIAL, 'typeorm', 'index.js'),
      '^typeorm/(.*)$': join(TRIAL, 'typeorm', '$1'),
    },
  };
  const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const given = [
    '--config',
    JSON.stringify(config),
    '--maxWorkers=1',
    '--forceExit',
    '--testTimeout=15000',
    '--json',
    TEST,
  ];
  const { stdout, stderr } = spawnSync(process.execPath, [jest, ...given], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (!stdout.startsWith('{')) return [firstLine(stderr) || 'the tests do not end'];
  const { testResults } = JSON.parse(stdout);
  return testResults.flatMap(({ assertionResults, message }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed').map(({ title }) => title);
    return failed.length > 0 || !message ? failed : [firstLine(message)];
  });
}

function firstLine(text) {
  return (
    text
      .split('\n')
      .map((line) => line.trim())
      .find((line) => line !== '') ?? ''
  );
}
