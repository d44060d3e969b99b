// Writes dist/src/index.js so that a service pays at its start for what it uses: a class or a constant is loaded when its
// name is first asked for, a function when it is first called. The difference is for `import`, which asks for all names.
const { readFileSync, writeFileSync } = require('node:fs');
const { join, relative, sep } = require('node:path');

const ROOT = join(__dirname, '..');
const FOLDER = join(ROOT, 'dist', 'src');

/** What src/index.ts consists of. */
const PART = /^export \{([^}]*)\} from '(.*)';$/gm;

const exported = [...readFileSync(join(ROOT, 'src', 'index.ts'), 'utf8').matchAll(PART)].flatMap(
  ([, list, part]) => namesOf(list).map((name) => ({ name, value: require(join(FOLDER, part))[name], part })),
);

writeFileSync(
  join(FOLDER, 'index.js'),
  `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
function define(name, load) {
  let part;
  Object.defineProperty(exports, name, { enumerable: true, get: () => (part ??= load())[name] });
}
function defineFunction(name, load) {
  let part;
  const { [name]: value } = { [name]: (...args) => (part ??= load())[name](...args) };
  Object.defineProperty(exports, name, { enumerable: true, value });
}
${exported.map(definitionOf).join('\n')}
// For \`import\`, which looks for the names before anything is run.
0 && (module.exports = { ${exported.map(({ name }) => name).join(', ')} });
`,
);

function namesOf(list) {
  const names = list.split(',').map((name) => name.trim());
  return names.filter((name) => name !== '' && !name.startsWith('type '));
}

function definitionOf({ name, value, part }) {
  const isFunction = typeof value === 'function' && !/^class\b/.test(value);
  return `${isFunction ? 'defineFunction' : 'define'}("${name}", () => require("${fileOf(name, value, part)}"));`;
}

/** The file that a name is from. The index of its part would load all of the part. */
function fileOf(name, value, part) {
  // Entities refer to each other in circles, which have to be entered through their index.
  if (part === './entities/index.js') return part;
  const { filename } = Object.values(require.cache).find(
    (one) =>
      one.filename.startsWith(FOLDER) && !/\bindex\.js$/.test(one.filename) && one.exports[name] === value,
  );
  return `./${relative(FOLDER, filename).split(sep).join('/')}`;
}
