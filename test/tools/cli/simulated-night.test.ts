import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadSettings } from '../../../src/settings/index.js';
import { invariants } from '../../../src/tools/integrity/index.js';
import { describeEachDatabase, describeSqlite } from '../../support/databases.js';
import { environmentOf, opsdbRunner } from '../../support/opsdb.js';

const opsdb = opsdbRunner();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describeEachDatabase('opsdb on a simulated night', (database) => {
  const NIGHT = '2026-11-30';
  let env: Record<string, string>;

  beforeAll(async () => {
    env = environmentOf(await database.create('seed'));
  }, 60_000);

  it('has nothing to tell before anything was executed', async () => {
    const status = await opsdb(['status'], env);
    expect(status).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing was executed yet.') });
    const night = await opsdb(['night', NIGHT], env);
    expect(night.stdout).toBe(`Nothing was executed in the night ${NIGHT}.\nNothing waits.\n`);
    const report = await opsdb(['report', '--html', 'none.html'], env);
    expect(report).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing was ever observed') });
  }, 60_000);

  it('simulates it, and shows the night, the archive and the page', async () => {
    const simulated = await opsdb(['simulate', '--rate', '3', '--faults', 'transfer=0.1', '--json'], env);
    expect(simulated.stderr).toMatch(new RegExp(`^ 20 % ${NIGHT}: build \\d+`, 'm'));
    const { executions, files, stages, rowsPerSecond } = JSON.parse(simulated.stdout);
    expect({ executions, code: simulated.code }).toEqual({ executions: 3, code: 0 });
    expect(rowsPerSecond).toBeGreaterThan(0);

    const night = await opsdb(['night', NIGHT], env);
    expect(night.stdout).toMatch(/^start +end +status +obs unit +program +pwv mm +files +size$/m);
    expect(night.stdout).toMatch(new RegExp(`^files packaged +${files} +${files} +█{30}$`, 'm'));
    expect(night.stdout).toContain('Nothing waits.');
    const { executions: told, waiting } = JSON.parse((await opsdb(['night', NIGHT, '--json'], env)).stdout);
    expect({ told: told.length, waiting }).toEqual({ told: 3, waiting: [] });

    const status = JSON.parse((await opsdb(['status', '--json'], env)).stdout);
    const packages = stages.build.done;
    expect(status.archive.nights).toEqual([
      expect.objectContaining({ night: NIGHT, executions: 3, files, packages, archived: packages }),
    ]);

    const file = path.join(folder, 'night.html');
    expect(await opsdb(['report', '--html', file], env)).toMatchObject({
      code: 0,
      stdout: `Wrote ${file}.\n`,
    });
    expect(readFileSync(file, 'utf8')).toContain(`<title>The night ${NIGHT}</title>`);
    expect((await opsdb(['check', '--settled'], env)).stdout).toBe(
      `All ${invariants.length} invariants hold.\n`,
    );
  }, 120_000);

  it('names the rows that are damaged, and exits with 1', async () => {
    const dataSource = await database.open({ settings: loadSettings({ env }) });
    await dataSource.query(`UPDATE raw_data_package SET state = 'transferring'`);
    const [{ id }] = await dataSource.query('SELECT min(CAST(id AS text)) AS id FROM raw_data_package');
    const { code, stdout } = await opsdb(['check', '--limit', '1'], env);
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringContaining(id) });
    expect(stdout).toMatch(/^BROKEN archiving_marks_the_package: .*\n {2}Verify the archive copy/m);
    expect(stdout).toMatch(/^and \d+ more$/m);
  }, 60_000);
});

describeSqlite('opsdb report', (database) => {
  it.each([
    ['--from 2026-12-02 --to 2026-11-30', '--to is 2026-11-30; it must not be before'],
    ['--from 2026-11-30 --html /nowhere/at/all.html', '/nowhere/at/all.html, which cannot be written'],
  ])('refuses a report with %s', async (options, message) => {
    const env = environmentOf(database.options);
    const { code, stderr } = await opsdb(['report', '--html', 'x.html', ...options.split(' ')], env);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(message) });
  });
});

describeSqlite('opsdb on a database without tables', (database) => {
  it.each(['night 2026-11-30', 'check', 'report --html x.html', 'simulate'])(
    '%s says what to do',
    async (command) => {
      const env = environmentOf(await database.create('empty'));
      const { code, stderr } = await opsdb(command.split(' '), env);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('opsdb init') });
    },
  );
});
