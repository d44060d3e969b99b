// Writes the JSON Schemas to dist/schemas/: one file each for services in any language, and an index for import and
// require, which needs neither TypeORM nor a database.
const { mkdirSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { buildSchemas } = require('../dist/src/services/schemas/all.js');

const FOLDER = join(__dirname, '..', 'dist', 'schemas');
const schemas = buildSchemas();
const names = Object.keys(schemas);
const write = (file, text) => writeFileSync(join(FOLDER, file), text);

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
for (const [name, schema] of Object.entries(schemas))
  write(`${name}.json`, `${JSON.stringify(schema, null, 2)}\n`);
write(
  'index.js',
  `exports.schemas = {\n${names.map((name) => `  ${name}: require('./${name}.json'),`).join('\n')}\n};\n`,
);
write(
  'index.d.ts',
  `/** A JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The name of an entity, or of what services file. */
export type SchemaName =
${names.map((name) => `  | '${name}'`).join('\n')};

/** The JSON Schemas of every entity and of what services file, by name. They refer to each other by \`$id\`. */
export declare const schemas: Readonly<Record<SchemaName, JsonSchema>>;
`,
);
