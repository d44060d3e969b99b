import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import {
  ConstantElevationSource,
  FixedSource,
  Instrument,
  Observatory,
  ObservingProgram,
  ObsMode,
  ObsUnit,
  ReductionStep,
  Role,
  SolarSystemObject,
  SubObservingProgram,
  User,
} from '../../src/entities/index.js';
import { InvalidInputError } from '../../src/errors.js';
import { readSeedData, type SeedResult, seedDataFolder, writeSeedData } from '../../src/seed/index.js';
import { describeEachDatabase } from '../support/databases.js';

const sum = (results: readonly SeedResult[], of: (result: SeedResult) => number) =>
  results.reduce((total, result) => total + of(result), 0);

describeEachDatabase('seeding', (database) => {
  let dataSource: DataSource;
  let folder: string;

  beforeAll(async () => {
    dataSource = await database.open();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'seed-'));
    cpSync(seedDataFolder(), folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const seed = (options = {}, from = seedDataFolder()) =>
    dataSource.transaction((manager) => writeSeedData(manager, readSeedData(dataSource, from), options));

  function edit(file: string, change: (text: string) => string): void {
    const path = join(folder, file);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
  }

  function faultsOf(action: () => unknown): string[] {
    try {
      action();
    } catch (error) {
      if (error instanceof InvalidInputError)
        return error.issues.map(({ origin, key, value, message }) => `${origin} ${key} ${value} ${message}`);
      throw error;
    }
    throw new Error('no issue was reported');
  }

  it('writes nothing when a file is bad, and reports every issue with file, row and column', async () => {
    edit('fixed-source.csv', (text) => text.replace('-6.393147', '-96.4').replace(',12.672158,', ',,'));
    edit('obs-unit.csv', (text) => text.replace('OMC1', 'OMC9').replace('"{}"', '"{"'));
    edit('site.csv', (text) => text.replace('short_name', 'shortname'));
    edit('obs-mode.csv', (text) => `${text}otf,twice,,,CHAI,,\n`);
    edit('instrument.csv', (text) => text.replace('heterodyne_array', 'radio'));
    rmSync(join(folder, 'user.csv'));
    const issues = faultsOf(() => readSeedData(dataSource, folder));
    expect(issues).toEqual(
      expect.arrayContaining([
        'fixed-source.csv:2 dec_deg "-96.4" must be at least -90',
        'fixed-source.csv:3 ra_deg "" must not be empty',
        'instrument.csv:2 kind "radio" allowed are heterodyne_array, continuum_camera',
        'site.csv:1 column shortname is unknown; did you mean short_name?',
        'site.csv:1 column short_name is missing',
        'obs-mode.csv:17 name "otf" stands in obs-mode.csv:2 already',
        expect.stringMatching(/^user\.csv file .*user\.csv ENOENT/),
      ]),
    );
    expect(await dataSource.manager.count(Observatory)).toBe(0);
  });

  it('writes nothing when the database refuses a row, and names the row and the rule', async () => {
    edit('telescope.csv', (text) => text.replace(',20,90,', ',90,20,'));
    await expect(seed({}, folder)).rejects.toThrow(
      /telescope\.csv:2: telescope = .*FYST.*elevation_limits_ordered/,
    );
    expect(await dataSource.manager.count(Observatory)).toBe(0);
  });

  it('writes all or nothing without a transaction of its caller', async () => {
    edit('telescope.csv', (text) => text.replace(',20,90,', ',90,20,'));
    const refused = writeSeedData(dataSource.manager, readSeedData(dataSource, folder));
    await expect(refused).rejects.toMatchObject({ code: 'seed_data_invalid' });
    expect(await dataSource.manager.count(Observatory)).toBe(0);
  });

  it('fills an empty database with the starting state', async () => {
    const results = await writeSeedData(dataSource.manager, readSeedData(dataSource));
    expect(sum(results, ({ unchanged, differing }) => unchanged + differing.length)).toBe(0);
    const { manager } = dataSource;
    expect(await manager.find(Observatory)).toMatchObject([{ name: 'CCAT' }]);
    expect(await manager.count(Instrument)).toBe(3);
    expect((await manager.count(ObservingProgram)) + (await manager.count(SubObservingProgram))).toBe(16);
    expect(await manager.count(FixedSource)).toBeGreaterThan(150);
    expect(await manager.count(ConstantElevationSource)).toBe(16);
    expect(await manager.count(SolarSystemObject)).toBe(15);
    expect(await manager.count(ObsMode)).toBe(15);
    expect(await manager.count(ObsUnit)).toBeGreaterThanOrEqual(200);
    const users = await manager.find(User, { relations: { roles: { permissions: true } } });
    expect(users.map(({ username }) => username).sort()).toEqual([
      'demo-admin',
      'demo-observer',
      'demo-service',
      'demo-viewer',
    ]);
    for (const { roles } of users) expect(roles?.[0]?.permissions?.length).toBeGreaterThan(0);
  });

  it('resolves what rows refer to', async () => {
    const unit = await dataSource.manager.findOneOrFail(ObsUnit, {
      where: { name: 'Orion-KL/otf/CI10+CO76' },
      relations: {
        source: true,
        line: true,
        subObservingProgram: { observingProgram: true },
        instrumentModuleConfigurations: { instrumentModule: { instrument: true } },
      },
    });
    expect(unit.source).toBeInstanceOf(FixedSource);
    expect(unit).toMatchObject({
      source: { name: 'Orion-KL' },
      line: { lineId: 'CI10', restFrequencyGhz: 492.160651 },
      subObservingProgram: { shortName: 'GEco-MW', observingProgram: { shortName: 'GEco' } },
    });
    const modules = unit.instrumentModuleConfigurations?.map(({ instrumentModule }) => instrumentModule);
    expect(modules?.map((module) => `${module?.instrument?.name}/${module?.name}`).sort()).toEqual([
      'CHAI/HFA',
      'CHAI/LFA',
    ]);
  });

  it('has the steps that a step depends on', async () => {
    const steps = await dataSource.manager.find(ReductionStep, {
      where: { pipeline: { name: 'chai-co43' } },
      relations: { dependencies: { upstreamStep: true } },
      order: { position: 'ASC' },
    });
    const upstream = steps.map(({ dependencies = [] }) =>
      dependencies.map(({ upstreamStep }) => upstreamStep?.name),
    );
    expect(upstream).toEqual([[], ['calibration'], ['baseline']]);
  });

  it('changes nothing the second time', async () => {
    const before = await dataSource.manager.find(ObsUnit, { order: { id: 'ASC' } });
    const results = await seed();
    expect(sum(results, ({ added, differing }) => added + differing.length)).toBe(0);
    expect(await dataSource.manager.find(ObsUnit, { order: { id: 'ASC' } })).toEqual(before);
  });

  it('reports rows that an operator edited and keeps them, unless it is forced', async () => {
    const { manager } = dataSource;
    await manager.update(ObsUnit, { name: 'Mars/focus/CHAI' }, { priority: 1, pwvMaxMm: 3 });
    const observer = await manager.findOneOrFail(Role, {
      where: { name: 'observer' },
      relations: { permissions: true },
    });
    observer.permissions = observer.permissions?.slice(1);
    await manager.save(observer);
    const differing = (results: readonly SeedResult[]) => results.flatMap((result) => result.differing);
    const edited = [
      { key: 'Mars/focus/CHAI', properties: ['priority', 'pwvMaxMm'] },
      { key: 'observer', properties: ['permissions'] },
    ];
    expect(differing(await seed())).toEqual(edited);
    expect(await manager.findOneBy(ObsUnit, { name: 'Mars/focus/CHAI' })).toMatchObject({ priority: 1 });
    expect(differing(await seed({ force: true }))).toEqual(edited);
    expect(await manager.findOneBy(ObsUnit, { name: 'Mars/focus/CHAI' })).toMatchObject({
      priority: 90,
      pwvMaxMm: null,
    });
    expect(differing(await seed())).toEqual([]);
  });
});

describe('the data files', () => {
  it('have one origin and one verification for every row', () => {
    for (const file of readdirSync(seedDataFolder()).filter((name) => name.endsWith('.csv'))) {
      const [header = ''] = readFileSync(join(seedDataFolder(), file), 'utf8').split('\n');
      expect([
        file,
        header.split(',').includes('origin'),
        header.split(',').includes('verification'),
      ]).toEqual([file, true, true]);
    }
  });
});
