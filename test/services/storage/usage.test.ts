import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  LocationUsageEntry,
  PhysicalCopy,
  RawDataFile,
  RawDataFilePhysicalCopy,
  RawDataPackage,
  RawDataPackagePhysicalCopy,
} from '../../../src/entities/index.js';
import { transition } from '../../../src/lifecycle/index.js';
import { fileRawDataFiles } from '../../../src/services/filing/index.js';
import { locationUsage, recountUsage, usageByLocation } from '../../../src/services/storage/index.js';
import { recordCopies } from '../../../src/services/transfer/index.js';
import { checkInvariants } from '../../../src/tools/integrity/index.js';
import { describeEachDatabase, describePostgresql } from '../../support/databases.js';
import { build, locationId, type Observed, observe } from '../../support/observed.js';

const by = 'tester';
const FILE_BYTES = 5_033_164_800;

describeEachDatabase('what lies at a location', (database) => {
  let dataSource: DataSource;
  let manager: EntityManager;
  let observed: Observed;
  let atSource: { dataLocationId: number };
  let atProcessing: { dataLocationId: number };

  beforeAll(async () => {
    dataSource = await database.open(await database.create('seed'));
    manager = dataSource.manager;
    atSource = { dataLocationId: await locationId(manager, 'ccat', 'chai_raw_data') };
    atProcessing = { dataLocationId: await locationId(manager, 'cologne', 'ramses_processing') };
    observed = await observe(manager, 3);
    await build(manager, observed.packageId);
  });
  afterEach(async () => {
    const [result] = await checkInvariants(manager, { only: ['usage_is_counted'] });
    expect(result?.rows).toEqual([]);
  });

  const bytesAtSource = async () => (await locationUsage(manager, atSource)).bytes;

  it('is counted when files are filed, and only once', async () => {
    const whole = { bytes: 3 * FILE_BYTES, copies: 3 };
    expect(await locationUsage(manager, atSource)).toEqual({ ...whole, byStatus: { present: whole } });
    const { executedObsUnitId, instrumentModuleId, sourceLocationId } = observed;
    const origin = { executedObsUnitId, instrumentModuleId, sourceLocationId };
    const file = { ...origin, id: uuidv7(), relativePath: 'late.fits', sizeBytes: 7 };
    await fileRawDataFiles(manager, [file]);
    await fileRawDataFiles(manager, [file]);
    expect(await bytesAtSource()).toBe(3 * FILE_BYTES + 7);
  });

  it('goes by the status of the copies, and ends with them', async () => {
    const where = { rawDataFileId: observed.fileIds[0] as string };
    const { id } = await manager.findOneByOrFail(RawDataFilePhysicalCopy, where);
    await transition(manager, RawDataFilePhysicalCopy, id, { from: 'present', to: 'deletion_possible', by });
    expect((await locationUsage(manager, atSource)).byStatus.deletion_possible).toEqual({
      bytes: FILE_BYTES,
      copies: 1,
    });
    const deleted = { status: 'deleted', deletedAt: new Date() } as const;
    await manager.update(RawDataFilePhysicalCopy, id, deleted);
    expect(await locationUsage(manager, atSource)).toMatchObject({ copies: 3, bytes: 2 * FILE_BYTES + 7 });
    await manager.update(RawDataFilePhysicalCopy, id, {
      ...atProcessing,
      status: 'present',
      deletedAt: null,
    });
    expect((await locationUsage(manager, atProcessing)).bytes).toBe(FILE_BYTES);
    await manager.delete(PhysicalCopy, id);
    expect((await locationUsage(manager, atProcessing)).copies).toBe(0);
  });

  it('has no bytes for a package that is unpacked', async () => {
    const copies = [{ of: observed.packageId }];
    await recordCopies(manager, RawDataPackagePhysicalCopy, { ...atProcessing, copies, by });
    expect((await locationUsage(manager, atProcessing)).bytes).toBe(1_000_000);
    await manager.update(RawDataPackagePhysicalCopy, atProcessing, { status: 'staged' });
    expect(await locationUsage(manager, atProcessing)).toMatchObject({ bytes: 0, copies: 1 });
  });

  it('follows a size that was put right', async () => {
    const before = await bytesAtSource();
    await manager.update(RawDataFile, observed.fileIds[1] as string, { sizeBytes: FILE_BYTES + 5 });
    expect(await bytesAtSource()).toBe(before + 5);
    await manager.update(RawDataPackage, observed.packageId, { sizeBytes: 2_000_000 });
    expect((await locationUsage(manager, atProcessing)).bytes).toBe(0);
  });

  it('is as before when a transaction is undone', async () => {
    const before = await bytesAtSource();
    const undone = dataSource.transaction(async (nested) => {
      await nested.delete(PhysicalCopy, atSource);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await bytesAtSource()).toBe(before);
  });

  it('is told of all locations at once', async () => {
    const rows = await usageByLocation(manager);
    expect(rows).toContainEqual({
      ...atProcessing,
      type: 'raw_data_package_physical_copy',
      status: 'staged',
      copies: 1,
      bytes: 0,
    });
  });

  it('is counted anew after rows were written behind its back', async () => {
    const before = await bytesAtSource();
    await manager.clear(LocationUsageEntry);
    expect(await bytesAtSource()).toBe(0);
    await recountUsage(manager);
    expect(await bytesAtSource()).toBe(before);
  });
});

describePostgresql('counting of several writers at once', (database) => {
  it('makes none wait for another, and folds what they wrote', async () => {
    const dataSource = await database.open(await database.create('seed'));
    const { manager } = dataSource;
    const { executedObsUnitId, instrumentModuleId, sourceLocationId } = await observe(manager, 1);
    const origin = { executedObsUnitId, instrumentModuleId, sourceLocationId };
    const file = () => {
      const id = uuidv7();
      return { ...origin, id, relativePath: `${id}.fits`, sizeBytes: 10 };
    };
    const open = dataSource.createQueryRunner();
    await open.startTransaction();
    await fileRawDataFiles(open.manager, [file()]);
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let round = 0; round < 40; round++) await fileRawDataFiles(manager, [file()]);
      }),
    );
    const place = { dataLocationId: sourceLocationId };
    expect((await locationUsage(manager, place)).copies).toBe(161);
    await open.commitTransaction();
    await open.release();
    expect((await locationUsage(manager, place)).copies).toBe(162);
    expect(await manager.count(LocationUsageEntry)).toBeLessThan(100);
    expect((await checkInvariants(manager, { only: ['usage_is_counted'] }))[0]?.broken).toBe(0);
  });

  it('counts for those who may write copies and nothing else, wherever their search path leads', async () => {
    const dataSource = await database.open(await database.create('seed'));
    const { manager } = dataSource;
    const { fileIds, sourceLocationId } = await observe(manager, 1);
    const undone = manager.transaction(async (nested) => {
      const role = `writer_${uuidv7().slice(-8)}`;
      await nested.query(`CREATE ROLE ${role}`);
      await nested.query(`GRANT SELECT, UPDATE ON public.physical_copy TO ${role}`);
      await nested.query(`SET LOCAL ROLE ${role}`);
      await nested.query('SET LOCAL search_path TO pg_catalog');
      await nested.query(
        `UPDATE public.physical_copy SET status = 'deleted', deleted_at = now() WHERE raw_data_file_id = $1`,
        [fileIds[0]],
      );
      const [{ search_path: path }] = await nested.query('SHOW search_path');
      expect(path).toBe('pg_catalog');
      await nested.query('SET LOCAL search_path TO DEFAULT');
      await nested.query('RESET ROLE');
      expect((await locationUsage(nested, { dataLocationId: sourceLocationId })).copies).toBe(0);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
  });
});
