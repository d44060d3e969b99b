// entry/index.js: what `require` and `import` of the package load, by the names in src/index.ts.
const { readFileSync } = require('node:fs');
const { join, posix } = require('node:path');

const ROOT = join(__dirname, '..', '..');

const HEAD = `// Written by \`npm run docs\` from src/index.ts. A service pays at its start for the entities and for what it calls: a file that
// has functions alone is loaded when the first of them is called.
function later(load, name) {
  let loaded;
  const call = (...args) => {
    loaded ??= load()[name];
    return loaded(...args);
  };
  return Object.defineProperty(call, 'name', { value: name });
}
`;

/** The file by its path. */
exports.entry = () => {
  const files = new Map();
  for (const [name, file] of namesIn('src/index.ts')) files.set(file, [...(files.get(file) ?? []), name]);
  return new Map([['entry/index.js', [HEAD, ...[...files].map(partFor)].join('\n')]]);
};

/** The values that a file exports, each with the file that defines it. */
function namesIn(file) {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(/^export \{([^}]*)\} from '([^']+)';$/gm)].flatMap(([, list, specifier]) => {
    const from = posix.join(posix.dirname(file), specifier).replace(/\.js$/, '.ts');
    const within = new Map(from.endsWith('/index.ts') ? namesIn(from) : []);
    return valuesIn(list).map((name) => [name, within.get(name) ?? from]);
  });
}

/** A type has no value. */
function valuesIn(list) {
  const names = list.split(',').map((name) => name.trim());
  return names.filter((name) => name !== '' && !name.startsWith('type '));
}

function partFor([file, names]) {
  const compiled = `dist/${file.replace(/\.ts$/, '.js')}`;
  const values = require(join(ROOT, compiled));
  const load = `require('../${compiled}')`;
  const variable = variableFor(file);
  const lines = names.every((name) => isFunction(values[name]))
    ? [
        `const ${variable} = () => ${load};`,
        ...names.map((name) => `exports.${name} = later(${variable}, '${name}');`),
      ]
    : [`const ${variable} = ${load};`, ...names.map((name) => `exports.${name} = ${variable}.${name};`)];
  return `${lines.join('\n')}\n`;
}

function isFunction(value) {
  return typeof value === 'function' && !/^class\b/.test(String(value));
}

/** src/services/filing/raw-data.ts is `filingRawData`. */
function variableFor(file) {
  const words = file.replace(/^src\/(?:services\/)?|(?:\/index)?\.ts$/g, '').split(/[/-]/);
  return words.map((word, index) => (index > 0 ? word[0].toUpperCase() + word.slice(1) : word)).join('');
}
