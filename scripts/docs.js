// Writes the files that are made from the code: the schema reference in docs/, the JSON Schemas in
// schemas/, settings.toml, the table of the settings, the comments above the members of entities and settings, and entry/index.js.
//   node scripts/docs.js                 writes them
//   node scripts/docs.js --check         writes nothing, ends with exit code 1 when one is stale
//   node scripts/docs.js --into FOLDER   writes or checks them below another folder than the package's
const { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { parseArgs } = require('node:util');
const { entities } = require('./docs/entities.js');
const { entry } = require('./docs/entry.js');
const { reference } = require('./docs/reference.js');
const { schemas } = require('./docs/schemas.js');
const { settings } = require('./docs/settings.js');
const { settingsType } = require('./docs/settings-type.js');

/** Folders in which every file is a generated one. */
const GENERATED_FOLDERS = ['docs/diagrams', 'schemas'];

const {
  values: { check, into },
} = parseArgs({
  options: { check: { type: 'boolean' }, into: { type: 'string', default: join(__dirname, '..') } },
});

main().catch((error) => {
  console.error(error);
  process.exitCode = 2;
});

async function main() {
  const files = new Map([
    ...(await reference()),
    ...schemas(),
    ...settings(),
    ...settingsType(),
    ...entities(),
    ...entry(),
  ]);
  const stale = [...files].filter(([name, text]) => textOf(join(into, name)) !== text).map(([name]) => name);
  const left = GENERATED_FOLDERS.flatMap(filesIn).filter((name) => !files.has(name));
  if (check) return report([...stale, ...left]);
  for (const name of stale) {
    mkdirSync(dirname(join(into, name)), { recursive: true });
    writeFileSync(join(into, name), files.get(name));
  }
  for (const name of left) rmSync(join(into, name));
  console.log(`Wrote ${stale.length} of ${files.size} files, removed ${left.length}.`);
}

function filesIn(folder) {
  const path = join(into, folder);
  return existsSync(path) ? readdirSync(path).map((name) => `${folder}/${name}`) : [];
}

function textOf(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function report(stale) {
  if (stale.length === 0) return console.log('Every generated file is as the code says.');
  console.error(`Not as the code says: ${stale.join(', ')}. Run \`npm run docs\` and commit the result.`);
  process.exitCode = 1;
}
