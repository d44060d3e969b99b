import type { DataSource } from 'typeorm';
import type { Driver } from 'typeorm/driver/Driver.js';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import type { UnitRunner } from './typeorm/unit-runner.js';

/** For how long a query runner is kept at most [ms]. */
const KEPT_MS = 100;

/** A query runner, and the period in which it took its connection. */
interface Spare {
  readonly runner: UnitRunner;
  readonly period: number;
}

/** The numbers of a driver's pool. */
interface Pool {
  readonly idleCount: number;
  readonly waitingCount: number;
  readonly options: { readonly maxUses: number };
}

/**
 * Query runners that have done their work and still have their connection, for the call that comes next: to make one, to take a
 * connection and to give it back costs a third of a read by key. Nobody waits for such a connection, and none is kept for longer
 * than two periods, so that the pool looks at its servers as often as before.
 */
class SpareRunners {
  private spares: Spare[] = [];
  private period = 0;
  private timer?: NodeJS.Timeout;

  constructor(private readonly driver: PostgresDriver) {}

  take(): Spare | undefined {
    for (let spare = this.spares.pop(); spare; spare = this.spares.pop())
      if (!spare.runner.transactions.ended) return spare;
    return undefined;
  }

  newOne(dataSource: DataSource): Spare {
    return { runner: dataSource.createQueryRunner() as UnitRunner, period: this.period };
  }

  /** @returns whether it is kept */
  keep(spare: Spare): boolean {
    const { pool } = this;
    const { runner, period } = spare;
    if (!pool || !runner.ownsConnection || period !== this.period) return false;
    // A null pool closes each connection that is given back.
    if (pool.waitingCount > 0 || pool.options.maxUses === 1) return false;
    this.spares.push(spare);
    this.timer ??= setTimeout(() => this.endPeriod(), KEPT_MS).unref();
    return true;
  }

  /** Gives one back to a pool that has no idle connection. @returns undefined where that is not the case */
  giveBack(): Promise<void> | undefined {
    if (this.pool?.idleCount !== 0) return undefined;
    return this.take()?.runner.release();
  }

  private endPeriod(): void {
    this.timer = undefined;
    this.period++;
    for (const { runner } of this.spares.splice(0)) void runner.release().catch(() => undefined);
  }

  /** Undefined once the data source is closed. */
  private get pool(): Pool | undefined {
    return this.driver.master;
  }
}

/** By what makes the query runners of a driver: tests put something else in its place. */
const spares = new WeakMap<Driver['createQueryRunner'], SpareRunners>();

function sparesOf({ driver }: DataSource): SpareRunners {
  const { createQueryRunner } = driver;
  const known = spares.get(createQueryRunner) ?? new SpareRunners(driver as PostgresDriver);
  spares.set(createQueryRunner, known);
  return known;
}

/**
 * Works with a query runner on PostgreSQL that is not in a transaction of its own, and is in none when the work has ended: one that
 * the call before has left, or a new one.
 */
export async function withSpareRunner<T>(
  dataSource: DataSource,
  work: (runner: UnitRunner) => Promise<T>,
): Promise<T> {
  const kept = sparesOf(dataSource);
  const spare = kept.take() ?? kept.newOne(dataSource);
  let result: T;
  try {
    result = await work(spare.runner);
  } catch (error) {
    await spare.runner.release();
    throw error;
  }
  if (!kept.keep(spare)) await spare.runner.release();
  return result;
}

/**
 * Gives a connection that is kept back to the pool of a driver that has no idle one, before another is opened.
 * @returns undefined where nothing is to be waited for
 */
export function giveBackSpare({ createQueryRunner }: Driver): Promise<void> | undefined {
  return spares.get(createQueryRunner)?.giveBack();
}
