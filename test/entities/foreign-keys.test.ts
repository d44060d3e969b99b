import { Not } from 'typeorm';
import type { ForeignKeyMetadata } from 'typeorm/metadata/ForeignKeyMetadata.js';
import { DataLocation } from '../../src/entities/index.js';
import { describeEachDatabase } from '../support/databases.js';
import { columns, concreteOf, tables } from './model.js';
import { distinct, other } from './other.js';
import { Trial, type Value, type Values } from './trial.js';

/** What else a row needs so that the key is not null. */
const COMPANIONS: Readonly<Record<string, Values>> = {
  fk_data_transfer_route__relay_site_id: { routeType: 'relay' },
  fk_reduction_step__pinned_version_id: { versionPolicy: 'pinned' },
  fk_input_set_member__data_product_id: { rawDataPackageId: null },
  fk_time_correction__observing_program_id: { use: 'charged' },
  // A place before that of the step, at which there is none.
  fk_reduction_step_dependency__upstream_step: { upstream_position: 3 },
};

/** What the row must be that a key leads to. */
const PARENTS: Readonly<Record<string, Values>> = {
  fk_staging_job__destination_for_processing: { location_type: 'processing' },
  // Executions of one telescope do not overlap.
  fk_raw_data_file__executed_obs_unit_id: { start_time: '2026-11-24 02:00:00.000' },
  fk_raw_data_package__executed_obs_unit_id: { start_time: '2026-11-24 02:00:00.000' },
};

const all = tables.flatMap((table) =>
  table.foreignKeys.map((key) => ({ key, name: key.name, onDelete: key.onDelete })),
);
/** A trigger writes over what is given for these. */
const kept = new Set(
  columns.flatMap(({ rule, table, column }) =>
    rule?.keptByDatabase ? [`${table}.${column.databaseName}`] : [],
  ),
);
const keys = all.filter(
  ({ key }) => !key.columnNames.some((name) => kept.has(`${key.entityMetadata.tableName}.${name}`)),
);
const deletedAs = (rule: string) => keys.filter(({ onDelete }) => onDelete === rule);

describeEachDatabase('a foreign key', (database) => {
  let trial: Trial;

  beforeAll(async () => {
    trial = await Trial.begin(await database.open());
  });

  afterAll(() => trial.end());

  const childOf = ({ entityMetadata, columnNames }: ForeignKeyMetadata) =>
    concreteOf(entityMetadata, columnNames).name;
  const parentOf = ({ referencedEntityMetadata, referencedColumnNames }: ForeignKeyMetadata) =>
    concreteOf(referencedEntityMetadata, referencedColumnNames).name;

  /** The values of a foreign key that lead to a copy of the parent, which no other row refers to. */
  async function copyOfParent(key: ForeignKeyMetadata): Promise<{ reference: Values; parent: Values }> {
    const entity = parentOf(key);
    const differing = distinct(trial, entity, PARENTS[key.name]);
    const referenced = key.referencedColumnNames.filter((name) => name in differing);
    expect(referenced).not.toEqual([]);
    await trial.copy(entity, differing);
    const pairs = referenced.map((name) => [name, differing[name] as Value] as const);
    const child = (name: string) => key.columnNames[key.referencedColumnNames.indexOf(name)] as string;
    return {
      parent: Object.fromEntries(pairs),
      reference: Object.fromEntries(pairs.map(([name, value]) => [child(name), value])),
    };
  }

  it.each(keys)('$name refuses a key that no row has', async ({ key }) => {
    const [column = ''] = key.columnNames;
    const missing = { [column]: other(trial, childOf(key), column), ...COMPANIONS[key.name] };
    expect(await trial.refusalOfChange(childOf(key), missing)).toBe(trial.foreignKey(key.name));
  });

  it.each(deletedAs('RESTRICT'))('$name keeps what it leads to', async ({ key }) => {
    const refusal = await trial.attempt(async () => {
      const { reference, parent } = await copyOfParent(key);
      await trial.change(childOf(key), { ...reference, ...COMPANIONS[key.name] });
      return trial.refusalOf(() => trial.remove(parentOf(key), parent));
    });
    expect(refusal).toBe(trial.foreignKey(key.name));
  });

  it.each(deletedAs('CASCADE'))('$name takes its row along when what it leads to goes', async ({ key }) => {
    const counts = await trial.attempt(async () => {
      const { reference, parent } = await copyOfParent(key);
      await trial.copy(childOf(key), distinct(trial, childOf(key), reference));
      const before = await trial.count(childOf(key), {});
      const referring = await trial.count(childOf(key), reference);
      await trial.remove(parentOf(key), parent);
      return { referring, gone: before - (await trial.count(childOf(key), {})) };
    });
    // A source has a row of its own name, too, which the database adds.
    expect(counts).toEqual({ referring: counts.gone, gone: expect.any(Number) });
    expect(counts.gone).toBeGreaterThan(0);
  });

  it.each(deletedAs('SET NULL'))('$name becomes null when what it leads to goes', async ({ key }) => {
    const counts = await trial.attempt(async () => {
      const { reference, parent } = await copyOfParent(key);
      await trial.change(childOf(key), { ...reference, ...COMPANIONS[key.name] });
      const unset = Object.fromEntries(Object.keys(reference).map((name) => [name, null]));
      const before = await trial.count(childOf(key), unset);
      await trial.remove(parentOf(key), parent);
      return { before, after: await trial.count(childOf(key), unset) };
    });
    expect(counts).toEqual({ before: 0, after: 1 });
  });

  it('of an obs unit leads to a project of its own program only', async () => {
    const refusal = await trial.attempt(async () => {
      const program = distinct(trial, 'ObservingProgram');
      await trial.copy('ObservingProgram', program);
      const observingProgramId = program.id as Value;
      const project = distinct(trial, 'SubObservingProgram', { observing_program_id: observingProgramId });
      await trial.copy('SubObservingProgram', { ...project, short_name: 'another' });
      const subObservingProgramId = project.id as Value;
      const own = { subObservingProgramId, observingProgramId };
      expect(await trial.refusalOfChange('ObsUnit', own)).toBeUndefined();
      return trial.refusalOfChange('ObsUnit', { subObservingProgramId });
    });
    expect(refusal).toBe(trial.foreignKey('fk_obs_unit__sub_program_of_program'));
  });

  it('of a staging job leads to a location for processing only, which stays one', async () => {
    const key = trial.foreignKey('fk_staging_job__destination_for_processing');
    const destination = trial.rows.StagingJob?.destinationLocationId;
    const [other] = await trial.manager.findBy(DataLocation, { locationType: Not('processing') });
    expect(await trial.refusalOfChange('StagingJob', { destinationLocationId: other?.id as number })).toBe(
      key,
    );
    const change = { locationType: 'buffer' } as const;
    expect(await trial.refusalOf(() => trial.manager.update(DataLocation, destination, change))).toBe(key);
    expect(
      await trial.refusalOf(() => trial.manager.update(DataLocation, other?.id, change)),
    ).toBeUndefined();
  });

  it('has one of three rules for what it leads to', () => {
    const known = ['RESTRICT', 'CASCADE', 'SET NULL'].flatMap(deletedAs);
    expect(keys.filter((key) => !known.includes(key))).toEqual([]);
    expect(new Set(all.filter((key) => !keys.includes(key)).map(({ onDelete }) => onDelete))).toEqual(
      new Set(['RESTRICT']),
    );
  });
});
