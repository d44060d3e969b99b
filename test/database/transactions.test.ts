import type { DataSource, EntityManager } from 'typeorm';
import { createDataSource, withDbSession } from '../../src/datasource.js';
import { Site } from '../../src/entities/location/site.js';
import { deleteAllRows, describeEachDatabase, describeSqlite } from '../support/databases.js';

const site = (name: string) => ({ name, shortName: name });
const signal = () => {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
};
const add = (manager: EntityManager, name: string) => manager.insert(Site, site(name));

describeEachDatabase('transactions of one process', (database) => {
  let dataSource: DataSource;
  const names = async () => (await dataSource.manager.find(Site)).map(({ name }) => name).sort();

  beforeAll(async () => {
    dataSource = await database.open();
  });
  beforeEach(() => deleteAllRows(dataSource));

  it('commits 50 at once, each with a nested one', async () => {
    const work = async (_: unknown, number: number) =>
      dataSource.transaction(async (manager) => {
        await manager.save(Site, manager.create(Site, site(`outer ${number}`)));
        await manager.transaction((nested) => add(nested, `nested ${number}`));
        return manager.countBy(Site, { name: `nested ${number}` });
      });
    const seen = await Promise.all(Array.from({ length: 50 }, work));
    expect(seen).toEqual(Array(50).fill(1));
    expect(await dataSource.manager.count(Site)).toBe(100);
  });

  it('rolls back the one that throws, and none of those beside it', async () => {
    const results = await Promise.allSettled(
      ['a', 'b', 'c', 'd'].map((name) =>
        dataSource.transaction(async (manager) => {
          await add(manager, name);
          await manager.find(Site);
          if (name === 'b') throw new Error('not b');
        }),
      ),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(await names()).toEqual(['a', 'c', 'd']);
  });

  it('keeps a statement from outside when a transaction at the same time is rolled back', async () => {
    const [begun, started] = [signal(), signal()];
    const rolledBack = dataSource.transaction(async (manager) => {
      await add(manager, 'inside');
      begun.give();
      await started.given;
      await manager.find(Site);
      throw new Error('rolled back');
    });
    await begun.given;
    const outside = add(dataSource.manager, 'outside');
    started.give();
    await expect(rolledBack).rejects.toThrow('rolled back');
    await outside;
    expect(await names()).toEqual(['outside']);
  });

  it('rolls back a nested transaction alone', async () => {
    await dataSource.transaction(async (manager) => {
      await add(manager, 'outer');
      const failing = manager.transaction(async (nested) => {
        await add(nested, 'nested');
        throw new Error('nested only');
      });
      await expect(failing).rejects.toThrow('nested only');
      await add(manager, 'after');
    });
    expect(await names()).toEqual(['after', 'outer']);
  });

  it('commits what a session did, and hands on its result', async () => {
    const result = await withDbSession(async (manager) => (await add(manager, 'a')) && 7, { dataSource });
    expect(result).toBe(7);
    expect(await names()).toEqual(['a']);
  });

  it('rolls back a session that throws', async () => {
    const session = withDbSession(
      async (manager) => {
        await add(manager, 'a');
        throw new Error('stop');
      },
      { dataSource },
    );
    await expect(session).rejects.toThrow('stop');
    expect(await names()).toEqual([]);
  });

  it('runs a session on a data source of its own', async () => {
    const own = await withDbSession(async (manager) => {
      await add(manager, 'a');
      return manager.dataSource;
    }, database.options);
    expect(own.isInitialized).toBe(false);
    expect(await names()).toEqual(['a']);
  });

  it('refuses a manager whose transaction has ended', async () => {
    let left: EntityManager | undefined;
    await dataSource.transaction(async (manager) => {
      left = manager;
    });
    await expect(left?.find(Site)).rejects.toThrow(/released/);
    await expect(left?.transaction(async () => {})).rejects.toThrow(/released/);
  });

  it('lets a query runner begin anew after a rollback', async () => {
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await add(runner.manager, 'undone');
    await runner.rollbackTransaction();
    await runner.startTransaction();
    await add(runner.manager, 'kept');
    await runner.commitTransaction();
    await runner.release();
    expect(await names()).toEqual(['kept']);
  });
});

describeSqlite('transactions on the one connection', (database) => {
  let dataSource: DataSource;
  const names = async () => (await dataSource.manager.find(Site)).map(({ name }) => name).sort();

  beforeAll(async () => {
    dataSource = await database.open();
  });
  beforeEach(() => deleteAllRows(dataSource));

  it('takes statements on the data source into the transaction in whose callback they are', async () => {
    const work = dataSource.transaction(async (manager) => {
      await add(manager, 'manager');
      await add(dataSource.manager, 'data source');
      await dataSource.manager.save(dataSource.manager.create(Site, site('saved')));
      expect(await names()).toHaveLength(3);
      throw new Error('all of it');
    });
    await expect(work).rejects.toThrow('all of it');
    expect(await names()).toEqual([]);
  });

  it('takes transactions on the data source into 50 transactions at once', async () => {
    await Promise.all(
      Array.from({ length: 50 }, (_, number) =>
        dataSource.transaction(async (manager) => {
          await add(manager, `outer ${number}`);
          await dataSource.transaction((joined) => add(joined, `joined ${number}`));
        }),
      ),
    );
    expect(await dataSource.manager.count(Site)).toBe(100);
  });

  it('keeps transactions apart that run beside each other within one', async () => {
    await dataSource.transaction(async (outer) => {
      const nested = (name: string) =>
        dataSource.transaction(async (manager) => {
          await add(manager, name);
          await manager.find(Site);
          if (name === 'b') throw new Error('not b');
        });
      await Promise.allSettled([nested('a'), nested('b'), add(outer, 'beside'), nested('c')]);
    });
    expect(await names()).toEqual(['a', 'beside', 'c']);
  });

  it('lets the outer manager work within a nested transaction', async () => {
    await dataSource.transaction((outer) =>
      outer.transaction(async (nested) => {
        await add(outer, 'by outer');
        await add(nested, 'by nested');
      }),
    );
    expect(await names()).toEqual(['by nested', 'by outer']);
  });

  it('lets a query runner nest transactions by hand within a callback', async () => {
    await dataSource.transaction(async ({ queryRunner }) => {
      await queryRunner?.startTransaction();
      await queryRunner?.manager.insert(Site, site('undone'));
      await queryRunner?.rollbackTransaction();
      await queryRunner?.startTransaction();
      await queryRunner?.manager.insert(Site, site('kept'));
      await queryRunner?.commitTransaction();
    });
    expect(await names()).toEqual(['kept']);
  });

  it('gives what a callback left running a turn of its own after the transaction', async () => {
    const begun = signal();
    let left: Promise<unknown> = Promise.resolve();
    await dataSource.transaction(async () => {
      left = begun.given.then(() => dataSource.transaction((manager) => add(manager, 'late')));
    });
    const failing = dataSource.transaction(async (manager) => {
      begun.give();
      await manager.find(Site);
      throw new Error('another one');
    });
    await expect(failing).rejects.toThrow('another one');
    await left;
    expect(await names()).toEqual(['late']);
  });

  it('rolls back what a released query runner has not committed', async () => {
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await add(runner.manager, 'outer');
    await runner.startTransaction();
    await add(runner.manager, 'inner');
    await runner.release();
    expect(await names()).toEqual([]);
  });

  it('goes on after a commit that a constraint refused', async () => {
    const failing = dataSource.transaction(async (manager) => {
      await manager.query('PRAGMA defer_foreign_keys = ON');
      await manager.query(`INSERT INTO role_permission (role_id, permission_id) VALUES (1000, 1000)`);
    });
    await expect(failing).rejects.toThrow(/FOREIGN KEY/);
    await add(dataSource.manager, 'next');
    expect(await names()).toEqual(['next']);
  });

  it('says that the database is busy when a turn does not come', async () => {
    const { settings } = database.options;
    const impatient = createDataSource({
      settings: { ...settings, sqlite: { ...settings.sqlite, busyTimeoutMs: 20 } },
    });
    await impatient.initialize();
    const holder = impatient.createQueryRunner();
    await holder.startTransaction();
    await expect(impatient.query('SELECT 1')).rejects.toMatchObject({
      code: 'database_busy',
      message: expect.stringContaining('database_sqlite_busy_timeout_ms'),
    });
    await holder.release();
    expect(await impatient.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await impatient.destroy();
  });

  it('says that the database is busy when another connection keeps it', async () => {
    const { settings } = database.options;
    const impatient = createDataSource({
      settings: { ...settings, sqlite: { ...settings.sqlite, busyTimeoutMs: 20 } },
    });
    await impatient.initialize();
    const holder = dataSource.createQueryRunner();
    await holder.startTransaction();
    await expect(impatient.transaction((manager) => add(manager, 'late'))).rejects.toMatchObject({
      code: 'database_busy',
      message: expect.stringContaining('another process'),
    });
    await holder.release();
    await impatient.transaction((manager) => add(manager, 'in time'));
    await impatient.destroy();
    expect(await names()).toEqual(['in time']);
  });
});
