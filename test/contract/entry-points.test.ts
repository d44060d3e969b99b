import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../src/package-root.js';
import { entryPoints } from '../support/entry-points.js';

const NAMES = `JSON.stringify(Object.keys(all).filter((name) => all[name] !== undefined).sort())`;

const printed = (...args: string[]): string[] =>
  JSON.parse(execFileSync(process.execPath, args, { cwd: packageRoot(), encoding: 'utf8' }));

describe('the package', () => {
  it('loads neither a driver nor what only tools and JSON need', () => {
    const loaded = printed('-p', `require('ccat-ops-db'); JSON.stringify(Object.keys(require.cache))`);
    const ofLibrary = (name: string) => loaded.filter((file) => file.includes(`node_modules/${name}/`));
    expect(ofLibrary('typeorm')).not.toEqual([]);
    const others = ['ajv', 'better-sqlite3', 'commander', 'pg', 'pg-copy-streams', 'yaml'];
    expect(others.flatMap(ofLibrary)).toEqual([]);
  });

  it.each(entryPoints.map(({ name }) => name))(
    '%s has all its names both for import and for require',
    (name) => {
      const required = printed('-p', `const all = require('${name}'); ${NAMES}`);
      const imported = printed(
        '--input-type=module',
        '-e',
        `import * as all from '${name}'; console.log(${NAMES})`,
      );
      expect(required).not.toEqual([]);
      expect(imported.filter((one) => !['default', 'module.exports', '__esModule'].includes(one))).toEqual(
        required,
      );
    },
  );

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
