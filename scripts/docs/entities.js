// The comment above each property of the entities, from the comment of its column: an editor shows in a service's code what
// the database says.
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { getMetadataArgsStorage } = require('typeorm');
const { commentLines } = require('./comment-lines.js');
require('../../dist/src/entities/index.js');

const ROOT = join(__dirname, '..', '..');
const FOLDER = 'src/entities';
const CLASS = /^export (?:abstract )?class (\w+)/;
const PROPERTY = /^ {2}(\w+)[!?]: /;

/** Every file with a column by its path. */
exports.entities = () => {
  const comments = new Map(
    getMetadataArgsStorage().columns.map(({ target, propertyName, options }) => [
      `${target.name}.${propertyName}`,
      options.comment,
    ]),
  );
  const files = readdirSync(join(ROOT, FOLDER), { recursive: true }).filter((file) => file.endsWith('.ts'));
  return new Map(
    files.map((file) => {
      const path = `${FOLDER}/${file}`;
      return [path, described(readFileSync(join(ROOT, path), 'utf8'), comments)];
    }),
  );
};

/** The text with the comments above the first decorator of each property. */
function described(text, comments) {
  const lines = [];
  let className;
  /** Where the member begins that is being read: after an empty line, or after the head of the class. */
  let start = 0;
  for (const line of text.split('\n')) {
    className = CLASS.exec(line)?.[1] ?? className;
    const comment = comments.get(`${className}.${PROPERTY.exec(line)?.[1]}`);
    if (comment) {
      const end = lines.findLastIndex((each, index) => index >= start && each.endsWith('*/')) + 1;
      lines.splice(start, Math.max(end - start, 0), ...commentLines(comment, '  '));
    }
    lines.push(line);
    if (line === '' || CLASS.test(line) || comment) start = lines.length;
  }
  return lines.join('\n');
}
