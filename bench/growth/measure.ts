import type { DataSource } from 'typeorm';
import { timeMs } from '../queries/measure.js';
import type { Asked } from '../queries/question.js';
import { median } from '../support/median.js';
import type { Explainer } from '../support/plans/explainer.js';
import { statementsOf } from '../support/statements.js';
import type { Operation } from './operations.js';

/** A database of one size. */
export interface Size {
  readonly years: number;
  readonly dataSource: DataSource;
  readonly explainer: Explainer;
  readonly asked: Asked;
}

/** How long an operation takes at each size, in the order of the sizes. */
export interface Grown {
  readonly operation: Operation;
  /** Median times [ms]. */
  readonly timesMs: readonly number[];
  /** Rows returned, where these are more because there are more. */
  readonly rowsReturned?: readonly number[];
}

/** Times an operation at all sizes in turns, so that what else the machine does hits all of them alike. */
export async function measureAt(sizes: readonly Size[], operation: Operation, runs: number): Promise<Grown> {
  const times = sizes.map((): number[] => []);
  // The first turn does not count: it plans statements and reads pages into memory.
  for (let turn = 0; turn <= Math.min(runs, operation.mostRuns ?? runs); turn += 1)
    for (const [index, { dataSource, asked }] of sizes.entries()) {
      const time = await timeMs(dataSource, operation, asked);
      if (turn > 0) times[index]?.push(time);
    }
  const timesMs = times.map(median);
  if (!operation.growingAnswer) return { operation, timesMs };
  const rowsReturned: number[] = [];
  for (const size of sizes) rowsReturned.push(await rowsOf(size, operation));
  return { operation, timesMs, rowsReturned };
}

async function rowsOf({ dataSource, explainer, asked }: Size, { ask }: Operation): Promise<number> {
  const plans = await explainer.explain(await statementsOf(dataSource, (manager) => ask(manager, asked)));
  return plans.reduce((sum, { rowsReturned = 0 }) => sum + rowsReturned, 0);
}
