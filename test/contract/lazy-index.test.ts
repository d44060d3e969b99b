import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { claim, formatLsn, parseLsn } from '../../src/index.js';
import { packageRoot } from '../../src/package-root.js';

const NAMES = `JSON.stringify(Object.keys(all).filter((name) => all[name] !== undefined).sort())`;

const printed = (...args: string[]): string[] =>
  JSON.parse(execFileSync(process.execPath, args, { cwd: packageRoot(), encoding: 'utf8' }));

describe('the package', () => {
  it('loads nothing but its index before a name is asked for', () => {
    const loaded = printed('-p', `require('ccat-ops-db'); JSON.stringify(Object.keys(require.cache))`);
    expect(loaded).toEqual([path.join(packageRoot(), 'dist', 'src', 'index.js')]);
  });

  it('loads no more than entities, settings and constants when it is imported', () => {
    const loaded = printed(
      ...['--input-type=module', '-e'],
      `import { claim, ObsUnit } from 'ccat-ops-db';
      import { Module } from 'node:module';
      console.log(JSON.stringify(Object.keys(Module._cache)));`,
    );
    const ofLibrary = (name: string) => loaded.filter((file) => file.includes(`node_modules/${name}/`));
    expect(ofLibrary('typeorm')).not.toEqual([]);
    expect(['astronomy-engine', 'csv-parse', 'pg', 'uuid', 'yaml'].flatMap(ofLibrary)).toEqual([]);
  });

  it('gives functions under their own names, with what they return and throw', () => {
    expect(claim.name).toBe('claim');
    expect(formatLsn(parseLsn('16/B374D848'))).toBe('16/B374D848');
    expect(() => parseLsn('nowhere')).toThrow('nowhere');
  });

  it('has all its names both for import and for require', () => {
    const required = printed('-p', `const all = require('ccat-ops-db'); ${NAMES}`);
    const imported = printed(
      ...['--input-type=module', '-e', `import * as all from 'ccat-ops-db'; console.log(${NAMES})`],
    );
    expect(required).toContain('initCcatOpsDb');
    expect(imported.filter((name) => !['default', 'module.exports', '__esModule'].includes(name))).toEqual(
      required,
    );
  });
});
