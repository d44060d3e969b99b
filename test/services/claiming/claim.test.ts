import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  DataTransferPackage,
  ExecutedReductionStep,
  ReductionSoftwareVersion,
  StatusHistory,
} from '../../../src/entities/index.js';
import { transition } from '../../../src/lifecycle/index.js';
import { claim, fail, heartbeat, releaseStale } from '../../../src/services/claiming/index.js';
import { createRun } from '../../../src/services/reduction/index.js';
import { describeEachDatabase, describePostgresql, describeSqlite } from '../../support/databases.js';
import { locationId, observe } from '../../support/observed.js';
import { addWorkflow } from '../reduction/workflow.js';

const MINUTE_MS = 60_000;

/** Makes pending bundles, the first the oldest. */
async function pending(
  manager: EntityManager,
  count: number,
  more: Partial<Pick<DataTransferPackage, 'priority' | 'maxRetries' | 'nextRetryAt'>> = {},
) {
  const originLocationId = await locationId(manager, 'ccat', 'output_buffer');
  const start = Date.now() - count;
  const bundles = Array.from({ length: count }, (_, index) => ({
    id: uuidv7(),
    originLocationId,
    createdAt: new Date(start + index),
    ...more,
  }));
  for (let first = 0; first < count; first += 500)
    await manager.insert(DataTransferPackage, bundles.slice(first, first + 500));
  return bundles.map(({ id }) => id);
}

const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);

describeEachDatabase('claiming', (database) => {
  let dataSource: DataSource;
  let manager: EntityManager;

  beforeAll(async () => {
    dataSource = await database.open(await database.create('seed'));
    manager = dataSource.manager;
  });
  beforeEach(async () => {
    await manager.clear(StatusHistory);
    await manager.createQueryBuilder().delete().from(DataTransferPackage).execute();
  });

  const take = (limit: number, worker = 'worker-1') => claim(manager, DataTransferPackage, { limit, worker });
  const load = (id: string) => manager.findOneByOrFail(DataTransferPackage, { id });

  it('gives the oldest rows of highest priority first', async () => {
    const usual = await pending(manager, 3);
    const urgent = await pending(manager, 2, { priority: 90 });
    expect(idsOf(await take(4))).toEqual([...urgent, usual[0], usual[1]]);
    expect(idsOf(await take(4))).toEqual([usual[2]]);
    expect(await take(4)).toEqual([]);
  });

  it("marks the rows as the worker's, and notes it in the history", async () => {
    const [id] = await pending(manager, 1);
    const [claimed] = await take(1, 'builder-7');
    expect(claimed).toBeInstanceOf(DataTransferPackage);
    expect(claimed).toMatchObject({
      id,
      status: 'scheduled',
      claimedBy: 'builder-7',
      scheduledAt: expect.any(Date),
    });
    expect(await manager.findBy(StatusHistory, { rowId: id })).toMatchObject([
      { fromStatus: 'pending', toStatus: 'scheduled', changedBy: 'builder-7' },
    ]);
  });

  it('gives only rows that meet the conditions', async () => {
    await pending(manager, 1);
    const elsewhere = await locationId(manager, 'cologne', 'input_buffer');
    const where = { originLocationId: elsewhere };
    expect(await claim(manager, DataTransferPackage, { where, limit: 1, worker: 'w' })).toEqual([]);
  });

  it('refuses conditions on what the rows lead to, with the columns that there are', async () => {
    await pending(manager, 1);
    const where = { originLocation: { name: 'output_buffer' } };
    const call = claim(manager, DataTransferPackage, { where, limit: 1, worker: 'w' });
    await expect(call).rejects.toMatchObject({ code: 'read_unsupported' });
    await expect(call).rejects.toThrow(
      /own columns only, and originLocation is none; they are: .*originLocationId/,
    );
  });

  it('gives no more rows than asked for, and refuses a limit that is none', async () => {
    await pending(manager, 3);
    expect(await take(0)).toEqual([]);
    expect(await take(2)).toHaveLength(2);
    for (const limit of [-1, 0.5, Number.NaN]) await expect(take(limit)).rejects.toThrow(`limit is ${limit}`);
    expect(await manager.countBy(DataTransferPackage, { status: 'pending' })).toBe(1);
  });

  it('leaves rows alone that are not due yet', async () => {
    await pending(manager, 1, { nextRetryAt: new Date(Date.now() + MINUTE_MS) });
    const [due] = await pending(manager, 1, { nextRetryAt: new Date(Date.now() - MINUTE_MS) });
    expect(idsOf(await take(5))).toEqual([due]);
  });

  it('gives back what failed after a back-off that doubles, until it was tried as often as it may be', async () => {
    const [id] = (await pending(manager, 1, { maxRetries: 2 })) as [string];
    for (const minutes of [1, 2]) {
      await take(1);
      expect(await fail(manager, DataTransferPackage, id, { error: 'link down', worker: 'worker-1' })).toBe(
        'pending',
      );
      const { nextRetryAt, lastError, claimedBy } = await load(id);
      expect({ lastError, claimedBy }).toEqual({ lastError: 'link down', claimedBy: null });
      const wait = (nextRetryAt as Date).getTime() - Date.now();
      expect(Math.abs(wait - minutes * MINUTE_MS)).toBeLessThan(10_000);
      expect(await take(1)).toEqual([]);
      await manager.update(DataTransferPackage, id, { nextRetryAt: null });
    }
    await take(1);
    expect(await fail(manager, DataTransferPackage, id, { error: 'link down', worker: 'worker-1' })).toBe(
      'failed',
    );
    expect(await load(id)).toMatchObject({ status: 'failed', retryCount: 2, finishedAt: expect.any(Date) });
  });

  it.each([
    ['nothing', '', 'no reason was given'],
    ['NUL', 'exit\0 status 1', 'exit status 1'],
    ['a flood', 'x'.repeat(100_000), 'x'.repeat(4000)],
  ])('takes %s for an error, so that the row is given back all the same', async (_, error, kept) => {
    const [id] = (await pending(manager, 1)) as [string];
    await take(1);
    const failure = { error, worker: 'worker-1' };
    expect(await fail(manager, DataTransferPackage, id.toUpperCase(), failure)).toBe('pending');
    expect((await load(id)).lastError).toBe(kept);
  });

  it('does not try again what cannot be mended', async () => {
    const [id] = (await pending(manager, 1)) as [string];
    await take(1);
    const failure = { error: 'no such file', worker: 'worker-1', retryable: false };
    expect(await fail(manager, DataTransferPackage, id, failure)).toBe('failed');
  });

  it('takes no word on a row from a worker that does not have it any more', async () => {
    const [id] = (await pending(manager, 1)) as [string];
    await take(1, 'worker-2');
    expect(
      await fail(manager, DataTransferPackage, id, { error: 'late', worker: 'worker-1' }),
    ).toBeUndefined();
    expect(await heartbeat(manager, DataTransferPackage, [id], 'worker-1')).toBe(0);
    expect(await heartbeat(manager, DataTransferPackage, [id], 'worker-2')).toBe(1);
    expect((await load(id)).status).toBe('scheduled');
  });

  it('finds and releases the rows of workers that died, and no other', async () => {
    const [dead, hopeless, alive] = (await pending(manager, 3)) as [string, string, string];
    await take(3);
    await transition(manager, DataTransferPackage, dead, { from: 'scheduled', to: 'in_progress' });
    const longAgo = new Date(Date.now() - 10 * MINUTE_MS);
    await manager.update(DataTransferPackage, dead, { heartbeatAt: longAgo });
    await manager.update(DataTransferPackage, hopeless, { heartbeatAt: longAgo, retryCount: 3 });
    expect((await releaseStale(manager, DataTransferPackage, 300, 'recovery')).sort()).toEqual(
      [dead, hopeless].sort(),
    );
    expect(await load(dead)).toMatchObject({ status: 'pending', retryCount: 1, claimedBy: null });
    expect(await load(hopeless)).toMatchObject({ status: 'failed', retryCount: 3 });
    expect(await load(alive)).toMatchObject({ status: 'scheduled', claimedBy: 'worker-1' });
    expect(await releaseStale(manager, DataTransferPackage, 300, 'recovery')).toEqual([]);
    for (const silentForS of [-1, Number.NaN])
      await expect(releaseStale(manager, DataTransferPackage, silentForS, 'recovery')).rejects.toThrow(
        'silentForS',
      );
  });

  it('lets one of a worker and the recovery win, whichever comes first', async () => {
    const ids = await pending(manager, 20);
    await take(20);
    await manager.update(DataTransferPackage, { claimedBy: 'worker-1' }, { heartbeatAt: new Date(0) });
    const failures = ids.map((id) =>
      fail(manager, DataTransferPackage, id, { error: 'late', worker: 'worker-1' }),
    );
    const [released, ...ends] = await Promise.all([
      releaseStale(manager, DataTransferPackage, 300, 'recovery'),
      ...failures,
    ]);
    const failed = ids.filter((_, index) => ends[index] !== undefined);
    expect([...released, ...failed].sort()).toEqual([...ids].sort());
    const rows = await manager.find(DataTransferPackage);
    expect(rows.map(({ status, retryCount }) => ({ status, retryCount }))).toEqual(
      ids.map(() => ({ status: 'pending', retryCount: 1 })),
    );
    expect(await manager.countBy(StatusHistory, { toStatus: 'pending' })).toBe(20);
  });

  it('works for reduction runs, which have states of their own', async () => {
    const { packageId } = await observe(manager);
    const { calibration: step } = await addWorkflow(manager);
    const [version] = await manager.findBy(ReductionSoftwareVersion, {
      reductionSoftwareId: step.reductionSoftwareId,
    });
    const { run } = await createRun(manager, {
      step,
      version: version as ReductionSoftwareVersion,
      subGroupKey: 'all',
      members: { packageIds: [packageId] },
    });
    const [claimed] = await claim(manager, ExecutedReductionStep, { limit: 1, worker: 'w' });
    expect(claimed).toMatchObject({ id: run.id, status: 'staging_data', claimedBy: 'w', maxRetries: 5 });
    expect(await fail(manager, ExecutedReductionStep, run.id, { error: 'queue full', worker: 'w' })).toBe(
      'pending',
    );
    await manager.update(ExecutedReductionStep, run.id, { nextRetryAt: null });
    await claim(manager, ExecutedReductionStep, { limit: 1, worker: 'w' });
    for (const [from, to] of [
      ['staging_data', 'submitted'],
      ['submitted', 'running'],
    ] as const)
      await transition(manager, ExecutedReductionStep, run.id, { from, to, worker: 'w' });
    await manager.update(ExecutedReductionStep, run.id, { heartbeatAt: new Date(0) });
    expect(await releaseStale(manager, ExecutedReductionStep, 300, 'recovery')).toEqual([run.id]);
    expect(await manager.findOneByOrFail(ExecutedReductionStep, { id: run.id })).toMatchObject({
      status: 'pending',
      claimedBy: null,
      heartbeatAt: null,
      retryCount: 2,
      lastError: 'its worker gave no sign of life for 300 s',
    });
  });
});

describePostgresql('claiming', (database) => {
  it('gives each of 2,000 rows to exactly one of 8 workers', async () => {
    const dataSource = await database.open(await database.create('seed'));
    const all = await pending(dataSource.manager, 2000);
    const work = async (worker: string) => {
      const ids: string[] = [];
      for (;;) {
        const claimed = await claim(dataSource.manager, DataTransferPackage, { limit: 3, worker });
        if (claimed.length === 0) return ids;
        ids.push(...idsOf(claimed));
      }
    };
    const shares = await Promise.all(Array.from({ length: 8 }, (_, index) => work(`worker-${index}`)));
    expect(shares.flat().sort()).toEqual(all.sort());
    expect(await dataSource.manager.countBy(StatusHistory, { toStatus: 'scheduled' })).toBe(2000);
  }, 60_000);
});

describeSqlite('claiming', (database) => {
  it('gives each of 2,000 rows to exactly one of 4 processes', async () => {
    const options = await database.create('seed');
    const dataSource = await database.open(options);
    const all = await pending(dataSource.manager, 2000);
    const file = options.settings.sqlite.database;
    const script = path.join(__dirname, '..', '..', 'support', 'claim-all.js');
    const outputs = await Promise.all(
      Array.from({ length: 4 }, (_, index) =>
        promisify(execFile)(process.execPath, [script, file, `process-${index}`]),
      ),
    );
    const shares = outputs.map(({ stdout }) => JSON.parse(stdout) as string[]);
    expect(shares.flat().sort()).toEqual(all.sort());
    expect(await dataSource.manager.countBy(StatusHistory, { toStatus: 'scheduled' })).toBe(2000);
  }, 60_000);
});
