import type { DataSource } from 'typeorm';
import { median } from '../support/median.js';
import type { Access, Plan } from '../support/plans/access.js';
import type { Explainer } from '../support/plans/explainer.js';
import { statementsOf, undone } from '../support/statements.js';
import type { Asked, Question } from './question.js';

/** Measurement of one query. */
export interface Measured {
  readonly question: Question;
  /** How the rows of each table were reached, a table once for each way. */
  readonly accesses: readonly Access[];
  readonly rowsReturned: number | undefined;
  readonly rowsRead: number | undefined;
  readonly pages: number | undefined;
  /** Median time from the call to its answer [ms]. */
  readonly timeMs: number;
}

/** Options of {@link measure}. */
export interface Measuring {
  /** How often each query is repeated after the first run. */
  readonly runs: number;
  /** Statements that go before each explained one. */
  readonly settings: readonly string[];
}

/** Runs a query several times, and explains it. */
export async function measure(
  dataSource: DataSource,
  explainer: Explainer,
  question: Question,
  asked: Asked,
  { runs, settings }: Measuring,
): Promise<Measured> {
  const statements = await statementsOf(dataSource, (manager) => question.ask(manager, asked));
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) times.push(await timeMs(dataSource, question, asked));
  const plans = await explainer.explain(statements, settings);
  const accesses = plans.flatMap((plan) => plan.accesses);
  return {
    question,
    accesses: merged(accesses),
    rowsReturned: sum(plans, ({ rowsReturned }) => rowsReturned),
    rowsRead: sum(accesses, ({ rowsRead }) => rowsRead),
    pages: sum(plans, ({ pages }) => pages),
    timeMs: median(times),
  };
}

/** The time from the call to its result [ms]; its writes are rolled back. */
export function timeMs(
  dataSource: DataSource,
  { ask }: Pick<Question, 'ask'>,
  asked: Asked,
): Promise<number> {
  return undone(dataSource, async (manager) => {
    const started = performance.now();
    await ask(manager, asked);
    return performance.now() - started;
  });
}

function merged(accesses: readonly Access[]): Access[] {
  const byWay = new Map<string, Access>();
  for (const access of accesses) {
    const way = `${access.table} ${access.indexes} ${access.isSequential}`;
    const known = byWay.get(way);
    const rowsRead = known ? (known.rowsRead ?? 0) + (access.rowsRead ?? 0) : access.rowsRead;
    byWay.set(way, { ...access, rowsRead });
  }
  return [...byWay.values()];
}

function sum<T extends Plan | Access>(
  items: readonly T[],
  value: (item: T) => number | undefined,
): number | undefined {
  const known = items.map(value).filter((number) => number !== undefined);
  return known.length > 0 ? known.reduce((total, number) => total + number, 0) : undefined;
}
