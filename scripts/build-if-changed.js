// Builds the package where a source is newer than what was built. Where the compiler is not installed, as after
// `npm ci --omit=dev`, the package is used as it was built.
const { execSync } = require('node:child_process');
const { existsSync, readdirSync, statSync } = require('node:fs');
const { join } = require('node:path');

const ROOT = join(__dirname, '..');
const BUILT = join(ROOT, 'dist', 'opsdb.js');
const { include } = require('../tsconfig.json');
const SOURCES = [...include, 'scripts', 'package.json', 'tsconfig.json'];

// The compiler alone may be installed as an optional dependency of a library.
const NEEDED = ['typescript', 'esbuild', '@types/node', '@types/jest'];
const hasCompiler = NEEDED.every((name) => existsSync(join(ROOT, 'node_modules', name)));
if (!existsSync(BUILT) && !hasCompiler) {
  console.error(
    'The package is not built: run `npm ci && npm run build`, or copy dist/ from where it was built.',
  );
  process.exitCode = 1;
} else if (hasCompiler && SOURCES.some(isNewer)) {
  execSync('npm run build', { cwd: ROOT, stdio: 'inherit' });
}

/** Whether a file, or one in a folder, was written after the package was built. */
function isNewer(source) {
  const path = join(ROOT, source);
  if (!existsSync(path)) return false;
  const files = statSync(path).isDirectory() ? readdirSync(path, { recursive: true }) : [''];
  const builtMs = existsSync(BUILT) ? statSync(BUILT).mtimeMs : 0;
  return files.some((file) => statSync(join(path, file)).mtimeMs > builtMs);
}
