/**
 * `plan.js <call> <database>`: one call of a manager, in a process of its own; prints how much it planned. It is rolled back, so that
 * a database can be used again.
 */
import type { EntityManager } from 'typeorm';
import {
  assignExecutions,
  missingRuns,
  planArchiving,
  planBundles,
  planPackages,
  planTransfers,
  RawDataFilePhysicalCopy,
  ReductionStep,
  scheduleDeletions,
} from '../../src/index.js';
import { openDatabase } from '../support/database.js';
import { placesOf } from '../support/year/context.js';

/** The calls of the managers, in the order of the data. */
export const CALLS: Readonly<Record<string, (manager: EntityManager) => Promise<number>>> = {
  assignExecutions: async (manager) => (await assignExecutions(manager)).assigned,
  planPackages: async (manager) => (await planPackages(manager)).length,
  planBundles: async (manager) => {
    const { locations } = await placesOf({ manager });
    const plan = { originLocationId: locations.telescopeBuffer, by: 'bench' };
    return (await planBundles(manager, plan)).length;
  },
  planTransfers: async (manager) => (await planTransfers(manager)).length,
  planArchiving,
  missingRuns: async (manager) => {
    let missing = 0;
    for (const step of await manager.find(ReductionStep, { order: { id: 'ASC' } }))
      missing += (await missingRuns(manager, step)).length;
    return missing;
  },
  scheduleDeletions: async (manager) => {
    const { locations } = await placesOf({ manager });
    const batch = { dataLocationId: locations.chaiSource, limit: 1000, by: 'bench' };
    return (await scheduleDeletions(manager, RawDataFilePhysicalCopy, batch)).length;
  },
};

async function main([name = '', database = '']: string[]): Promise<void> {
  const call = CALLS[name];
  if (!call) throw new Error(`there is no call ${name}; there are ${Object.keys(CALLS).join(', ')}`);
  const dataSource = await openDatabase(database);
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    console.log(`${await call(runner.manager)} planned`);
    await runner.rollbackTransaction();
  } finally {
    await runner.release();
    await dataSource.destroy();
  }
}

if (require.main === module) void main(process.argv.slice(2));
