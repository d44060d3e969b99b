// The JSON Schemas: one file each for services in any language, and an index for import and require, which needs neither
// TypeORM nor a database.
const { buildSchemas } = require('../../dist/src/services/schemas/all.js');

/** Every file by its path. */
exports.schemas = () => {
  const schemas = Object.entries(buildSchemas());
  const names = schemas.map(([name]) => name);
  return new Map([
    ...schemas.map(([name, schema]) => [`schemas/${name}.json`, `${JSON.stringify(schema, null, 2)}\n`]),
    ['schemas/index.js', index(names)],
    ['schemas/index.d.ts', declarations(names)],
  ]);
};

function index(names) {
  const members = names.map((name) => `  ${name}: require('./${name}.json'),`);
  return `exports.schemas = {\n${members.join('\n')}\n};\n`;
}

function declarations(names) {
  return `/** A JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The name of an entity, or of what services file. */
export type SchemaName =
${names.map((name) => `  | '${name}'`).join('\n')};

/** The JSON Schemas of every entity and of what services file, by name. They refer to each other by \`$id\`. */
export declare const schemas: Readonly<Record<SchemaName, JsonSchema>>;
`;
}
