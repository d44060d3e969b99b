import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DataSource, type EntityManager, In } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  DataProduct,
  DataProductPhysicalCopy,
  ExecutedReductionStep,
  InputSetMember,
  ReductionStepDependency,
  StagingJob,
  StatusHistory,
} from '../../../src/entities/index.js';
import { transition } from '../../../src/lifecycle/index.js';
import { releaseStale } from '../../../src/services/claiming/index.js';
import { retryWork } from '../../../src/services/transfer/index.js';
import { type WorkItem, type WorkOptions, work } from '../../../src/services/working/index.js';
import {
  describeEachDatabase,
  describePostgresql,
  onServer,
  type TestDatabase,
} from '../../support/databases.js';
import { type OneOfEach, oneOfEach } from '../../support/one-of-each.js';

interface Given {
  dataSource: DataSource;
  manager: EntityManager;
  rows: OneOfEach;
}

/** A database with one row of each class, of which none waits for a worker. */
function given(database: TestDatabase): Given {
  const all = {} as Given;
  beforeAll(async () => {
    all.dataSource = await database.open();
    all.manager = all.dataSource.manager;
    all.rows = await oneOfEach(all.manager);
  });
  beforeEach(async () => {
    await all.manager.createQueryBuilder().delete().from(StagingJob).execute();
  });
  return all;
}

async function addJobs(
  { manager, rows }: Given,
  count: number,
  more: Partial<Pick<StagingJob, 'nextRetryAt'>> = {},
): Promise<string[]> {
  const jobs = Array.from({ length: count }, () => ({
    id: uuidv7(),
    destinationLocationId: rows.StagingJob?.destinationLocationId as number,
    ...more,
  }));
  await manager.insert(StagingJob, jobs);
  return jobs.map(({ id }) => id);
}

const jobOf = ({ manager }: Given, id: string) => manager.findOneByOrFail(StagingJob, { id });

/** Works until it has been handed so many rows; what the body does with them is given. */
async function take(
  { dataSource }: Given,
  count: number,
  body: (item: WorkItem<StagingJob>) => Promise<unknown> = async () => {},
  options: Partial<WorkOptions<StagingJob>> = {},
): Promise<string[]> {
  const stop = new AbortController();
  const ids: string[] = [];
  for await (const item of work(dataSource, StagingJob, { worker: 'w', signal: stop.signal, ...options })) {
    ids.push(item.id);
    await body(item);
    if (ids.length === count) stop.abort();
  }
  return ids;
}

describeEachDatabase('working', (database) => {
  const at = given(database);

  it('hands out rows that wait, and notes their end when the body has come to its own', async () => {
    const ids = await addJobs(at, 3);
    expect(await take(at, 3)).toEqual(ids);
    for (const id of ids)
      expect(await jobOf(at, id)).toMatchObject({ status: 'completed', claimedBy: null, heartbeatAt: null });
    const steps = await at.manager.findBy(StatusHistory, { rowId: ids[0] as string });
    expect(steps.map(({ toStatus, changedBy }) => [toStatus, changedBy])).toEqual([
      ['scheduled', 'w'],
      ['in_progress', 'w'],
      ['completed', 'w'],
    ]);
  });

  it('hands out what is added while it waits', async () => {
    const taken = take(at, 2);
    const [first] = await addJobs(at, 1);
    await sleep(300);
    const [second] = await addJobs(at, 1);
    expect(await taken).toEqual([first, second]);
  });

  it('hands out what another connection adds, whatever program it is of', async () => {
    const other = await database.open();
    const taken = take(at, 1);
    await sleep(300);
    const id = uuidv7();
    await other.query(
      `INSERT INTO staging_job (id, destination_location_id) VALUES ('${id}', ${at.rows.StagingJob?.destinationLocationId})`,
    );
    expect(await taken).toEqual([id]);
  });

  it('hands out a row when its next try is due, without being told', async () => {
    const [id] = await addJobs(at, 1, { nextRetryAt: new Date(Date.now() + 1500) });
    const started = Date.now();
    expect(await take(at, 1)).toEqual([id]);
    expect(Date.now() - started).toBeGreaterThan(1000);
  });

  it('hands out what an operator has tried again before its time', async () => {
    const [id] = await addJobs(at, 1, { nextRetryAt: new Date(Date.now() + 3_600_000) });
    const taken = take(at, 1);
    await sleep(300);
    await retryWork(at.manager, StagingJob, { by: 'operator' });
    expect(await taken).toEqual([id]);
  });

  it('gives each row to one of many workers', async () => {
    const ids = await addJobs(at, 40);
    const options = { untilIdle: true, limit: 3 };
    const taken = await Promise.all(
      ['a', 'b', 'c', 'd'].map((worker) => take(at, 100, undefined, { ...options, worker })),
    );
    expect(taken.flat().sort()).toEqual([...ids].sort());
    expect(await at.manager.countBy(StagingJob, { status: 'completed' })).toBe(40);
  });

  it('takes rows of its conditions only', async () => {
    await addJobs(at, 1);
    const where = { destinationLocationId: -1 };
    expect(await take(at, 1, undefined, { where, untilIdle: true })).toEqual([]);
  });

  it('notes a failure with a pause before the next try, and what went wrong', async () => {
    const [id] = await addJobs(at, 1);
    const outcomes: string[] = [];
    await take(at, 1, async (item) => {
      outcomes.push(
        await item.attempt(async () => {
          throw new Error('the disk is full');
        }),
      );
    });
    expect(outcomes).toEqual(['pending']);
    const job = await jobOf(at, id as string);
    expect(job).toMatchObject({ status: 'pending', retryCount: 1, lastError: 'Error: the disk is full' });
    expect(job.nextRetryAt?.getTime()).toBeGreaterThan(Date.now() + 30_000);
  });

  it('fails a row for good when trying again cannot help', async () => {
    const [id] = await addJobs(at, 1);
    await take(at, 1, async (item) =>
      expect(await item.fail('no such package', { retryable: false })).toBe('failed'),
    );
    expect(await jobOf(at, id as string)).toMatchObject({ status: 'failed', lastError: 'no such package' });
  });

  it('writes the end together with what the body gives it, or not at all', async () => {
    const [id] = await addJobs(at, 1);
    const logPath = 'logs/staging.log';
    await take(at, 1, async (item) => {
      const broken = item.finish(async (manager) => {
        await manager.update(StagingJob, { id }, { logPath });
        throw new Error('the disk is full');
      });
      await expect(broken).rejects.toThrow('the disk is full');
      expect(await jobOf(at, id as string)).toMatchObject({ status: 'in_progress', logPath: null });
      await item.finish((manager) => manager.update(StagingJob, { id }, { logPath }));
    });
    expect(await jobOf(at, id as string)).toMatchObject({ status: 'completed', logPath });
  });

  it('leaves a row that the body has ended by itself', async () => {
    const [id] = await addJobs(at, 1);
    const step = { from: 'in_progress', to: 'completed', worker: 'w' };
    await take(at, 1, (item) => transition(at.manager, StagingJob, item.id, step));
    expect(await jobOf(at, id as string)).toMatchObject({ status: 'completed' });
  });

  it('fails the row that the loop is left with, and releases those that it did not come to', async () => {
    const ids = await addJobs(at, 3);
    const leave = async () => {
      for await (const _ of work(at.dataSource, StagingJob, { worker: 'w', limit: 3 }))
        throw new Error('a bug');
    };
    await expect(leave()).rejects.toThrow('a bug');
    const [left, ...rest] = await Promise.all(ids.map((id) => jobOf(at, id)));
    expect(left).toMatchObject({ status: 'pending', retryCount: 1 });
    for (const job of rest)
      expect(job).toMatchObject({ status: 'pending', retryCount: 0, nextRetryAt: null, claimedBy: null });
  });

  it('releases everything at shutdown, without counting it as a try', async () => {
    const ids = await addJobs(at, 3);
    const stop = new AbortController();
    const outcomes: string[] = [];
    for await (const item of work(at.dataSource, StagingJob, {
      worker: 'w',
      limit: 3,
      signal: stop.signal,
    })) {
      stop.abort();
      outcomes.push(
        await item.attempt(async () => {
          throw new Error('told to stop');
        }),
      );
    }
    expect(outcomes).toEqual(['released']);
    for (const id of ids)
      expect(await jobOf(at, id)).toMatchObject({ status: 'pending', retryCount: 0, claimedBy: null });
  });

  it('ends at once when it is told to stop while it waits', async () => {
    const stop = new AbortController();
    const waiting = take(at, 1, undefined, { signal: stop.signal });
    await sleep(100);
    stop.abort();
    expect(await waiting).toEqual([]);
  });

  it('gives signs of life while the body is at a row, and for those that come after it', async () => {
    const ids = await addJobs(at, 2);
    const options = { limit: 2, heartbeatS: 0.05 };
    await take(
      at,
      2,
      async ({ row }) => {
        if (row.id !== ids[0]) return;
        await at.manager.update(
          StagingJob,
          { status: In(['scheduled', 'in_progress']) },
          { heartbeatAt: new Date('2020-01-01T00:00:00Z') },
        );
        await sleep(500);
        for (const id of ids)
          expect((await jobOf(at, id)).heartbeatAt?.getTime()).toBeGreaterThan(Date.now() - 60_000);
      },
      options,
    );
  });

  it('tells the body that the row was released, and refuses its end', async () => {
    const [id] = await addJobs(at, 1);
    await take(at, 1, async (item) => {
      await at.manager.update(StagingJob, { id }, { heartbeatAt: new Date('2020-01-01T00:00:00Z') });
      expect(await releaseStale(at.manager, StagingJob, 60, 'recovery')).toEqual([id]);
      if (!item.signal.aborted) await once(item.signal, 'abort');
      expect(item.signal.reason).toMatchObject({ code: 'work_lost' });
      await expect(item.finish()).rejects.toMatchObject({ code: 'work_lost' });
      expect(await item.fail('too late')).toBeUndefined();
    });
    expect(await jobOf(at, id as string)).toMatchObject({
      status: 'pending',
      retryCount: 1,
      lastError: 'its worker gave no sign of life for 60 s',
    });
  });

  it('refuses the end of a row that the same worker has got a second time meanwhile', async () => {
    const [id] = await addJobs(at, 1);
    const items: WorkItem<StagingJob>[] = [];
    await take(at, 1, async (item) => {
      items.push(item);
      await at.manager.update(StagingJob, { id }, { heartbeatAt: new Date('2020-01-01T00:00:00Z') });
      await releaseStale(at.manager, StagingJob, 60, 'recovery');
      await at.manager.update(StagingJob, { id }, { nextRetryAt: null });
      await take(at, 1, async (again) => {
        await expect(item.finish()).rejects.toMatchObject({ code: 'work_lost' });
        expect(await jobOf(at, id as string)).toMatchObject({ status: 'in_progress', claimedBy: 'w' });
        await again.finish();
      });
    });
    expect(await jobOf(at, id as string)).toMatchObject({ status: 'completed' });
  });

  it('hands out deletions of copies, which have an owner like all work', async () => {
    const { id, dataLocationId } = at.rows.DataProductPhysicalCopy as DataProductPhysicalCopy;
    const step = { from: 'present', to: 'deletion_scheduled', by: 'manager' };
    await at.manager.update(ExecutedReductionStep, { status: 'pending' }, { status: 'completed' });
    // No step is to read the product, and its run, which needs no input, could make it again.
    await at.manager.deleteAll(ReductionStepDependency);
    await at.manager.updateAll(DataProduct, { type: 'intermediate' });
    await at.manager.deleteAll(InputSetMember);
    await at.manager.query(
      `UPDATE data_location SET location_type = 'processing' WHERE id = ${dataLocationId}`,
    );
    expect(await transition(at.manager, DataProductPhysicalCopy, id, step)).toBe(true);
    const options = { where: { dataLocationId }, untilIdle: true };
    const copyOf = () => at.manager.findOneByOrFail(DataProductPhysicalCopy, { id });
    for await (const item of work(at.dataSource, DataProductPhysicalCopy, { worker: 'd-1', ...options })) {
      expect(await copyOf()).toMatchObject({ status: 'deletion_in_progress', claimedBy: 'd-1' });
      expect(await item.fail(new Error('permission denied'))).toBe('pending');
    }
    expect(await copyOf()).toMatchObject({
      status: 'deletion_failed',
      claimedBy: null,
      retryCount: 1,
      lastError: 'Error: permission denied',
      nextRetryAt: expect.any(Date),
    });
    await at.manager.update(DataProductPhysicalCopy, { id }, { nextRetryAt: null });
    for await (const _ of work(at.dataSource, DataProductPhysicalCopy, { worker: 'd-2', ...options }));
    expect(await copyOf()).toMatchObject({ status: 'deleted', claimedBy: null, deletedAt: expect.any(Date) });
  });
});

describePostgresql('working while connections are lost', (database) => {
  const at = given(database);

  it('is woken again after the connection that listens was ended', async () => {
    const taken = take(at, 1);
    await sleep(500);
    const name = (await at.manager.query('SELECT current_database() AS name'))[0].name;
    const ended = await onServer(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND query LIKE 'LISTEN%'`,
    );
    expect(ended).toHaveLength(1);
    await sleep(1000);
    const [id] = await addJobs(at, 1);
    expect(await taken).toEqual([id]);
  });

  it('asks now and then where a pooler keeps notifications from it', async () => {
    const pooled = await database.open();
    Object.assign((pooled as unknown as { handle: object }).handle, { isPooled: true });
    const taken = take({ ...at, dataSource: pooled }, 1);
    await sleep(500);
    const [id] = await addJobs(at, 1);
    expect(await taken).toEqual([id]);
  }, 30_000);
});
