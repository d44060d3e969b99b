// The comments above the members of `Settings`, from the schema of the settings: a setting is described in one place.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { aboutSetting } = require('../../dist/src/settings/schema.js');
const { commentLines } = require('./comment-lines.js');

const FILE = 'src/settings/load.ts';
const GROUP = /^ {2,4}(?:readonly )?(\w+): (?:Object\.freeze\()?\{$/;
const GROUP_END = /^ {2,4}\}/;
const FILLED = /^ +(\w+): (?:listed\()?values\.(\w+)/;
const MEMBER = /^( +)readonly (\w+): (.*);$/;

/** The file by its path. */
exports.settingsType = () => {
  const lines = readFileSync(join(__dirname, '..', '..', FILE), 'utf8').split('\n');
  const keys = new Map(
    inGroups(lines, FILLED).map(({ group, match: [, name, key] }) => [`${group}.${name}`, key]),
  );
  const members = new Map(
    inGroups(lines, MEMBER).map(({ index, group, match }) => [index, { group, match }]),
  );
  const written = [];
  for (const [index, line] of lines.entries()) {
    const { group, match: [, indent, name, type] = [] } = members.get(index) ?? {};
    const key = keys.get(`${group}.${name}`);
    if (key) {
      if (written.at(-1).endsWith('*/'))
        written.splice(written.findLastIndex((each) => each.includes('/**')));
      written.push(...commentLines(described(aboutSetting(key), type), indent));
    }
    written.push(line);
  }
  return new Map([[FILE, written.join('\n')]]);
};

function described({ description, secret }, type) {
  return [
    description,
    ...(type.endsWith('| null') ? ['Null stands for empty.'] : []),
    ...(secret ? ['Never to be printed or logged.'] : []),
  ].join(' ');
}

/** The lines that match, with the group of settings that they stand in. */
function inGroups(lines, pattern) {
  let group = '';
  return lines.flatMap((line, index) => {
    group = GROUP.exec(line)?.[1] ?? (GROUP_END.test(line) ? '' : group);
    const match = pattern.exec(line);
    return match ? [{ index, group, match }] : [];
  });
}
