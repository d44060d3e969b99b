import { EntityManager } from 'typeorm';
import type { IsolationLevel } from 'typeorm/driver/types/IsolationLevel.js';
import { settleChangedKeys } from './changed-keys.js';
import type { UnitRunner } from './unit-runner.js';

type Work<T> = (manager: EntityManager) => Promise<T>;

/** An entity manager whose transactions are owned by who begins them. */
export class UnitEntityManager extends EntityManager {
  override transaction<T>(work: Work<T>): Promise<T>;
  override transaction<T>(isolationLevel: IsolationLevel, work: Work<T>): Promise<T>;
  override async transaction<T>(...given: [Work<T>] | [IsolationLevel, Work<T>]): Promise<T> {
    const work = given.find((argument) => typeof argument === 'function') as Work<T>;
    const isolationLevel = given.find((argument) => typeof argument === 'string') as
      | IsolationLevel
      | undefined;
    const runner = this.runner?.beside() ?? (this.dataSource.createQueryRunner() as UnitRunner);
    try {
      return await runner.transactions.unit({ isolationLevel }, () => work(runner.manager));
    } finally {
      await runner.release();
    }
  }

  /** TypeORM would say of a transaction that has ended only that its query runner is released. */
  override async query(sql: string, parameters?: unknown[]): Promise<never> {
    const ended = this.runner?.transactions.ended;
    if (ended) throw ended();
    return super.query(sql, parameters);
  }

  private get runner(): UnitRunner | undefined {
    return this.queryRunner as UnitRunner | undefined;
  }

  /** What {@link PERSISTING} say. */
  async persist<T>(
    how: (this: EntityManager, ...given: unknown[]) => Promise<T>,
    given: unknown[],
  ): Promise<T> {
    const { runner } = this;
    if (!runner?.ownsConnection || runner.isTransactionActive) return how.apply(this, given);
    const own = runner.beside();
    try {
      return await how.apply(own.manager, given);
    } finally {
      await own.release();
    }
  }
}

/**
 * What TypeORM does in a transaction of its own where the query runner has none. Of two at once the second would take the
 * transaction of the first for its own, and be rolled back with it.
 */
const PERSISTING = ['save', 'remove', 'softRemove', 'recover'] as const;

for (const name of PERSISTING) {
  const how = EntityManager.prototype[name] as (...given: unknown[]) => Promise<unknown>;
  UnitEntityManager.prototype[name] = async function (this: UnitEntityManager, ...given: unknown[]) {
    if (name === 'save') await settleChangedKeys(this, given);
    return this.persist(how, given);
  } as never;
}
