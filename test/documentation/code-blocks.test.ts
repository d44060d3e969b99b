import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { initCcatOpsDb } from '../../src/datasource.js';
import { packageRoot } from '../../src/package-root.js';
import { readSeedData, writeSeedData } from '../../src/seed/index.js';
import { commandTaking, wordsOf } from '../support/command-line.js';
import { describeSqlite } from '../support/databases.js';
import { environmentOf } from '../support/opsdb.js';
import { wholeProgram } from '../support/program.js';

const run = promisify(execFile);
const inPackage = (...parts: string[]) => path.join(packageRoot(), ...parts);
const pages = ['README.md', ...readdirSync(inPackage('docs')).map((name) => path.join('docs', name))]
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({ name, text: readFileSync(inPackage(name), 'utf8') }));

interface Block {
  readonly name: string;
  readonly code: string;
}

/** The blocks of a language, named after their page and place. */
function blocks(language: string): Block[] {
  const fence = new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms');
  return pages.flatMap(({ name, text }) =>
    [...text.matchAll(fence)].map(([, code], index) => ({
      name: `${name.replace(/\W/g, '-')}-${index + 1}`,
      code: code as string,
    })),
  );
}

/** Those that are whole, beginning with what they import; others show a part. */
const modules = blocks('ts').filter(({ code }) => code.startsWith('import '));

/** The lines that a block says it prints, as comments behind what prints them. */
function saidToPrint(code: string): string[] {
  return [...code.matchAll(/^ *console\.log\(.*\); \/\/ (.*)$/gm)].map(([, said]) => said as string);
}

describeSqlite('the code of the documentation', (database) => {
  // Within the package, where its own name can be imported.
  const folder = inPackage('dist', `code-blocks-${process.pid}`);
  let printed: Map<string, string[]>;

  beforeAll(async () => {
    const { settings } = database.options;
    const { dataSource } = await initCcatOpsDb({ settings });
    await writeSeedData(dataSource.manager, readSeedData(dataSource));
    await dataSource.destroy();
    mkdirSync(folder);
    for (const { name, code } of modules) writeFileSync(path.join(folder, `${name}.mts`), code);
    writeFileSync(
      path.join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: inPackage('tsconfig.json'),
        compilerOptions: { rootDir: '.', outDir: '.', incremental: false, tsBuildInfoFile: null },
        files: modules.map(({ name }) => `${name}.mts`),
        include: [],
      }),
    );
    // What the pages call the input files of a reader.
    const input = inPackage('examples', 'input');
    cpSync(input, path.join(folder, 'plans'), { recursive: true });
    cpSync(path.join(input, 'sources', 'pointing.kosma'), path.join(folder, 'more.kosma'));
    const main = modules.map(
      ({ name }) =>
        `console.log('#${name}'); await import('./${name}.mjs').catch((error) => console.log('failed: ' + error));`,
    );
    writeFileSync(path.join(folder, 'main.mjs'), main.join('\n'));
    await run(process.execPath, [inPackage('node_modules', 'typescript', 'bin', 'tsc'), '-p', folder]).catch(
      ({ stdout }) => {
        throw new Error(`a block does not compile:\n${stdout}`);
      },
    );
    const env = { PATH: process.env.PATH, ...environmentOf(database.options) };
    const { stdout } = await run(process.execPath, ['main.mjs'], { cwd: folder, env });
    printed = new Map(
      stdout.split(/^#/m).map((part) => {
        const [name = '', ...lines] = part.trimEnd().split('\n');
        return [name, lines];
      }),
    );
  }, 60_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(modules)('$name compiles, runs and prints what it says', ({ name, code }) => {
    const lines = printed.get(name);
    expect(lines?.filter((line) => line.startsWith('failed: '))).toEqual([]);
    expect(lines).toEqual(expect.arrayContaining(saidToPrint(code)));
  });

  it('leaves the README short', () => {
    expect(pages[0]?.text.split('\n').length).toBeLessThanOrEqual(121);
  });

  it('begins in the README with an example that finds something', () => {
    expect(modules[0]?.code.trimEnd().split('\n').length).toBeLessThanOrEqual(11);
    expect(printed.get('README-md-1')?.length).toBeGreaterThan(10);
  });
});

describe('the commands of the documentation', () => {
  const { commands } = wholeProgram();
  const spoken = (line: string) => /\bopsdb [a-z]/.test(line);
  const inBlocks = blocks('sh')
    .flatMap(({ code }) => code.replace(/\\\n\s*/g, '').split('\n'))
    .map((line) => line.replace(/(^|\s)#.*/, '').trim());
  const inText = pages.flatMap(({ text }) =>
    [...text.matchAll(/`([^`\n]+)`/g)].map(([, line]) => line as string),
  );
  const { scripts } = JSON.parse(readFileSync(inPackage('package.json'), 'utf8'));

  // A word in capitals stands for what the reader puts in.
  it.each([...new Set(inBlocks.filter(spoken))].filter((line) => !/\b[A-Z]{4,}\b|…/.test(line)))(
    'are taken: %s',
    async (line) => {
      expect(await commandTaking(wordsOf(line))).toBeTruthy();
    },
  );

  it.each([...new Set(inText.filter(spoken))])('are there, with their options: %s', (line) => {
    const [name = '', ...words] = wordsOf(line);
    const command = commands.find((each) => [each.name(), ...each.aliases()].includes(name));
    const options = command?.options.flatMap(({ short, long }) => [short, long]);
    expect(options).toEqual(expect.arrayContaining(words.filter((word) => /^--?[a-z]/.test(word))));
  });

  it('are scripts of the package where they run with npm', () => {
    const names = [...inBlocks, ...inText].flatMap((line) => [...line.matchAll(/^npm run ([\w:]+)/g)]);
    const unknown = names.filter(([, name]) => !((name as string) in scripts));
    expect(unknown).toEqual([]);
    expect(names.length).toBeGreaterThan(1);
  });
});
