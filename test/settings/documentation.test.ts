import { packageRoot } from '../../src/package-root.js';
import { loadSettings, readSettings } from '../../src/settings/index.js';
import { SETTING_KEYS } from '../../src/settings/schema.js';
import { folderWith, removeFolders } from './folders.js';

afterEach(removeFolders);

test('the settings.toml of the package says what the defaults are, and no more', () => {
  const env = { ENV_FOR_DYNACONF: 'production' };
  const ofFile = readSettings({ cwd: packageRoot(), env, bundled: false });
  expect(ofFile).toEqual(readSettings({ cwd: folderWith(), env }));
  expect(Object.keys(ofFile).sort()).toEqual([...SETTING_KEYS].sort());
});

test('every setting is a member of the settings that the package uses', () => {
  const { environment, ...groups } = loadSettings({ cwd: folderWith(), env: {} });
  const members = Object.values(groups).flatMap((group) =>
    typeof group === 'object' ? Object.keys(group) : [group],
  );
  expect(members).toHaveLength(SETTING_KEYS.length);
});
