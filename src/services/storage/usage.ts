import type { EntityManager } from 'typeorm';
import { withRunner } from '../../database/read-runner.js';
import { RECOUNT_USAGE } from '../../database/usage-triggers.js';
import { LocationUsageEntry, type PhysicalCopyStatus, type PhysicalCopyType } from '../../entities/index.js';
import { assertWhole } from '../../values/arguments.js';

/** How many copies there are, and what they take. */
export interface Usage {
  /** What the copies take [byte]; a staged package takes nothing, its files do. */
  readonly bytes: number;
  /** Number of copies. */
  readonly copies: number;
}

/** Copies of one kind at one location in one status. */
export interface UsageOfCopies extends Usage {
  /** Where they lie. */
  readonly dataLocationId: number;
  /** What they are copies of. */
  readonly type: PhysicalCopyType;
  /** Where they stand. */
  readonly status: PhysicalCopyStatus;
}

/** What lies at a location. */
export interface LocationUsage extends Usage {
  /** The same by status; statuses that no copy has are left out. */
  readonly byStatus: Readonly<Partial<Record<PhysicalCopyStatus, Usage>>>;
}

/**
 * What lies at a location: all copies but the deleted ones. It is counted where copies are made and ended, so that reading
 * it takes the same time however many copies there are.
 * @param place key of the location
 *
 * @example
 * import { DataLocation, locationUsage } from 'ccat-ops-db';
 *
 * const { id: dataLocationId } = await session.findOneByOrFail(DataLocation, { name: 'lta', active: true });
 * const { copies, bytes, byStatus } = await locationUsage(session, { dataLocationId });
 * console.log(copies, bytes === byStatus.present?.bytes); // 5 true
 */
export async function locationUsage(
  manager: EntityManager,
  place: { readonly dataLocationId: number },
): Promise<LocationUsage> {
  const { dataLocationId } = place;
  assertWhole('dataLocationId', dataLocationId, 1);
  const byStatus: Partial<Record<PhysicalCopyStatus, Usage>> = {};
  for (const { status, ...usage } of await usageOf(manager, dataLocationId))
    byStatus[status] = sumOf([byStatus[status] ?? NOTHING, usage]);
  return { ...sumOf(Object.values(byStatus)), byStatus };
}

/**
 * What lies at all locations, by kind and status of the copies, in one statement.
 *
 * @example
 * import { usageByLocation } from 'ccat-ops-db';
 *
 * const staged = (await usageByLocation(session)).filter(({ status }) => status === 'staged');
 * console.log(staged.map(({ copies, bytes }) => `${copies} copies, ${bytes} bytes`)); // []
 */
export function usageByLocation(manager: EntityManager): Promise<UsageOfCopies[]> {
  return usageOf(manager);
}

async function usageOf(manager: EntityManager, dataLocationId?: number): Promise<UsageOfCopies[]> {
  const query = manager
    .createQueryBuilder(LocationUsageEntry, 'it')
    .select('it.dataLocationId', 'dataLocationId')
    .addSelect('it.copyType', 'type')
    .addSelect('it.copyStatus', 'status')
    .addSelect('SUM(it.copies)', 'copies')
    .addSelect('SUM(it.bytes)', 'bytes')
    .groupBy('it.dataLocationId')
    .addGroupBy('it.copyType')
    .addGroupBy('it.copyStatus')
    .having('SUM(it.copies) <> 0 OR SUM(it.bytes) <> 0')
    .orderBy('it.dataLocationId')
    .addOrderBy('it.copyType')
    .addOrderBy('it.copyStatus');
  if (dataLocationId !== undefined) query.where({ dataLocationId });
  const rows = await query.getRawMany<UsageOfCopies>();
  return rows.map((row) => ({ ...row, copies: Number(row.copies), bytes: Number(row.bytes) }));
}

const NOTHING: Usage = { bytes: 0, copies: 0 };

function sumOf(usages: readonly Usage[]): Usage {
  const sum = (property: keyof Usage) => usages.reduce((total, usage) => total + usage[property], 0);
  return { bytes: sum('bytes'), copies: sum('copies') };
}

/**
 * Counts all copies and puts right what is counted of each location, for when `opsdb check` has found it wrong: after rows
 * were written with triggers switched off. The services may go on meanwhile.
 *
 * @example
 * import { LocationUsageEntry, recountUsage, usageByLocation } from 'ccat-ops-db';
 *
 * await session.clear(LocationUsageEntry);
 * await recountUsage(session);
 * console.log((await usageByLocation(session)).length > 0); // true
 */
export async function recountUsage(manager: EntityManager): Promise<void> {
  await withRunner(manager, (runner) => runner.query(RECOUNT_USAGE));
}
