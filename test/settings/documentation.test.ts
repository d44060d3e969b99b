import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../src/package-root.js';
import { explainSettings, readSettings } from '../../src/settings/index.js';
import { SETTING_KEYS } from '../../src/settings/schema.js';
import { folderWith, removeFolders } from './folders.js';

afterEach(removeFolders);

describe('the documentation of the settings', () => {
  const documentation = readFileSync(path.join(packageRoot(), 'docs/settings.md'), 'utf8');

  test('has a row with the true default for every setting', () => {
    const source = { cwd: folderWith(), env: {} };
    const defaults = readSettings(source);
    const rows = explainSettings(source)
      .filter(({ key }) => key !== 'environment')
      .map(({ key, variable, allowed, description }) =>
        [
          '',
          `\`${key}\``,
          `\`${variable}\``,
          `\`${JSON.stringify(defaults[key])}\``,
          allowed,
          description,
          '',
        ]
          .join(' | ')
          .trim(),
      );
    expect(documentation.split('\n')).toEqual(expect.arrayContaining(rows));
  });

  test('speaks of no key that the bundled file does not have, nor the other way round', () => {
    expect(Object.keys(readSettings({ cwd: folderWith(), env: {} })).sort()).toEqual(
      [...SETTING_KEYS].sort(),
    );
  });
});
