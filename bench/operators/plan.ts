/** `plan.js <call> <database>`: one call of a manager, in a process of its own; prints how much it planned. */
import type { DataSource } from 'typeorm';
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
export const CALLS: Readonly<Record<string, (dataSource: DataSource) => Promise<number>>> = {
  assignExecutions: async ({ manager }) => (await assignExecutions(manager)).assigned,
  planPackages: async ({ manager }) => (await planPackages(manager)).length,
  planBundles: async (dataSource) => {
    const { locations } = await placesOf(dataSource);
    const plan = { originLocationId: locations.telescopeBuffer, by: 'bench' };
    return (await planBundles(dataSource.manager, plan)).length;
  },
  planTransfers: async ({ manager }) => (await planTransfers(manager)).length,
  planArchiving: ({ manager }) => planArchiving(manager),
  missingRuns: async ({ manager }) => {
    let missing = 0;
    for (const step of await manager.find(ReductionStep, { order: { id: 'ASC' } }))
      missing += (await missingRuns(manager, step)).length;
    return missing;
  },
  scheduleDeletions: async (dataSource) => {
    const { locations } = await placesOf(dataSource);
    const batch = { dataLocationId: locations.chaiSource, limit: 1000, by: 'bench' };
    return (await scheduleDeletions(dataSource.manager, RawDataFilePhysicalCopy, batch)).length;
  },
};

async function main([name = '', database = '']: string[]): Promise<void> {
  const call = CALLS[name];
  if (!call) throw new Error(`there is no call ${name}; there are ${Object.keys(CALLS).join(', ')}`);
  const dataSource = await openDatabase(database);
  try {
    console.log(`${await call(dataSource)} planned`);
  } finally {
    await dataSource.destroy();
  }
}

if (require.main === module) void main(process.argv.slice(2));
