import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { opsdbRunner } from '../../support/opsdb.js';
import { wholeProgram } from '../../support/program.js';

const opsdb = opsdbRunner();
const NO_FOLDER = { CCAT_OPS_DB_DATABASE_SQLITE_DATABASE: '/dev/null/ops.sqlite' };

describe('opsdb', () => {
  it('names the nearest command and exits with 1 on a command that it does not know', async () => {
    const { code, stdout, stderr } = await opsdb(['int']);
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^opsdb: unknown command 'int'\n\(Did you mean init\?\)\n.*--help/),
    });
  });

  it('shows its commands when none is given', async () => {
    expect(await opsdb([])).toMatchObject({ code: 1, stderr: expect.stringContaining('completion') });
    expect(await opsdb(['--help'])).toMatchObject({ code: 0, stderr: '' });
  });

  it.each([
    ['what cannot be understood', ['status', '--jsn', '--json'], {}, 'usage'],
    ['a wrong setting', ['status', '--json'], { CCAT_OPS_DB_DATABASE_TYPE: 'oracle' }, 'settings_invalid'],
    ['a database that cannot be opened', ['status', '--json'], NO_FOLDER, 'database_not_writable'],
  ])(
    'says with --json on the last line of stderr, as JSON, why it failed: %s',
    async (_, args, env, code) => {
      const result = await opsdb(args, env);
      expect(result).toMatchObject({ code: 1, stdout: '' });
      const { error } = JSON.parse(result.stderr.trimEnd().split('\n').at(-1) as string);
      expect(error).toMatchObject({ code, message: expect.any(String) });
    },
  );

  it('colours on a terminal only, and when told to', async () => {
    const ESCAPE = '\u001b[';
    const checked = async (env: { FORCE_COLOR?: string }) => {
      const { stdout } = await opsdb(['current', '--help'], env);
      return stdout.includes(ESCAPE);
    };
    expect(await Promise.all([{}, { FORCE_COLOR: '1' }].map(checked))).toEqual([false, true]);
  });
});

describe('the completion', () => {
  const scripts = new Map<string, string>();
  let folder: string;
  beforeAll(async () => {
    for (const shell of ['bash', 'zsh', 'fish'])
      scripts.set(shell, (await opsdb(['completion', shell])).stdout);
    folder = mkdtempSync(path.join(tmpdir(), 'completion-'));
    writeFileSync(path.join(folder, 'opsdb.bash'), scripts.get('bash') as string);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What bash offers for the last of the words. */
  function offered(...words: string[]): string[] {
    const script = `
      source opsdb.bash
      COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
      compopt() { :; }
      _opsdb; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const args = ['--norc', '-c', script, 'bash', 'opsdb', ...words];
    return execFileSync('bash', args, { cwd: folder, encoding: 'utf8' }).trim().split('\n');
  }

  it.each([
    [['che'], ['check']],
    [['see'], ['seed']],
    [
      ['check', '--s'],
      ['--settled', '--silent-for'],
    ],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['report', '--html', ''], ['']],
    [['check', '--limit', ''], ['']],
  ])('offers in bash after opsdb %j: %j', (words, expected) => {
    expect(offered(...words)).toEqual(expected);
  });

  it('leaves the names of files to bash', () => {
    expect(scripts.get('bash')).toMatch(/^complete -o default -F _opsdb opsdb$/m);
  });

  it.each(['bash', 'zsh', 'fish'])('knows in %s every command and every option', (shell) => {
    const flag = (long: string) => (shell === 'fish' ? `-l ${long.slice(2)} ` : long);
    const missing = wholeProgram().commands.flatMap((command) =>
      [command.name(), ...command.options.map(({ long }) => flag(long as string))].filter(
        (word) => !scripts.get(shell)?.includes(word),
      ),
    );
    expect(missing).toEqual([]);
  });

  it('refuses a shell that it has no script for', async () => {
    expect(await opsdb(['completion', 'csh'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('bash, zsh, fish'),
    });
  });
});
