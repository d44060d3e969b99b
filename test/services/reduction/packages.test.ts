import type { DataSource, EntityManager } from 'typeorm';
import {
  DataGrouping,
  type FilterRule,
  InstrumentModule,
  RawDataPackage,
} from '../../../src/entities/index.js';
import type { InvalidInputError } from '../../../src/errors.js';
import { packagesOf } from '../../../src/services/reduction/index.js';
import { views } from '../../../src/views/index.js';
import { describeEachDatabase, describePostgresql } from '../../support/databases.js';
import { type Name, type Night, observeNight } from './night.js';

const ALL: Name[] = ['n159', 'orion', 'orionHigh', 'pointing'];

/** `ObsUnit.lineId eq CO43`, with a path after `->`, as a rule. */
function rule(text: string, value: unknown): FilterRule {
  const [, table, column, json_path, operator] = /^(\w+)\.(\w+)(?:->(\S+))? (\w+)$/.exec(text) ?? [];
  return { table, column, operator, value, ...(json_path && { json_path }) } as FilterRule;
}

describeEachDatabase('the packages of a grouping', (database) => {
  let dataSource: DataSource;
  let manager: EntityManager;
  let night: Night;

  beforeAll(async () => {
    dataSource = await database.open(await database.create('seed'));
    manager = dataSource.manager;
    night = await observeNight(dataSource);
  });

  const grouping = (filterRules: unknown) => ({
    filterRules: filterRules as FilterRule[],
    instrumentModuleId: null,
  });
  const select = async (...rules: FilterRule[]) =>
    night.names((await packagesOf(manager, grouping(rules)).getMany()).map(({ id }) => id));
  const faultsOf = (rules: unknown) => {
    try {
      packagesOf(manager, grouping(rules));
    } catch (error) {
      return (error as InvalidInputError).issues;
    }
    throw new Error('the rules were accepted');
  };

  it.each<[string, unknown, Name[]]>([
    ['RawDataPackage.state eq', 'archived', ['orion']],
    ['RawDataPackage.state neq', 'archived', ['n159', 'orionHigh', 'pointing']],
    ['RawDataPackage.state in', ['archived', 'waiting'], ALL],
    ['RawDataPackage.state not_in', ['waiting', 'failed'], ['orion']],
    ['RawDataPackage.size_bytes eq', null, ALL],
    ['RawDataPackage.sizeBytes neq', null, []],
    ['RawDataPackage.fileCount gte', 1, ALL],
    ['RawDataPackage.fileCount gt', 1, []],
    ['RawDataPackage.partNumber in', [1, 2], ALL],
    ['ObsUnit.lineId eq', 'CI10', ['orion', 'orionHigh']],
    ['ObsUnit.line_id eq', 'CI10', ['orion', 'orionHigh']],
    ['obs_unit.line_id eq', 'CI10', ['orion', 'orionHigh']],
    ['ObsUnit.lineId eq', null, ['pointing']],
    ['ObsUnit.lineId neq', null, ['n159', 'orion', 'orionHigh']],
    ['ObsUnit.lineId neq', 'CI10', ['n159', 'pointing']],
    ['ObsUnit.lineId not_in', ['CI10', 'CO43'], ['n159', 'pointing']],
    ['ObsUnit.lineId gt', '13CO43', ['orion', 'orionHigh']],
    ['ObsUnit.lineId gte', '13CO43', ['n159', 'orion', 'orionHigh']],
    ['ObsUnit.lineId lt', 'a', ['n159', 'orion', 'orionHigh']],
    ['ObsUnit.available eq', true, ALL],
    ['ObsUnit.available neq', true, []],
    ['Source.name like', 'Orion%', ['orion', 'orionHigh']],
    ['Source.name like', 'orion%', []],
    ['Source.name like', 'N_59', ['n159']],
    ['Source.name like', 'N[0-9]59', []],
    ['Source.category in', ['pointing', 'galaxy'], ['pointing']],
    ['Source.decDeg lt', -60, ['n159']],
    ['Source.decDeg lte', -69.6838888, ['n159']],
    ['Source.aliases->0 like', 'NGC2079%', ['n159']],
    ['ObservingProgram.short_name eq', 'Cal', ['pointing']],
    ['SubObservingProgram.shortName eq', 'GEco-LMC', ['n159']],
    ['SubObservingProgram.shortName neq', 'GEco-LMC', ['orion', 'orionHigh', 'pointing']],
    ['SubObservingProgram.shortName eq', null, ['pointing']],
    ['ObsMode.name eq', 'cross_scan', ['pointing']],
    ['InstrumentModule.name eq', 'HFA', ['orionHigh']],
    ['Instrument.name eq', 'CHAI', ALL],
    ['ExecutedObsUnit.observingNight eq', '2026-11-24', ['n159', 'pointing']],
    ['ExecutedObsUnit.observing_night lt', '2026-11-24', ['orion', 'orionHigh']],
    ['ExecutedObsUnit.startTime gte', '2026-11-24T03:00:00.250Z', ALL],
    ['ExecutedObsUnit.startTime gt', '2026-11-24T03:00:00.250Z', ['n159', 'pointing']],
    ['ExecutedObsUnit.startTime gt', '2026-11-24T21:00:00-02:00', ['pointing']],
    ['ExecutedObsUnit.startTime lt', '2026-11-25', ['n159', 'orion', 'orionHigh']],
    ['ExecutedObsUnit.startTime in', ['2026-11-25T01:00:00Z', '2026-11-24T23:00:00Z'], ['n159', 'pointing']],
    ['ExecutedObsUnit.endTime eq', null, ALL],
  ])('with %s %j are %j', async (text, value, expected) => {
    expect(await select(rule(text, value))).toEqual(expected);
  });

  it.each<[string, unknown, Name[]]>([
    ['frequency_ghz eq', 492.25, ['orion']],
    ['frequency_ghz gt', 492.25, ['orionHigh']],
    ['frequency_ghz gte', 492.25, ['orion', 'orionHigh']],
    ['frequency_ghz lt', 1000, ['orion']],
    ['frequency_ghz in', [1000, 440.75], ['orionHigh']],
    ['frequency_ghz eq', '440.75', ['n159']],
    ['frequency_ghz neq', 1000, ['n159', 'orion', 'pointing']],
    ['frequency_ghz not_in', [1000, 492.25], ['n159', 'pointing']],
    ['frequency_ghz eq', null, ['pointing']],
    ['tries eq', null, ['n159', 'orionHigh', 'pointing']],
    ['tries neq', null, ['orion']],
    ['remote eq', true, ['orion']],
    ['remote neq', true, ['n159', 'orionHigh', 'pointing']],
    ['remote eq', false, ['orionHigh']],
    ['remote eq', 1, ['n159']],
    ['label gt', 'Z', ['n159', 'orionHigh']],
    ['label like', '%idge_1', ['orion', 'orionHigh']],
    ['label like', '%idge\\_1', ['orion']],
    ['label like', '%idge\\%1', ['orionHigh']],
    ['label like', '_ta*', ['n159']],
    ['label like', '%*_', []],
    ['no_such_name eq', 'Ridge_1', []],
  ])('with metadata.observation.%s %j are %j', async (text, value, expected) => {
    const path = `observation.${text.split(' ')[0]} ${text.split(' ')[1]}`;
    expect(await select(rule(`RawDataPackageMetadata.metadata->${path}`, value))).toEqual(expected);
    expect(await select(rule(`RawDataPackage.metadata->${path}`, value))).toEqual(expected);
  });

  it.each<[string, unknown, Name[]]>([
    ['tunings.1.gain', 7, ['orion']],
    ['tunings.0.gain', 7, []],
    ['tunings.2.gain', 7, []],
    ['tunings.gain', 7, []],
    ['observation.0.tries', 2, []],
    ['observation.tries', 2, ['orion']],
    ['$.observation.tries', 2, []],
  ])('follow the path %s into lists and objects', async (path, value, expected) => {
    expect(await select({ ...rule('RawDataPackage.metadata eq', value), json_path: path })).toEqual(expected);
  });

  it('are those for which all rules hold', async () => {
    const rules = [rule('ObsUnit.lineId eq', 'CI10'), rule('InstrumentModule.name eq', 'LFA')];
    expect(await select(...rules)).toEqual(['orion']);
    expect(await select(...rules, rule('Source.name neq', 'Orion-KL'))).toEqual([]);
  });

  it('are the same with a path of null as without one', async () => {
    const json_path = null as unknown as string;
    expect(await select({ ...rule('ObsUnit.lineId eq', '13CO43'), json_path })).toEqual(['n159']);
    expect(faultsOf([{ ...rule('RawDataPackage.metadata eq', 1), json_path }])).toMatchObject([
      { key: 'json_path' },
    ]);
  });

  it('are all packages without rules', async () => {
    expect(await select()).toEqual(ALL);
  });

  it('come from the module of the grouping', async () => {
    const { id } = await manager.findOneByOrFail(InstrumentModule, { name: 'HFA' });
    const packages = await packagesOf(manager, { filterRules: [], instrumentModuleId: id }).getMany();
    expect(night.names(packages.map((found) => found.id))).toEqual(['orionHigh']);
  });

  it('are found with the joins that the rules need and no more', () => {
    const joins = (...rules: FilterRule[]) =>
      packagesOf(manager, grouping(rules)).expressionMap.joinAttributes.map(({ alias }) => alias.name);
    expect(joins(rule('RawDataPackage.state eq', 'archived'))).toEqual([]);
    expect(joins(rule('Source.name eq', 'x'), rule('ObsUnit.name eq', 'x'))).toEqual([
      'ExecutedObsUnit',
      'ObsUnit',
      'Source',
    ]);
    expect(joins(rule('Instrument.name eq', 'x'))).toEqual(['InstrumentModule', 'Instrument']);
  });

  it('come from any module where a draft does not name one', async () => {
    const draft = manager.create(DataGrouping, { name: 'draft', filterRules: [] });
    expect(await packagesOf(manager, draft).getCount()).toBe(4);
  });

  it('can be narrowed, ordered and limited by the caller', async () => {
    const query = packagesOf(manager, grouping([rule('ExecutedObsUnit.startTime gt', '2026-11-24')]))
      .andWhere('RawDataPackage.state = :state', { state: 'waiting' })
      .orderBy('ExecutedObsUnit.startTime', 'DESC')
      .limit(1);
    expect(night.names((await query.getMany()).map(({ id }) => id))).toEqual(['pointing']);
  });

  const injection = `x'; DELETE FROM raw_data_package; --`;
  const quoted = `x"; DELETE FROM raw_data_package; --`;

  it.each<[keyof FilterRule | string, Record<string, unknown>]>([
    ['table', { table: quoted }],
    ['column', { column: quoted }],
    ['operator', { operator: `= '' OR 1=1 --` }],
    ['json_path', { column: 'metadata', json_path: quoted }],
    [quoted, { [quoted]: 1 }],
    ['value', { column: 'fileCount', value: injection }],
    ['value[1]', { column: 'fileCount', operator: 'in', value: [1, injection] }],
    ['value', { column: 'state', value: injection }],
    ['value', { column: 'createdAt', value: injection }],
    ['value', { column: 'id', value: injection }],
    ['value', { value: () => '1=1' }],
    ['value', { value: { toString: injection } }],
    ['value', { value: 1n }],
  ])('are not selected with SQL in %s, and the error names it', async (key, part) => {
    const issues = faultsOf([
      { table: 'RawDataPackage', column: 'relativePath', operator: 'eq', value: 'x', ...part },
    ]);
    expect(issues).toMatchObject([{ origin: 'rule 1', key }]);
    expect(await manager.count(RawDataPackage)).toBe(4);
  });

  it.each([injection, quoted, `') OR 1=1 --`, ':rule1', '$1', '?'])(
    'take %s as a text like any other',
    async (text) => {
      expect(await select(rule('Source.name eq', text))).toEqual([]);
      expect(await select(rule('Source.name neq', text))).toEqual(ALL);
      expect(await select(rule('Source.name in', [text, 'N159']))).toEqual(['n159']);
      expect(await select(rule('Source.name like', text))).toEqual([]);
      expect(await select(rule('RawDataPackage.metadata->observation.label eq', text))).toEqual([]);
    },
  );

  it.each([`x') OR 1=1 --`, `x'; DELETE FROM raw_data_package; --`, '* ? (@ > 0)', 'x[0]', '$'])(
    'take %s as a name within metadata like any other',
    async (json_path) => {
      expect(await select({ ...rule('RawDataPackage.metadata neq', null), json_path })).toEqual([]);
      expect(await manager.count(RawDataPackage)).toBe(4);
    },
  );

  it('reports all issues of all rules at once, each with what is allowed', () => {
    const issues = faultsOf([
      rule('ObsUnits.lineId equals', 'CO43'),
      rule('ObsUnit.line eq', 'CO43'),
      'Source.name = Orion-KL',
      { ...rule('Source.name eq', 'Orion-KL'), jsonPath: 'a' },
      rule('RawDataPackage.state like', 'arch%'),
      rule('RawDataPackage.state in', ['archived', 'lost']),
    ]);
    expect(issues.map(({ origin, key, value }) => [origin, key, value])).toEqual([
      ['rule 1', 'operator', "'equals'"],
      ['rule 1', 'table', "'ObsUnits'"],
      ['rule 2', 'column', "'line'"],
      ['rule 3', 'rule', "'Source.name = Orion-KL'"],
      ['rule 4', 'jsonPath', "'a'"],
      ['rule 5', 'operator', "'like'"],
      ['rule 5', 'value', "'arch%'"],
      ['rule 6', 'value[1]', "'lost'"],
    ]);
    const messages = issues.map(({ message }) => message);
    expect(messages[0]).toContain('allowed: eq, neq, in, not_in, gt, gte, lt, lte, like');
    expect(messages[1]).toContain('did you mean ObsUnit?');
    expect(messages[2]).toContain('did you mean lineId?');
    expect(messages[4]).toContain('json_path');
    expect(messages[5]).toContain('allowed: eq, neq, in, not_in');
    expect(messages[7]).toContain('one of waiting, transferring, archived, failed');
  });

  it('says how many issues there are with a code of its own', () => {
    expect(() => packagesOf(manager, grouping([{}, 1]))).toThrow(
      expect.objectContaining({
        code: 'filter_rule_invalid',
        message: expect.stringMatching(/rule 1: .*\n.*rule 2: /s),
      }),
    );
  });

  it.each<[string, unknown, string]>([
    ['RawDataPackage.metadata eq', 1, 'json_path'],
    ['RawDataPackage.metadata->a..b eq', 1, 'json_path'],
    ['RawDataPackage.metadata->a\\b eq', 1, 'json_path'],
    ['RawDataPackage.state->a eq', 'archived', 'json_path'],
    ['RawDataPackage.metadata->a gt', true, 'operator'],
    ['RawDataPackage.metadata->a gt', null, 'value'],
    ['RawDataPackage.metadata->a eq', { b: 1 }, 'value'],
    ['RawDataPackage.metadata->a in', [1, 'b'], 'value[1]'],
    ['RawDataPackage.metadata->a like', 1, 'operator'],
    ['RawDataPackage.fileCount eq', '1', 'value'],
    ['RawDataPackage.fileCount eq', 1.5, 'value'],
    ['RawDataPackage.fileCount eq', 2 ** 31, 'value'],
    ['RawDataPackage.sizeBytes eq', 2 ** 53, 'value'],
    ['RawDataPackage.createdAt gt', '2026-13-01', 'value'],
    ['RawDataPackage.createdAt gt', 'yesterday', 'value'],
    ['RawDataPackage.createdAt gt', '2026-11-24T03:00:00', 'value'],
    ['RawDataPackage.id gt', '018f0000-0000-7000-8000-000000000000', 'operator'],
    ['ExecutedObsUnit.observingNight eq', '2026-02-30', 'value'],
    ['Source.name eq', 7, 'value'],
    ['Source.name eq', 'a\0', 'value'],
    ['Source.name eq', undefined, 'value'],
    ['Source.name gt', null, 'value'],
    ['Source.name like', 'a\\', 'value'],
    ['Source.name in', [], 'value'],
    ['Source.name in', 'Orion-KL', 'value'],
    ['Source.name in', ['Orion-KL', null], 'value[1]'],
    ['Source.name in', Array(1001).fill('Orion-KL'), 'value'],
    ['Source.decDeg gt', Number.NaN, 'value'],
    ['ObsUnit.available eq', 1, 'value'],
    ['ObsUnit.source eq', 'Orion-KL', 'column'],
    ['Source.constructor eq', 'x', 'column'],
    ['User.passwordHash eq', 'x', 'table'],
  ])('refuses %s %j', (text, value, key) => {
    expect(faultsOf([rule(text, value)])).toMatchObject([{ origin: 'rule 1', key }]);
  });

  it.each([[null], [{}], ['eq']])('refuses %j as the list of rules', (rules) => {
    expect(faultsOf(rules)).toMatchObject([{ key: 'filterRules' }]);
  });
});

describePostgresql('the order of texts in rules', (database) => {
  it('is that of the code points whatever the language of the database', async () => {
    const dataSource = await database.open(await database.create('seed'));
    const { packages, names } = await observeNight(dataSource);
    // A view and triggers depend on the column.
    await dataSource.query(`DROP VIEW ${views.map(({ name }) => `"${name}"`).join()}`);
    const triggers: { name: string }[] = await dataSource.query(
      `SELECT tgname AS name FROM pg_trigger WHERE tgrelid = 'source'::regclass AND NOT tgisinternal`,
    );
    for (const { name } of triggers) await dataSource.query(`DROP TRIGGER "${name}" ON source`);
    await dataSource.query('ALTER TABLE source ALTER COLUMN name TYPE text COLLATE "en-x-icu"');
    const filterRules = [{ table: 'Source', column: 'name', operator: 'lt', value: 'a' } as const];
    const query = packagesOf(dataSource.manager, { filterRules: [...filterRules], instrumentModuleId: null });
    expect(names((await query.getMany()).map(({ id }) => id))).toEqual(Object.keys(packages).sort());
  });
});
