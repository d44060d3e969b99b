// Puts the command opsdb, which dist/opsdb.js starts, into one file: looking for some eight hundred files, and compiling
// them one by one, takes longer than most commands do. Nothing is minified, so that a stack trace can be read.
const { execFileSync } = require('node:child_process');
const { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { build } = require('esbuild');

const ROOT = join(__dirname, '..');
const OUTPUT = join(ROOT, 'dist', 'opsdb.js');
const PROGRAM = join(ROOT, 'dist', 'opsdb.program.js');
const COMPILED = join(ROOT, 'dist', 'opsdb.program.bin');

/** The drivers of TypeORM; those for databases that this package does not work with stay out. */
const DRIVER = /typeorm[\\/]driver[\\/]([^\\/]+)[\\/].*\.js$/;
const DRIVERS_IN_USE = ['better-sqlite3', 'postgres', 'sqlite-abstract', 'types'];

const leaveOutWhatNobodyUses = {
  name: 'leave-out-what-nobody-uses',
  setup({ onLoad }) {
    onLoad({ filter: OWN }, ({ path }) => ({ contents: lazy(readFileSync(path, 'utf8')) }));
    onLoad({ filter: DRIVER }, ({ path }) =>
      DRIVERS_IN_USE.includes(DRIVER.exec(path)[1]) ? undefined : { contents: '' },
    );
  },
};

/** What TypeORM and pg try to load and do without. */
const OPTIONAL = [
  ...['@google-cloud/spanner', '@sap/hana-client', 'expo-sqlite', 'hdb-pool', 'ioredis', 'mongodb', 'mssql'],
  ...['mysql', 'mysql2', 'oracledb', 'pg-native', 'pg-query-stream', 'react-native-sqlite-storage', 'redis'],
  ...['sql.js', 'sqlite3', 'ts-node', 'typeorm-aurora-data-api-driver'],
];

/** Modules of this package, as the compiler writes them. */
const OWN = /[\\/]dist[\\/](?:src|migrations)[\\/].*\.js$/;
const IMPORT = /^(?:const|var) (\w+_\d+) = (require\("(?!node:)[^"]+"\));$/gm;

/** Has a module load another one when it first uses it, so that a command runs through no other command's parts. */
function lazy(compiled) {
  const imports = [...compiled.matchAll(IMPORT)].map(([, name]) => name);
  if (imports.length === 0) return compiled;
  const use = new RegExp(`\\b(${imports.join('|')})\\.`, 'g');
  return compiled.replace(IMPORT, 'const $1 = () => $2;').replace(use, '($1()).');
}

async function main() {
  const { metafile } = await build({
    entryPoints: [join(ROOT, 'dist', 'src', 'tools', 'cli', 'opsdb.js')],
    outfile: PROGRAM,
    banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
    footer: { js: '})' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    // TypeORM names tables and relations by the names of classes.
    keepNames: true,
    // The part of it that is not JavaScript is built where it is installed.
    external: ['better-sqlite3', ...OPTIONAL],
    plugins: [leaveOutWhatNobodyUses],
    metafile: true,
    absWorkingDir: ROOT,
    logLevel: 'warning',
  });
  // Text of nothing but ASCII needs no decoding.
  writeFileSync(PROGRAM, escaped(readFileSync(PROGRAM, 'utf8')));
  writeFileSync(`${OUTPUT}.LICENSES.txt`, licensesOf(Object.keys(metafile.inputs)));
  copyFileSync(join(__dirname, 'opsdb.js'), OUTPUT);
  rmSync(COMPILED, { force: true });
  execFileSync(process.execPath, [join(__dirname, 'compile-opsdb.js')], {
    cwd: ROOT,
    env: {},
    stdio: 'pipe',
  });
}

/** What esbuild leaves as it is, in comments and regular expressions. */
function escaped(text) {
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The licences of the libraries that are in the bundle: they ask for being passed on. */
function licensesOf(files) {
  const folders = new Set(files.map((file) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]));
  folders.delete(undefined);
  return [...folders].sort().map(licenseOf).join('\n\n');
}

function licenseOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
  const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'License', 'license'].find((one) =>
    existsSync(join(ROOT, folder, one)),
  );
  const text = file ? readFileSync(join(ROOT, folder, file), 'utf8').trim() : `License: ${license}`;
  return `${name} ${version}\n\n${text}\n`;
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
