import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packageRoot } from '../../../src/package-root.js';
import { describeEachDatabase } from '../../support/databases.js';
import { environmentOf, opsdbRunner } from '../../support/opsdb.js';

const EXAMPLE = path.join(packageRoot(), 'examples', 'input');
const FAULTY = path.join(packageRoot(), 'test', 'tools', 'planning-files', 'faulty');
const opsdb = opsdbRunner();

describeEachDatabase('opsdb load and export', (database) => {
  let env: Record<string, string>;
  let folder: string;
  beforeAll(async () => {
    env = environmentOf(await database.create('empty'));
    folder = mkdtempSync(path.join(tmpdir(), 'plans-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("fills a fresh database from an observatory's own files, loads them again, and exports them", async () => {
    const mode = ['--data-archive-mode', 'production'];
    const first = await opsdb(['init', '--local-url', EXAMPLE, ...mode], env);
    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ObsUnit +7 +0 +0$/m) });
    expect(first.stderr).toContain(' % obs-units/chai.csv');
    const again = await opsdb(['load', EXAMPLE, ...mode, '--json'], env);
    const { tables, removals } = JSON.parse(again.stdout);
    for (const table of tables) expect(table).toMatchObject({ added: 0, differing: [] });
    expect(removals).toEqual([{ entity: 'ObsUnit', key: 'Orion-KL/otf/trial', outcome: 'absent' }]);

    const written = await opsdb(['export', folder], env);
    expect(written).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ObsUnit +obs-unit\.csv +7$/m) });
    const file = path.join(folder, 'obs-unit.csv');
    writeFileSync(file, readFileSync(file, 'utf8').replace(',active,60,3600,', ',active,61,3600,'));
    const dry = await opsdb(['load', folder, '--dry-run'], env);
    expect(dry.stdout).toContain('~ ObsUnit SgrA-East/ps/CO43: priority 60 → 61');
    expect(dry.stdout).toMatch(/^Would add 0, change 1, leave \d+\.$/m);
  }, 60_000);

  it('lists every issue, writes nothing and exits with 1', async () => {
    const { code, stderr, stdout } = await opsdb(['load', FAULTY], env);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^opsdb: The folder .* has \d+ issues; nothing was written\.$/m);
    expect(stderr).toMatch(/^ {2}sources\.csv:3: dec = "-95": must be from -90 to 90 degrees$/m);
  }, 60_000);
});
