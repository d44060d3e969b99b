import type { DataSource, EntityManager } from 'typeorm';
import {
  DataGrouping,
  ExecutedReductionStep,
  InputSetMember,
  ReductionSoftwareVersion,
  ReductionStep,
} from '../../../src/entities/index.js';
import { transition } from '../../../src/lifecycle/index.js';
import { createRun, missingRuns, type NewRun } from '../../../src/services/reduction/index.js';
import { describeEachDatabase } from '../../support/databases.js';
import { addPackage, type Night, observeNight } from './night.js';
import { addVersion, addWorkflow, complete, keepProducts, type Workflow } from './workflow.js';

describeEachDatabase('the runs that a step lacks', (database) => {
  let dataSource: DataSource;
  let manager: EntityManager;
  let night: Night;
  let workflow: Workflow;
  let nextPart = 2;

  beforeAll(async () => {
    dataSource = await database.open(await database.create('seed'));
    manager = dataSource.manager;
    night = await observeNight(dataSource);
  });
  beforeEach(async () => {
    workflow = await addWorkflow(manager);
  });

  const missing = (again = false) => missingRuns(manager, workflow.calibration, { again });
  const create = (run: NewRun | undefined) => createRun(manager, run as NewRun);
  const createAll = async (runs: readonly NewRun[]) => {
    const created = [];
    for (const run of runs) created.push((await createRun(manager, run)).run);
    return created;
  };
  const update = async (values: Partial<Pick<ReductionStep, 'groupBy' | 'cooldownSeconds'>>) => {
    await manager.update(ReductionStep, workflow.calibration.id, values);
    Object.assign(workflow.calibration, values);
  };
  const executionOf = async (packageId: string) => {
    const [row] = await dataSource.query(
      `SELECT executed_obs_unit_id AS id FROM raw_data_package WHERE id = '${packageId}'`,
    );
    return row.id as string;
  };

  it('are one for each division, with its packages and the priority of the pipeline', async () => {
    const runs = await missing();
    const execution = await executionOf(night.packages.orion);
    const own = runs.find(({ subGroupKey }) => subGroupKey === `executed_obs_unit=${execution}`);
    expect(runs).toHaveLength(2);
    expect(night.names(own?.members.packageIds ?? [])).toEqual(['orion', 'orionHigh']);
    expect(own).toMatchObject({
      priority: 70,
      version: { version: '1.0' },
      step: { id: workflow.calibration.id },
    });
  });

  it('are created pending, with what the step says', async () => {
    const [first] = await missing();
    const { run, created } = await create(first);
    expect(created).toBe(true);
    expect(run).toMatchObject({
      status: 'pending',
      priority: 70,
      maxRetries: 5,
      retryCount: 0,
      reductionStepId: workflow.calibration.id,
      subGroupKey: first?.subGroupKey,
      reductionSoftwareVersionId: first?.version.id,
    });
    const members = await manager.findBy(InputSetMember, { inputSetId: run.inputSetId });
    expect(members.map(({ rawDataPackageId }) => rawDataPackageId).sort()).toEqual([
      ...(first?.members.packageIds ?? []),
    ]);
  });

  it('are none while a run is live and none when it is completed', async () => {
    const [first, second] = await createAll(await missing());
    expect(await missing()).toEqual([]);
    await complete(manager, first as ExecutedReductionStep);
    await transition(manager, ExecutedReductionStep, second?.id as string, {
      from: 'pending',
      to: 'staging_data',
    });
    expect(await missing()).toEqual([]);
    expect(await missing(true)).toEqual([]);
  });

  it.each(['failed', 'cancelled'])('are those that %s only when asked for again', async (to) => {
    const [first] = await missing();
    const { run } = await create(first);
    await transition(manager, ExecutedReductionStep, run.id, { from: 'pending', to });
    const keys = async (again: boolean) => (await missing(again)).map(({ subGroupKey }) => subGroupKey);
    expect(await keys(false)).not.toContain(first?.subGroupKey);
    expect(await keys(true)).toContain(first?.subGroupKey);
    expect(await create(first)).toMatchObject({ created: true, run: { inputSetId: run.inputSetId } });
    expect(await keys(true)).not.toContain(first?.subGroupKey);
  });

  it('are there again when a division has a new package', async () => {
    await createAll(await missing());
    const executedObsUnitId = await executionOf(night.packages.n159);
    const added = await addPackage(manager, { executedObsUnitId, module: 'LFA', partNumber: nextPart++ });
    const runs = await missing();
    expect(runs.map(({ subGroupKey }) => subGroupKey)).toEqual([`executed_obs_unit=${executedObsUnitId}`]);
    expect(runs[0]?.members.packageIds).toContain(added);
  });

  it('are there again when the policy resolves to another version', async () => {
    await createAll(await missing());
    const { reductionSoftwareId } = workflow.calibration;
    await addVersion(manager, reductionSoftwareId, '1.1', { releasedAt: new Date('2026-02-01') });
    expect((await missing()).map(({ version }) => version.version)).toEqual(['1.1', '1.1']);
  });

  it('do not depend on the runs of other steps', async () => {
    await createAll(await missing());
    workflow = await addWorkflow(manager);
    expect(await missing()).toHaveLength(2);
  });

  it('wait for the cooldown of the step, each division for itself', async () => {
    const [first, second] = await missing();
    const { run } = await create(first);
    await addVersion(manager, workflow.calibration.reductionSoftwareId, '1.1', {
      releasedAt: new Date('2026-02-01'),
    });
    await update({ cooldownSeconds: 60 });
    expect((await missing()).map(({ subGroupKey }) => subGroupKey)).toEqual([second?.subGroupKey]);
    await manager.update(ExecutedReductionStep, run.id, { createdAt: new Date(Date.now() - 61_000) });
    expect(await missing()).toHaveLength(2);
    await manager.update(ExecutedReductionStep, run.id, { createdAt: new Date(Date.now() - 50_000) });
    expect(await missing()).toHaveLength(1);
  });

  it('are an error where no version fits', async () => {
    await manager.update(
      ReductionSoftwareVersion,
      { reductionSoftwareId: workflow.calibration.reductionSoftwareId },
      { compatible: false },
    );
    await expect(missing()).rejects.toMatchObject({ code: 'reduction_version_missing' });
  });

  it('are an error where the grouping has a rule with issues', async () => {
    const rule = { table: 'Sauce', column: 'name', operator: 'eq', value: 'x' } as const;
    await manager.update(DataGrouping, workflow.grouping.id, { filterRules: [rule] });
    await expect(missing()).rejects.toMatchObject({ code: 'filter_rule_invalid' });
  });

  it('are created once by callers at the same time', async () => {
    const [first] = await missing();
    const results = await Promise.all(Array.from({ length: 8 }, () => create(first)));
    expect(results.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(results.map(({ run }) => run.id)).size).toBe(1);
  });

  it('are created once by transactions at the same time', async () => {
    const [first] = await missing();
    const results = await Promise.all(
      Array.from({ length: 4 }, () => dataSource.transaction((nested) => createRun(nested, first as NewRun))),
    );
    expect(results.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(results.map(({ run }) => run.id)).size).toBe(1);
  });

  it('are not created without members or for a step that is unknown', async () => {
    const [first] = await missing();
    const count = await manager.count(ExecutedReductionStep);
    await expect(create({ ...(first as NewRun), members: {} })).rejects.toMatchObject({
      code: 'value_invalid',
    });
    const step = Object.assign(new ReductionStep(), workflow.calibration, { id: 999_999 });
    await expect(create({ ...(first as NewRun), step })).rejects.toThrow(/foreign key/i);
    expect(await manager.count(ExecutedReductionStep)).toBe(count);
  });

  describe('of a later step', () => {
    const later = () => missingRuns(manager, workflow.gridding);

    it('are none before a run of the step before it is completed', async () => {
      expect(await later()).toEqual([]);
      await createAll(await missing());
      expect(await later()).toEqual([]);
    });

    it('do not read the products of a run that failed', async () => {
      const [first, second] = await createAll(await missing());
      await complete(manager, first as ExecutedReductionStep, 'science');
      const read = await complete(manager, second as ExecutedReductionStep, 'science');
      await manager.update(ExecutedReductionStep, first?.id as string, { status: 'failed' });
      expect((await later()).map(({ members }) => members.productIds)).toEqual([read]);
    });

    it('read the science and intermediate products of the step before it, by their own divisions', async () => {
      const runs = await createAll(await missing());
      const products: string[][] = [];
      for (const run of runs) products.push(await complete(manager, run, 'science', 'intermediate'));
      await manager.query(`UPDATE data_product SET type = 'plot' WHERE relative_path = 'intermediate/1.fits'
        AND executed_reduction_step_id = '${runs[0]?.id}'`);
      const found = (await later()).map(({ subGroupKey, members }) => [
        subGroupKey,
        members.productIds?.toSorted(),
      ]);
      expect(found.map(([key]) => key).sort()).toEqual(['source=N159', 'source=Orion-KL']);
      const read = found.map(([, ids]) => ids?.length).sort();
      expect(read).toEqual([1, 2]);
      expect(found.flatMap(([, ids]) => ids)).toEqual(expect.arrayContaining(products[1] as string[]));
    });

    it('read the products of the newest run of each division only', async () => {
      for (const run of await createAll(await missing())) await complete(manager, run, 'science');
      await keepProducts(manager);
      await createAll(await later());
      expect(await later()).toEqual([]);
      await addVersion(manager, workflow.calibration.reductionSoftwareId, '1.1', {
        releasedAt: new Date('2026-02-01'),
      });
      const [again] = await createAll(await missing());
      const newest = await complete(manager, again as ExecutedReductionStep, 'science');
      const lists = (await later()).map(({ members }) => members.productIds);
      expect(lists).toHaveLength(2);
      expect(lists).toContainEqual(newest);
      expect(lists.every((ids) => ids?.length === 1)).toBe(true);
    });

    it('read a product in each of their divisions that has a package of it', async () => {
      await update({ groupBy: [] });
      const [run] = await createAll(await missing());
      const [product] = await complete(manager, run as ExecutedReductionStep, 'science');
      expect((await later()).map(({ subGroupKey, members }) => [subGroupKey, members.productIds])).toEqual([
        ['source=N159', [product]],
        ['source=Orion-KL', [product]],
      ]);
    });
  });
});
