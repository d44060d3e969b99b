import { type DataSource, type EntityManager, In } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { withRetry } from '../../src/database/retry.js';
import {
  CopyRepair,
  DataLocation,
  LongTermArchiveTransfer,
  PhysicalCopy,
  RawDataPackage,
  RawDataPackagePhysicalCopy,
  StagingJob,
} from '../../src/entities/index.js';
import type { Work } from '../../src/entities/work.js';
import { OpsDbError } from '../../src/errors.js';
import { type EntityClass, transition } from '../../src/lifecycle/index.js';
import { claim, fail } from '../../src/services/claiming/index.js';
import { completeRepair, declareBad, planRepairs } from '../../src/services/health/index.js';
import {
  beginDeletions,
  completeArchiving,
  completeStaging,
  endDeletions,
  giveUpWork,
  planArchiving,
  recordCopies,
  releaseStaging,
  requestStaging,
  retryWork,
  scheduleDeletions,
} from '../../src/services/transfer/index.js';
import { checkInvariants } from '../../src/tools/integrity/index.js';
import { build, observe, storageLocations } from './observed.js';

const checksumAlgorithm = 'sha256' as const;

/** Invariants that hold at every moment. */
const ALWAYS = [
  'package_is_somewhere',
  'raw_data_has_a_good_copy',
  'waiting_work_has_its_source',
  'staging_delivered',
  'archive_keeps_its_copies',
  'copy_has_the_checksum',
];

/** Result of {@link interleave}. */
export interface Interleaved {
  /** Invariants that were broken at some moment, each with how many rows broke it. */
  readonly broken: readonly string[];
  /** How often all of them were checked, each time in one snapshot. */
  readonly looks: number;
  readonly deleted: number;
  readonly staged: number;
  readonly repaired: number;
  readonly archived: number;
}

/**
 * Runs two deleters, two stagers, two repairers, of whose work some fails, and two archivers concurrently, and one that brings copies to the
 * locations where they are deleted; meanwhile the invariants are checked again and again.
 * @param rounds how often each of them works
 * @param packageCount packages that all of them work on
 */
export async function interleave(
  dataSource: DataSource,
  rounds: number,
  packageCount: number,
): Promise<Interleaved> {
  const { manager } = dataSource;
  const at = await storageLocations(manager);
  await manager.update(DataLocation, [at.usBuffer, at.usLta], { active: true, availability: 'online' });
  const packageIds: string[] = [];
  for (let count = 0; count < packageCount; count++) packageIds.push((await observe(manager, 1)).packageId);
  for (const id of packageIds) await build(manager, id);
  await manager.update(RawDataPackage, packageIds, { state: 'transferring' });
  const packages = await manager.findBy(RawDataPackage, { id: In(packageIds) });
  const sumOf = new Map(packages.map(({ id, checksum }) => [id, checksum as string]));
  const computedOf = (id: string) => ({ checksum: sumOf.get(id) ?? '', checksumAlgorithm });
  const bring = (dataLocationId: number) =>
    recordCopies(manager, RawDataPackagePhysicalCopy, {
      dataLocationId,
      copies: packageIds.map((of) => ({ of, computed: computedOf(of) })),
      by: 'feeder',
    });
  const done = { deleted: 0, staged: 0, repaired: 0, archived: 0 };

  async function begun<E extends Work & { status: string }>(
    entity: EntityClass<E>,
    worker: string,
  ): Promise<E[]> {
    const mine = await claim(manager, entity, { limit: 3, worker });
    for (const { id } of mine)
      await transition(manager, entity, id, { from: 'scheduled', to: 'in_progress', worker });
    return mine;
  }
  const archive = async (worker: string) => {
    await planArchiving(manager);
    for (const { id, rawDataPackageId } of await begun(LongTermArchiveTransfer, worker))
      if (await completeArchiving(manager, id, { worker, ...computedOf(rawDataPackageId) }))
        done.archived += 1;
    await giveUpWork(manager, CopyRepair, { where: { status: 'failed' }, by: worker });
  };
  const remove = async (by: string) => {
    for (const dataLocationId of [at.first, at.second, at.usBuffer, at.processing]) {
      const batch = { dataLocationId, limit: 5, by };
      await scheduleDeletions(manager, RawDataPackagePhysicalCopy, batch);
      const ids = await beginDeletions(manager, RawDataPackagePhysicalCopy, batch);
      done.deleted += await endDeletions(manager, RawDataPackagePhysicalCopy, { ids, by });
    }
  };
  const stage = async (worker: string) => {
    const id = uuidv7();
    const wanted = packageIds.filter((_, index) => index % 3 === 0);
    await requestStaging(manager, { id, destinationLocationId: at.processing, packageIds: wanted });
    for (const job of await begun(StagingJob, worker))
      if (await completeStaging(manager, job.id, { worker })) done.staged += 1;
    await releaseStaging(manager, id);
  };
  const repair = async (worker: string) => {
    const some = await manager.find(PhysicalCopy, {
      where: { dataLocationId: at.second, status: 'present' },
      take: 3,
    });
    const ids = some.map(({ id }) => id);
    await declareBad(manager, RawDataPackagePhysicalCopy, { ids, reason: 'bit rot', by: worker });
    await planRepairs(manager);
    await retryWork(manager, CopyRepair, { by: worker });
    for (const [index, work] of (await begun(CopyRepair, worker)).entries()) {
      if (index === 1) {
        await fail(manager, CopyRepair, work.id, { worker, error: 'disk full', retryable: false });
        continue;
      }
      const { rawDataPackageId } = await manager.findOneByOrFail(RawDataPackagePhysicalCopy, {
        id: work.physicalCopyId,
      });
      if (await completeRepair(manager, work.id, { worker, ...computedOf(rawDataPackageId) }))
        done.repaired += 1;
    }
  };
  const feed = async () => {
    for (const place of [at.first, at.second, at.usBuffer]) await unlessRefused(() => bring(place));
  };

  await bring(at.first);
  for (let count = 0; count < packageCount; count++) await archive('archiver-0');
  done.archived = 0;
  for (const place of [at.second, at.usBuffer]) await bring(place);

  const found = new Map<string, number>();
  let looks = 0;
  let isOver = false;
  const watch = async () => {
    while (!isOver) {
      await dataSource.transaction('REPEATABLE READ', async (nested: EntityManager) => {
        for (const { name, broken } of await checkInvariants(nested, { only: ALWAYS }))
          if (broken > 0) found.set(name, broken);
      });
      looks += 1;
    }
  };
  const repeated = async (work: (name: string) => Promise<unknown>, name: string) => {
    for (let round = 0; round < rounds; round++) await unlessRefused(() => work(name));
  };
  const watching = watch();
  const workers = [remove, stage, repair, archive].flatMap((work) =>
    [1, 2].map((number) => repeated(work, `${work.name}-${number}`)),
  );
  const ended = await Promise.allSettled([...workers, repeated(feed, 'feeder')]);
  isOver = true;
  await watching;
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  return { broken: [...found].map(([name, count]) => `${name}: ${count}`), looks, ...done };
}

/** Ignores refusals because another worker was first, and deadlocks: the next round tries again. */
async function unlessRefused(work: () => Promise<unknown>): Promise<void> {
  await withRetry(work, { idempotent: true }).catch((error: unknown) => {
    if (!(error instanceof OpsDbError)) throw error;
  });
}
