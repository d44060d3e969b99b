import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { packageRoot } from '../../src/package-root.js';
import { entryPoints } from '../support/entry-points.js';

/** Prints the names of each entry point, once as it is required and once as it is imported. */
const NAMES = `
  import { createRequire } from 'node:module';
  const require = createRequire(process.cwd() + '/');
  const namesIn = (all) => Object.keys(all).filter((name) => all[name] !== undefined).sort();
  const names = {};
  for (const name of ${JSON.stringify(entryPoints.map(({ name }) => name))})
    names[name] = { required: namesIn(require(name)), imported: namesIn(await import(name)) };
  console.log(JSON.stringify(names));`;

/** Connects as a service does, reads, and prints which files were loaded. */
const START = `
  const { createDataSource, Site } = require('ccat-ops-db');
  async function main() {
    const dataSource = await createDataSource({ database: ':memory:' }).initialize();
    await dataSource.synchronize();
    await dataSource.manager.count(Site);
    await dataSource.destroy();
    console.log(JSON.stringify(Object.keys(require.cache)));
  }
  main();`;

const printed = (...args: string[]) =>
  JSON.parse(execFileSync(process.execPath, args, { cwd: packageRoot(), encoding: 'utf8' }));

/** The libraries that declarations name, with those that they lead to. */
function librariesOf(declarations: string, seen = new Set<string>()): string[] {
  if (seen.has(declarations)) return [];
  seen.add(declarations);
  const text = readFileSync(declarations, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const names = [...text.matchAll(/from '([^']+)'|import\(["']([^"']+)["']\)/g)].map(
    ([, a, b]) => (a ?? b) as string,
  );
  return names.flatMap((name) =>
    name.startsWith('.')
      ? librariesOf(path.join(path.dirname(declarations), name.replace(/\.js$/, '.d.ts')), seen)
      : [name.replace(/^node:/, '').replace(/^typeorm\/.*/, 'typeorm')],
  );
}

describe('the package', () => {
  it('loads neither a driver nor what only tools and JSON need', () => {
    const loaded: string[] = printed(
      '-p',
      `require('ccat-ops-db'); JSON.stringify(Object.keys(require.cache))`,
    );
    const ofLibrary = (name: string) => loaded.filter((file) => file.includes(`node_modules/${name}/`));
    expect(ofLibrary('typeorm')).not.toEqual([]);
    const others = ['ajv', 'better-sqlite3', 'commander', 'pg', 'pg-copy-streams', 'yaml'];
    expect(others.flatMap(ofLibrary)).toEqual([]);
  });

  it('loads neither migrations nor the files of services to connect and read', () => {
    const loaded: string[] = printed('-e', START);
    const names = loaded.map((file) => path.relative(packageRoot(), file).split(path.sep).join('/'));
    const own = names.filter((name) => !name.startsWith('node_modules/'));
    expect(own.length).toBeLessThan(250);
    expect(own.filter((name) => /^dist\/migrations\/\d/.test(name))).toEqual([]);
    expect(own.filter((name) => name.startsWith('dist/src/services/')).length).toBeLessThan(12);
    expect(names.filter((name) => /^node_modules\/(?:astronomy-engine|uuid)\//.test(name))).toEqual([]);
  });

  it('has all its names both for import and for require, at each entry point', () => {
    const names: Record<string, { required: string[]; imported: string[] }> = printed(
      '--input-type=module',
      '-e',
      NAMES,
    );
    for (const [name, { required, imported }] of Object.entries(names)) {
      expect([name, required]).not.toEqual([name, []]);
      const own = imported.filter((one) => !['default', 'module.exports', '__esModule'].includes(one));
      expect([name, own]).toEqual([name, required]);
    }
    expect(Object.keys(names)).toHaveLength(entryPoints.length);
  });

  it.each(entryPoints)(
    '$name has declarations that need no types of drivers, and none that are slow to check',
    ({ types }) => {
      const libraries = new Set(librariesOf(types).filter((name) => !isBuiltin(name)));
      expect([...libraries].filter((name) => !['typeorm', 'astronomy-engine'].includes(name))).toEqual([]);
    },
  );

  it('exports every file of the entry points', () => {
    const { exports } = JSON.parse(readFileSync(path.join(packageRoot(), 'package.json'), 'utf8'));
    const exported = Object.values<{ default?: string }>(exports).map(({ default: file }) => file);
    const files = readdirSync(path.join(packageRoot(), 'entry')).filter((file) => file.endsWith('.js'));
    expect(exported.filter((file) => file?.startsWith('./entry/')).sort()).toEqual(
      files.map((file) => `./entry/${file}`).sort(),
    );
  });

  it('names the declarations of each entry point for compilers that do not read `exports`, too', () => {
    const { exports, typesVersions } = JSON.parse(
      readFileSync(path.join(packageRoot(), 'package.json'), 'utf8'),
    );
    const withTypes = Object.entries<{ types?: string }>(exports)
      .filter(([name, { types }]) => types && name !== '.')
      .map(([name, { types }]) => [name.replace('./', ''), [types?.replace('./', '')]]);
    expect(typesVersions).toEqual({ '*': Object.fromEntries(withTypes) });
  });
});
