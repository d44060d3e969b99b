import { type DataSource, type EntityManager, type ObjectLiteral, QueryFailedError } from 'typeorm';
import {
  DataTransferPackagePhysicalCopy,
  type PhysicalCopy,
  PhysicalCopyStatus,
  RawDataFilePhysicalCopy,
  RawDataPackagePhysicalCopy,
} from '../../entities/index.js';
import type { Work } from '../../entities/work.js';
import { OpsDbError } from '../../errors.js';
import { type EntityClass, transition } from '../../lifecycle/index.js';
import { claim, fail } from '../../services/claiming/index.js';
import { beginDeletions, endDeletions } from '../../services/transfer/index.js';
import type { Faults } from './faults.js';
import type { Random } from './random.js';
import { reducing } from './reduction-stage.js';
import { type Bench, type Stage, workStages } from './work-stages.js';

/** What came of one kind of work. */
export interface Tally {
  /** Rows that came to their end. */
  done: number;
  /** Tries that failed. */
  failed: number;
  /** Rows whose worker vanished. */
  abandoned: number;
}

/** By the name of the stage. */
export type Tallies = Record<string, Tally>;

/** What a worker works with. */
export interface Workplace {
  readonly dataSource: DataSource;
  readonly dice: Random;
  readonly faults: Faults;
  /** Name of the worker, unique among all that run. */
  readonly worker: string;
}

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
export async function drain(workplace: Workplace): Promise<Tallies> {
  const tallies = emptyTallies();
  for (let found = true; found; ) {
    found = false;
    for (const stage of stages) {
      const tally = tallies[stage.name] as Tally;
      found = (await drainStage(workplace, stage as unknown as Stage<Work>, tally)) || found;
    }
    found = (await drainDeletions(workplace, tallies[DELETE] as Tally)) || found;
  }
  return tallies;
}

async function drainStage<E extends Work & ObjectLiteral>(
  { dataSource, dice, faults, worker }: Workplace,
  stage: Stage<E>,
  tally: Tally,
): Promise<boolean> {
  const bench = { manager: dataSource.manager, dice, faults, worker };
  for (let found = false; ; found = true) {
    const where = stage.ready ? await stage.ready(bench.manager) : {};
    if (!where) return found;
    const rows = await claim(bench.manager, stage.entity, { where, limit: CLAIM, worker });
    if (rows.length === 0) return found;
    for (const row of rows) tally[await handle(bench, stage, row)] += 1;
  }
}

/** Works on one row, as a worker that may vanish with it before or after it has begun. */
async function handle<E extends Work & ObjectLiteral>(
  bench: Bench,
  stage: Stage<E>,
  row: E,
): Promise<keyof Tally> {
  const { manager, dice, faults, worker } = bench;
  const key = await stage.key(manager, row);
  const happens = (probability: number, what: string) =>
    dice.happens(probability, what, stage.name, key, row.retryCount);
  const dies = happens(faults.workerDeath, 'worker-death');
  const diesAtOnce = dies && happens(0.5, 'worker-death at once');
  if (diesAtOnce) return 'abandoned';
  if (stage !== (reducing as unknown)) {
    const begun = { from: 'scheduled', to: 'in_progress', worker };
    if (!(await transition(manager, stage.entity, row.id, begun))) return 'abandoned';
  }
  if (dies) return 'abandoned';
  try {
    if (stage.moves && happens(faults.transfer, 'transfer'))
      throw new OpsDbError('filing_refused', 'simulated: the connection broke off');
    const isDamaged = stage.verifies && happens(faults.checksum, 'checksum');
    await onceMoreAfterDeadlock(() => stage.work(bench, row, isDamaged));
    return 'done';
  } catch (error) {
    if (!(error instanceof OpsDbError)) throw error;
    await fail(manager, stage.entity, row.id, { error: error.message, worker });
    return 'failed';
  }
}

const DEADLOCK = '40P01';

/** PostgreSQL ends one of two transactions that wait for each other; what it did was rolled back. */
async function onceMoreAfterDeadlock<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof QueryFailedError) || error.driverError.code !== DEADLOCK) throw error;
    return work();
  }
}

async function drainDeletions(
  { dataSource: { manager }, worker: by }: Workplace,
  tally: Tally,
): Promise<boolean> {
  let found = false;
  for (const entity of DELETED_KINDS)
    for (const dataLocationId of await scheduledAt(manager, entity))
      for (;;) {
        const ids = await beginDeletions(manager, entity, { dataLocationId, limit: DELETE_AT_ONCE, by });
        if (ids.length === 0) break;
        tally.done += await endDeletions(manager, entity, { ids, by });
        found = true;
      }
  return found;
}

/** Where copies of a kind wait for their deletion. */
async function scheduledAt(manager: EntityManager, entity: EntityClass<PhysicalCopy>): Promise<number[]> {
  const rows = await manager
    .createQueryBuilder<PhysicalCopy>(entity, 'it')
    .select('DISTINCT it.dataLocationId', 'place')
    .where({ status: PhysicalCopyStatus.DELETION_SCHEDULED })
    .getRawMany<{ place: number }>();
  return rows.map(({ place }) => place).sort((a, b) => a - b);
}
