import type { DataSource } from 'typeorm';
import { RawDataPackage, RawDataPackagePhysicalCopy, StagingJob } from '../../../src/entities/index.js';
import {
  type MetricFamily,
  openMetricsText,
  readMetrics,
  spoolMetrics,
} from '../../../src/tools/metrics/index.js';
import { describeEachDatabase } from '../../support/databases.js';
import { type OneOfEach, oneOfEach } from '../../support/one-of-each.js';

describeEachDatabase('figures for monitors', (database) => {
  let dataSource: DataSource;
  let rows: OneOfEach;

  beforeAll(async () => {
    dataSource = await database.open();
    rows = await oneOfEach(dataSource.manager);
  });

  const figure = (families: readonly MetricFamily[], name: string, labels: Record<string, string> = {}) =>
    families
      .find((family) => family.name === `ccat_ops_db_${name}`)
      ?.samples.find((sample) => Object.entries(labels).every(([key, value]) => sample.labels[key] === value))
      ?.value;

  it('count work by class and status, also where there is none', async () => {
    const families = await readMetrics(dataSource);
    expect(figure(families, 'work_rows', { entity: 'StagingJob', status: 'pending' })).toBe(1);
    expect(figure(families, 'work_rows', { entity: 'StagingJob', status: 'failed' })).toBe(0);
    expect(figure(families, 'replica_lag_bytes')).toBe(0);
    expect(figure(families, 'replica_usable')).toBe(1);
  });

  it('leave the lag out where no replica can be used', async () => {
    const families = await readMetrics(dataSource, { only: ['replica'], read: null });
    expect(families.map(({ samples }) => samples.map(({ value }) => value))).toEqual([[0], [], []]);
  });

  it('tell how long the oldest waits, how often was tried, and which workers are silent', async () => {
    const { manager } = dataSource;
    const { id } = rows.StagingJob as StagingJob;
    await manager.update(StagingJob, { id }, { createdAt: new Date(Date.now() - 3_600_000), retryCount: 2 });
    const heartbeatAt = new Date(Date.now() - 1_800_000);
    const hand = { status: 'in_progress', claimedBy: 'gone', heartbeatAt } as const;
    await manager.update(RawDataPackage, { id: rows.RawDataPackage?.id as string }, hand);
    const families = await readMetrics(dataSource);
    const waiting = figure(families, 'work_oldest_waiting_seconds', { entity: 'StagingJob' });
    expect(waiting).toBeGreaterThan(3_590);
    expect(waiting).toBeLessThan(7_200);
    expect(figure(families, 'work_retries', { entity: 'StagingJob', status: 'pending' })).toBe(2);
    expect(figure(families, 'work_stale_workers', { entity: 'RawDataPackage' })).toBe(1);
    expect(figure(families, 'work_stale_workers', { entity: 'StagingJob' })).toBe(0);
    expect(figure(await readMetrics(dataSource, { silentForS: 7200 }), 'work_stale_workers')).toBe(0);
  });

  it('tell what waits in a spool, without a database', () => {
    const none = { calls: 0, rows: 0 };
    const calls = { waiting: { calls: 2, rows: 7 }, taken: none, refused: none, discarded: none };
    const families = spoolMetrics({ calls, oldestWaiting: new Date(Date.now() - 3_600_000), bytes: 4096 });
    expect(figure(families, 'spool_rows', { state: 'waiting' })).toBe(7);
    expect(figure(families, 'spool_oldest_waiting_seconds')).toBeGreaterThanOrEqual(3600);
    expect(figure(families, 'spool_size_bytes')).toBe(4096);
    expect(spoolMetrics().flatMap(({ samples }) => samples)).toEqual([]);
  });

  it('add up the bytes of what lies at each location, and leave out what was deleted', async () => {
    const { manager } = dataSource;
    await manager.update(
      RawDataPackage,
      { id: rows.RawDataPackage?.id as string },
      { sizeBytes: 50_000_000_000 },
    );
    const labels = { entity: 'RawDataPackage', status: 'present' };
    expect(figure(await readMetrics(dataSource), 'copies_bytes', labels)).toBe(50_000_000_000);
    const { id } = rows.RawDataPackagePhysicalCopy as RawDataPackagePhysicalCopy;
    await manager.update(RawDataPackagePhysicalCopy, { id }, { status: 'deleted', deletedAt: new Date() });
    expect(figure(await readMetrics(dataSource), 'copies', labels)).toBeUndefined();
  });

  it('come as OpenMetrics has them', () => {
    const samples = [{ labels: { location: 'a "b"\\\n' }, value: 1.5 }];
    const family = { name: 'ccat_ops_db_age_seconds', unit: 'seconds' as const, help: 'Age.', samples };
    expect(
      openMetricsText([family, { name: 'n', help: 'N.', samples: [{ labels: {}, value: 0 }] }]).split('\n'),
    ).toEqual([
      '# TYPE ccat_ops_db_age_seconds gauge',
      '# UNIT ccat_ops_db_age_seconds seconds',
      '# HELP ccat_ops_db_age_seconds Age.',
      'ccat_ops_db_age_seconds{location="a \\"b\\"\\\\\\n"} 1.5',
      '# TYPE n gauge',
      '# HELP n N.',
      'n 0',
      '# EOF',
    ]);
  });
});
