import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/package-root.js';

/** The main names of each area, which must have an example. */
const MAIN: readonly string[] = [
  ...['initCcatOpsDb', 'withDbSession', 'getDatabaseUrl', 'loadSettings', 'explainSettings'],
  ...['writeSeedData', 'createApiToken', 'startObservation', 'observingNight', 'fileRawDataFiles'],
  ...['claim', 'transition', 'lifecycleOf', 'packagesOf', 'subGroups', 'missingRuns'],
  ...['assertSchemaCompatible', 'ObsCore'],
];

const COMMENT =
  /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export declare (?:abstract )?(?:function|class|const) (\w+)/g;
const DECLARATIONS = path.join(packageRoot(), 'dist', 'src');

interface Example {
  readonly name: string;
  readonly code: string;
  /** What it prints, line by line, as the comments behind `console.log` say. */
  readonly prints: readonly string[];
}

const examples: readonly Example[] = readdirSync(DECLARATIONS, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.d.ts'))
  .sort()
  .flatMap((file) => [...readFileSync(path.join(DECLARATIONS, file), 'utf8').matchAll(COMMENT)])
  .flatMap(([, comment = '', name = '']) => {
    const [, code] = comment.replace(/^\s*\* ?/gm, '').split('@example\n');
    if (!code) return [];
    return [
      {
        name,
        code,
        prints: [...code.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, text = '']) => text),
      },
    ];
  });

/** Imports each example in turn and prints what each has printed. */
const RUNNER = `import { format } from 'node:util';
const printed = {};
for (const name of process.argv.slice(2)) {
  console.log = (...values) => (printed[name] ??= []).push(format(...values));
  await import('./' + name + '.mjs');
}
process.stdout.write(JSON.stringify(printed));`;

const OPTIONS = {
  ...{
    target: 'es2022',
    module: 'nodenext',
    strict: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
  },
  ...{ types: ['node'], typeRoots: [path.join(packageRoot(), 'node_modules', '@types')] },
};

describe('the examples in the comments', () => {
  let folder: string;
  const node = (...args: string[]) => promisify(execFile)(process.execPath, args, { cwd: folder });

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-test-'));
    mkdirSync(path.join(folder, 'node_modules'));
    symlinkSync(packageRoot(), path.join(folder, 'node_modules', 'ccat-ops-db'));
    for (const { name, code } of examples) writeFileSync(path.join(folder, `${name}.mts`), code);
    writeFileSync(path.join(folder, 'run.mjs'), RUNNER);
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: OPTIONS }));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are there for the main functions of each area', () => {
    const names = examples.map(({ name }) => name);
    expect(MAIN.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('compile, run, and print what they say', async () => {
    const compiler = path.join(packageRoot(), 'node_modules', 'typescript', 'bin', 'tsc');
    await expect(node(compiler, '-p', folder).catch(({ stdout }) => stdout)).resolves.toMatchObject({
      stdout: '',
    });
    const { stdout } = await node('run.mjs', ...examples.map(({ name }) => name));
    const said = examples.filter(({ prints }) => prints.length > 0).map(({ name, prints }) => [name, prints]);
    expect(JSON.parse(stdout)).toEqual(Object.fromEntries(said));
  }, 120_000);
});
