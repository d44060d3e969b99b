import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  ConstantElevationSource,
  DataProductPhysicalCopy,
  InstrumentModule,
  ObsUnit,
  RawDataPackage,
  RawDataPackagePhysicalCopy,
} from '../../src/entities/index.js';
import { fileRawDataFiles, fileRawDataPackage } from '../../src/services/filing/index.js';
import { ObsCore } from '../../src/views/index.js';
import { describeEachDatabase } from '../support/databases.js';
import { build, locationId } from '../support/observed.js';
import { archive, reduceTogether } from './holdings.js';

const C_M_GHZ = 0.299792458;
const OTF = 'Orion-KL/otf/CI10+CO76';

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

  const rowOf = (manager: EntityManager, { packageId }: { packageId: string }) =>
    manager.findOneByOrFail(ObsCore, {
      obsPublisherDid: `ivo://ccat.example/ops-db?raw_data_package/${packageId}`,
    });

  const frequencies = ({ emMin, emMax }: ObsCore) =>
    [emMax, emMin].map((wavelength) => Math.round((1e6 * C_M_GHZ) / (wavelength ?? 0)) / 1e6);

  it('has the frequencies of the tuning of the module itself', () =>
    tried(async (manager) => {
      const lfa = await rowOf(manager, await archive(manager, OTF, 'CHAI/LFA'));
      const hfa = await rowOf(manager, await archive(manager, OTF, 'CHAI/HFA'));
      // Oscillators at 486.160651 and at 802 or 814 GHz, intermediate frequencies from 4 to 8 GHz.
      expect(frequencies(lfa)).toEqual([490.160651, 494.160651]);
      expect(frequencies(hfa)).toEqual([806, 810]);
    }));

  it('has the range of a module without a tuning in the unit', () =>
    tried(async (manager) => {
      const module = { name: '280 GHz', instrument: { name: 'Prime-Cam' } };
      const { frequencyCenterGhz, bandwidthGhz } = await manager.findOneByOrFail(InstrumentModule, module);
      const row = await rowOf(manager, await archive(manager, OTF, 'Prime-Cam/280 GHz'));
      const half = (bandwidthGhz ?? 0) / 2;
      expect(frequencies(row)).toEqual([(frequencyCenterGhz ?? 0) - half, (frequencyCenterGhz ?? 0) + half]);
      expect(row.tResolution).not.toBeNull();
    }));

  it('has an address of its own for each product, percent-encoded', () =>
    tried(async (manager) => {
      await archive(manager, OTF, 'CHAI/LFA');
      const dataLocationId = await locationId(manager, 'cologne', 'ramses_processing');
      const [first, second] = [await reduceTogether(manager, 1), await reduceTogether(manager, 1)].flat();
      const copy = (dataProductId: string | undefined, more = {}) =>
        manager.insert(DataProductPhysicalCopy, { id: uuidv7(), dataProductId, dataLocationId, ...more });
      await copy(first);
      await copy(second, { path: '3/source=É 1%+a@b?#/science/result.fits' });
      const rows = await manager.find(ObsCore, {
        where: { dataproductSubtype: 'science' },
        order: { accessUrl: 'ASC' },
      });
      expect(rows.map(({ accessUrl }) => accessUrl)).toEqual(
        [
          expect.stringMatching(/^file:\/\/\/projects\/ccat\/[-0-9a-f]{36}\/science\/0\.fits$/),
          'file:///projects/ccat/3/source%3D%C3%89%201%25%2Ba%40b%3F%23/science/result.fits',
        ].sort(),
      );
    }));

  it.each(['plain/a-b_c.d~e.tar', 'a b.tar', '%20.tar', "it's.tar", 'ü/日本.tar', '🔭.tar', 'a[1]*?.tar'])(
    'encodes %s so that it decodes to the path of the copy',
    (path) =>
      tried(async (manager) => {
        const holding = await archive(manager, OTF, 'CHAI/LFA');
        await manager.update(RawDataPackagePhysicalCopy, { rawDataPackageId: holding.packageId }, { path });
        const { accessUrl } = await rowOf(manager, holding);
        expect(accessUrl).toMatch(/^s3:\/\/ccat-lta\/[-A-Za-z0-9._~/%]+$/);
        expect(decodeURIComponent(accessUrl ?? '')).toBe(`s3://ccat-lta/${path}`);
      }),
  );

  it('names the pipeline where a product has several programs', () =>
    tried(async (manager) => {
      await archive(manager, OTF, 'CHAI/LFA');
      await archive(manager, 'PKS0537/cross_scan/CHAI', 'CHAI/LFA');
      const [dataProductId] = await reduceTogether(manager, 1);
      const dataLocationId = await locationId(manager, 'cologne', 'ramses_processing');
      await manager.insert(DataProductPhysicalCopy, { id: uuidv7(), dataProductId, dataLocationId });
      const row = await manager.findOneByOrFail(ObsCore, { dataproductSubtype: 'science' });
      expect(row).toMatchObject({ obsCollection: expect.stringMatching(/^together /), targetName: null });
    }));

  it('has a row for a package of several modules, with what they have in common', () =>
    tried(async (manager) => {
      const { executedObsUnitId } = await archive(manager, OTF, 'CHAI/LFA');
      const modules = await manager.findBy(InstrumentModule, {
        instrument: { name: 'CHAI' },
        available: true,
      });
      const sourceLocationId = await locationId(manager, 'ccat', 'chai_raw_data');
      const [fileId, packageId] = [uuidv7(), uuidv7()];
      const origin = { executedObsUnitId, sourceLocationId };
      const instrumentModuleIds = modules.map(({ id }) => id);
      await fileRawDataFiles(manager, [
        { ...origin, id: fileId, instrumentModuleIds, relativePath: 'level0_1795100000.h5', sizeBytes: 1 },
      ]);
      await fileRawDataPackage(manager, { ...origin, id: packageId, fileIds: [fileId] });
      await build(manager, packageId);
      await manager.update(RawDataPackage, packageId, { state: 'archived' });
      const row = await rowOf(manager, { packageId });
      expect(row).toMatchObject({
        dataproductType: 'spectrum',
        calibLevel: 0,
        obsId: executedObsUnitId,
        instrumentName: 'CHAI',
        targetName: 'Orion-KL',
        sResolution: null,
      });
      expect(frequencies(row)).toEqual([490.160651, 810]);
      expect(await manager.countBy(ObsCore, { obsId: executedObsUnitId })).toBe(2);
    }));

  describe('of a survey field', () => {
    /** The row of an observation of a field. */
    async function observed(
      manager: EntityManager,
      field: string,
      set: Partial<ConstantElevationSource> = {},
    ) {
      const source = await manager.findOneByOrFail(ConstantElevationSource, { name: field });
      await manager.update(ConstantElevationSource, source.id, set);
      const unit = await manager.findOneByOrFail(ObsUnit, { sourceId: source.id });
      return rowOf(manager, await archive(manager, unit.name, 'Prime-Cam/280 GHz'));
    }
    const corners = (region: string | null) => region?.replace('POLYGON ICRS ', '').split(' ').map(Number);

    it.each(['WideSurvey', 'HERA'])(
      'has neither centre nor diameter for the range of declination %s',
      (name) =>
        tried(async (manager) => {
          const none = { sRa: null, sDec: null, sFov: null, sRegion: null };
          expect(await observed(manager, name)).toMatchObject(none);
        }),
    );

    it('has a circle for a circle', () =>
      tried(async (manager) => {
        expect(await observed(manager, 'E-COSMOS')).toMatchObject({
          sFov: 5,
          sRegion: 'CIRCLE ICRS 150.119000 2.205000 2.500000',
        });
      }));

    it('has the corners of a rectangle, counter-clockwise from the south east', () =>
      tried(async (manager) => {
        const small = { centerRaDeg: 0, centerDecDeg: 60, widthDeg: 2, heightDeg: 1, rotationDeg: null };
        const row = await observed(manager, 'Stripe82', small);
        expect(corners(row.sRegion)).toEqual([2, 59.5, 358, 59.5, 358, 60.5, 2, 60.5]);
        expect(row.sFov).toBeCloseTo(Math.sqrt(5), 9);
      }));

    it('turns a rectangle from north through east', () =>
      tried(async (manager) => {
        const turned = { centerRaDeg: 100, centerDecDeg: 0, widthDeg: 2, heightDeg: 1, rotationDeg: 90 };
        const row = await observed(manager, 'Stripe82', turned);
        // What was east is south now, what was north is east.
        expect(corners(row.sRegion)).toEqual([99.5, -1, 99.5, 1, 100.5, 1, 100.5, -1]);
      }));

    it('follows the parallels along the edges of a wide rectangle', () =>
      tried(async (manager) => {
        const points = corners((await observed(manager, 'Stripe82')).sRegion) ?? [];
        const declinations = points.filter((_, index) => index % 2 === 1);
        expect(declinations).toEqual([-9, -9, -9, -9, -9, 5, 5, 5, 5, 5]);
        expect(points[0]).toBeCloseTo(30 / Math.cos((2 * Math.PI) / 180), 5);
      }));

    it('has the corners in ICRS of a rectangle along the galactic plane', () =>
      tried(async (manager) => {
        // The galactic centre; the plane goes from the south west to the north east, at a position angle of 31.4 degrees.
        const centre = { centerRaDeg: 266.404988, centerDecDeg: -28.936178, widthDeg: 2, heightDeg: 1e-6 };
        const unit = await observed(manager, 'Stripe82', { ...centre, fieldFrame: 'galactic' });
        const [ra = 0, dec = 0] = corners(unit.sRegion) ?? [];
        // Longitude 1, latitude 0 is at 266.997 and -28.083.
        expect(ra).toBeCloseTo(266.997, 2);
        expect(dec).toBeCloseTo(-28.083, 2);
      }));

    it('has no polygon for a rectangle that reaches a pole', () =>
      tried(async (manager) => {
        const polar = { centerDecDeg: -88, heightDeg: 6, widthDeg: 1 };
        expect(await observed(manager, 'Stripe82', polar)).toMatchObject({ sRegion: null });
      }));

    it('has no place for a field that moves', () =>
      tried(async (manager) => {
        const row = await observed(manager, 'Jupiter-patch');
        expect(row).toMatchObject({ sRa: null, sRegion: null, sFov: Math.sqrt(8) });
      }));
  });
});
