import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { ExecutedObsUnit, StagingJob } from '../../../src/entities/index.js';
import { progressLine } from '../../../src/tools/cli/progress.js';
import { pagesOf } from '../../../src/tools/cli/report-pages.js';
import { make } from '../../../src/tools/testing/index.js';
import { describeEachDatabase, describeSqlite } from '../../support/databases.js';
import { environmentOf, OPSDB } from '../../support/opsdb.js';
import { wholeProgram } from '../../support/program.js';

/** Runs a command in this process. @returns the JSON that it prints, and its lines on the standard error stream */
async function opsdb(...words: string[]) {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const error = jest.spyOn(console, 'error').mockReturnValue();
  try {
    await wholeProgram().parseAsync([...words, '--json'], { from: 'user' });
    return {
      result: JSON.parse(write.mock.calls.map(([part]) => part).join('')),
      lines: error.mock.calls.map(([line]) => line as string),
    };
  } finally {
    jest.restoreAllMocks();
    process.exitCode = undefined;
  }
}

describeEachDatabase('an operator', (database) => {
  const before = { ...process.env };
  let dataSource: DataSource;

  beforeAll(async () => {
    Object.assign(process.env, environmentOf(database.options));
    dataSource = await database.open();
  });
  afterAll(() => {
    process.env = before;
  });

  it('has failed work tried again, of one class and row or of all', async () => {
    const failed = { status: 'failed', retryCount: 3, finishedAt: new Date() } as const;
    const { id } = await make(dataSource.manager, StagingJob, failed);
    await make(dataSource.manager, StagingJob, failed);
    const one = await opsdb('retry', 'staging_job', '--id', id, '--tries', '1', '--by', 'somebody');
    expect(one.result).toEqual([{ entity: 'StagingJob', waiting: 0, failed: 1 }]);
    const job = await dataSource.manager.findOneByOrFail(StagingJob, { id });
    expect(job).toMatchObject({ status: 'pending', maxRetries: 4 });
    const { result } = await opsdb('retry');
    expect(result).toContainEqual({ entity: 'StagingJob', waiting: 0, failed: 1 });
    expect(result.map(({ entity }: { entity: string }) => entity)).toContain('RawDataPackage');
    await expect(opsdb('retry', 'Site')).rejects.toThrow('must be one of');
  });

  it('is shown the latest night where none is named', async () => {
    for (const observingNight of ['2027-11-20', '2027-11-22', '2027-11-21'])
      await make(dataSource.manager, ExecutedObsUnit, { observingNight });
    expect((await opsdb('night')).result).toMatchObject({ firstNight: '2027-11-22' });
  });

  it('names another database, which is not made where it is not there', async () => {
    const { sqlite, postgresql } = (await database.create('tables')).settings;
    const name = database.type === 'sqlite' ? sqlite.database : postgresql.database;
    expect((await opsdb('status', '--database', name)).result.database).toContain(path.basename(name));
    const missing = path.join(tmpdir(), 'no-such-ops-db.sqlite');
    await expect(opsdb('current', '--database', missing)).rejects.toMatchObject({ code: 'database_missing' });
    expect(existsSync(missing)).toBe(false);
  });

  it('is told how far a command is, unless it is to be quiet', async () => {
    expect((await opsdb('check', '--only', 'file_gets_packaged')).lines).toEqual([
      '100 % file_gets_packaged',
    ]);
    expect((await opsdb('check', '--quiet')).lines).toEqual([]);
  });
});

describe('a bar', () => {
  it.each([[20], [40], [80], [200]])('fits a terminal of %i columns', (columns) => {
    const line = progressLine(1, 3, 'a name that is longer than a narrow terminal has room for', columns);
    expect(line.length).toBeLessThan(columns);
    expect(line).toMatch(/^█+░+ +33 % a/);
  });
});

describeSqlite('opsdb report --watch', (database) => {
  it('writes the page again until it is stopped', async () => {
    const options = await database.create('tables');
    const { manager } = await database.open(options);
    const observing = {
      startTime: new Date('2026-11-20T23:30:00Z'),
      endTime: null,
      status: 'running',
    } as const;
    await make(manager, ExecutedObsUnit, { observingNight: '2026-11-20', ...observing });
    const file = path.join(path.dirname(options.settings.sqlite.database), 'watched.html');
    const env = { ...process.env, ...environmentOf(options) };
    const words = ['report', '--html', file, '--watch', '1'];
    const child = spawn(process.execPath, [OPSDB, ...words], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    expect(readFileSync(file, 'utf8')).toContain('<meta http-equiv="refresh" content="1">');
    await make(manager, ExecutedObsUnit, {
      observingNight: '2026-11-24',
      startTime: new Date('2026-11-24T23:30:00Z'),
    });
    while (!readFileSync(file, 'utf8').includes('The night 2026-11-24')) await setTimeout(100);
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([0, null]);
  });
});

describeSqlite('opsdb report of several nights', (database) => {
  it('writes a page for each, with links to those beside it', async () => {
    const options = await database.create('tables');
    const { manager } = await database.open(options);
    for (const night of ['2026-11-20', '2026-11-22', '2026-11-24'])
      await make(manager, ExecutedObsUnit, {
        observingNight: night,
        startTime: new Date(`${night}T23:30:00Z`),
      });
    const file = path.join(path.dirname(options.settings.sqlite.database), 'night {night}.html');
    const linksOf = async (...nights: [string, string]) =>
      (await pagesOf(manager, file, nights)).map(([name, page]) => {
        writeFileSync(name, page);
        return [...page.matchAll(/<a href="(.*?)"/g)].map(([, address]) => address);
      });
    const [middle, last] = ['night%202026-11-22.html', 'night%202026-11-24.html'];
    expect(await linksOf('2026-11-21', '2026-11-24')).toEqual([[last], [middle]]);
    expect(await linksOf('2026-11-20', '2026-11-20')).toEqual([[middle]]);
  });
});

describeSqlite('Ctrl-C', (database) => {
  it('says what was and was not done, and exits with 130', async () => {
    const env = { ...process.env, ...environmentOf(await database.create('seed')) };
    const child = spawn(process.execPath, [OPSDB, 'simulate', '--nights', '100'], { env });
    let said = '';
    child.stderr.on('data', (part) => {
      said += part;
      child.kill('SIGINT');
    });
    expect(await once(child, 'close')).toEqual([130, null]);
    expect(said).toMatch(/\nopsdb: interrupted; what was simulated stays.*\.\n$/);
  });
});
