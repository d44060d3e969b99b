import type { DataSource, EntityManager } from 'typeorm';
import { ExecutedObsUnit, ObsUnit, RawDataPackage, StatusHistory } from '../../src/entities/index.js';
import { lifecycles, transition } from '../../src/lifecycle/index.js';
import { describeEachDatabase } from '../support/databases.js';
import { build, observe } from '../support/observed.js';

describe('the table of legal steps', () => {
  it.each(lifecycles)(
    'names only statuses of $entity.name.$property that have steps of their own',
    ({ transitions }) => {
      const known = Object.keys(transitions);
      expect(
        Object.values(transitions)
          .flat()
          .filter((status) => !known.includes(status)),
      ).toEqual([]);
    },
  );
});

describeEachDatabase('a transition', (database) => {
  let dataSource: DataSource;
  let manager: EntityManager;
  let packageId: string;

  beforeAll(async () => {
    dataSource = await database.open(await database.create('seed'));
    manager = dataSource.manager;
  });
  beforeEach(async () => {
    packageId = (await observe(manager)).packageId;
  });

  it.each(lifecycles)(
    'is possible from every value of $entity.name.$property and no other',
    ({ entity, property, transitions }) => {
      const column = dataSource.getMetadata(entity).findColumnWithPropertyName(property);
      expect(Object.keys(transitions).sort()).toEqual([...(column?.enum ?? [])].sort());
    },
  );

  const load = () => manager.findOneByOrFail(RawDataPackage, { id: packageId });
  const history = () => manager.find(StatusHistory, { where: { rowId: packageId }, order: { id: 'ASC' } });

  it('moves a row that stands where it should, with what is set beside it', async () => {
    const step = { from: 'pending', to: 'in_progress', set: { logPath: '/log/1' }, by: 'builder-1' };
    expect(await transition(manager, RawDataPackage, packageId, step)).toBe(true);
    expect(await load()).toMatchObject({
      status: 'in_progress',
      logPath: '/log/1',
      startedAt: expect.any(Date),
    });
  });

  it('leaves a row alone that stands elsewhere, and says so', async () => {
    const before = await load();
    expect(
      await transition(manager, RawDataPackage, packageId, { from: 'in_progress', to: 'completed' }),
    ).toBe(false);
    expect(await load()).toEqual(before);
    expect(await history()).toEqual([]);
  });

  it('finds the row in whatever spelling of its key, and refuses to look in no status', async () => {
    const step = { from: 'pending', to: 'scheduled' };
    const nowhere = transition(manager, RawDataPackage, packageId, { ...step, from: [] });
    await expect(nowhere).rejects.toMatchObject({ code: 'value_invalid' });
    expect(await transition(manager, RawDataPackage, packageId.toUpperCase(), step)).toBe(true);
  });

  it('says that it moved nothing when there is no such row', async () => {
    const step = { from: 'pending', to: 'scheduled' };
    expect(await transition(manager, RawDataPackage, '00000000-0000-7000-8000-000000000000', step)).toBe(
      false,
    );
  });

  it('notes each step in the history: what, from, to, when, who and why', async () => {
    const before = Date.now();
    await transition(manager, RawDataPackage, packageId, { from: 'pending', to: 'scheduled', by: 'manager' });
    await transition(manager, RawDataPackage, packageId, {
      from: ['pending', 'scheduled'],
      to: 'failed',
      by: 'builder-1',
      reason: 'disk full',
    });
    const common = { entity: 'RawDataPackage', rowId: packageId, field: 'status' };
    expect(await history()).toMatchObject([
      { ...common, fromStatus: 'pending', toStatus: 'scheduled', changedBy: 'manager', reason: null },
      { ...common, fromStatus: 'scheduled', toStatus: 'failed', changedBy: 'builder-1', reason: 'disk full' },
    ]);
    for (const { changedAt } of await history())
      expect(changedAt.getTime()).toBeGreaterThanOrEqual(before - 1000);
  });

  it('takes its entry in the history back with the transaction', async () => {
    const undone = dataSource.transaction(async (nested) => {
      await transition(nested, RawDataPackage, packageId, { from: 'pending', to: 'scheduled' });
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect((await load()).status).toBe('pending');
    expect(await history()).toEqual([]);
  });

  it('leaves no step half done when the database refuses it', async () => {
    await transition(manager, RawDataPackage, packageId, { from: 'pending', to: 'in_progress' });
    const notBuilt = transition(manager, RawDataPackage, packageId, { from: 'in_progress', to: 'completed' });
    await expect(notBuilt).rejects.toThrow('ck_raw_data_package__built_is_described');
    expect(await history()).toHaveLength(1);
  });

  it('refuses a step that is not legal, and names those that are', async () => {
    const back = transition(manager, RawDataPackage, packageId, { from: 'completed', to: 'pending' });
    await expect(back).rejects.toMatchObject({
      code: 'transition_illegal',
      message: expect.stringContaining('it is an end'),
    });
    const skip = transition(manager, RawDataPackage, packageId, { from: 'pending', to: 'completed' });
    await expect(skip).rejects.toThrow('scheduled, in_progress, failed');
    const wrong = transition(manager, RawDataPackage, packageId, { from: 'done', to: 'completed' });
    await expect(wrong).rejects.toThrow('pending, scheduled, in_progress, completed, failed');
  });

  it('moves other properties that have a life cycle', async () => {
    await build(manager, packageId);
    const step = { property: 'state', from: 'waiting', to: 'transferring' };
    expect(await transition(manager, RawDataPackage, packageId, step)).toBe(true);
    expect((await load()).state).toBe('transferring');
    const { id } = await manager.findOneByOrFail(ObsUnit, { name: 'Mars/focus/CHAI' });
    const hold = { property: 'state', from: 'active', to: 'on_hold', set: { available: false } };
    expect(await transition(manager, ObsUnit, id, hold)).toBe(true);
    await expect(transition(manager, ExecutedObsUnit, id, { ...hold })).rejects.toThrow('has no life cycle');
  });

  it('lets only the worker that has the row move it', async () => {
    await manager.update(RawDataPackage, packageId, { status: 'scheduled', claimedBy: 'builder-2' });
    const step = { from: 'scheduled', to: 'in_progress' };
    expect(await transition(manager, RawDataPackage, packageId, { ...step, worker: 'builder-1' })).toBe(
      false,
    );
    expect(await transition(manager, RawDataPackage, packageId, { ...step, worker: 'builder-2' })).toBe(true);
  });

  it('is won by one of many that try it at once', async () => {
    const tries = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        transition(manager, RawDataPackage, packageId, {
          from: 'pending',
          to: 'scheduled',
          by: `manager-${index}`,
        }),
      ),
    );
    expect(tries.filter(Boolean)).toHaveLength(1);
    expect(await history()).toHaveLength(1);
  });
});
