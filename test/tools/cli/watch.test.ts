import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { DataSource } from 'typeorm';
import { StagingJob } from '../../../src/entities/index.js';
import { claim } from '../../../src/services/claiming/index.js';
import { make } from '../../../src/tools/testing/index.js';
import { describeEachDatabase } from '../../support/databases.js';
import { environmentOf, OPSDB } from '../../support/opsdb.js';

describeEachDatabase('opsdb watch', (database) => {
  let dataSource: DataSource;
  const running: ChildProcessByStdio<null, Readable, null>[] = [];

  beforeAll(async () => {
    dataSource = await database.open();
  });
  afterEach(() => {
    for (const child of running.splice(0)) child.kill('SIGKILL');
  });

  /** Starts the program. @returns its next line, and its end at Ctrl-C with the code that it exits with */
  const watch = (...words: string[]) => {
    const env = { PATH: process.env.PATH, ...environmentOf(database.options) };
    const child = spawn(process.execPath, [OPSDB, 'watch', ...words], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.push(child);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return {
      nextLine: async (): Promise<string> => (await lines.next()).value,
      interrupt: async () => {
        const ended = once(child, 'exit');
        child.kill('SIGINT');
        const [code] = await ended;
        return { code, isAtEnd: (await lines.next()).done };
      },
    };
  };
  const move = async () => {
    const { id } = await make(dataSource.manager, StagingJob, {});
    await claim(dataSource.manager, StagingJob, { limit: 1, worker: 'stager-1' });
    return id;
  };

  it('prints a line a change as it is committed, until Ctrl-C, which is a good end', async () => {
    const first = await move();
    const people = watch('--since', 'beginning', '--entity', 'StagingJob');
    expect(await people.nextLine()).toMatch(
      new RegExp(`^\\d{4}-\\S+Z {2}StagingJob ${first} {2}status pending → scheduled {2}by stager-1$`),
    );
    const second = await move();
    expect(await people.nextLine()).toContain(second);
    expect(await people.interrupt()).toEqual({ code: 0, isAtEnd: true });
  });

  it('prints JSON lines, and goes on after the cursor of one', async () => {
    const [first, second] = [await move(), await move()];
    const all = watch('--json', '--since', 'beginning');
    let line = JSON.parse(await all.nextLine());
    while (line.id !== first) line = JSON.parse(await all.nextLine());
    expect(line).toMatchObject({ entity: 'StagingJob', from: 'pending', to: 'scheduled', by: 'stager-1' });
    expect(JSON.parse(await all.nextLine())).toMatchObject({ id: second });
    expect((await all.interrupt()).code).toBe(0);
    const rest = watch('--json', '--since', line.cursor);
    expect(JSON.parse(await rest.nextLine())).toMatchObject({ id: second });
    expect(await rest.interrupt()).toEqual({ code: 0, isAtEnd: true });
  });
});
