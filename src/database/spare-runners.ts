import type { DataSource } from 'typeorm';
import type { Driver } from 'typeorm/driver/Driver.js';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import type { PostgresqlRunner } from './typeorm/postgresql-runner.js';
import { isObserved } from './typeorm/unit-runner.js';

/** A period: for how long a query runner is kept at most [ms]. */
const KEPT_MS = 100;

/** A query runner that is kept. */
interface Spare {
  readonly runner: PostgresqlRunner;
  /** What has made it: tests put something else in its place. */
  readonly madeBy: Driver['createQueryRunner'];
  /** The period in which it was made. */
  readonly period: number;
}

/** The numbers of a driver's pool. */
interface Pool {
  readonly idleCount: number;
  readonly waitingCount: number;
  readonly options: { readonly maxUses: number };
}

/**
 * A cache of idle query runners with their connections, for the next call: of 176 µs of a read by key 30 went into making a runner, taking a
 * connection and giving it back. No caller waits for such a connection, and none is cached beyond a period.
 */
class SpareRunners {
  private spares: Spare[] = [];
  private period = 0;
  private timer?: NodeJS.Timeout;

  constructor(private readonly driver: PostgresDriver) {}

  /** One that is as good as a new one; those that are not go back. */
  take(): Spare | undefined {
    const { createQueryRunner } = this.driver as Driver;
    for (let spare = this.spares.pop(); spare; spare = this.spares.pop()) {
      if (spare.runner.isReady && spare.madeBy === createQueryRunner) return spare;
      release(spare);
    }
    return undefined;
  }

  newOne(dataSource: DataSource): Spare {
    const { createQueryRunner } = this.driver as Driver;
    const runner = dataSource.createQueryRunner() as PostgresqlRunner;
    return { runner, madeBy: createQueryRunner, period: this.period };
  }

  /** @returns whether it is kept */
  keep(spare: Spare): boolean {
    const { pool } = this;
    const { runner, period } = spare;
    if (!pool || !runner.ownsConnection || !runner.isReady || period !== this.period) return false;
    // A subscriber may have changed the state of the runner.
    if (runner.transactions.isActive || isObserved(runner)) return false;
    // A null pool closes each connection that is given back.
    if (pool.waitingCount > 0 || pool.options.maxUses === 1) return false;
    this.spares.push(spare);
    this.timer ??= setTimeout(() => this.endPeriod(), KEPT_MS).unref();
    return true;
  }

  /** Gives one back to a pool that has no idle connection for another caller. @returns undefined where that is not the case */
  giveBack(): Promise<void> | undefined {
    const { pool } = this;
    // Those who wait take an idle connection at the next tick.
    if (!pool || pool.idleCount > pool.waitingCount) return undefined;
    return this.spares.pop()?.runner.release();
  }

  private endPeriod(): void {
    this.timer = undefined;
    this.period++;
    this.spares.splice(0).forEach(release);
  }

  /** Undefined once the data source is closed. */
  private get pool(): Pool | undefined {
    return this.driver.master;
  }
}

function release({ runner }: Spare): void {
  void runner.release().catch(() => undefined);
}

const spares = new WeakMap<Driver, SpareRunners>();

function sparesOf({ driver }: DataSource): SpareRunners {
  const known = spares.get(driver) ?? new SpareRunners(driver as PostgresDriver);
  spares.set(driver, known);
  return known;
}

/**
 * Works with a query runner on PostgreSQL that is not in a transaction of its own, and is in none when the work has ended: one that
 * the call before has left, or a new one.
 */
export async function withSpareRunner<T>(
  dataSource: DataSource,
  work: (runner: PostgresqlRunner) => Promise<T>,
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
export function giveBackSpare(driver: Driver): Promise<void> | undefined {
  return spares.get(driver)?.giveBack();
}
