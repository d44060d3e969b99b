// Writes a new migration and registers it in migrations/index.ts. node scripts/migration.js new VerbObject an empty one
// node scripts/migration.js generate VerbObject with the difference between the migrations so far and the entities
const { spawn } = require('node:child_process');
const { readdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { format } = require('sql-formatter');
const { createDataSource } = require('../dist/src/datasource.js');
const { migrate } = require('../dist/src/database/migration-engine/index.js');
const { loadSettings } = require('../dist/src/settings/index.js');

const FOLDER = join(__dirname, '..', 'migrations');
const [, , kind, name] = process.argv;

main().catch((error) => {
  console.error(error.message ?? error);
  process.exitCode = 1;
});

async function main() {
  if (!['new', 'generate'].includes(kind) || !/^([A-Z][a-z0-9]+){2,}$/.test(name ?? ''))
    throw new Error(
      `usage: npm run migration:new|generate -- VerbObject, such as AddPriorityToObsUnit; got ${name}`,
    );
  const { up, down } = kind === 'generate' ? await differences() : { up: [], down: [] };
  if (kind === 'generate' && up.length === 0)
    throw new Error('The migrations lead to the entities as they are: nothing to generate');
  const timestamp = Date.now();
  const file = `${timestamp}-${name}.ts`;
  writeFileSync(join(FOLDER, file), source(`${name}${timestamp}`, up, down));
  writeFileSync(join(FOLDER, 'index.ts'), register());
  console.log(
    `Wrote migrations/${file}. Read it before it is committed: TypeORM drops and adds where a type changes.`,
  );
}

/** Runs the migrations on an empty server of its own and asks TypeORM what is missing. */
async function differences() {
  const server = spawn(
    process.execPath,
    [join(__dirname, '..', 'dist', 'test', 'support', 'postgresql-server.js')],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  try {
    const [line] = await server.stdout
      .iterator({ destroyOnReturn: false })
      .next()
      .then(({ value }) => [String(value).trim()]);
    const settings = loadSettings({ env: {}, warn: () => {} });
    const dataSource = await createDataSource({ settings, database: line }).initialize();
    await migrate(dataSource);
    const { upQueries, downQueries } = await dataSource.driver.createSchemaBuilder().log();
    await dataSource.destroy();
    return { up: upQueries.map(({ query }) => query), down: downQueries.map(({ query }) => query).reverse() };
  } finally {
    server.stdin.end();
  }
}

function source(className, up, down) {
  return `import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ${className} implements MigrationInterface {
  readonly name = '${className}';

  async up(${parameter(up)}: QueryRunner): Promise<void> {${statements(up)}}

  async down(${parameter(down)}: QueryRunner): Promise<void> {${statements(down)}}
}
`;
}

/** An unused parameter has an underscore, which the compiler accepts as intended. */
function parameter(queries) {
  return queries.length === 0 ? '_queryRunner' : 'queryRunner';
}

function statements(queries) {
  if (queries.length === 0) return `\n    throw new Error('not written yet');\n  `;
  return `\n${queries.map((query) => `    await queryRunner.query(\`\n${pretty(query)}\n    \`);`).join('\n')}\n  `;
}

function pretty(query) {
  return (
    format(query, { language: 'postgresql', tabWidth: 2, expressionWidth: 100 })
      // The schema is the one that the connection is in.
      .replaceAll('"public".', '')
      .replaceAll('\\', '\\\\')
      .replaceAll('`', '\\`')
      .replaceAll('${', '\\${')
      .split('\n')
      .map((line) => (line ? `      ${line}` : line))
      .join('\n')
  );
}

function register() {
  const files = readdirSync(FOLDER)
    .filter((file) => /^\d{13}-\w+\.ts$/.test(file))
    .sort();
  const lines = files.map((file) => {
    const [, timestamp, verbObject] = /^(\d{13})-(\w+)\.ts$/.exec(file);
    return `  listed('${verbObject}${timestamp}', () => require('./${file.replace('.ts', '.js')}')),`;
  });
  return `import { listed } from '../src/database/migration-engine/listed.js';

/** Every migration, the oldest first. \`npm run migration:new\` and \`migration:generate\` keep the list. */
// biome-ignore format: a line for each.
export const migrations = [
${lines.join('\n')}
];
`;
}
