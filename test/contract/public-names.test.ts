import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as opsDb from '../../src/index.js';
import { packageRoot } from '../../src/package-root.js';
import { publicValues } from '../support/entry-points.js';

/** An import of values from what services work with. */
const WORKING_IMPORT =
  /import \{([^}]*)\} from '(?:\.\.\/)+(?:services\/\w+|lifecycle|tools\/integrity)\/[^']*'/g;

const published = publicValues();

describe('the public names', () => {
  it('have those of the original', () => {
    expect(opsDb).toMatchObject({
      initCcatOpsDb: expect.any(Function),
      createDataSource: expect.any(Function),
      dataSourceOptions: expect.any(Function),
      withDbSession: expect.any(Function),
      getDatabaseUrl: expect.any(Function),
      loadSettings: expect.any(Function),
      readSettings: expect.any(Function),
    });
  });

  it('are all that the simulation works with', () => {
    const folder = path.join(packageRoot(), 'src', 'tools', 'simulate');
    const imports = readdirSync(folder).flatMap((file) => [
      ...readFileSync(path.join(folder, file), 'utf8').matchAll(WORKING_IMPORT),
    ]);
    const names = imports.flatMap(([, list = '']) => list.split(',').map((name) => name.trim()));
    const functions = [...new Set(names)].filter((name) => name !== '' && !name.startsWith('type '));
    expect(functions).toEqual(expect.arrayContaining(['work', 'planPackages', 'startObservation']));
    expect(functions.filter((name) => !(name in published))).toEqual([]);
  });

  it('include every entity', () => {
    const missing = opsDb.entities.filter(({ name }) => !(name in opsDb)).map(({ name }) => name);
    expect(missing).toEqual([]);
  });
});
