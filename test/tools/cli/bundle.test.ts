import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { packageRoot } from '../../../src/package-root.js';

const outputOf = (file: string, args: readonly string[]) =>
  execFileSync(process.execPath, [path.join(packageRoot(), file), ...args], { encoding: 'utf8' });

describe('the command in one file', () => {
  it.each([[['--help']], [['settings', '--json']]])(
    'says what the program says that it is made of: %j',
    (args) => {
      expect(outputOf('bin/opsdb.js', args)).toBe(outputOf('dist/src/tools/cli/opsdb.js', args));
    },
    60_000,
  );
});
