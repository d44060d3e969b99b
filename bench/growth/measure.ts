import type { DataSource } from 'typeorm';
import { timeMs } from '../queries/measure.js';
import type { Asked } from '../queries/question.js';
import { median } from '../support/median.js';
import type { Operation } from './operations.js';

/** A database of one size. */
export interface Size {
  readonly years: number;
  readonly dataSource: DataSource;
  readonly asked: Asked;
  /** Packages that the grouping selects; their number grows with the database. */
  readonly selected: number;
}

/** How long an operation takes at each size, in the order of the sizes. */
export interface Grown {
  readonly operation: Operation;
  /** Median times [ms]. */
  readonly timesMs: readonly number[];
  /** Packages that the grouping selects, for operations that read them. */
  readonly selected?: readonly number[];
}

/** Times an operation at all sizes in turn, so that other load on the machine affects all of them alike. */
export async function measureAt(sizes: readonly Size[], operation: Operation, runs: number): Promise<Grown> {
  const times = sizes.map((): number[] => []);
  // The first round does not count: it plans statements and reads pages into memory.
  for (let turn = 0; turn <= Math.min(runs, operation.mostRuns ?? runs); turn += 1)
    for (const [index, { dataSource, asked }] of sizes.entries()) {
      const time = await timeMs(dataSource, operation, asked);
      if (turn > 0) times[index]?.push(time);
    }
  const timesMs = times.map(median);
  return {
    operation,
    timesMs,
    ...(operation.growingAnswer && { selected: sizes.map(({ selected }) => selected) }),
  };
}
