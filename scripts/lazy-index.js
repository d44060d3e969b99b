// Has dist/src/index.js load each part of the package when one of its names is first asked for: a service pays at its
// start for what it uses.
const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const INDEX = join(__dirname, '..', 'dist', 'src', 'index.js');

/** As the compiler writes `export { name } from 'part'`. */
const PART = /^(?:var|const) (\w+) = (require\("[^"]+"\));$/gm;
const NAME =
  /^Object\.defineProperty\(exports, "(\w+)", \{ enumerable: true, get: function \(\) \{ return (\w+)\.(\w+); \} \}\);$/gm;

const compiled = readFileSync(INDEX, 'utf8');
const names = [...compiled.matchAll(NAME)].map(([, name]) => name);
// The compiler writes only what has changed, so that the file may be rewritten already.
if (names.length > 0) writeFileSync(INDEX, rewritten());

function rewritten() {
  return `${compiled
    .replace(NAME, 'define("$1", () => load_$2().$3);')
    .replace(PART, 'let $1, load_$1 = () => ($1 ??= $2);')}
function define(name, get) { Object.defineProperty(exports, name, { enumerable: true, get }); }
// For \`import\`, which looks for the names before anything is run.
0 && (module.exports = { ${names.join(', ')} });
`;
}
