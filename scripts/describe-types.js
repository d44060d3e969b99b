// Gives the properties of the entities' type declarations the comments of their columns, so that an editor
// shows in a service's code what the database says. The comment is written once, in the column's decorator.
const { readdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { getMetadataArgsStorage } = require('typeorm');
require('../dist/src/entities/index.js');

const FOLDER = join(__dirname, '..', 'dist', 'src', 'entities');
const CLASS = /class (\w+)/;
const PROPERTY = /^( {4})(?:readonly )?(\w+): /;

const comments = new Map(
  getMetadataArgsStorage().columns.map(({ target, propertyName, options }) => [
    `${target.name}.${propertyName}`,
    options.comment,
  ]),
);

for (const file of readdirSync(FOLDER, { recursive: true })) {
  if (!file.endsWith('.d.ts')) continue;
  const path = join(FOLDER, file);
  let className;
  let previous = '';
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      className = CLASS.exec(line)?.[1] ?? className;
      const [, indent, property] = PROPERTY.exec(line) ?? [];
      const comment = previous.includes('*/') ? undefined : comments.get(`${className}.${property}`);
      previous = line;
      return comment ? [`${indent}/** ${comment} */`, line] : [line];
    });
  writeFileSync(path, lines.join('\n'));
}
