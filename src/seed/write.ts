import type { EntityManager } from 'typeorm';
import { IssueList } from '../tabular/issue-list.js';
import { Found } from '../tabular/row-reader.js';
import type { SeedResult } from '../tabular/upsert/difference.js';
import { Upsert } from '../tabular/upsert/upsert.js';
import { seedPlan } from './plan.js';
import type { SeedTable } from './read-seed-data.js';

/** Options of {@link writeSeedData}. */
export interface SeedOptions {
  /** Set rows that differ to what the files say; without it they are reported and kept. */
  readonly force?: boolean;
  /** Called after each data file with what became of it. */
  readonly onProgress?: (result: SeedResult, done: number, all: number) => void;
}

/**
 * Writes the rows of the data files into the database: missing rows are added, existing ones are left. All rows are
 * written or none, in the transaction of the manager or in one of its own.
 * @param tables from {@link readSeedData}
 * @returns what became of the rows, a result for each file
 * @throws InvalidInputError `seed_data_invalid` with the rows that break a constraint of the database
 *
 * @example
 * import { initCcatOpsDb } from 'ccat-ops-db';
 * import { readSeedData, writeSeedData } from 'ccat-ops-db/seed';
 *
 * const { dataSource } = await initCcatOpsDb({ database: ':memory:' });
 * const tables = readSeedData(dataSource);
 * const results = await writeSeedData(dataSource.manager, tables);
 * console.log(results.length === tables.length); // true
 * await dataSource.destroy();
 */
export async function writeSeedData(
  manager: EntityManager,
  tables: readonly SeedTable[],
  { force = false, onProgress }: SeedOptions = {},
): Promise<SeedResult[]> {
  return manager.transaction(async (nested) => {
    const issues = new IssueList();
    const upsert = new Upsert(nested, new Found(), issues, { plan: seedPlan, force, by: 'opsdb init' });
    await upsert.begin();
    const results: SeedResult[] = [];
    for (const table of tables) {
      const result = await upsert.write(table, table.rows);
      issues.assertNone('seed_data_invalid', `The database refused rows: ${result.entity}`);
      results.push(result);
      onProgress?.(result, results.length, tables.length);
    }
    return results;
  });
}
