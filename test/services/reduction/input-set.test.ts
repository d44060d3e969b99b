import { createHash } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { InputSet, InputSetMember, RawDataPackage } from '../../../src/entities/index.js';
import { contentHash, createRun, inputSet, missingRuns } from '../../../src/services/reduction/index.js';
import { describeEachDatabase } from '../../support/databases.js';
import { type Night, observeNight } from './night.js';
import { addWorkflow, complete } from './workflow.js';

describe('the hash of members', () => {
  const [a, b] = ['018f0000-0000-7000-8000-00000000000a', '018f0000-0000-7000-8000-00000000000b'];

  it('is the SHA-256 of the sorted members', () => {
    const text = `data_product ${a}\nraw_data_package ${a}\nraw_data_package ${b}`;
    const expected = createHash('sha256').update(text).digest('hex');
    expect(contentHash({ packageIds: [b, a], productIds: [a] })).toBe(expected);
  });

  it('does not depend on order, repetition or the case of the digits', () => {
    expect(contentHash({ packageIds: [b, a.toUpperCase(), b] })).toBe(contentHash({ packageIds: [a, b] }));
  });

  it('tells a product from a package', () => {
    expect(contentHash({ packageIds: [a] })).not.toBe(contentHash({ productIds: [a] }));
  });
});

describeEachDatabase('an input set', (database) => {
  let dataSource: DataSource;
  let manager: EntityManager;
  let night: Night;

  beforeAll(async () => {
    dataSource = await database.open(await database.create('seed'));
    manager = dataSource.manager;
    night = await observeNight(dataSource);
  });
  beforeEach(async () => {
    await manager.delete(InputSet, {
      contentHash: contentHash({ packageIds: Object.values(night.packages) }),
    });
  });

  const all = () => ({ packageIds: Object.values(night.packages) });
  const membersOf = ({ id }: InputSet) => manager.findBy(InputSetMember, { inputSetId: id });

  it('is stored once with its members', async () => {
    const first = await inputSet(manager, all());
    const second = await inputSet(manager, { packageIds: all().packageIds.toReversed() });
    expect(second).toEqual(first);
    expect(first).toMatchObject({ contentHash: contentHash(all()), memberCount: 4 });
    const members = await membersOf(first);
    expect(members.map(({ rawDataPackageId }) => rawDataPackageId).sort()).toEqual(all().packageIds.sort());
  });

  it('is the same one for callers at the same time', async () => {
    const sets = await Promise.all(Array.from({ length: 8 }, () => inputSet(manager, all())));
    expect(new Set(sets.map(({ id }) => id)).size).toBe(1);
    expect(await membersOf(sets[0] as InputSet)).toHaveLength(4);
  });

  it('is the same one for transactions at the same time', async () => {
    const sets = await Promise.all(
      Array.from({ length: 4 }, () => dataSource.transaction((nested) => inputSet(nested, all()))),
    );
    expect(new Set(sets.map(({ id }) => id)).size).toBe(1);
    expect(await membersOf(sets[0] as InputSet)).toHaveLength(4);
  });

  it('is stored by the one who waited when the other rolls back', async () => {
    let storing: Promise<InputSet> | undefined;
    const failing = dataSource.transaction(async (nested) => {
      await inputSet(nested, all());
      storing = database.type === 'postgresql' ? inputSet(manager, all()) : undefined;
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    const stored = await (storing ?? inputSet(manager, all()));
    expect(await membersOf(stored)).toHaveLength(4);
  });

  it('holds packages and products', async () => {
    const { calibration } = await addWorkflow(manager);
    const [missing] = await missingRuns(manager, calibration);
    const { run } = await createRun(manager, missing as NonNullable<typeof missing>);
    const productIds = await complete(manager, run, 'science');
    const stored = await inputSet(manager, { packageIds: [night.packages.orion], productIds });
    const members = await membersOf(stored);
    expect(members.flatMap(({ dataProductId }) => dataProductId ?? [])).toEqual(productIds);
    expect(members.flatMap(({ rawDataPackageId }) => rawDataPackageId ?? [])).toEqual([night.packages.orion]);
  });

  it('can have 10,000 members', async () => {
    const model = await manager.findOneByOrFail(RawDataPackage, { id: night.packages.n159 });
    const packageIds = Array.from({ length: 10_000 }, () => uuidv7());
    const { executedObsUnitId, instrumentModuleId, sourceLocationId } = model;
    const rows = packageIds.map((id, index) => ({
      id,
      partNumber: index + 2,
      executedObsUnitId,
      instrumentModuleId,
      sourceLocationId,
    }));
    for (let start = 0; start < rows.length; start += 500)
      await manager.insert(RawDataPackage, rows.slice(start, start + 500));
    const stored = await inputSet(manager, { packageIds });
    expect(stored.memberCount).toBe(10_000);
    expect(await manager.countBy(InputSetMember, { inputSetId: stored.id })).toBe(10_000);
  });

  it('has at least one member', async () => {
    await expect(inputSet(manager, {})).rejects.toMatchObject({ code: 'value_invalid' });
    await expect(inputSet(manager, { packageIds: [] })).rejects.toThrow('at least one');
  });

  it('is not stored with a member that is unknown', async () => {
    const members = { packageIds: [night.packages.orion, uuidv7()] };
    await expect(inputSet(manager, members)).rejects.toThrow(/foreign key/i);
    expect(await manager.existsBy(InputSet, { contentHash: contentHash(members) })).toBe(false);
  });
});
