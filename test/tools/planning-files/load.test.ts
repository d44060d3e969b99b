import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import {
  DiskDataLocation,
  FixedSource,
  ObservingProgram,
  ObsUnit,
  PrimeCamObservationConfiguration,
  Site,
  Source,
  SourceType,
  StatusHistory,
  startObservation,
} from '../../../src/index.js';
import { packageRoot } from '../../../src/package-root.js';
import type { RowDifference } from '../../../src/seed/index.js';
import {
  type InputOptions,
  initObsUnits,
  type LoadResult,
  loadObsUnits,
  loadPreScheduledSlots,
  loadSources,
} from '../../../src/tools/planning-files/index.js';
import { describeEachDatabase } from '../../support/databases.js';

const EXAMPLE = join(packageRoot(), 'examples', 'input');
const SOURCES = 'name,category,ra,dec\n';

const changed = ({ tables }: LoadResult) =>
  tables.filter(({ added, differing }) => added + differing.length > 0).map(({ entity }) => entity);
const added = ({ tables }: LoadResult) => tables.reduce((sum, table) => sum + table.added, 0);

describeEachDatabase('loading', (database) => {
  let dataSource: DataSource;
  let folder: string;

  beforeAll(async () => {
    dataSource = await database.open(await database.create('seed'));
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'load-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const load = (from = folder, options: InputOptions = {}) => initObsUnits(dataSource.manager, from, options);

  function write(file: string, text: string): string {
    const path = join(folder, file);
    writeFileSync(path, text);
    return path;
  }

  it('brings the example that ships into the database, and the second time changes nothing', async () => {
    const { tables } = await load(EXAMPLE);
    // Four of the clouds are in the starting state as well, at other positions.
    expect(tables.flatMap(({ differing }) => differing.map(({ key }) => key))).toHaveLength(4);
    expect(added({ tables, removals: [] })).toBe(40);
    const again = await load(EXAMPLE);
    expect(changed(again)).toEqual([]);
    expect(again.removals).toEqual([{ entity: 'ObsUnit', key: 'Orion-KL/otf/trial', outcome: 'absent' }]);
  });

  it('keeps a position as written beside the one in ICRS, and velocities with frame and convention', async () => {
    const source = (name: string) => dataSource.manager.findOneByOrFail(FixedSource, { name });
    expect(await source('OrionBar')).toMatchObject({
      raDeg: expect.closeTo(83.8358333, 6),
      decDeg: expect.closeTo(-5.4205556, 6),
      coordinatesAsGiven: 'ICRS 5h35m20.6s -5°25′14″',
      velocityKms: 10.7,
      velocityFrame: 'lsrk',
      velocityConvention: 'radio',
    });
    expect(await source('NGC2024')).toMatchObject({
      raDeg: 85.427375,
      decDeg: -1.856278,
      coordinatesAsGiven: null,
      velocityKms: 9,
      velocityFrame: 'heliocentric',
      velocityConvention: 'optical',
    });
    expect(await source('W3(OH)')).toMatchObject({
      raDeg: expect.closeTo(36.7653, 3),
      decDeg: expect.closeTo(61.8735, 3),
      coordinatesAsGiven: 'B1950 02 23 16.3 +61 38 57',
    });
    expect(await source('Plane1')).toMatchObject({
      coordinatesAsGiven: 'galactic 49.49 -0.39',
      category: 'pointing',
      velocityKms: 59,
      velocityFrame: 'lsrk',
      velocityConvention: null,
    });
  });

  it('resolves what rows refer to across files and in the database', async () => {
    const { manager } = dataSource;
    const unit = await manager.findOneOrFail(ObsUnit, {
      where: { name: 'Orion-KL/otf/CO43+CO76' },
      relations: { source: true, obsMode: true, instrumentModuleConfigurations: true },
    });
    expect(unit).toMatchObject({ source: { name: 'Orion-KL' }, obsMode: { name: 'otf' }, lineId: 'CO76' });
    expect(unit.instrumentModuleConfigurations?.map(({ name }) => name).sort()).toEqual([
      'EX_HFA_CO76_CI21_USB',
      'EX_LFA_CO43_LSB',
    ]);
    expect(await manager.findOneByOrFail(ObsUnit, { name: 'Deep1/pong' })).toMatchObject({
      mappingParameters: { name: 'Deep1_pong', onsky_velocity: 0.5, width: 5, num_terms: 5, n_cycles: 2 },
    });
    const configuration = { name: 'ex_constant_el' };
    expect(await manager.findOneByOrFail(PrimeCamObservationConfiguration, configuration)).toMatchObject({
      azimuthRanges: [
        { elevation: 50, az_min: 120, az_max: 150, duration: 7200 },
        { elevation: 50, az_min: 210, az_max: 240, duration: 7200 },
      ],
    });
  });

  it('sets what differs to what the files say, tells what it was, and keeps it where it is asked to', async () => {
    await dataSource.manager.update(ObsUnit, { name: 'Deep1/pong' }, { priority: 1 });
    const rows: RowDifference[] = [];
    const kept = await load(EXAMPLE, { keep: true, onDifference: (row) => rows.push(row) });
    expect(changed(kept)).toEqual(['ObsUnit']);
    expect(rows).toEqual([
      { entity: 'ObsUnit', key: 'Deep1/pong', changes: [{ property: 'priority', from: 1, to: 60 }] },
    ]);
    expect(await dataSource.manager.countBy(ObsUnit, { name: 'Deep1/pong', priority: 1 })).toBe(1);
    expect(changed(await load(EXAMPLE))).toEqual(['ObsUnit']);
    expect(await dataSource.manager.countBy(ObsUnit, { name: 'Deep1/pong', priority: 60 })).toBe(1);
  });

  it('says in a dry run what would become of the rows, and writes nothing', async () => {
    const file = write('sources.csv', `${SOURCES}Dry,galaxy,10,10\nOrionBar,galaxy,83.8,-5.4\n`);
    const rows: RowDifference[] = [];
    const options = { dryRun: true, onDifference: (row: RowDifference) => rows.push(row) };
    const { tables } = await loadSources(dataSource.manager, file, options);
    expect(tables).toMatchObject([{ entity: 'FixedSource', added: 1, unchanged: 0 }]);
    expect(rows.map(({ key, changes }) => [key, changes?.map(({ property }) => property)])).toEqual([
      ['OrionBar', ['category', 'raDeg', 'decDeg', 'coordinatesAsGiven']],
      ['Dry', undefined],
    ]);
    expect(await dataSource.manager.existsBy(Source, { name: 'Dry' })).toBe(false);
    expect(await dataSource.manager.countBy(Source, { name: 'OrionBar', category: 'galactic_cloud' })).toBe(
      1,
    );
  });

  it('reads CSV as spreadsheets write it: BOM, CRLF, quotes, comments, lines within cells', async () => {
    const file = write(
      'excel.csv',
      '\uFEFF# made by hand\r\nname,category,ra,dec,note\r\n\r\n"3C ""84"", core",galaxy,49.95,41.51,"two\nlines"\r\n#no row\r\n  spaced , galaxy , 50 , 41 ,\r\n',
    );
    await loadSources(dataSource.manager, file);
    const sources = await dataSource.manager.findBy(FixedSource, [
      { name: '3C "84", core' },
      { name: 'spaced' },
    ]);
    expect(sources.map(({ name, note }) => [name, note]).sort()).toEqual([
      ['3C "84", core', 'two\nlines'],
      ['spaced', null],
    ]);
  });

  it('reads an index in TOML, and names the line of its issues', async () => {
    write('sources.csv', `${SOURCES}Toml,galaxy,10,10\n`);
    write('index.toml', 'fixed_source = "sources.csv"\n');
    expect(added(await load())).toBe(1);
    write('index.toml', 'fixed_source = "sources.csv"\n\n[[obs_unit]]\nfil = "units.csv"\n');
    await expect(load()).rejects.toThrow(/index\.toml:3: obs_unit\.0/);
    write('index.toml', 'fixed_source = \n');
    await expect(load()).rejects.toThrow(/index\.toml:1: file = "index\.toml": cannot be read/);
  });

  it('says what an index must be where there is none, or where it is something else', async () => {
    await expect(load()).rejects.toThrow(/has no index; one of index\.yaml, index\.yml, index\.toml/);
    write('index.yaml', '- sources.csv\n');
    await expect(load()).rejects.toThrow(
      /index\.yaml:1: index = .*must be names of entities with their files/,
    );
    write('index.yaml', 'site: [a.csv\n');
    await expect(load()).rejects.toThrow(/index\.yaml:\d+: yaml = /);
  });

  it('refuses a name that is taken by a source of another kind', async () => {
    const file = write('sources.csv', `${SOURCES}Mars,galaxy,10,10\n`);
    await expect(loadSources(dataSource.manager, file)).rejects.toThrow(
      /sources\.csv:2: source = Mars: .*name/,
    );
  });

  it('says what must hold of a row that a check of the database refuses', async () => {
    const file = write(
      'slots.csv',
      'obs_unit,start_time,end_time\nOrionBar/otf/CO43,2026-12-06T04:00:00Z,2026-12-06T03:00:00Z\n',
    );
    await expect(loadPreScheduledSlots(dataSource.manager, file)).rejects.toThrow(
      'start_time < end_time must hold (ck_pre_scheduled_slot__times_ordered)',
    );
  });

  it('reads single files: sources of a kind, obs units with their tables, slots', async () => {
    const { manager } = dataSource;
    const bodies = write('bodies.csv', 'name,naif_id,body_class\nEuphrosyne,2000031,asteroid\n');
    const options = { type: SourceType.SOLAR_SYSTEM_OBJECT, defaults: { category: 'solar_system' } };
    expect(added(await loadSources(manager, bodies, options))).toBe(1);
    const units = write(
      'units.csv',
      'name,source,observing_program,obs_mode,requested_time_s,duration_s,mapping\nsingle,Euphrosyne,Cal,daisy,60,60,small\n',
    );
    const tableMappingParamsFile = write(
      'mapping.csv',
      'mapping,name,onsky_velocity,R0,Rt,Ra\nsmall,Euphrosyne_daisy,0.3,0.3,0.12,0\n',
    );
    expect(added(await loadObsUnits(manager, [units], { tableMappingParamsFile }))).toBe(1);
    const slots = write(
      'slots.csv',
      'obs_unit,start_time,end_time\nsingle,2026-12-24T00:00:00Z,2026-12-24T00:01:00Z\n',
    );
    expect(added(await loadPreScheduledSlots(manager, slots))).toBe(1);
    expect(changed(await loadPreScheduledSlots(manager, slots))).toEqual([]);
    expect(await manager.findOneBy(ObsUnit, { name: 'single' })).toMatchObject({
      mappingParameters: { name: 'Euphrosyne_daisy', Rt: 0.12 },
    });
  });

  it('removes what the index lists, and retires an obs unit that has been executed', async () => {
    const { manager } = dataSource;
    const executed = await manager.findOneByOrFail(ObsUnit, { name: 'OrionBar/otf/CO43' });
    await startObservation(manager, { obsUnitId: executed.id, startTime: new Date('2026-11-24T03:00:00Z') });
    write(
      'index.yaml',
      'removed:\n  obs_unit: [OrionBar/otf/CO43, Orion-KL/otf/CO43+CO76]\n  observing_program: [MWE]\n',
    );
    await expect(load()).rejects.toThrow(/index\.yaml:3: observing_program = "MWE": is in use/);
    expect(await manager.countBy(ObsUnit, { name: 'Orion-KL/otf/CO43+CO76' })).toBe(1);

    write('index.yaml', 'removed:\n  obs_unit: [OrionBar/otf/CO43, Orion-KL/otf/CO43+CO76]\n');
    const { removals } = await load(folder, { by: 'planner' });
    expect(removals).toEqual([
      { entity: 'ObsUnit', key: 'OrionBar/otf/CO43', outcome: 'retired' },
      { entity: 'ObsUnit', key: 'Orion-KL/otf/CO43+CO76', outcome: 'removed' },
    ]);
    expect(await manager.countBy(ObsUnit, { name: 'Orion-KL/otf/CO43+CO76' })).toBe(0);
    expect(await manager.findOneBy(ObsUnit, { id: executed.id })).toMatchObject({
      state: 'retired',
      available: false,
      availabilityReason: expect.stringContaining('has been executed'),
    });
    expect(await manager.findBy(StatusHistory, { rowId: String(executed.id) })).toMatchObject([
      { entity: 'ObsUnit', toStatus: 'retired', changedBy: 'planner' },
    ]);
    expect((await load()).removals).toMatchObject([{ outcome: 'retired' }, { outcome: 'absent' }]);
  });

  it('stops at so many issues, and says that there may be more', async () => {
    const rows = Array.from({ length: 5000 }, (_, index) => `bad ${index},galaxy,10,100\n`);
    const file = write('sources.csv', SOURCES + rows.join(''));
    await expect(loadSources(dataSource.manager, file, { issueLimit: 20 })).rejects.toThrow(
      /has at least 20 issues/,
    );
  });
});

describeEachDatabase('a fresh database filled from files', (database) => {
  const fill = (dataSource: DataSource, options: InputOptions = {}) =>
    initObsUnits(dataSource.manager, EXAMPLE, { withStartingState: true, keep: true, ...options });
  const active = async ({ manager }: DataSource) => [
    ...(await manager.findBy(Site, { active: true })).map(({ shortName }) => shortName),
    ...(await manager.findBy(DiskDataLocation, { active: true })).map(({ name }) => name),
  ];

  it('has the facility of the starting state, the plans of the files, and what is active in development', async () => {
    const dataSource = await database.open();
    await fill(dataSource);
    const programs = await dataSource.manager.find(ObservingProgram, { order: { shortName: 'ASC' } });
    expect(programs.map(({ shortName }) => shortName)).toEqual(['DFE', 'MWE']);
    expect(await dataSource.manager.count(ObsUnit)).toBe(7);
    expect(await active(dataSource)).toEqual(expect.arrayContaining(['ccat', 'lab', 'test_buffer']));
    expect(await active(dataSource)).not.toEqual(expect.arrayContaining(['vault']));
    expect(changed(await fill(dataSource))).toEqual([]);
  });

  it('has other sites, locations and routes active in production', async () => {
    const dataSource = await database.open(await database.create('tables'));
    await fill(dataSource, { dataArchiveMode: 'production' });
    expect(await active(dataSource)).toEqual(expect.arrayContaining(['ccat', 'vault', 'lta_disk']));
    expect(await active(dataSource)).not.toEqual(expect.arrayContaining(['lab']));
  });
});
