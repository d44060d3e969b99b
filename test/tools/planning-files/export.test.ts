import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import {
  FixedSource,
  ObservingProgram,
  ObsMode,
  ObsUnit,
  PreScheduledSlot,
  Source,
} from '../../../src/index.js';
import { exportPlanning, initObsUnits } from '../../../src/tools/planning-files/index.js';
import { describeEachDatabase } from '../../support/databases.js';

describeEachDatabase('exported plans', (database) => {
  let dataSource: DataSource;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'export-'));
    dataSource = await database.open(await database.create('seed'));
    await addOddRows(dataSource);
    await dataSource.transaction((manager) => exportPlanning(manager, folder));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('change nothing when they are loaded again', async () => {
    const rows = async () =>
      JSON.stringify([
        await dataSource.manager.find(Source, { order: { id: 'ASC' } }),
        await dataSource.manager.find(ObsUnit, {
          relations: { instrumentModuleConfigurations: true },
          order: { id: 'ASC', instrumentModuleConfigurations: { id: 'ASC' } },
        }),
        await dataSource.manager.find(PreScheduledSlot, { order: { id: 'ASC' } }),
      ]);
    const before = await rows();
    const { tables } = await initObsUnits(dataSource.manager, folder);
    for (const table of tables) expect(table).toMatchObject({ added: 0, differing: [] });
    expect(tables.map(({ entity }) => entity)).toContain('ObsUnit');
    expect(await rows()).toBe(before);
  });

  it('give the same files again from a database that was filled from them', async () => {
    const copy = await database.open(await database.create('tables'));
    await initObsUnits(copy.manager, folder, { withStartingState: true, keep: true });
    const second = mkdtempSync(join(tmpdir(), 'export-'));
    await exportPlanning(copy.manager, second);
    for (const file of readdirSync(folder))
      expect(lines(join(second, file))).toEqual(lines(join(folder, file)));
    rmSync(second, { recursive: true });
  });

  it('are not written over what is there, unless it is asked for', async () => {
    await expect(exportPlanning(dataSource.manager, folder)).rejects.toThrow(/is not empty/);
    const written = await exportPlanning(dataSource.manager, folder, { overwrite: true });
    expect(written.map(({ file }) => file)).toContain('obs-unit.csv');
  });

  it('are not mixed with an index in another format', async () => {
    writeFileSync(join(folder, 'index.toml'), '');
    const refused = exportPlanning(dataSource.manager, folder, { overwrite: true });
    await expect(refused).rejects.toThrow(/has index\.toml already/);
    rmSync(join(folder, 'index.toml'));
  });
});

/** Sorted, since what a starting state and files give may be written in another order. */
function lines(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').sort();
}

/** What is awkward to write: separators, quotes, line breaks, comment signs, blanks, numbers without end. */
async function addOddRows({ manager }: DataSource): Promise<void> {
  const { id: sourceId } = await manager.save(
    manager.create(FixedSource, {
      name: ' #1, "odd"; /two\r\nlines ',
      aliases: ['a;b', 'c"d', 'e,f', 'ü\u2028'],
      category: 'galaxy',
      note: '\uFEFF#',
      raDeg: 1 / 3,
      decDeg: -1e-12,
      velocityKms: 1e5 / 7,
      velocityFrame: 'lsrk',
    }),
  );
  const { id: observingProgramId } = await manager.findOneByOrFail(ObservingProgram, { shortName: 'Cal' });
  const { id: obsModeId } = await manager.findOneByOrFail(ObsMode, { name: 'otf' });
  const unit = await manager.save(
    manager.create(ObsUnit, {
      name: 'odd/unit/x',
      sourceId,
      observingProgramId,
      obsModeId,
      requestedTimeS: 1,
      durationS: 1,
      state: 'retired',
      available: false,
      notBefore: new Date('2026-01-01T00:00:00.001Z'),
      mappingParameters: { b: [1, null, { c: 'x,"y"' }], a: 0.1 },
    }),
  );
  const [startTime, endTime] = [new Date('2026-01-01T00:00:00.007Z'), new Date('2026-01-01T01:00:00Z')];
  await manager.save(manager.create(PreScheduledSlot, { obsUnitId: unit.id, startTime, endTime }));
}
