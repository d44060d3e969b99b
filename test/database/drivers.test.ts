import { execFileSync } from 'node:child_process';
import { sqliteError } from '../../src/database/connection-errors.js';
import { loadDriver } from '../../src/database/drivers.js';
import { packageRoot } from '../../src/package-root.js';

const thrown = (code: string, message: string) => () => {
  throw Object.assign(new Error(message), { code });
};

describe('the driver of a database', () => {
  it.each(['better-sqlite3', 'pg'] as const)('says how to install %s where it is missing', (name) => {
    const missing = thrown('MODULE_NOT_FOUND', `Cannot find module '${name}'\nRequire stack:`);
    expect(() => loadDriver(name, missing)).toThrow(
      expect.objectContaining({
        code: 'driver_unusable',
        message: expect.stringMatching(/npm install .*, pnpm add .* or yarn add /),
      }),
    );
  });

  it('leaves the errors of other modules as they are', () => {
    const other = thrown('MODULE_NOT_FOUND', `Cannot find module 'bindings'`);
    expect(() => loadDriver('better-sqlite3', other)).toThrow(`Cannot find module 'bindings'`);
  });

  it.each([
    ['ERR_DLOPEN_FAILED', 'was compiled against a different Node.js version using\nNODE_MODULE_VERSION 115.'],
    ['', 'Could not locate the bindings file. Tried:\n → /a/b'],
  ])('says how to build the native part anew: %s', (code, message) => {
    const error = sqliteError(Object.assign(new Error(message), { code }), '/tmp/ops.sqlite');
    expect(error).toMatchObject({ code: 'driver_unusable' });
    for (const remedy of ['npm rebuild', 'pnpm rebuild', 'yarn rebuild'])
      expect(error.message).toContain(remedy);
  });

  it('is not needed for the model', () => {
    const program = `const { modelMetadata } = require('./dist/src/database/typeorm/model-metadata.js');
      const loads = Object.keys(require.cache).some((file) => /node_modules.(better-sqlite3|pg)[^-]/.test(file));
      console.log(modelMetadata().length > 40, loads)`;
    const printed = execFileSync(process.execPath, ['-e', program], { cwd: packageRoot(), encoding: 'utf8' });
    expect(printed).toBe('true false\n');
  });
});
