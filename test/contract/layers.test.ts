import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../src/package-root.js';

const SOURCE = path.join(packageRoot(), 'src');
const CORE = ['entities', 'values', 'views', 'settings', 'database', 'lifecycle', 'tabular', 'seed'] as const;

/** The folders of the core, each with the folders that it may use. */
const CORE_ARROWS: Readonly<Record<(typeof CORE)[number], readonly string[]>> = {
  entities: [],
  values: ['entities'],
  views: ['entities'],
  settings: [],
  database: ['entities', 'values', 'views', 'settings'],
  lifecycle: ['entities', 'values', 'database'],
  tabular: ['entities', 'values', 'database', 'lifecycle'],
  seed: ['entities', 'tabular'],
};

/** Every import between two files of `src`, by paths below it. */
const imports = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .map((file) => file.split(path.sep).join('/'))
  .filter((file) => file.endsWith('.ts'))
  .flatMap((from) => {
    const text = readFileSync(path.join(SOURCE, from), 'utf8');
    const specifiers = text.matchAll(/(?:from |import\(|import |require\()'(\.[^']+)'/g);
    return [...specifiers].map(([, specifier]) => ({
      from,
      to: path.posix.join(path.posix.dirname(from), (specifier as string).replace(/\.js$/, '.ts')),
    }));
  });

function layerOf(file: string): 'tools' | 'services' | 'index' | 'core' {
  if (file === 'index.ts') return 'index';
  const [top] = file.split('/');
  return top === 'tools' || top === 'services' ? top : 'core';
}

const MAY_USE: Readonly<Record<ReturnType<typeof layerOf>, readonly string[]>> = {
  tools: ['tools', 'services', 'core'],
  services: ['services', 'core'],
  core: ['core'],
  index: ['services', 'core'],
};

function textsOf(arrows: readonly { from: string; to: string }[]): string[] {
  return arrows.map(({ from, to }) => `${from} → ${to}`);
}

function isCoreFolder(folder: string | undefined): folder is (typeof CORE)[number] {
  return (CORE as readonly (string | undefined)[]).includes(folder);
}

describe('the layers of src', () => {
  test('reads the imports of all files', () => {
    expect(imports.length).toBeGreaterThan(1000);
  });

  test('has arrows from tools to services to the core only', () => {
    const wrong = imports.filter(({ from, to }) => !MAY_USE[layerOf(from)].includes(layerOf(to)));
    expect(textsOf(wrong)).toEqual([]);
  });

  test('has arrows inside the core as listed only', () => {
    const wrong = imports.filter(({ from, to }) => {
      const [folder, used] = [from.split('/')[0], to.split('/')[0]];
      if (!isCoreFolder(folder) || folder === used) return false;
      return isCoreFolder(used) ? !CORE_ARROWS[folder].includes(used) : to === 'datasource.ts';
    });
    expect(textsOf(wrong)).toEqual([]);
  });

  test.each(['services', 'tools'])('has the folders of %s on the page of the architecture', (layer) => {
    const page = readFileSync(path.join(packageRoot(), 'docs', 'architecture.md'), 'utf8');
    const listed = page.split(/```|↓/).find((part) => part.trim().startsWith(layer));
    const folders = readdirSync(path.join(SOURCE, layer), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(listed?.match(/[\w-]+/g)).toEqual(expect.arrayContaining(folders));
  });

  test('has no other folders', () => {
    const folders = readdirSync(SOURCE, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).sort()).toEqual([...CORE, 'services', 'tools'].sort());
  });
});

describe('the differences of the two databases', () => {
  it('are asked of the dialect, not of the type of the data source', () => {
    const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    const comparing = files.filter((file) =>
      readFileSync(path.join(SOURCE, file), 'utf8')
        .split('\n')
        .some(
          (line) =>
            !/^\s*(?:\*|\/\/)/.test(line) &&
            /\.type [!=]== '(?:postgres|better-sqlite3)'|\bdialect(?:Of\(.*\))?\.name [!=]==/.test(line),
        ),
    );
    expect(comparing).toEqual(['database/dialect.ts', 'database/typeorm/model-data-source.ts']);
  });
});
