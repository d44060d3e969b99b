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
import { describeEachDatabase } from '../support/databases.js';
import { publicValues } from '../support/entry-points.js';
import { environmentOf } from '../support/opsdb.js';

const published = publicValues();

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

/** An example that opens a database gets one of its own; the others share one with a night, and are undone. */
const opens = ({ code }: Example) => /\b(initCcatOpsDb|createDataSource|withDbSession)\(/.test(code);

/** Imports each example in turn, with its database in the settings or its session, and prints what it has printed. */
const RUNNER = `import { format } from 'node:util';
import { initCcatOpsDb } from 'ccat-ops-db';
const printed = {};
const undo = new Error('undo');
const { dataSource, session } = await initCcatOpsDb();
for (const [at, [name, environment]] of JSON.parse(process.argv[2]).entries()) {
  console.log = (...values) => (printed[name] ??= []).push(format(...values));
  const run = () => import('./' + at + '-' + name + '.mjs').catch((cause) => {
    throw new Error('the example of ' + name, { cause });
  });
  Object.assign(process.env, environment);
  if (environment) await run();
  else await session.transaction(async (manager) => {
    globalThis.session = manager;
    await run();
    throw undo;
  }).catch((error) => {
    if (error !== undo) throw error;
  });
}
await dataSource.destroy();
process.stdout.write(JSON.stringify(printed));`;

const GLOBALS = `import type { EntityManager } from 'typeorm';
declare global {
  var session: EntityManager;
}`;

const OPTIONS = {
  target: 'es2022',
  module: 'nodenext',
  strict: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  types: ['node'],
  typeRoots: [path.join(packageRoot(), 'node_modules', '@types')],
};

const folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-test-'));
const node = (args: readonly string[], env: Record<string, string> = {}) =>
  promisify(execFile)(process.execPath, args, { cwd: folder, env: { ...process.env, ...env } }).catch(
    ({ stdout, stderr }) => {
      throw new Error(`${stdout}${stderr}`);
    },
  );

describe('the examples in the comments', () => {
  it('are there for every public function and class', () => {
    const names = new Set(examples.map(({ name }) => name));
    const callable = Object.entries(published).filter(([, value]) => typeof value === 'function');
    expect(callable.map(([name]) => name).filter((name) => !names.has(name))).toEqual([]);
  });

  it('print something each', () => {
    expect(examples.filter(({ prints }) => prints.length === 0).map(({ name }) => name)).toEqual([]);
  });

  it('use every public constant', () => {
    const used = new Set(examples.flatMap(({ code }) => code.match(/\w+/g) ?? []));
    const constants = Object.entries(published).filter(([, value]) => typeof value !== 'function');
    expect(constants.map(([name]) => name).filter((name) => !used.has(name))).toEqual([]);
  });
});

beforeAll(async () => {
  mkdirSync(path.join(folder, 'node_modules'));
  symlinkSync(packageRoot(), path.join(folder, 'node_modules', 'ccat-ops-db'));
  symlinkSync(
    path.join(packageRoot(), 'node_modules', 'typeorm'),
    path.join(folder, 'node_modules', 'typeorm'),
  );
  // By number, too: inputSet and InputSet are one file where case does not count.
  for (const [at, { name, code }] of examples.entries())
    writeFileSync(path.join(folder, `${at}-${name}.mts`), code);
  writeFileSync(path.join(folder, 'run.mjs'), RUNNER);
  writeFileSync(path.join(folder, 'globals.d.ts'), GLOBALS);
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: OPTIONS }));
  await node([path.join(packageRoot(), 'node_modules', 'typescript', 'bin', 'tsc'), '-p', folder]);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

describeEachDatabase('the examples in the comments, which compile,', (database) => {
  it('print what they say', async () => {
    const shared = await database.create('night');
    const environment = async () => environmentOf(await database.create('seed'));
    const own: [name: string, environment: Record<string, string> | null][] = [];
    for (const example of examples) own.push([example.name, opens(example) ? await environment() : null]);
    const { stdout } = await node(['run.mjs', JSON.stringify(own)], environmentOf(shared));
    const said = examples.filter(({ prints }) => prints.length > 0).map(({ name, prints }) => [name, prints]);
    expect(JSON.parse(stdout)).toEqual(Object.fromEntries(said));
  }, 300_000);
});
