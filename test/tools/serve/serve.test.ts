import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { DataSource } from 'typeorm';
import { ExecutedObsUnit } from '../../../src/entities/index.js';
import { make } from '../../../src/tools/testing/index.js';
import { describeEachDatabase } from '../../support/databases.js';
import { environmentOf, OPSDB } from '../../support/opsdb.js';
import { lookWith } from '../report/browser.js';
import type { OnPhone } from './look-at-served.js';

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

async function oneNight({ manager }: DataSource, observingNight: string): Promise<void> {
  const startTime = new Date(`${observingNight}T23:30:00Z`);
  await make(manager, ExecutedObsUnit, { observingNight, startTime, endTime: null, status: 'running' });
}

describeEachDatabase('opsdb serve', (database) => {
  let child: ChildProcess;
  let url: URL;
  const serve = async (): Promise<void> => {
    const env = { PATH: process.env.PATH, ...environmentOf(database.options) };
    child = spawn(process.execPath, [OPSDB, 'serve', '--port', '0', '--json', '--watch', '60'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    for await (const part of child.stdout ?? []) {
      printed += part;
      if (printed.trimEnd().endsWith('}')) break;
    }
    url = new URL(JSON.parse(printed).url);
  };
  /** Not with `fetch`, which sets the name of the host by itself. */
  const ask = async (path: string, { method = 'GET', host = url.host } = {}): Promise<Answer> => {
    const asked = request({ host: url.hostname, port: url.port, path, method, headers: { host } }).end();
    const [response] = await once(asked, 'response');
    return { status: response.statusCode, body: await text(response) };
  };
  beforeAll(serve);
  afterAll(() => child.kill('SIGKILL'));

  it('says so while nothing was observed, and shows the latest night as soon as something was', async () => {
    expect(await ask('/')).toMatchObject({
      status: 200,
      body: expect.stringContaining('Nothing was observed yet'),
    });
    const dataSource = await database.open();
    await oneNight(dataSource, '2026-11-20');
    expect((await ask('/')).body).toContain('<h1>The night 2026-11-20</h1>');
    expect((await ask('/')).body).toContain('<meta http-equiv="refresh" content="60">');
  });

  it('leads from night to night', async () => {
    const dataSource = await database.open();
    await oneNight(dataSource, '2026-11-23');
    const { body } = await ask('/night/2026-11-20');
    expect(body).toContain('<a href="/night/2026-11-23" rel="next">2026-11-23 →</a>');
    expect(body).not.toContain('rel="prev"');
    expect((await ask('/')).body).toContain('<a href="/night/2026-11-20" rel="prev">← 2026-11-20</a>');
  });

  if (database.type === 'sqlite')
    it('fits a phone, and its links lead on', async () => {
      const seen = await lookWith<OnPhone>(path.join(__dirname, 'look-at-served.js'), url.href);
      expect(seen).toEqual({
        headings: ['The night 2026-11-23', 'The night 2026-11-20'],
        overflows: [false, false, false],
        requests: [],
        errors: [],
      });
    });

  it('has the model, and no other pages', async () => {
    expect((await ask('/schema')).body).toContain('raw_data_package');
    for (const path of ['/night/2026-02-30', '/night/x', '/../settings.toml', '/night/2026-11-20/more'])
      expect([path, (await ask(path)).status]).toEqual([path, 404]);
  });

  it('changes nothing, and answers under names of this machine alone', async () => {
    expect((await ask('/', { method: 'POST' })).status).toBe(405);
    expect(await ask('/', { method: 'HEAD' })).toEqual({ status: 200, body: '' });
    expect((await ask('/', { host: 'somebody.example' })).status).toBe(421);
    expect((await ask('/', { host: `localhost:${url.port}` })).status).toBe(200);
    expect(url.hostname).toBe('127.0.0.1');
  });

  it('ends well when it is stopped', async () => {
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
