import { type DataSource, type EntityManager, In, IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  CopyRepair,
  DataLocation,
  DataProduct,
  DataProductPhysicalCopy,
  DataTransfer,
  DataTransferPackage,
  DataTransferPackagePhysicalCopy,
  ExecutedReductionStep,
  LongTermArchiveTransfer,
  PhysicalCopy,
  RawDataPackage,
  RawDataPackagePhysicalCopy,
  ReductionStep,
} from '../../src/entities/index.js';
import { OpsDbError } from '../../src/errors.js';
import { type EntityClass, transition } from '../../src/lifecycle/index.js';
import { claim, fail } from '../../src/services/claiming/index.js';
import { declareBad, planRepairs } from '../../src/services/health/index.js';
import { createRun, resolveVersion } from '../../src/services/reduction/index.js';
import { holdCopies } from '../../src/services/storage/index.js';
import {
  beginDeletions,
  completeTransfer,
  endDeletions,
  planArchiving,
  planTransfers,
  recordCopies,
  retryWork,
  scheduleDeletions,
} from '../../src/services/transfer/index.js';
import { checkInvariants } from '../../src/tools/integrity/index.js';
import { describePostgresql } from '../support/databases.js';
import { heldBeside } from '../support/held.js';
import { build, observe, openWithoutRetention, storageLocations } from '../support/observed.js';

const by = 'deleter-1';
const checksumAlgorithm = 'sha256' as const;
/** What holds at every moment, whoever is at work. */
const ALWAYS = [
  'package_is_somewhere',
  'raw_data_has_a_good_copy',
  'waiting_work_has_its_source',
  'staging_delivered',
  'result_is_somewhere',
  'held_copy_stays',
];

/** Names of cases, or parts of them, in which the copy also goes by steps of its own, as an operator takes them. */
const BY_ITSELF = ['an archiving is planned', 'a run that reads it is created', 'somebody holds it'];

type Copies = EntityClass<PhysicalCopy>;

/** Work that comes to rely on a copy, and the copy, which may go as long as nobody does. */
interface Case {
  readonly work: (on: EntityManager) => Promise<unknown>;
  readonly entity: Copies;
  readonly copyId: string;
  /** Whether the copy is relied upon. */
  readonly isNeeded: () => Promise<boolean>;
}

/** What was found after one of the two was held at a point, and both and the deleters had come to their end. */
interface Seen {
  readonly held: 'work' | 'deletion';
  readonly point: number;
  readonly isNeeded: boolean;
  readonly stays: boolean;
  readonly broken: readonly string[];
}

type Deletion = (on: EntityManager, one: Case) => Promise<unknown>;

describePostgresql('deletion beside work that comes to rely on what it deletes', (database) => {
  let dataSource: DataSource;
  let manager: EntityManager;
  let at: Awaited<ReturnType<typeof storageLocations>>;
  let step: ReductionStep;

  beforeAll(async () => {
    dataSource = await openWithoutRetention(database);
    manager = dataSource.manager;
    at = await storageLocations(manager);
    await manager.update(DataLocation, at.usLta, { active: true, availability: 'online' });
    // Repairs start from a buffer of the same site before they do from its archive.
    await manager.update(DataLocation, at.lta, { priority: 9 });
    step = await manager.findOneByOrFail(ReductionStep, { name: 'mapmaking' });
  });

  /** A package that is in the archive of Cologne. */
  async function archived(): Promise<string> {
    const { packageId } = await observe(manager, 1);
    await build(manager, packageId);
    await manager.update(RawDataPackage, packageId, { state: 'archived' });
    await copyTo(at.lta, packageId);
    return packageId;
  }

  async function copyTo(dataLocationId: number, of: string): Promise<string> {
    const { checksum } = await manager.findOneByOrFail(RawDataPackage, { id: of });
    const computed = { checksum: checksum as string, checksumAlgorithm };
    await recordCopies(manager, RawDataPackagePhysicalCopy, {
      dataLocationId,
      copies: [{ of, computed }],
      by,
    });
    return idOf({ dataLocationId, rawDataPackageId: of });
  }

  async function idOf(where: object): Promise<string> {
    return (await manager.findOneByOrFail(PhysicalCopy, where)).id;
  }

  async function bundleOf(packageId: string): Promise<{ bundleId: string; copyId: string }> {
    const { checksum } = await manager.findOneByOrFail(RawDataPackage, { id: packageId });
    const id = uuidv7();
    const described = { relativePath: `${id}.tar`, sizeBytes: 1, checksum, checksumAlgorithm };
    const built = {
      id,
      originLocationId: at.output,
      status: 'completed' as const,
      packageCount: 1,
      ...described,
    };
    await manager.insert(DataTransferPackage, built);
    await manager.update(RawDataPackage, packageId, { dataTransferPackageId: id });
    const place = { dataLocationId: at.output, copies: [{ of: id }], by };
    await recordCopies(manager, DataTransferPackagePhysicalCopy, place);
    return { bundleId: id, copyId: await idOf({ dataTransferPackageId: id }) };
  }

  async function run(members: { packageIds?: string[]; productIds?: string[] }, on = manager) {
    const version = await resolveVersion(on, step);
    if (!version) throw new Error('no version is released');
    return (await createRun(on, { step, version, subGroupKey: `source=${uuidv7()}`, members })).run.id;
  }

  async function product(type: 'science' | 'intermediate', places: readonly number[]): Promise<string> {
    const made = await run({ packageIds: [await archived()] });
    await manager.update(ExecutedReductionStep, made, { status: 'completed' });
    const id = uuidv7();
    const described = { relativePath: `${id}.fits`, sizeBytes: 1, type, name: id };
    await manager.insert(DataProduct, { id, executedReductionStepId: made, ...described });
    for (const dataLocationId of places)
      await recordCopies(manager, DataProductPhysicalCopy, { dataLocationId, copies: [{ of: id }], by });
    return id;
  }

  const inBatch: Deletion = async (on, { entity, copyId }) => {
    const { dataLocationId } = await manager.findOneByOrFail(PhysicalCopy, { id: copyId });
    const batch = { dataLocationId, limit: 1000, by };
    await scheduleDeletions(on, entity, batch);
    return beginDeletions(on, entity, batch);
  };
  const byItself: Deletion = async (on, { entity, copyId }) => {
    if (await transition(on, entity, copyId, { from: 'present', to: 'deletion_scheduled', by }))
      await transition(on, entity, copyId, { from: 'deletion_scheduled', to: 'deletion_in_progress', by });
  };

  const archiving = async (plan: Case['work']): Promise<Case> => {
    const rawDataPackageId = await archived();
    const copyId = await copyTo(at.usBuffer, rawDataPackageId);
    return {
      work: plan,
      entity: RawDataPackagePhysicalCopy,
      copyId,
      isNeeded: () => manager.existsBy(LongTermArchiveTransfer, { rawDataPackageId }),
    };
  };

  const cases: Readonly<Record<string, () => Promise<Case>>> = {
    'an archiving is planned': () => archiving((on) => planArchiving(on)),
    'an archiving is planned with keys of the planner': () =>
      archiving((on) => planArchiving(on, { newId: () => uuidv7() })),
    'an archiving that has failed is tried again': async () => {
      const one = await archiving(async (on) => retryWork(on, LongTermArchiveTransfer, { by }));
      await planArchiving(manager);
      const worker = 'archiver-1';
      for (const { id } of await claim(manager, LongTermArchiveTransfer, { limit: 1000, worker }))
        await fail(manager, LongTermArchiveTransfer, id, { worker, error: 'no tape', retryable: false });
      return one;
    },
    'a repair is planned from it': async () => {
      const packageId = await archived();
      const copyId = await copyTo(at.first, packageId);
      const bad = { ids: [await copyTo(at.second, packageId)], reason: 'bit rot', by };
      await declareBad(manager, RawDataPackagePhysicalCopy, bad);
      return {
        work: (on) => planRepairs(on),
        entity: RawDataPackagePhysicalCopy,
        copyId,
        isNeeded: () => manager.existsBy(CopyRepair, { sourceCopyId: copyId }),
      };
    },
    'the repair of another copy of a product is planned from it': async () => {
      const dataProductId = await product('science', [at.processing, at.first, at.usLta]);
      const copyOf = (dataLocationId: number) => idOf({ dataLocationId, dataProductId });
      const bad = { ids: [await copyOf(at.first)], reason: 'bit rot', by };
      await declareBad(manager, DataProductPhysicalCopy, bad);
      const copyId = await copyOf(at.processing);
      return {
        work: (on) => planRepairs(on),
        entity: DataProductPhysicalCopy,
        copyId,
        isNeeded: () => manager.existsBy(CopyRepair, { sourceCopyId: copyId }),
      };
    },
    'a run that reads it is created': async () => {
      const dataProductId = await product('intermediate', [at.processing]);
      const members = { productIds: [dataProductId] };
      let runId: string | undefined;
      const copyId = await idOf({ dataProductId });
      return {
        work: async (on) => {
          runId = await run(members, on);
        },
        entity: DataProductPhysicalCopy,
        copyId,
        isNeeded: () => manager.existsBy(ExecutedReductionStep, { id: runId ?? uuidv7() }),
      };
    },
    'a run that reads it and has failed is tried again': async () => {
      const dataProductId = await product('intermediate', [at.processing]);
      const id = await run({ productIds: [dataProductId] });
      await manager.update(ExecutedReductionStep, id, { status: 'failed' });
      return {
        work: (on) => retryWork(on, ExecutedReductionStep, { where: { id }, by }),
        entity: DataProductPhysicalCopy,
        copyId: await idOf({ dataProductId }),
        isNeeded: () => manager.existsBy(ExecutedReductionStep, { id, givenUpAt: IsNull() }),
      };
    },
    'another copy, the last but it, is deleted': async () => {
      const dataProductId = await product('science', [at.processing, at.first]);
      const other = {
        entity: DataProductPhysicalCopy,
        copyId: await idOf({ dataProductId, dataLocationId: at.first }),
      };
      const isNeeded = async () => !(await isThere(other.copyId));
      return {
        work: (on) => inBatch(on, { ...other, work: async () => {}, isNeeded }),
        entity: DataProductPhysicalCopy,
        copyId: await idOf({ dataProductId, dataLocationId: at.processing }),
        isNeeded,
      };
    },
    'somebody holds it': async () => {
      const copyId = await copyTo(at.first, await archived());
      const hold = { where: { id: copyId }, until: new Date('2099-01-01T00:00:00Z'), reason: 'a figure', by };
      return {
        work: (on) => holdCopies(on, RawDataPackagePhysicalCopy, hold),
        entity: RawDataPackagePhysicalCopy,
        copyId,
        isNeeded: () => manager.existsBy(PhysicalCopy, { id: copyId, keptBy: by }),
      };
    },
    'the transfer of a bundle is planned': async () => {
      const { bundleId, copyId } = await bundleOf(await archived());
      return {
        work: (on) => planTransfers(on),
        entity: DataTransferPackagePhysicalCopy,
        copyId,
        isNeeded: () => manager.existsBy(DataTransfer, { dataTransferPackageId: bundleId }),
      };
    },
    'the transfer of a bundle ends, and its unpacking is planned': async () => {
      const { bundleId, copyId } = await bundleOf(await archived());
      await planTransfers(manager);
      const { id } = await manager.findOneByOrFail(DataTransfer, { dataTransferPackageId: bundleId });
      const worker = 'mover-1';
      await manager.update(DataTransfer, id, {
        status: 'in_progress',
        claimedBy: worker,
        heartbeatAt: new Date(),
      });
      return {
        work: (on) => completeTransfer(on, id, { worker }),
        entity: DataTransferPackagePhysicalCopy,
        copyId,
        isNeeded: async () => true,
      };
    },
  };

  const isThere = async (id: string) =>
    manager.existsBy(PhysicalCopy, { id, status: In(['present', 'staged', 'deletion_scheduled']) });

  /** The deleters go on, and come to the end. */
  async function deleteOn(one: Case): Promise<void> {
    await inBatch(manager, one);
    const ids = (await manager.findBy(PhysicalCopy, { status: 'deletion_in_progress', claimedBy: by })).map(
      ({ id }) => id,
    );
    for (const entity of [
      RawDataPackagePhysicalCopy,
      DataTransferPackagePhysicalCopy,
      DataProductPhysicalCopy,
    ])
      await endDeletions(manager, entity, { ids, by });
    // What went by itself nobody has claimed.
    const [gone, deletedAt] = ['deletion_in_progress', new Date()] as const;
    await manager.update(PhysicalCopy, { status: gone }, { status: 'deleted', deletedAt, claimedBy: null });
  }

  async function broken(): Promise<string[]> {
    const results = await checkInvariants(manager, { only: ALWAYS });
    return results.filter((one) => one.broken > 0).map(({ name }) => name);
  }

  /** Whatever is held at whichever point: the copy is there if it is needed, and goes if it is not. */
  it.each(
    Object.keys(cases).flatMap((name) => [
      { name, way: 'in a batch', remove: inBatch },
      ...(BY_ITSELF.some((part) => name.includes(part))
        ? [{ name, way: 'by itself', remove: byItself }]
        : []),
    ]),
  )(
    'while $name, a copy that goes $way',
    async ({ name, remove }) => {
      const seen: Seen[] = [];
      for (const held of ['work', 'deletion'] as const)
        for (let point = 0, more = true; more; point++) {
          const one = await (cases[name] as () => Promise<Case>)();
          const deletion = (on: EntityManager) => remove(on, one);
          const sides =
            held === 'work'
              ? await heldBeside(dataSource, point, one.work, () => dataSource.transaction(deletion))
              : await heldBeside(dataSource, point, deletion, () => dataSource.transaction(one.work));
          more = sides.wasReached;
          for (const side of [sides.work, sides.other])
            if (side.status === 'rejected' && !(side.reason instanceof OpsDbError)) throw side.reason;
          await deleteOn(one);
          const [isNeeded, stays] = [await one.isNeeded(), await isThere(one.copyId)];
          seen.push({ held, point, isNeeded, stays, broken: await broken() });
        }
      expect(seen).toEqual(seen.map((one) => ({ ...one, stays: one.isNeeded, broken: [] })));
      // Before each flush of both, and before their commits.
      expect(seen.length).toBeGreaterThanOrEqual(4);
    },
    60_000,
  );

  it('passes over a copy while another that it counts on is being declared bad', async () => {
    const packageId = await archived();
    const copyId = await copyTo(at.first, packageId);
    const inArchive = await idOf({ dataLocationId: at.lta, rawDataPackageId: packageId });
    const bad = { ids: [inArchive], reason: 'tape torn', by };
    const one: Case = {
      work: (on) => declareBad(on, RawDataPackagePhysicalCopy, bad),
      entity: RawDataPackagePhysicalCopy,
      copyId,
      isNeeded: async () => true,
    };
    const beforeCommit = Number.MAX_SAFE_INTEGER;
    await heldBeside(dataSource, beforeCommit, one.work, () => inBatch(manager, one));
    await deleteOn(one);
    expect(await isThere(copyId)).toBe(true);
    expect(await broken()).toEqual([]);
  });
});
