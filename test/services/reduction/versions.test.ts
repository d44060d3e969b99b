import type { DataSource, EntityManager } from 'typeorm';
import { ReductionSoftwareVersion } from '../../../src/entities/index.js';
import { resolveVersion } from '../../../src/services/reduction/index.js';
import { describeEachDatabase } from '../../support/databases.js';
import { addVersion, addWorkflow } from './workflow.js';

describeEachDatabase('the version that a step runs with', (database) => {
  let dataSource: DataSource;
  let manager: EntityManager;
  let software: number;

  beforeAll(async () => {
    dataSource = await database.open(await database.create('seed'));
    manager = dataSource.manager;
  });
  beforeEach(async () => {
    ({ reductionSoftwareId: software } = (await addWorkflow(manager)).calibration);
  });

  const resolve = async (
    versionPolicy: 'compatible' | 'latest' | 'pinned',
    pinnedVersionId: number | null = null,
  ) =>
    (await resolveVersion(manager, { reductionSoftwareId: software, versionPolicy, pinnedVersionId }))
      ?.version;

  it('is the one released last, of those that are compatible where the policy says so', async () => {
    await addVersion(manager, software, '2.0', { releasedAt: new Date('2026-03-01'), compatible: false });
    await addVersion(manager, software, '1.1', { releasedAt: new Date('2026-02-01') });
    await addVersion(manager, software, '1.0.1', { releasedAt: new Date('2026-01-15') });
    expect(await resolve('latest')).toBe('2.0');
    expect(await resolve('compatible')).toBe('1.1');
  });

  it('is one with a release that is recorded before one without', async () => {
    await addVersion(manager, software, 'unreleased');
    expect(await resolve('latest')).toBe('1.0');
  });

  it('is the row that came last where no release is recorded', async () => {
    await manager.delete(ReductionSoftwareVersion, { reductionSoftwareId: software });
    for (const version of ['b', 'c', 'a']) await addVersion(manager, software, version);
    expect(await resolve('latest')).toBe('a');
  });

  it('is the pinned one, compatible or not', async () => {
    const { id } = await addVersion(manager, software, '0.9', {
      compatible: false,
      releasedAt: new Date('2025-01-01'),
    });
    expect(await resolve('pinned', id)).toBe('0.9');
  });

  it('is none where no version fits, or the pinned one is of another software', async () => {
    const other = (await addWorkflow(manager)).calibration.reductionSoftwareId;
    const { id } = await addVersion(manager, other, '3.0');
    expect(await resolve('pinned', id)).toBeUndefined();
    expect(
      await resolveVersion(manager, {
        reductionSoftwareId: -1,
        versionPolicy: 'latest',
        pinnedVersionId: null,
      }),
    ).toBeNull();
  });
});
