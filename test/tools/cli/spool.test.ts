import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ObsUnit, openSpool } from '../../../src/index.js';
import { diagnose } from '../../../src/tools/doctor/index.js';
import { openMetricsText, readMetrics } from '../../../src/tools/metrics/index.js';
import { describeEachDatabase } from '../../support/databases.js';
import { oneOfEach } from '../../support/one-of-each.js';
import { environmentOf } from '../../support/opsdb.js';
import { wholeProgram } from '../../support/program.js';

const startTime = new Date('2026-11-21T03:00:00Z');

describeEachDatabase('opsdb spool', (database) => {
  const environment = { ...process.env };
  let folder: string;
  let file: string;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'spool-'));
    file = path.join(folder, 'spool.sqlite');
    Object.assign(process.env, environmentOf(database.options), { CCAT_OPS_DB_SPOOL_PATH: file });
    const { manager } = await database.open();
    await oneOfEach(manager);
    const { id: obsUnitId } = await manager.findOneByOrFail(ObsUnit, {});
    const spool = openSpool({ path: file });
    await spool.startObservation({ obsUnitId, startTime });
    const lost = await spool.startObservation({ obsUnitId: 999_999, startTime });
    await spool.noteConditions({ id: lost, pwvMm: 1 });
    spool.close();
  });

  afterAll(() => {
    process.env = environment;
    rmSync(folder, { recursive: true });
  });

  const opsdb = async (...words: string[]) => {
    const printed: string[] = [];
    const write = jest
      .spyOn(process.stdout, 'write')
      .mockImplementation((text) => printed.push(String(text)) > 0);
    try {
      await wholeProgram().parseAsync(words, { from: 'user' });
    } finally {
      write.mockRestore();
      process.exitCode = 0;
    }
    return printed.join('');
  };
  const json = async (...words: string[]) => JSON.parse(await opsdb(...words, '--json'));

  it('shows, sends, retries and discards what was spooled', async () => {
    expect(await opsdb('spool', 'status')).toContain('Waiting:  3 calls, 3 rows');
    expect(await opsdb('spool', 'list')).toContain('startObservation');
    expect(await json('spool', 'run', '--once')).toEqual({ taken: 1, refused: 2, postponed: 0 });
    const refused = await json('spool', 'list', '--state', 'refused');
    expect(refused.map(({ seq, code }: { seq: number; code: string }) => [seq, code])).toEqual([
      [2, 'filing_refused'],
      [3, 'depends'],
    ]);
    expect(await json('spool', 'show', '2')).toMatchObject([
      { kind: 'startObservation', content: [{ obsUnitId: 999_999 }] },
    ]);
    expect(await json('spool', 'retry', '2')).toEqual({ retried: 2 });
    await opsdb('spool', 'run', '--once');
    expect(await json('spool', 'discard', '3', '--reason', 'a test')).toEqual({ discarded: 1 });
    expect(await json('spool', 'status')).toMatchObject({
      calls: { taken: { calls: 1 }, refused: { calls: 1 }, discarded: { calls: 1 }, waiting: { calls: 0 } },
      forwarder: null,
      warnings: [expect.stringContaining('set aside')],
    });
  });

  it('says what it needs', async () => {
    await expect(opsdb('spool', 'retry')).rejects.toMatchObject({ code: 'argument_invalid' });
    await expect(opsdb('spool', 'show', '99')).rejects.toMatchObject({ code: 'nothing_found' });
    const path = ['--path', `${file}.none`];
    await expect(opsdb('spool', 'status', ...path)).rejects.toMatchObject({ code: 'database_not_writable' });
  });

  it('is seen by opsdb status, doctor and metrics', async () => {
    expect(await json('status')).toMatchObject({ spool: { path: file, calls: { refused: { calls: 1 } } } });
    const findings = (await diagnose()).filter(({ check }) => check === 'spool');
    expect(findings.map(({ status }) => status)).toEqual(['ok', 'warn']);
    const spool = openSpool({ path: file });
    const dataSource = await database.open();
    const text = openMetricsText(await readMetrics(dataSource, { only: ['spool'], spool: spool.status() }));
    expect(text).toContain('ccat_ops_db_spool_rows{state="refused"} 1');
    spool.close();
  });
});
