import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { PhysicalCopy, RawDataPackagePhysicalCopy } from '../../src/entities/index.js';
import { createRun, missingRuns } from '../../src/services/reduction/index.js';
import { ObsCore, viewColumnComment, viewColumns } from '../../src/views/index.js';
import { addWorkflow, complete, keepProducts } from '../services/reduction/workflow.js';
import { describeEachDatabase, describePostgresql } from '../support/databases.js';
import { build, locationId, observe } from '../support/observed.js';
import { archive as archiveOf } from './holdings.js';
import { MANDATORY } from './standard.js';

const END = new Date('2026-11-24T03:10:00.500Z');

/** A package in the archive in Cologne. */
const archive = (manager: EntityManager) => archiveOf(manager, 'Orion-KL/otf/CI10+CO76', 'CHAI/LFA');

describe('the columns of the view', () => {
  it('are the mandatory ones of ObsCore 1.1 with their units, in their order', () => {
    const columns = viewColumns(ObsCore).filter(({ name }) => name !== 'dataproduct_subtype');
    expect(columns.map(({ name, unit }) => [name, unit])).toEqual(
      MANDATORY.map(({ name, unit }) => [name, unit]),
    );
  });
});

describeEachDatabase('the ObsCore view', (database) => {
  let dataSource: DataSource;
  beforeAll(async () => {
    dataSource = await database.open(await database.create('seed'));
  });

  /** Does work of which nothing stays. */
  async function tried(work: (manager: EntityManager) => Promise<void>): Promise<void> {
    const undone = new Error('undone');
    const trial = dataSource.transaction(async (manager) => {
      await work(manager);
      throw undone;
    });
    await expect(trial).rejects.toBe(undone);
  }

  it.each([
    `INSERT INTO obscore (obs_id) VALUES ('x')`,
    `UPDATE obscore SET obs_id = 'x'`,
    'DELETE FROM obscore',
  ])('takes no writes: %s', async (write) => {
    await expect(dataSource.query(write)).rejects.toThrow(/\bview\b/);
  });

  it('has no row for what is not archived', () =>
    tried(async (manager) => {
      const { packageId } = await observe(manager);
      await build(manager, packageId);
      expect(await manager.find(ObsCore)).toEqual([]);
    }));

  it('describes an archived package', () =>
    tried(async (manager) => {
      const { packageId, executedObsUnitId } = await archive(manager);
      const [row, ...others] = await manager.find(ObsCore);
      expect(others).toEqual([]);
      expect({ ...row }).toEqual({
        dataproductType: 'spectrum',
        dataproductSubtype: 'raw',
        calibLevel: 1,
        obsCollection: expect.any(String),
        obsId: executedObsUnitId,
        obsPublisherDid: `ivo://ccat.example/ops-db?raw_data_package/${packageId}`,
        accessUrl: expect.stringMatching(new RegExp(`^s3://[^/]+/.*${packageId}\\.tar$`)),
        accessFormat: 'application/x-tar',
        accessEstsize: 1000,
        targetName: 'Orion-KL',
        sRa: expect.closeTo(83.8, 0),
        sDec: expect.closeTo(-5.4, 0),
        sFov: expect.any(Number),
        sRegion: expect.stringMatching(/^CIRCLE ICRS 83\.\d+ -5\.\d+ 0\.\d+$/),
        sResolution: 26,
        sXel1: null,
        sXel2: null,
        // 2026-11-24T03:00:00Z and ten minutes later.
        tMin: expect.closeTo(61368.125, 9),
        tMax: expect.closeTo(61368.125 + 600.5 / 86400, 9),
        tExptime: expect.closeTo(600.5, 5),
        tResolution: expect.any(Number),
        tXel: null,
        emMin: expect.any(Number),
        emMax: expect.any(Number),
        emResPower: null,
        emXel: null,
        oUcd: 'phot.antennaTemp;em.mm',
        polStates: null,
        polXel: null,
        facilityName: 'Fred Young Submillimeter Telescope',
        instrumentName: 'CHAI/LFA',
      });
      // The line of the unit is CI 1-0 at 492.16 GHz, in a band of 4 GHz.
      expect(row?.emMin).toBeCloseTo(0.299792458 / 494.16, 6);
      expect(row?.emMax).toBeCloseTo(0.299792458 / 490.16, 6);
    }));

  it('gives the address of a copy that is present, and none when none is', () =>
    tried(async (manager) => {
      const { packageId } = await archive(manager);
      const buffer = await locationId(manager, 'ccat', 'output_buffer');
      await manager.insert(RawDataPackagePhysicalCopy, {
        id: uuidv7(),
        rawDataPackageId: packageId,
        dataLocationId: buffer,
        path: 'elsewhere.tar',
      });
      const gone = { status: 'deleted', deletedAt: END } as const;
      const archived = await locationId(manager, 'cologne', 'lta');
      expect((await manager.findOneByOrFail(ObsCore, {})).accessUrl).toMatch(/^s3:/);
      await manager.update(PhysicalCopy, { dataLocationId: archived }, gone);
      expect(await manager.findOneByOrFail(ObsCore, {})).toMatchObject({
        accessUrl: 'file://telescope.ccat.cl/data/buffer/elsewhere.tar',
      });
      await manager.update(PhysicalCopy, { dataLocationId: buffer }, gone);
      expect((await manager.findOneByOrFail(ObsCore, {})).accessUrl).toBeNull();
    }));

  it('describes science products that have a copy by the executions that they go back to', () =>
    tried(async (manager) => {
      const first = await archive(manager);
      await archive(manager);
      const { calibration, gridding } = await addWorkflow(manager);
      const run = async (step: typeof calibration) => {
        for (const each of await missingRuns(manager, step))
          await complete(manager, (await createRun(manager, each)).run, 'science', 'log');
      };
      await run(calibration);
      expect(await manager.countBy(ObsCore, { dataproductSubtype: 'science' })).toBe(0);
      await keepProducts(manager, 'lta');
      await run(gridding);
      await keepProducts(manager, 'lta');
      const rows = await manager.findBy(ObsCore, { dataproductSubtype: 'science' });
      expect(rows.map(({ calibLevel }) => calibLevel).sort()).toEqual([2, 2, 3]);
      const whole = rows.find(({ calibLevel }) => calibLevel === 3);
      expect(whole).toMatchObject({
        dataproductType: null,
        targetName: 'Orion-KL',
        tExptime: expect.closeTo(1201, 5),
        accessFormat: 'application/fits',
        instrumentName: 'CHAI/LFA',
      });
      expect(rows.map(({ obsId }) => obsId)).toContain(first.executedObsUnitId);
    }));
});

describePostgresql('the ObsCore view', (database) => {
  it('has the comment of every column in the database', async () => {
    const dataSource = await database.open();
    const found = await dataSource.query(
      `SELECT attname AS name, col_description(attrelid, attnum) AS comment FROM pg_attribute
       WHERE attrelid = 'obscore'::regclass AND attnum > 0 ORDER BY attnum`,
    );
    expect(found).toEqual(
      viewColumns(ObsCore).map((column) => ({ name: column.name, comment: viewColumnComment(column) })),
    );
  });
});
