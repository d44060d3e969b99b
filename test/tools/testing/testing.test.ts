import { existsSync } from 'node:fs';
import type { DataSource, ObjectLiteral } from 'typeorm';
import {
  entities,
  fileRawDataFiles,
  initCcatOpsDb,
  ObsUnit,
  RawDataFile,
  readMany,
  Site,
  Telescope,
  withDbSession,
} from '../../../src/index.js';
import { createTestDatabase, type Made, make, undoable } from '../../../src/tools/testing/index.js';
import { describeEachDatabase } from '../../support/databases.js';

const bonn = { name: 'Bonn', shortName: 'bonn' };

describeEachDatabase('what tests of services use', (database) => {
  let dataSource: DataSource;
  let undo: () => Promise<void>;
  beforeAll(async () => {
    dataSource = await database.open(await database.create('seed'));
  });
  beforeEach(async () => {
    undo = await undoable(dataSource);
  });
  afterEach(() => undo());

  it('makes a valid row of each entity beside the starting state', async () => {
    for (const entity of entities as readonly Made<ObjectLiteral>[]) {
      const row = await make(dataSource.manager, entity);
      expect(row).toBeInstanceOf(entity);
    }
  });

  it('makes what a row needs once, and not what is given', async () => {
    const { manager } = dataSource;
    const telescopes = await manager.count(Telescope);
    await make(manager, ObsUnit);
    const file = await make(manager, RawDataFile);
    await make(manager, RawDataFile, {
      executedObsUnitId: file.executedObsUnitId,
      instrumentModuleId: file.instrumentModuleId,
      instrumentModules: [],
    });
    expect(await manager.count(Telescope)).toBe(telescopes + 2);
  });

  it('refuses a class that is none of the entities', async () => {
    const wrong = make(dataSource.manager, class ObsUnits {});
    await expect(wrong).rejects.toMatchObject({
      code: 'argument_invalid',
      message: expect.stringContaining('ObsUnit'),
    });
  });

  it('takes back what units of work have committed, and what was read sees it before', async () => {
    await withDbSession((manager) => manager.save(Site, { ...bonn }), { dataSource });
    await dataSource.manager.insert(Site, { name: 'Mainz', shortName: 'mainz' });
    expect(await readMany(dataSource.manager, Site, { where: { shortName: 'bonn' } })).toHaveLength(1);
    await undo();
    expect(await dataSource.manager.countBy(Site, { shortName: 'bonn' })).toBe(0);
    expect(await dataSource.manager.countBy(Site, { shortName: 'mainz' })).toBe(0);
    undo = await undoable(dataSource);
  });

  it('goes on after the error of a statement, of a unit of work and of a service call', async () => {
    const { manager } = dataSource;
    await manager.insert(Site, { ...bonn });
    await expect(manager.insert(Site, { ...bonn })).rejects.toThrow(/unique/i);
    await expect(manager.save(Site, { ...bonn })).rejects.toThrow(/unique/i);
    await expect(withDbSession((inner) => inner.insert(Site, { ...bonn }), { dataSource })).rejects.toThrow(
      /unique/i,
    );
    await expect(dataSource.query('SELECT 1 FROM nowhere')).rejects.toThrow('nowhere');
    expect(await manager.countBy(Site, { shortName: 'bonn' })).toBe(1);
  });

  it('lets calls that send several statements in one flush take effect, at once, too', async () => {
    const { manager } = dataSource;
    const { executedObsUnitId, instrumentModuleId, sourceLocationId } = await make(manager, RawDataFile);
    const filing = [1, 2, 3].map((at) =>
      fileRawDataFiles(manager, [
        {
          id: `018f0000-0000-7000-8000-00000000000${at}`,
          executedObsUnitId,
          instrumentModuleId,
          sourceLocationId,
          relativePath: `${at}.fits`,
          sizeBytes: 1,
        },
      ]),
    );
    await Promise.all(filing);
    expect(await manager.countBy(RawDataFile, { executedObsUnitId: executedObsUnitId as string })).toBe(4);
  });

  it('refuses to begin twice', async () => {
    await expect(undoable(dataSource)).rejects.toMatchObject({ code: 'argument_invalid' });
  });
});

describe('a database for tests', () => {
  it('vanishes when it is removed', async () => {
    const database = await createTestDatabase({ content: 'tables', templates: process.env.TEST_TEMPLATES });
    const { dataSource } = await initCcatOpsDb({ settings: database.settings });
    await dataSource.destroy();
    await database.remove();
    expect(existsSync(database.settings.sqlite.database)).toBe(false);
  });

  it('can be written where the file system gives it the number of one that was removed', async () => {
    for (const name of ['first', 'second', 'third']) {
      const database = await createTestDatabase({ content: 'tables', templates: process.env.TEST_TEMPLATES });
      const { session, dataSource } = await initCcatOpsDb({ settings: database.settings });
      await session.save(Site, { name, shortName: name });
      await dataSource.destroy();
      await database.remove();
    }
  });

  it('wants a server of PostgreSQL', async () => {
    const wrong = createTestDatabase({ server: 'sqlite:////tmp/x' });
    await expect(wrong).rejects.toMatchObject({ code: 'argument_invalid' });
  });
});

describe('the exports of the package', () => {
  it('can be spied on', () => {
    const opsDb = require('ccat-ops-db') as typeof import('../../../src/index.js');
    const spy = jest.spyOn(opsDb, 'getDatabaseUrl').mockReturnValue('sqlite://');
    expect(opsDb.getDatabaseUrl()).toBe('sqlite://');
    spy.mockRestore();
  });
});
