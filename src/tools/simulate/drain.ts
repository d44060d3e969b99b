import { type ObjectLiteral, QueryFailedError } from 'typeorm';
import {
  DataTransferPackagePhysicalCopy,
  type PhysicalCopy,
  RawDataFilePhysicalCopy,
  RawDataPackagePhysicalCopy,
} from '../../entities/index.js';
import type { Work } from '../../entities/work.js';
import { OpsDbError } from '../../errors.js';
import type { EntityClass } from '../../lifecycle/index.js';
import { type WorkItem, work } from '../../services/working/index.js';
import { reducing } from './reduction-stage.js';
import { type Stage, type WorkerContext, workStages } from './work-stages.js';

/** Counts for one kind of work. */
export interface Tally {
  /** Rows that were completed. */
  done: number;
  /** Tries that failed. */
  failed: number;
  /** Rows whose worker died. */
  abandoned: number;
}

/** By the name of the stage. */
export type Tallies = Record<string, Tally>;

/** All stages that claim work; deletion claims copies and comes last. */
export const stages = [...workStages, reducing] as const;
export const DELETE = 'delete';
/** Names of all stages, in the order of the data. */
export const STAGE_NAMES: readonly string[] = [...stages.map(({ name }) => name), DELETE];

/** Kinds of copies that are deleted. */
export const DELETED_KINDS: readonly EntityClass<PhysicalCopy>[] = [
  RawDataFilePhysicalCopy,
  RawDataPackagePhysicalCopy,
  DataTransferPackagePhysicalCopy,
];

const CLAIM = 10;
const DELETE_AT_ONCE = 1000;

export function emptyTallies(): Tallies {
  return Object.fromEntries(STAGE_NAMES.map((name) => [name, { done: 0, failed: 0, abandoned: 0 }]));
}

/** Does all work that is due, of every stage, until there is none. Work that follows from work is done, too. */
export async function drain(context: WorkerContext): Promise<Tallies> {
  const tallies = emptyTallies();
  for (let found = true; found; ) {
    found = false;
    for (const stage of stages) {
      const tally = tallies[stage.name] as Tally;
      found = (await drainStage(context, stage as unknown as Stage<Work>, tally)) || found;
    }
    found = (await drainDeletions(context, tallies[DELETE] as Tally)) || found;
  }
  return tallies;
}

async function drainStage<E extends Work & ObjectLiteral>(
  context: WorkerContext,
  stage: Stage<E>,
  tally: Tally,
): Promise<boolean> {
  const { manager, worker } = context;
  const where = stage.ready ? await stage.ready(manager) : {};
  if (!where) return false;
  let found = false;
  for await (const item of work(manager.dataSource, stage.entity, {
    worker,
    where,
    limit: CLAIM,
    untilIdle: true,
  })) {
    tally[await handle(context, stage, item)] += 1;
    found = true;
  }
  return found;
}

/** Works on one row, as a worker that may die with it. */
async function handle<E extends Work & ObjectLiteral>(
  context: WorkerContext,
  stage: Stage<E>,
  item: WorkItem<E>,
): Promise<keyof Tally> {
  const { manager, random, faults } = context;
  const { row } = item;
  const key = await stage.key(manager, row);
  const happens = (probability: number, what: string) =>
    random.happens(probability, what, stage.name, key, row.retryCount);
  if (happens(faults.workerDeath, 'worker-death')) {
    item.abandon();
    return 'abandoned';
  }
  try {
    if (stage.moves && happens(faults.transfer, 'transfer'))
      throw new OpsDbError('filing_refused', 'simulated: the connection broke off');
    if (stage.moves && happens(faults.diskFull, 'disk-full'))
      throw new OpsDbError('filing_refused', 'simulated: no space left on device');
    const isDamaged = stage.verifies && happens(faults.checksum, 'checksum');
    await onceMoreAfterDeadlock(() => stage.work(context, row, isDamaged));
    return 'done';
  } catch (error) {
    if (!(error instanceof OpsDbError)) throw error;
    await item.fail(error.message);
    return 'failed';
  }
}

const DEADLOCK = '40P01';

/** Retries once after a deadlock, which PostgreSQL ends by rolling back one of the transactions. */
async function onceMoreAfterDeadlock<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof QueryFailedError) || error.driverError.code !== DEADLOCK) throw error;
    return work();
  }
}

async function drainDeletions({ manager, worker }: WorkerContext, tally: Tally): Promise<boolean> {
  const before = tally.done;
  for (const entity of DELETED_KINDS)
    for await (const item of work(manager.dataSource, entity, {
      worker,
      limit: DELETE_AT_ONCE,
      untilIdle: true,
    })) {
      await item.finish();
      tally.done += 1;
    }
  return tally.done > before;
}
