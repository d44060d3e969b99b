import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { withDbSession } from '../../src/datasource.js';
import { Site } from '../../src/entities/location/site.js';
import { deleteAllRows, describeEachDatabase } from '../support/databases.js';

const site = (name: string) => ({ name, shortName: name });
const add = (manager: EntityManager, name: string) => manager.insert(Site, site(name));

describeEachDatabase('a unit of work', (database) => {
  let dataSource: DataSource;
  let other: DataSource;
  /** As another connection sees it. */
  const names = async () => (await other.manager.find(Site)).map(({ name }) => name).sort();

  beforeAll(async () => {
    dataSource = await database.open();
    other = await database.open();
  });
  beforeEach(() => deleteAllRows(dataSource));

  it('leaves nothing of what still runs when a part of it throws', async () => {
    const many = async (manager: EntityManager) => {
      for (let number = 0; number < 20; number++)
        await manager.transaction((nested) => add(nested, `${number}`));
    };
    for (let delay = 0; delay < 10; delay++) {
      const failing = withDbSession(
        (manager) => Promise.all([many(manager), sleep(delay).then(() => Promise.reject(new Error('part')))]),
        { dataSource },
      );
      await expect(failing).rejects.toThrow('part');
      await add(dataSource.manager, `after ${delay}`);
      expect(await names()).toContain(`after ${delay}`);
    }
    expect(await names()).toHaveLength(10);
  });

  it('runs nested transactions that are begun at once one after the other', async () => {
    const nested = (manager: EntityManager, name: string) =>
      manager.transaction(async (own) => {
        await add(own, name);
        await own.transaction((deeper) => add(deeper, `${name} deeper`));
        if (name === 'b') throw new Error('not b');
      });
    await withDbSession(
      (manager) => Promise.allSettled(['a', 'b', 'c'].map((name) => nested(manager, name))),
      { dataSource },
    );
    expect(await names()).toEqual(['a', 'a deeper', 'c', 'c deeper']);
  });

  it('waits at its end for what was begun without being awaited, and refuses what begins later', async () => {
    let late: Promise<unknown> = Promise.resolve();
    await withDbSession(
      async (manager) => {
        const forgotten = manager.transaction(async (nested) => {
          await add(nested, 'begun');
          await add(nested, 'within');
        });
        late = forgotten.then(() => add(manager, 'late'));
        late.catch(() => {});
      },
      { dataSource },
    );
    await expect(late).rejects.toMatchObject({ code: 'transaction_ended' });
    expect(await names()).toEqual(['begun', 'within']);
  });

  it('refuses a manager that is used after the end', async () => {
    const [manager, kept] = await withDbSession(
      (given) => given.transaction(async (nested) => [given, nested]),
      { dataSource },
    );
    const ended = { code: 'transaction_ended', message: expect.stringContaining('committed') };
    for (const left of [manager, kept] as EntityManager[]) {
      await expect(add(left, 'late')).rejects.toMatchObject(ended);
      await expect(left.save(Site, site('late'))).rejects.toMatchObject(ended);
      await expect(left.find(Site)).rejects.toMatchObject(ended);
      await expect(left.query('SELECT 1')).rejects.toMatchObject(ended);
      await expect(left.transaction(async () => {})).rejects.toMatchObject(ended);
      await expect(left.queryRunner?.startTransaction()).rejects.toMatchObject(ended);
    }
    expect(await names()).toEqual([]);
  });

  it('throws when a statement has failed and the work goes on all the same', async () => {
    await add(dataSource.manager, 'there');
    const aborted = (first: RegExp) => ({
      code: 'transaction_aborted',
      cause: expect.objectContaining({ message: expect.stringMatching(first) }),
    });
    const caught = withDbSession(
      async (manager) => {
        await add(manager, 'kept?');
        await add(manager, 'there').catch(() => undefined);
        return 'done';
      },
      { dataSource },
    );
    await expect(caught).rejects.toMatchObject(aborted(/unique/i));
    const goneOn = withDbSession(
      async (manager) => {
        await add(manager, 'there').catch(() => undefined);
        await manager.query('SELECT nothing FROM nowhere').catch(() => undefined);
        await add(manager, 'after');
      },
      { dataSource },
    );
    await expect(goneOn).rejects.toMatchObject(aborted(/unique/i));
    expect(await names()).toEqual(['there']);
  });

  it('goes on after an error in a nested transaction', async () => {
    await add(dataSource.manager, 'there');
    await withDbSession(
      async (manager) => {
        await add(manager, 'before');
        const failing = manager.transaction(async (nested) => {
          await add(nested, 'undone');
          await add(nested, 'there').catch(() => undefined);
        });
        await expect(failing).rejects.toMatchObject({ code: 'transaction_aborted' });
        await add(manager, 'after');
      },
      { dataSource },
    );
    expect(await names()).toEqual(['after', 'before', 'there']);
  });

  it('is the same for a query runner by hand', async () => {
    const runner = dataSource.createQueryRunner();
    await add(dataSource.manager, 'there');
    await runner.startTransaction();
    await add(runner.manager, 'undone');
    await add(runner.manager, 'there').catch(() => undefined);
    await expect(runner.commitTransaction()).rejects.toMatchObject({ code: 'transaction_aborted' });
    await runner.rollbackTransaction();
    await add(runner.manager, 'alone');
    await runner.startTransaction();
    await add(runner.manager, 'forgotten');
    await runner.release();
    expect(await names()).toEqual(['alone', 'there']);
  });

  it('keeps savepoints that are set with statements', async () => {
    await add(dataSource.manager, 'there');
    await dataSource.transaction(async (manager) => {
      await manager.query('SAVEPOINT mine');
      await expect(add(manager, 'there')).rejects.toThrow(/unique/i);
      await manager.query('ROLLBACK TO SAVEPOINT mine');
      await add(manager, 'after');
    });
    expect(await names()).toEqual(['after', 'there']);
  });

  it.each([
    'COMMIT',
    'end',
    '-- done\nCOMMIT',
    '/* a */ ; commit and chain',
    'ROLLBACK',
    'ROLLBACK AND CHAIN',
    'ABORT',
    'BEGIN',
    'START TRANSACTION',
    "PREPARE TRANSACTION 'a'",
  ])('does not send %j, and keeps nothing of the transaction', async (sql) => {
    const ending = dataSource.transaction(async (manager) => {
      await add(manager, 'before');
      await manager.query(sql).catch(() => undefined);
      await add(manager, 'after').catch(() => undefined);
    });
    await expect(ending).rejects.toMatchObject({ code: 'transaction_aborted' });
    await expect(dataSource.query(sql)).rejects.toMatchObject({ code: 'transaction_aborted' });
    await add(dataSource.manager, 'acknowledged');
    expect(await names()).toEqual(['acknowledged']);
  });

  it('says so when one of several statements ends its transaction', async () => {
    const ending = dataSource.transaction(async (manager) => {
      await manager.query('SELECT 1; COMMIT');
      await add(manager, 'outside');
    });
    await expect(ending).rejects.toThrow(
      database.type === 'sqlite' ? /more than one statement/ : /begun or ended/,
    );
    expect(await names()).toEqual([]);
  });

  it('gives no connection back in a transaction that one of several statements began', async () => {
    await dataSource.query('SELECT 1; BEGIN').catch(() => undefined);
    await add(dataSource.manager, 'acknowledged');
    expect(await names()).toEqual(['acknowledged']);
  });

  it('saves at once on a query runner without a transaction, each for itself', async () => {
    const runner = dataSource.createQueryRunner();
    const { manager } = runner;
    const save = (name: string) => manager.save(Site, [site(name), site(`${name} too`)]);
    await add(dataSource.manager, 'b too');
    const results = await Promise.allSettled(['a', 'b', 'c'].map(save));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await runner.release();
    expect(await names()).toEqual(['a', 'a too', 'b too', 'c', 'c too']);
  });
});
