import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { StagingJob, StatusHistory } from '../../../src/entities/index.js';
import { releaseStale } from '../../../src/services/claiming/index.js';
import { type DatabaseOptions, describeEachDatabase } from '../../support/databases.js';
import { makeStagingJobs } from '../../support/staging-jobs.js';

const WORKER = path.join(__dirname, 'worker-process.js');
const FOLLOWER = path.join(__dirname, '..', 'changes', 'follower-process.js');
/** Each worker once, and the follower as often as both. */
const KILLS = Number(process.env.OPSDB_TEST_KILLS ?? 2);
const JOBS = 12 * KILLS + 12;

describeEachDatabase('processes that are killed', (database) => {
  let options: DatabaseOptions;
  let dataSource: DataSource;
  const folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-kills-'));
  const running = new Set<ChildProcess>();

  beforeAll(async () => {
    options = await database.create('tables');
    dataSource = await database.open(options);
  });
  afterAll(() => {
    for (const child of running) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  async function start(program: string, orders: object): Promise<ChildProcess> {
    const child = fork(program, { serialization: 'advanced' });
    running.add(child);
    child.send({ options, ...orders });
    await once(child, 'message');
    return child;
  }

  async function kill(child: ChildProcess): Promise<void> {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    running.delete(child);
  }

  const linesOf = (file: string) =>
    existsSync(file)
      ? readFileSync(file, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
      : [];

  it('leave no work undone, have none done twice, and miss no change', async () => {
    const { manager } = dataSource;
    const ids = await makeStagingJobs(manager, JOBS);
    const [done, told] = [path.join(folder, 'done'), path.join(folder, 'told')];
    const workers = await Promise.all(
      ['a', 'b'].map((worker) => start(WORKER, { worker: `${worker}-0`, file: done })),
    );
    let follower = await start(FOLLOWER, { file: told });
    const retry = async (silentForS: number) => {
      await releaseStale(manager, StagingJob, silentForS, 'recovery');
      await manager.update(StagingJob, { status: 'pending' }, { nextRetryAt: null });
    };
    for (let turn = 1; turn <= KILLS; turn++) {
      await sleep(150);
      await kill(workers[turn % 2] as ChildProcess);
      await kill(follower);
      workers[turn % 2] = await start(WORKER, { worker: `${turn % 2 ? 'b' : 'a'}-${turn}`, file: done });
      follower = await start(FOLLOWER, { file: told });
    }
    // Whoever is alive works on; what the dead had in hand is released once nobody else has anything.
    const open = () => manager.countBy(StagingJob, { status: 'pending' });
    while ((await open()) > 0) await sleep(50);
    await sleep(500);
    await retry(0.4);
    while ((await manager.countBy(StagingJob, { status: 'completed' })) < JOBS) await sleep(50);

    const history = await manager.findBy(StatusHistory, { entity: 'StagingJob' });
    const completed = history.filter(({ toStatus }) => toStatus === 'completed').map(({ rowId }) => rowId);
    expect(completed.sort()).toEqual([...ids].sort());
    const steps = history.map(({ rowId, toStatus }) => `${rowId} ${toStatus}`);
    for (let seen = -1; seen < linesOf(told).length; await sleep(300)) seen = linesOf(told).length;
    expect([...new Set(linesOf(told))].sort()).toEqual([...new Set(steps)].sort());
    // A worker that was killed between the end of a row and its note has done the row all the same.
    expect(new Set(linesOf(done)).size).toBe(linesOf(done).length);
    for (const child of [...running]) await kill(child);
  }, 300_000);
});
