import { type DataSource, type EntityManager, In } from 'typeorm';
import {
  CopyRepair,
  CopyVerification,
  DataLocation,
  PhysicalCopy,
  RawDataFilePhysicalCopy,
  RawDataPackage,
  RawDataPackagePhysicalCopy,
  StatusHistory,
} from '../../../src/entities/index.js';
import type { Work } from '../../../src/entities/work.js';
import { type EntityClass, transition } from '../../../src/lifecycle/index.js';
import { claim, fail } from '../../../src/services/claiming/index.js';
import {
  completeRepair,
  completeVerification,
  declareBad,
  planRepairs,
  planVerifications,
  rawDataAtRisk,
} from '../../../src/services/health/index.js';
import {
  giveUpWork,
  recordCopies,
  retryWork,
  scheduleDeletions,
} from '../../../src/services/transfer/index.js';
import { undoable } from '../../../src/tools/testing/index.js';
import { describeEachDatabase } from '../../support/databases.js';
import { build, observe, openWithoutRetention, sha256, storageLocations } from '../../support/observed.js';

const by = 'manager';
const worker = 'worker-1';
const LONG_AGO = new Date('2020-01-01T00:00:00Z');
const checksumAlgorithm = 'sha256' as const;

describeEachDatabase('the health of copies', (database) => {
  let dataSource: DataSource;
  let manager: EntityManager;
  let undo: () => Promise<void>;
  let at: Awaited<ReturnType<typeof storageLocations>>;
  let packageId: string;
  let fileIds: readonly string[];
  let checksum: string;

  /** A package that is in the archive. */
  beforeAll(async () => {
    dataSource = await openWithoutRetention(database);
    manager = dataSource.manager;
    at = await storageLocations(manager);
    ({ packageId, fileIds } = await observe(manager, 1));
    checksum = await build(manager, packageId);
    await manager.update(RawDataPackage, packageId, { state: 'archived' });
    await manager.update(
      RawDataFilePhysicalCopy,
      { dataLocationId: at.source },
      { status: 'deleted', deletedAt: LONG_AGO },
    );
    await copyTo(at.lta);
  });
  beforeEach(async () => {
    undo = await undoable(dataSource);
  });
  afterEach(() => undo());

  const copyTo = (dataLocationId: number) =>
    recordCopies(manager, RawDataPackagePhysicalCopy, {
      dataLocationId,
      copies: [{ of: packageId, computed: { checksum, checksumAlgorithm } }],
      by,
    });
  const copyAt = (dataLocationId: number) => manager.findOneByOrFail(PhysicalCopy, { dataLocationId });
  const damage = async (
    dataLocationId: number,
    entity: EntityClass<PhysicalCopy> = RawDataPackagePhysicalCopy,
  ) => {
    const { id } = await copyAt(dataLocationId);
    return declareBad(manager, entity, { ids: [id], reason: 'tape torn', by });
  };

  async function begun<E extends Work & { status: string }>(entity: EntityClass<E>): Promise<E[]> {
    const mine = await claim(manager, entity, { limit: 10, worker });
    for (const { id } of mine)
      await transition(manager, entity, id, { from: 'scheduled', to: 'in_progress', worker });
    return mine;
  }

  describe('verification', () => {
    const plan = (more: object = {}) =>
      planVerifications(manager, { dataLocationId: at.lta, limit: 10, ...more });
    const verified = async (given: object) => {
      await plan({ early: true });
      const [work] = await begun(CopyVerification);
      return completeVerification(manager, work?.id ?? '', { worker, ...given });
    };

    it('is planned where a location has a time for it, for copies that are due, and once', async () => {
      expect(await plan()).toEqual([]);
      await manager.update(DataLocation, at.lta, { verifyAfterDays: 180 });
      expect(await plan()).toEqual([]);
      await manager.update(PhysicalCopy, { dataLocationId: at.lta }, { verifiedAt: LONG_AGO });
      expect(await plan({ limit: 0 })).toEqual([]);
      expect(await plan()).toHaveLength(1);
      expect(await plan({ early: true })).toEqual([]);
    });

    it('begins with the copies of longest ago, those that never were verified before them', async () => {
      const { packageId: other } = await observe(manager, 1);
      const { packageId: never } = await observe(manager, 1);
      const copies = [{ of: other }, { of: never }];
      await recordCopies(manager, RawDataPackagePhysicalCopy, { dataLocationId: at.lta, copies, by });
      const of = (rawDataPackageId: string) => ({ rawDataPackageId });
      await manager.update(RawDataPackagePhysicalCopy, of(packageId), {
        verifiedAt: new Date('2021-01-01T00:00:00Z'),
      });
      const sum = { checksum: sha256('other'), checksumAlgorithm, verifiedAt: LONG_AGO };
      await manager.update(RawDataPackagePhysicalCopy, of(other), sum);
      const order: (string | undefined)[] = [];
      for (let count = 0; count < 3; count++) {
        const [id = ''] = await plan({ early: true, limit: 1 });
        const { physicalCopyId } = await manager.findOneByOrFail(CopyVerification, { id });
        const copy = await manager.findOneByOrFail(RawDataPackagePhysicalCopy, { id: physicalCopyId });
        order.push(copy.rawDataPackageId);
      }
      expect(order).toEqual([never, other, packageId]);
    });

    it('notes a good copy as verified now', async () => {
      await manager.update(PhysicalCopy, { dataLocationId: at.lta }, { verifiedAt: LONG_AGO });
      expect(await verified({ checksum: checksum.toUpperCase(), checksumAlgorithm })).toBe('good');
      const { verifiedAt, status } = await copyAt(at.lta);
      expect(verifiedAt?.getTime()).toBeGreaterThan(LONG_AGO.getTime());
      expect(status).toBe('present');
      const { result, claimedBy } = await manager.findOneByOrFail(CopyVerification, { status: 'completed' });
      expect([result, claimedBy]).toEqual(['good', null]);
    });

    it.each([
      ['has another checksum', { checksum: sha256('damage'), checksumAlgorithm }, /instead of/],
      ['cannot be read', { unreadable: 'input/output error' }, /^input\/output error$/],
    ])('declares a copy bad that %s', async (_, given, reason) => {
      expect(await verified(given)).toBe('bad');
      const copy = await copyAt(at.lta);
      expect(copy).toMatchObject({
        status: 'bad',
        badReason: expect.stringMatching(reason),
        badSince: expect.any(Date),
      });
      const [entry] = await manager.findBy(StatusHistory, { rowId: copy.id, toStatus: 'bad' });
      expect(entry).toMatchObject({
        entity: 'RawDataPackagePhysicalCopy',
        fromStatus: 'present',
        changedBy: worker,
      });
    });

    it('says that a copy is gone that is to be deleted', async () => {
      await copyTo(at.first);
      await planVerifications(manager, { dataLocationId: at.first, limit: 1, early: true });
      const [work] = await begun(CopyVerification);
      await manager.update(PhysicalCopy, { dataLocationId: at.first }, { status: 'deletion_scheduled' });
      const done = { worker, unreadable: 'no such file' };
      expect(await completeVerification(manager, work?.id ?? '', done)).toBe('gone');
      expect((await copyAt(at.first)).status).toBe('deletion_scheduled');
    });

    it('refuses who does not have it, and what cannot be compared', async () => {
      await plan({ early: true });
      const [work] = await begun(CopyVerification);
      const end = (more: object) => completeVerification(manager, work?.id ?? '', { worker, ...more });
      expect(await end({ worker: 'worker-2', unreadable: 'no' })).toBeUndefined();
      const md5 = { checksum: 'd'.repeat(32), checksumAlgorithm: 'md5' };
      await expect(end(md5)).rejects.toMatchObject({ code: 'filing_refused' });
      await expect(end({})).rejects.toMatchObject({ code: 'value_invalid' });
      expect((await copyAt(at.lta)).status).toBe('present');
    });
  });

  describe('bad copies', () => {
    it('count nowhere: what only they would keep safe does not go', async () => {
      await copyTo(at.first);
      const batch = { dataLocationId: at.first, limit: 9, by };
      await damage(at.lta);
      expect(await scheduleDeletions(manager, RawDataPackagePhysicalCopy, batch)).toEqual([]);
    });

    it('cannot be said to be present without being written anew', async () => {
      await damage(at.lta);
      const { id } = await copyAt(at.lta);
      const back = transition(manager, RawDataPackagePhysicalCopy, id, { from: 'bad', to: 'present', by });
      await expect(back).rejects.toThrow(/bad_never_counts|CHECK/);
    });

    it('are good again when they are copied again', async () => {
      await damage(at.lta);
      await copyTo(at.lta);
      expect(await copyAt(at.lta)).toMatchObject({ status: 'present', badSince: null, badReason: null });
    });

    it('go where nothing needs them', async () => {
      await copyTo(at.first);
      await damage(at.first);
      const batch = { dataLocationId: at.first, limit: 9, by };
      await planRepairs(manager);
      expect(await scheduleDeletions(manager, RawDataPackagePhysicalCopy, batch)).toEqual([]);
      await manager.deleteAll(CopyRepair);
      expect(await scheduleDeletions(manager, RawDataPackagePhysicalCopy, batch)).toHaveLength(1);
      expect((await copyAt(at.first)).badReason).toBe('tape torn');
    });

    it('are an alarm by name where no good copy of raw data is left', async () => {
      await copyTo(at.first);
      await damage(at.lta);
      expect(await rawDataAtRisk(manager)).toEqual([]);
      await damage(at.first);
      const alarms = await rawDataAtRisk(manager);
      const name = {
        id: packageId,
        of: 'raw_data_package',
        relativePath: `${packageId}.tar`,
        badReason: 'tape torn',
      };
      expect(alarms).toEqual([expect.objectContaining(name), expect.objectContaining(name)]);
      for (const dataLocationId of [at.first, at.lta])
        expect(
          await scheduleDeletions(manager, RawDataPackagePhysicalCopy, { dataLocationId, limit: 9, by }),
        ).toEqual([]);
    });

    it('of files are none where their package is good', async () => {
      const of = fileIds[0] as string;
      await recordCopies(manager, RawDataFilePhysicalCopy, {
        dataLocationId: at.processing,
        copies: [{ of }],
        by,
      });
      await damage(at.processing, RawDataFilePhysicalCopy);
      expect(await rawDataAtRisk(manager)).toEqual([]);
      await damage(at.lta);
      expect((await rawDataAtRisk(manager)).map((one) => one.of)).toEqual([
        'raw_data_package',
        'raw_data_file',
      ]);
    });
  });

  describe('repair', () => {
    const sources = async () => {
      const ids = await planRepairs(manager);
      const repairs = await manager.findBy(CopyRepair, { id: In(ids) });
      return repairs.map(({ originLocationId }) => originLocationId);
    };

    it('takes the nearest good copy: of the same site, else by the priority of the route', async () => {
      for (const place of [at.output, at.first]) await copyTo(place);
      await damage(at.lta);
      expect(await sources()).toEqual([at.first]);
      expect(await sources()).toEqual([]);
    });

    it('takes one of another site, but none that cannot be read', async () => {
      await manager.update(DataLocation, at.usBuffer, { active: false, availability: 'offline' });
      await copyTo(at.usBuffer);
      await damage(at.lta);
      expect(await sources()).toEqual([]);
      await copyTo(at.output);
      expect(await sources()).toEqual([at.output]);
    });

    it('takes a file from its package', async () => {
      const of = fileIds[0] as string;
      await recordCopies(manager, RawDataFilePhysicalCopy, {
        dataLocationId: at.processing,
        copies: [{ of }],
        by,
      });
      await damage(at.processing, RawDataFilePhysicalCopy);
      expect(await sources()).toEqual([at.lta]);
    });

    it('makes the copy present and verified, and touches no other', async () => {
      await copyTo(at.first);
      const before = await copyAt(at.first);
      await damage(at.lta);
      await planRepairs(manager);
      const [work] = await begun(CopyRepair);
      const end = (given: object) =>
        completeRepair(manager, work?.id ?? '', { worker, checksum, checksumAlgorithm, ...given });
      await expect(end({ checksum: sha256('damage') })).rejects.toMatchObject({ code: 'checksum_mismatch' });
      const md5 = { checksum: 'd'.repeat(32), checksumAlgorithm: 'md5' };
      await expect(end(md5)).rejects.toMatchObject({ code: 'filing_refused' });
      expect(await end({ worker: 'worker-2' })).toBe(false);
      expect(await end({})).toBe(true);
      expect(await end({})).toBe(false);
      const repaired = {
        status: 'present',
        checksum,
        badSince: null,
        badReason: null,
        verifiedAt: expect.any(Date),
      };
      expect(await copyAt(at.lta)).toMatchObject(repaired);
      expect(await copyAt(at.first)).toEqual(before);
    });

    it('keeps its good copy to its end, also when the bad one has come back from elsewhere', async () => {
      await manager.update(DataLocation, at.lta, { priority: 2 });
      for (const place of [at.first, at.second]) await copyTo(place);
      await damage(at.second);
      await planRepairs(manager);
      const [work] = await begun(CopyRepair);
      await copyTo(at.second);
      const batch = { dataLocationId: at.first, limit: 9, by };
      const scheduled = () => scheduleDeletions(manager, RawDataPackagePhysicalCopy, batch);
      expect(await scheduled()).toEqual([]);
      const computed = { worker, checksum, checksumAlgorithm };
      expect(await completeRepair(manager, work?.id ?? '', computed)).toBe(true);
      expect(await copyAt(at.second)).toMatchObject({ status: 'present', badSince: null });
      expect(await scheduled()).toHaveLength(1);
    });

    it('is tried again while its copy is bad and the good one is there, of several the last', async () => {
      const failed = async () => {
        await planRepairs(manager);
        for (const { id } of await begun(CopyRepair))
          await fail(manager, CopyRepair, id, { worker, error: 'disk full', retryable: false });
      };
      const again = async (where = {}) => {
        const { failed } = await retryWork(manager, CopyRepair, { where, by });
        const pending = await manager.findBy(CopyRepair, { status: 'pending' });
        expect(pending).toHaveLength(failed);
        return pending.map(({ originLocationId }) => originLocationId);
      };
      await manager.update(DataLocation, at.first, { priority: 200 });
      for (const place of [at.first, at.second]) await copyTo(place);
      await damage(at.second);
      for (let source = 0; source < 2; source++) await failed();
      expect(await again()).toEqual([at.first]);
      await failed();
      expect(await again({ originLocationId: at.lta })).toEqual([at.lta]);
      expect((await retryWork(manager, CopyRepair, { by })).failed).toBe(0);
      await failed();
      await copyTo(at.second);
      expect(await again()).toEqual([]);
      await damage(at.second);
      await damage(at.first);
      expect(await again()).toEqual([at.lta]);
      await failed();
      await giveUpWork(manager, CopyRepair, { where: { originLocationId: at.lta }, by });
      expect(await again()).toEqual([]);
    });

    it('that has failed for good is not planned from the same copy again, and keeps it until it is given up', async () => {
      await manager.update(DataLocation, at.lta, { priority: 2 });
      for (const place of [at.first, at.second]) await copyTo(place);
      await damage(at.second);
      await planRepairs(manager);
      for (const { id } of await begun(CopyRepair))
        await fail(manager, CopyRepair, id, { worker, error: 'disk full', retryable: false });
      const batch = { dataLocationId: at.first, limit: 9, by };
      const scheduled = () => scheduleDeletions(manager, RawDataPackagePhysicalCopy, batch);
      expect(await scheduled()).toEqual([]);
      expect(await sources()).toEqual([at.lta]);
      await giveUpWork(manager, CopyRepair, { where: { status: 'failed' }, by });
      expect(await scheduled()).toHaveLength(1);
    });
  });
});
