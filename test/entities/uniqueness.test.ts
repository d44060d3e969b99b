import { describeEachDatabase } from '../support/databases.js';
import { concreteOf, tables, type Uniqueness, uniquenessOf } from './model.js';
import { distinct, other } from './other.js';
import { Trial, type Values } from './trial.js';

/** What else a row needs so that none of the columns is null. */
const COMPANIONS: Readonly<Record<string, Values>> = {
  uq_instrument_module__instrument_id_readout_name: { readout_name: '280GHz' },
  uq_input_set_member__product: { raw_data_package_id: null },
  uq_raw_data_file__path_without_execution: { executed_obs_unit_id: null, of_no_execution: true },
};

/** What takes a row out of a unique index that is not for all. */
const OUTSIDE: Readonly<Record<string, Values>> = {
  uq_api_token__name_of_user: { active: false, revokedAt: new Date('2026-11-24T03:00:00Z') },
  uq_data_transfer__live: { status: 'failed' },
  uq_copy_repair__live: { status: 'failed' },
  uq_copy_verification__live: { status: 'failed' },
  uq_long_term_archive_transfer__live: { status: 'failed' },
  uq_executed_reduction_step__live: { status: 'failed' },
  // With a sub program, a location and an execution, which only the trial knows.
  uq_retention_policy__of_type: {},
  uq_time_allocation__of_program: {},
  uq_raw_data_file__path_without_execution: { of_no_execution: false },
};

/** Rows that are equal in a key with more columns besides are refused by the key. */
const rules = tables.flatMap((table) => {
  const [key, ...others] = uniquenessOf(table) as [Uniqueness, ...Uniqueness[]];
  return [key, ...others.filter(({ columns }) => !key.columns.every((name) => columns.includes(name)))];
});
const absent = rules.filter(({ where, columns }) =>
  columns.some((name) => where === `"${name}" IS NOT NULL`),
);
const conditional = rules.filter((rule) => rule.where !== undefined && !absent.includes(rule));

describeEachDatabase('uniqueness', (database) => {
  let trial: Trial;

  beforeAll(async () => {
    trial = await Trial.begin(await database.open());
  });

  afterAll(() => trial.end());

  /** Inserts a row that equals another one in the columns of a rule and differs by every other rule. */
  const refusalOfTwin = ({ table, columns, name }: Uniqueness, changes: Values = {}) => {
    const entity = concreteOf(table, columns).name;
    const unset = columns.filter((column) => trial.valueOf(entity, column) === null);
    const filled = unset.map((column) => [column, trial.parentKey(table, column)]);
    return trial.refusalOf(async () => {
      const values = { ...Object.fromEntries(filled), ...COMPANIONS[name] };
      if (Object.keys(values).length > 0) await trial.change(entity, values);
      await trial.copy(entity, { ...distinct(trial, entity, COMPANIONS[name], columns), ...changes });
    });
  };

  const outside = (name: string): Values | undefined => {
    const known: Readonly<Record<string, () => Values>> = {
      uq_raw_data_file__path_without_execution: () => ({
        executed_obs_unit_id: trial.valueOf('ExecutedObsUnit', 'id') as string,
      }),
      uq_retention_policy__of_type: () => ({
        data_location_id: trial.valueOf('DiskDataLocation', 'id') as number,
      }),
      uq_time_allocation__of_program: () => ({
        sub_observing_program_id: trial.valueOf('SubObservingProgram', 'id') as number,
      }),
    };
    return { ...OUTSIDE[name], ...known[name]?.() };
  };

  it.each(rules)('$name refuses a second row', async (rule) => {
    expect(await refusalOfTwin(rule)).toBe(rule.name);
  });

  it.each(rules)('$name lets rows be that differ in one column', async (rule) => {
    const entity = concreteOf(rule.table, rule.columns).name;
    for (const column of rule.columns)
      expect(await refusalOfTwin(rule, { [column]: other(trial, entity, column) })).not.toBe(rule.name);
  });

  it.each(conditional)('$name allows a second row outside of its condition', async (rule) => {
    expect(await refusalOfTwin(rule, outside(rule.name))).toBeUndefined();
  });
});

it('uniqueness is tried outside of the condition of each rule that has one', () => {
  expect(Object.keys(OUTSIDE).sort()).toEqual(conditional.map(({ name }) => name).sort());
});
