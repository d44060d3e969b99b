import { settingsCommand } from '../../src/tools/cli/settings.js';
import { folderWith, removeFolders } from './folders.js';

const SECRET = 'hunter2';

function run(...args: string[]): { stdout: string; stderr: string } {
  const stdout = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const env = {
    CCAT_OPS_DB_DATABASE_POSTGRESQL_PASSWORD: SECRET,
    CCAT_OPS_DB_DATABASE_POSTGRES_PASSWORD: SECRET,
    CCAT_OPS_DB_DATABASE_TYPE: 'postgresql',
  };
  settingsCommand({ cwd: folderWith(), env }).parse(args, { from: 'user' });
  const written = [stdout, stderr].map((stream) => stream.mock.calls.map(([text]) => text).join(''));
  jest.restoreAllMocks();
  return { stdout: written[0] ?? '', stderr: written[1] ?? '' };
}

afterEach(removeFolders);

describe('opsdb settings', () => {
  test('prints every setting with its origin, and no secret', () => {
    const { stdout } = run();
    expect(stdout).toMatch(/^database_type +postgresql +CCAT_OPS_DB_DATABASE_TYPE *$/m);
    expect(stdout).toMatch(
      /^database_postgresql_password +\*{8} +CCAT_OPS_DB_DATABASE_POSTGRESQL_PASSWORD *$/m,
    );
    expect(stdout).toMatch(/^database_postgresql_port +5432 +defaults of ccat-ops-db \[default\] *$/m);
    expect(stdout).not.toContain(SECRET);
  });

  test('prints JSON with --json, and no secret', () => {
    const { stdout } = run('--json');
    expect(JSON.parse(stdout)).toContainEqual({
      key: 'database_type',
      variable: 'CCAT_OPS_DB_DATABASE_TYPE',
      value: 'postgresql',
      origin: 'CCAT_OPS_DB_DATABASE_TYPE',
      default: 'sqlite',
      allowed: 'one of sqlite, postgresql',
      description: 'Which database to use.',
    });
    expect(stdout).not.toContain(SECRET);
  });

  test('prints warnings on stderr, and no secret', () => {
    const { stderr } = run();
    expect(stderr).toMatch(/^warning: CCAT_OPS_DB_DATABASE_POSTGRES_PASSWORD is not a setting/);
    expect(stderr).not.toContain(SECRET);
  });
});
