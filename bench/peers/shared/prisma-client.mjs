/** The client that Prisma generates from a schema, which is written here from the model of the tables. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const FOLDER = fileURLToPath(new URL('../node_modules/.ccat-ops-db/', import.meta.url));
const SCHEMA = path.join(FOLDER, 'schema.prisma');

const TYPES = {
  instant: 'DateTime @db.Timestamptz(3)',
  bigint: 'BigInt',
  'double precision': 'Float',
  text: 'String',
  uuid: 'String @db.Uuid',
  integer: 'Int',
  boolean: 'Boolean',
  jsonb: 'Json',
  date: 'DateTime @db.Date',
};

/** The class of the client; generates it where there is none of this model yet. */
export function clientOf(model) {
  const schema = schemaOf(model);
  if (!existsSync(SCHEMA) || readFileSync(SCHEMA, 'utf8') !== schema) {
    mkdirSync(FOLDER, { recursive: true });
    const draft = path.join(FOLDER, 'draft.prisma');
    writeFileSync(draft, schema);
    // The command would fetch a program for migrations, which generating does not run.
    const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath };
    const command = [require.resolve('prisma/build/index.js'), 'generate', '--schema', draft];
    execFileSync(process.execPath, command, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    writeFileSync(SCHEMA, schema);
  }
  return require(path.join(FOLDER, 'client')).PrismaClient;
}

function schemaOf(model) {
  const tables = Object.entries(model);
  const relations = tables.flatMap(([child, table]) =>
    table.relations.map((relation) => ({ child, name: `${child}_${relation.property}`, ...relation })),
  );
  const enums = tables.flatMap(([table, { columns }]) =>
    columns
      .filter(({ type }) => type === 'enum')
      .map(({ name, values }) => block(`enum ${enumOf(table, name)}`, values)),
  );
  const models = tables.map(([table, { columns }]) =>
    block(`model ${table}`, [
      ...columns.map((column) => fieldOf(table, column)),
      ...relations.filter(({ child }) => child === table).map(toParent),
      ...relations.filter(({ parent }) => parent === table).map(toChildren),
    ]),
  );
  const head = [
    `// Prisma ${require('prisma/package.json').version}\n`,
    block('generator client', ['provider = "prisma-client-js"', 'output = "./client"']),
    block('datasource db', ['provider = "postgresql"']),
  ];
  return [...head, ...enums, ...models].join('\n');
}

const block = (head, lines) => `${head} {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;

/** The name that TypeORM gives to the type of an enum column. */
const enumOf = (table, name) => `${table}_${name}_enum`;

function fieldOf(table, { property, name, type, values, isPrimary, isNullable, isGenerated, hasDefault }) {
  const [kind, ...native] = (values ? enumOf(table, name) : TYPES[type]).split(' ');
  const initial = isGenerated ? 'autoincrement()' : 'dbgenerated()';
  return [
    property,
    kind + (isNullable ? '?' : ''),
    isPrimary && '@id',
    hasDefault && `@default(${initial})`,
    property !== name && `@map("${name}")`,
    ...native,
  ]
    .filter(Boolean)
    .join(' ');
}

const toParent = ({ name, property, parent, key, isNullable }) =>
  `${property} ${parent}${isNullable ? '?' : ''} @relation("${name}", fields: [${key}], references: [id])`;

const toChildren = ({ name, child, inverse = name }) => `${inverse} ${child}[] @relation("${name}")`;
