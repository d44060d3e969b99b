import type { DataSource } from 'typeorm';
import { OpsDbNaming } from '../../src/database/naming.js';
import { snakeCase } from '../../src/entities/snake-case.js';
import { checkCases } from '../entities/check-cases.js';
import { concrete, model, namedChecks, tables, uniquenessOf } from '../entities/model.js';
import { Trial } from '../entities/trial.js';
import { describeEachDatabase, describePostgresql, describeSqlite } from '../support/databases.js';

/** Foreign keys that no index serves, by the reason why none is needed. */
const NOT_INDEXED: Readonly<Record<string, readonly string[]>> = {
  'Places are retired and not deleted; what is in flight there has partial indexes.': [
    'fk_data_transfer_package__origin_location_id',
    'fk_raw_data_package__source_location_id',
    'fk_raw_data_file__source_location_id',
    'fk_pipeline__processing_location_id',
    'fk_physical_copy__data_location_id',
    'fk_data_transfer_route__relay_site_id',
    'fk_data_transfer_route__origin_location_id',
    'fk_data_transfer_route__destination_location_id',
    'fk_data_transfer__origin_location_id',
    'fk_data_transfer__destination_location_id',
    'fk_data_transfer_unpacking__destination_location_id',
    'fk_long_term_archive_transfer__origin_location_id',
    'fk_long_term_archive_transfer__destination_location_id',
    'fk_staging_job__destination_for_processing',
    'fk_copy_verification__data_location_id',
    'fk_copy_repair__origin_location_id',
    'fk_copy_repair__destination_location_id',
  ],
  'Copies stay for good; the index of live work serves the questions about them.': [
    'fk_copy_verification__physical_copy_id',
    'fk_copy_repair__physical_copy_id',
    'fk_copy_repair__source_copy_id',
  ],
  'Modules are retired and not deleted; files and packages are found by their execution.': [
    'fk_raw_data_package__instrument_module_id',
    'fk_raw_data_file__instrument_module_id',
  ],
  'Packages and bundles stay for good; the index of live work serves the questions about them.': [
    'fk_data_transfer__data_transfer_package_id',
    'fk_long_term_archive_transfer__raw_data_package_id',
  ],
  'Users, routes, versions and targets are rarely deleted, and hardly any row has such a key.': [
    'fk_api_token__user_id',
    'fk_pipeline__created_by_user_id',
    'fk_staging_job__requested_by_user_id',
    'fk_data_transfer__data_transfer_route_id',
    'fk_reduction_step__pinned_version_id',
    'fk_executed_reduction_step__reduction_software_version_id',
    'fk_source__follows_source_id',
  ],
  'A telescope and a program have some hundred hours that were granted or corrected in a year.': [
    'fk_time_allocation__observing_program_id',
    'fk_time_correction__observing_program_id',
    'fk_time_correction__telescope_id',
  ],
  'Telescopes and instruments are retired and not deleted; the exclusion of overlaps serves the questions about times.':
    [
      'fk_executed_obs_unit__telescope_id',
      'fk_executed_obs_unit__instrument_id',
      'fk_pre_scheduled_slot__telescope_id',
      'fk_pre_scheduled_slot__instrument_id',
    ],
  'A pipeline has a handful of steps; the unique index begins with the pipeline.': [
    'fk_reduction_step_dependency__step',
    'fk_reduction_step_dependency__upstream_step',
  ],
};

/** Foreign keys of rows that mean nothing without what they lead to. */
const GOES_ALONG: readonly string[] = [
  'fk_api_token__user_id',
  'fk_chai_inpar_parameter__chai_module_configuration_id',
  'fk_chai_tiling__chai_observation_configuration_id',
  'fk_data_transfer_log__data_transfer_id',
  'fk_data_transfer_unpacking__data_transfer_id',
  'fk_input_set_member__input_set_id',
  'fk_instrument_slot__instrument_id',
  'fk_location_usage_entry__data_location_id',
  'fk_pre_scheduled_slot__obs_unit_id',
  'fk_raw_data_package_metadata__raw_data_package_id',
  'fk_reduction_step__pipeline_id',
  'fk_reduction_step_dependency__step',
  'fk_retention_policy__data_location_id',
  'fk_source_name__source_id',
  'fk_sub_observing_program__observing_program_id',
  'fk_time_allocation__observing_program_id',
];

/** Foreign keys of rows that outlive what they lead to. */
const OUTLIVES: readonly string[] = [
  'fk_data_transfer__data_transfer_route_id',
  'fk_instrument_module__slot_id',
  'fk_pipeline__created_by_user_id',
  'fk_raw_data_file__raw_data_package_id',
  'fk_raw_data_package__data_transfer_package_id',
  'fk_staging_job__requested_by_user_id',
];

const naming = new OpsDbNaming();
const PREFIXES = ['pk', 'uq', 'fk', 'ix', 'ck'];

/** Exclusions, which only PostgreSQL has. */
const EXCLUSIONS = ['ex_executed_obs_unit__telescope', 'ex_pre_scheduled_slot__telescope'];

/** The names of a table's constraints and indexes by kind. */
const named = tables.map((table) => ({
  table: table.tableName,
  keys: [naming.primaryKeyName(table.tableName)],
  constraints: [...table.uniques, ...table.checks, ...table.foreignKeys].map(({ name }) => name),
  indexes: table.indices.map(({ name }) => name),
}));

describe('every constraint and index', () => {
  it.each(named)('of $table is named after what it is and whose it is', ({ table, keys, ...others }) => {
    const owners = model.filter(({ tableName }) => tableName === table).map(({ name }) => snakeCase(name));
    const ofOwner = new RegExp(`^(${PREFIXES.join('|')})_(${owners.join('|')})__[a-z0-9_]+$`);
    const names = [...others.constraints, ...others.indexes];
    expect(names.filter((name) => !ofOwner.test(name))).toEqual([]);
    expect(keys).toEqual([`pk_${table}`]);
    expect([...names, ...keys].filter((name) => name.length > 63)).toEqual([]);
  });

  it('has a name that no other has', () => {
    const names = named.flatMap(({ keys, constraints, indexes }) => [...keys, ...constraints, ...indexes]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('that is unique is named so', () => {
    const unique = tables.flatMap((table) => uniquenessOf(table)).map(({ name }) => name);
    const prefixed = named.flatMap(({ constraints, indexes }) =>
      [...constraints, ...indexes].filter((name) => name.startsWith('uq_')),
    );
    expect(unique.filter((name) => !name.startsWith('pk_')).sort()).toEqual(prefixed.sort());
  });
});

const all = (kinds: readonly ('keys' | 'constraints' | 'indexes')[]) =>
  named.flatMap((table) => kinds.flatMap((kind) => table[kind])).sort();
const namesIn = async (dataSource: DataSource, statement: string) =>
  (await dataSource.query<{ name: string }[]>(statement)).map(({ name }) => name).sort();

describePostgresql('the database', (database) => {
  it('has the constraints and indexes of the model and no others', async () => {
    const dataSource = await database.open();
    const ours = `t.relname IN (${tables.map(({ tableName }) => `'${tableName}'`).join(', ')})`;
    const constraints = `SELECT conname AS name FROM pg_constraint JOIN pg_class t ON t.oid = conrelid
      WHERE ${ours} AND contype IN ('p', 'u', 'f', 'c', 'x')`;
    const indexes = `SELECT i.relname AS name FROM pg_index JOIN pg_class i ON i.oid = indexrelid
      JOIN pg_class t ON t.oid = indrelid
      WHERE ${ours} AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = i.oid AND contype IN ('p', 'u', 'x'))`;
    expect(await namesIn(dataSource, constraints)).toEqual(
      [...all(['keys', 'constraints']), ...EXCLUSIONS].sort(),
    );
    expect(await namesIn(dataSource, indexes)).toEqual(all(['indexes']));
  });
});

describeSqlite('the database', (database) => {
  it('has the constraints and indexes of the model and no others, apart from the names of keys', async () => {
    const dataSource = await database.open();
    const statements = await namesIn(
      dataSource,
      `SELECT sql AS name FROM sqlite_master WHERE type = 'table'`,
    );
    const constraints = statements.flatMap((statement) =>
      [...(statement ?? '').matchAll(/CONSTRAINT "(\w+)"/g)].map(([, name]) => name as string),
    );
    const indexes = `SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL`;
    expect(constraints.sort()).toEqual(all(['constraints']));
    // SQLite has no indexes of another type than a tree.
    const others = tables.flatMap(({ indices }) =>
      indices.filter(({ type }) => type).map(({ name }) => name),
    );
    expect(others).not.toEqual([]);
    expect(await namesIn(dataSource, indexes)).toEqual(
      all(['indexes']).filter((name) => !others.includes(name)),
    );
  });
});

describe('every check with a name of its own', () => {
  it('has a case that it refuses and one that it allows', () => {
    const tried = (kind: 'refused' | 'allowed') =>
      [
        ...new Set(checkCases.filter((each) => each[kind].length > 0).map(({ constraint }) => constraint)),
      ].sort();
    expect(tried('refused')).toEqual([...namedChecks].sort());
    expect(tried('allowed')).toEqual([...namedChecks].sort());
  });
});

describe('every foreign key', () => {
  const keys = tables.flatMap((table) => table.foreignKeys.map((key) => ({ table, key, name: key.name })));

  it('begins an index of all its rows, or has a reason to have none', () => {
    const served = keys.filter(({ table, key }) => {
      const [first] = key.columnNames;
      const indexes = [
        ...uniquenessOf(table),
        ...table.indices.map(({ columns, where }) => ({
          columns: columns.map(({ databaseName }) => databaseName),
          where,
        })),
      ];
      return indexes.some(
        ({ columns, where }) => columns[0] === first && (!where || where === `"${first}" IS NOT NULL`),
      );
    });
    const unserved = keys.filter((key) => !served.includes(key)).map(({ name }) => name);
    expect(unserved.sort()).toEqual(Object.values(NOT_INDEXED).flat().sort());
  });

  it('keeps what it leads to, unless its row goes along or outlives it', () => {
    const own = keys.filter(({ table }) => table.tableType !== 'junction');
    const deletedAs = (rule: string) =>
      own
        .filter(({ key }) => key.onDelete === rule)
        .map(({ name }) => name)
        .sort();
    expect(deletedAs('CASCADE')).toEqual(GOES_ALONG);
    expect(deletedAs('SET NULL')).toEqual(OUTLIVES);
    expect(deletedAs('RESTRICT').length).toBe(own.length - GOES_ALONG.length - OUTLIVES.length);
  });

  it('of a row that only links others goes with the one that has the link', () => {
    const links = tables.filter(({ tableType }) => tableType === 'junction');
    const rules = links.map(({ tableName, foreignKeys: [owner, other] }) => ({
      tableName,
      owner: owner?.onDelete,
      other: other?.onDelete,
    }));
    expect(rules.sort((a, b) => a.tableName.localeCompare(b.tableName))).toEqual([
      { tableName: 'obs_mode_instrument', owner: 'CASCADE', other: 'CASCADE' },
      { tableName: 'obs_unit_module_configuration', owner: 'CASCADE', other: 'RESTRICT' },
      { tableName: 'raw_data_file_instrument_module', owner: 'CASCADE', other: 'RESTRICT' },
      { tableName: 'role_permission', owner: 'CASCADE', other: 'CASCADE' },
      { tableName: 'staging_job_raw_data_package', owner: 'CASCADE', other: 'RESTRICT' },
      { tableName: 'user_role', owner: 'CASCADE', other: 'CASCADE' },
    ]);
  });
});

describeEachDatabase('one row of each', (database) => {
  it('is there for every class that has rows, and in every table', async () => {
    const trial = await Trial.begin(await database.open());
    const classes = concrete.filter(({ tableType }) => tableType !== 'junction').map(({ name }) => name);
    const counts = await Promise.all(tables.map(({ name }) => trial.count(name, {})));
    await trial.end();
    expect(Object.keys(trial.rows).sort()).toEqual(classes.sort());
    expect(tables.filter((_, index) => counts[index] === 0).map(({ tableName }) => tableName)).toEqual([]);
  });
});
