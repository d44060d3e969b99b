// Puts the command opsdb into one file, dist/opsdb.js: finding and reading some eight hundred files takes longer than
// most commands. The licences of the bundled libraries are written beside it.
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { build } = require('esbuild');

const ROOT = join(__dirname, '..');

const DRIVER = /[\\/]typeorm[\\/]driver[\\/]([\w-]+)[\\/].*\.js$/;
const DRIVERS_IN_USE = ['better-sqlite3', 'postgres', 'sqlite-abstract', 'types'];

/** TypeORM loads the drivers for all databases, a sixth of the text: those for others are left empty. */
const otherDrivers = {
  name: 'other-drivers',
  setup: ({ onLoad }) =>
    onLoad({ filter: DRIVER }, ({ path }) =>
      DRIVERS_IN_USE.includes(DRIVER.exec(path)[1]) ? undefined : { contents: '' },
    ),
};

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

async function main() {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/tools/cli/opsdb.ts'],
    outfile: 'dist/opsdb.js',
    bundle: true,
    platform: 'node',
    target: 'node20',
    // Its native part is built at installation.
    external: ['better-sqlite3'],
    plugins: [otherDrivers],
    // Comments are a third of the text. Names and lines stay, so that a stack trace can be read.
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    lineLimit: 120,
    metafile: true,
    logLevel: 'warning',
  });
  writeFileSync(join(ROOT, 'dist', 'opsdb.js.LICENSES.txt'), licensesOf(Object.keys(metafile.inputs)));
}

/** The licences of the libraries that the files belong to. */
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
