import { inspect } from 'node:util';
import type { DataSource, EntityManager } from 'typeorm';
import { ExecutedObsUnit, type FilterRule, RawDataPackage } from '../../../src/entities/index.js';
import { GROUP_BY, subGroups } from '../../../src/services/reduction/index.js';
import { describeEachDatabase } from '../../support/databases.js';
import { addPackage, type Night, observeNight } from './night.js';

const everything = { filterRules: [] as FilterRule[], instrumentModuleId: null };
const nothing = {
  filterRules: [{ table: 'Source', column: 'name', operator: 'eq', value: 'nowhere' }] as FilterRule[],
  instrumentModuleId: null,
};

describeEachDatabase('the divisions of a grouping', (database) => {
  let dataSource: DataSource;
  let manager: EntityManager;
  let night: Night;

  beforeAll(async () => {
    dataSource = await database.open(await database.create('seed'));
    manager = dataSource.manager;
    night = await observeNight(dataSource);
  });

  const divide = async (...groupBy: string[]) =>
    Object.fromEntries(
      (await subGroups(manager, everything, groupBy)).map(({ key, packageIds }) => [
        key,
        night.names(packageIds),
      ]),
    );

  it('is one, called all, without dimensions', async () => {
    expect(await divide()).toEqual({ all: ['n159', 'orion', 'orionHigh', 'pointing'] });
  });

  it('are none without packages', async () => {
    expect(await subGroups(manager, nothing, [])).toEqual([]);
    expect(await subGroups(manager, nothing, ['source'])).toEqual([]);
  });

  it.each([
    [
      'source',
      { 'source=N159': ['n159'], 'source=Orion-KL': ['orion', 'orionHigh'], 'source=PKS0537': ['pointing'] },
    ],
    [
      'observing_night',
      {
        'observing_night=2026-11-23': ['orion', 'orionHigh'],
        'observing_night=2026-11-24': ['n159', 'pointing'],
      },
    ],
    [
      'line_id',
      { 'line_id=': ['pointing'], 'line_id=13CO43': ['n159'], 'line_id=CI10': ['orion', 'orionHigh'] },
    ],
    [
      'instrument_module',
      {
        'instrument_module=HFA@CHAI': ['orionHigh'],
        'instrument_module=LFA@CHAI': ['n159', 'orion', 'pointing'],
      },
    ],
    ['instrument', { 'instrument=CHAI': ['n159', 'orion', 'orionHigh', 'pointing'] }],
    [
      'observing_program',
      { 'observing_program=Cal': ['pointing'], 'observing_program=GEco': ['n159', 'orion', 'orionHigh'] },
    ],
    [
      'sub_observing_program',
      {
        'sub_observing_program=': ['pointing'],
        'sub_observing_program=GEco-LMC': ['n159'],
        'sub_observing_program=GEco-MW': ['orion', 'orionHigh'],
      },
    ],
    ['obs_mode', { 'obs_mode=cross_scan': ['pointing'], 'obs_mode=otf': ['n159', 'orion', 'orionHigh'] }],
    [
      'obs_unit',
      {
        'obs_unit=N159%2Fotf%2F13CO43': ['n159'],
        'obs_unit=Orion-KL%2Fotf%2FCI10%2BCO76': ['orion', 'orionHigh'],
        'obs_unit=PKS0537%2Fcross_scan%2FCHAI': ['pointing'],
      },
    ],
  ])('by %s have readable keys', async (dimension, expected) => {
    expect(await divide(dimension)).toEqual(expected);
  });

  it('by execution are named after its UUID', async () => {
    const executions = await manager.find(ExecutedObsUnit, { order: { startTime: 'ASC' } });
    const keys = executions.map(({ id }) => `executed_obs_unit=${id}`);
    expect(Object.keys(await divide('executed_obs_unit')).sort()).toEqual(keys.sort());
  });

  it('have the same keys in whatever order, and however often, the dimensions are named', async () => {
    const expected = {
      'source=N159+observing_night=2026-11-24': ['n159'],
      'source=Orion-KL+observing_night=2026-11-23': ['orion', 'orionHigh'],
      'source=PKS0537+observing_night=2026-11-24': ['pointing'],
    };
    expect(await divide('source', 'observing_night')).toEqual(expected);
    expect(await divide('observing_night', 'source', 'source')).toEqual(expected);
  });

  it('come in the order of their keys, each with its packages in the order of theirs', async () => {
    const groups = await subGroups(manager, everything, ['source']);
    expect(groups.map(({ key }) => key)).toEqual(groups.map(({ key }) => key).sort());
    for (const { packageIds } of groups) expect(packageIds).toEqual([...packageIds].sort());
  });

  it('can be by all dimensions at once', async () => {
    expect(Object.keys(await divide(...GROUP_BY))).toHaveLength(4);
  });

  it('by a line and a module of two instruments are told apart', async () => {
    const names = { instrument: 'Mod-Cam', module: '280 GHz' };
    const { executedObsUnitId } = await manager.findOneByOrFail(RawDataPackage, { id: night.packages.n159 });
    const added = await addPackage(manager, { executedObsUnitId: executedObsUnitId as string, ...names });
    const groups = await subGroups(manager, everything, ['instrument_module', 'line_id']);
    await manager.delete(RawDataPackage, { id: added });
    expect(groups).toContainEqual({
      key: 'line_id=13CO43+instrument_module=280%20GHz@Mod-Cam',
      dims: { instrument: 'Mod-Cam', instrument_module: '280 GHz', line_id: '13CO43' },
      packageIds: [added],
    });
  });

  it.each(['source', null, { source: true }])('cannot be by %j, which is no list', async (groupBy) => {
    await expect(subGroups(manager, everything, groupBy as never)).rejects.toMatchObject({
      issues: [{ key: 'groupBy', message: 'must be a list' }],
    });
  });

  it.each(['executed_obs_units', `source"; DELETE FROM source; --`, '', 'constructor'])(
    'cannot be by %j',
    async (dimension) => {
      await expect(subGroups(manager, everything, ['source', dimension])).rejects.toMatchObject({
        code: 'filter_rule_invalid',
        issues: [
          {
            origin: 'groupBy',
            value: inspect(dimension),
            message: expect.stringContaining('observing_night'),
          },
        ],
      });
    },
  );
});
