import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  DataTransferPackage,
  PhysicalCopy,
  RawDataPackage,
  RawDataPackagePhysicalCopy,
  StatusHistory,
} from '../../../src/entities/index.js';
import { type ChangesOptions, changes, type StatusChange } from '../../../src/services/changes/index.js';
import {
  type DatabaseOptions,
  deleteAllRows,
  describeEachDatabase,
  describePostgresql,
} from '../../support/databases.js';

/** Writes an entry of the history, as a step of a row does. */
async function note(manager: EntityManager, rowId: string, entity = 'RawDataPackage'): Promise<void> {
  await manager.insert(StatusHistory, {
    entity,
    rowId,
    field: 'status',
    fromStatus: 'pending',
    toStatus: 'scheduled',
    changedAt: new Date(),
    changedBy: 'builder-1',
    reason: 'why not',
  });
}

/** Follows changes until so many were told. */
async function follow(
  dataSource: DataSource,
  count: number,
  options: ChangesOptions = {},
): Promise<readonly StatusChange[]> {
  const told: StatusChange[] = [];
  for await (const change of changes(dataSource, options)) {
    told.push(change);
    if (told.length === count) break;
  }
  return told;
}

const idsOf = (told: readonly StatusChange[]) => told.map(({ id }) => id);
const beginning = { since: 'beginning' };

describeEachDatabase('following changes', (database) => {
  let options: DatabaseOptions;
  let dataSource: DataSource;

  beforeAll(async () => {
    options = database.options;
    dataSource = await database.open();
  });
  beforeEach(() => deleteAllRows(dataSource));

  it('tells what moved, from where to where, when, by whom and why', async () => {
    const id = uuidv7();
    await note(dataSource.manager, id);
    expect(await follow(dataSource, 1, beginning)).toEqual([
      {
        cursor: expect.any(String),
        entity: 'RawDataPackage',
        id,
        property: 'status',
        from: 'pending',
        to: 'scheduled',
        at: expect.any(Date),
        by: 'builder-1',
        reason: 'why not',
      },
    ]);
  });

  it('tells what is committed while it waits', async () => {
    const told = follow(dataSource, 2, beginning);
    const other = await database.open(options);
    for (const id of ['a', 'b']) {
      await sleep(200);
      await note(other.manager, id);
    }
    expect(idsOf(await told)).toEqual(['a', 'b']);
  });

  it('goes on after the cursor of any change', async () => {
    for (const id of ['a', 'b', 'c']) await note(dataSource.manager, id);
    const told = await follow(dataSource, 3, beginning);
    for (const [index, { cursor: since }] of told.slice(0, 2).entries())
      expect(idsOf(await follow(dataSource, 2 - index, { since }))).toEqual(['a', 'b', 'c'].slice(index + 1));
    const { cursor: since = '' } = told.at(-1) ?? {};
    const next = follow(dataSource, 1, { since });
    await note(dataSource.manager, 'd');
    expect(idsOf(await next)).toEqual(['d']);
  });

  it('begins with the present where it is not told otherwise', async () => {
    await note(dataSource.manager, 'before');
    const told = follow(dataSource, 1);
    await sleep(300);
    await note(dataSource.manager, 'after');
    expect(idsOf(await told)).toEqual(['after']);
  });

  it('reads more than it takes at once in order', async () => {
    const ids = Array.from({ length: 2500 }, (_, index) => String(index));
    await dataSource.transaction(async (manager) => {
      for (const id of ids) await note(manager, id);
    });
    const told = await follow(dataSource, 2500, beginning);
    expect(idsOf(told)).toEqual(ids);
    const { cursor: since } = told[1200] as StatusChange;
    expect(idsOf(await follow(dataSource, 1299, { since }))).toEqual(ids.slice(1201));
  });

  it('tells of the classes that were asked for, and of the members of families', async () => {
    await note(dataSource.manager, 'a');
    await note(dataSource.manager, 'b', 'DataTransferPackage');
    await note(dataSource.manager, 'c', RawDataPackagePhysicalCopy.name);
    const of = async (...entities: NonNullable<ChangesOptions['entities']>[number][]) =>
      idsOf(await follow(dataSource, entities.length, { ...beginning, entities }));
    expect(await of(DataTransferPackage)).toEqual(['b']);
    expect(await of(PhysicalCopy)).toEqual(['c']);
    expect(await of(RawDataPackage, PhysicalCopy)).toEqual(['a', 'c']);
  });

  it('tells nothing of what was rolled back', async () => {
    const undone = dataSource.transaction(async (manager) => {
      await note(manager, 'undone');
      throw new Error('undo');
    });
    await expect(undone).rejects.toThrow('undo');
    await note(dataSource.manager, 'done');
    expect(idsOf(await follow(dataSource, 1, beginning))).toEqual(['done']);
  });

  it('ends when it is told to stop', async () => {
    const stop = new AbortController();
    const told = follow(dataSource, 1, { signal: stop.signal });
    setTimeout(() => stop.abort(), 200);
    expect(await told).toEqual([]);
  });

  it.each(['', 'now', 'p1.1.2', 's1.x', 'p1.1.5_.'])('refuses the cursor %p', async (since) => {
    await expect(follow(dataSource, 1, { since })).rejects.toMatchObject({ code: 'cursor_invalid' });
  });
});

describePostgresql('following changes of transactions that overlap', (database) => {
  let dataSource: DataSource;

  beforeAll(async () => {
    dataSource = await database.open();
  });
  beforeEach(() => deleteAllRows(dataSource));

  /** A transaction of its own that has written an entry and is not committed yet. */
  async function open(id: string) {
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await note(runner.manager, id);
    return {
      note: (more: string) => note(runner.manager, more),
      async end(how: 'commitTransaction' | 'rollbackTransaction' = 'commitTransaction') {
        await runner[how]();
        await runner.release();
      },
    };
  }

  it('tells what was begun first and committed last, and does not wait for it', async () => {
    const first = await open('first');
    const second = await open('second');
    await second.end();
    const [{ cursor: since, id } = { cursor: '', id: '' }] = await follow(dataSource, 1, beginning);
    expect(id).toBe('second');
    await note(dataSource.manager, 'third');
    await first.end();
    expect(idsOf(await follow(dataSource, 2, { since }))).toEqual(['first', 'third']);
  });

  it('tells what was written in a savepoint when its transaction is committed', async () => {
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.startTransaction();
    await note(runner.manager, 'inner');
    await runner.commitTransaction();
    await note(dataSource.manager, 'beside');
    const [{ cursor: since } = { cursor: '' }] = await follow(dataSource, 1, beginning);
    await runner.commitTransaction();
    await runner.release();
    expect(idsOf(await follow(dataSource, 1, { since }))).toEqual(['inner']);
  });

  it('leaves out none and tells none twice of many that overlap, also after restarts', async () => {
    const expected = new Set<string>();
    let isWriting = true;
    const writers = Array.from({ length: 6 }, async (_, writer) => {
      for (let turn = 0; turn < 40; turn++) {
        const [id, more] = [`${writer}/${turn}`, `${writer}/${turn}/more`];
        const transaction = await open(id);
        await sleep(Math.random() * 20);
        await transaction.note(more);
        const isKept = turn % 5 > 0;
        await transaction.end(isKept ? 'commitTransaction' : 'rollbackTransaction');
        if (isKept) for (const one of [id, more]) expected.add(one);
      }
    });
    const ended = Promise.all(writers).then(async () => {
      isWriting = false;
      await note(dataSource.manager, 'last');
    });
    const told: string[] = [];
    for (let since = 'beginning'; told.at(-1) !== 'last'; )
      for await (const { id, cursor } of changes(dataSource, { since })) {
        told.push(id);
        since = cursor;
        if (id === 'last' || (isWriting && told.length % 7 === 0)) break;
      }
    await ended;
    expect(told).toHaveLength(expected.size + 1);
    expect([...told].sort()).toEqual([...expected, 'last'].sort());
  }, 60_000);

  it('notes the transaction by itself, whatever a writer says', async () => {
    const [{ number, own }] = await dataSource.transaction(async (manager) => {
      await manager.query(
        `INSERT INTO status_history (entity, row_id, field, to_status, changed_at, transaction_number)
         VALUES ('RawDataPackage', 'x', 'status', 'pending', now(), 7)`,
      );
      return manager.query(
        `SELECT transaction_number & ((1::bigint << 40) - 1) AS number, pg_current_xact_id()::text::bigint AS own
         FROM status_history`,
      );
    });
    expect(number).toBe(own);
  });

  it('refuses a cursor of another server', async () => {
    await note(dataSource.manager, 'a');
    const [{ cursor } = { cursor: '' }] = await follow(dataSource, 1, beginning);
    const [version, , ...rest] = cursor.split('.');
    const since = [version, '123', ...rest].join('.');
    await expect(follow(dataSource, 1, { since })).rejects.toMatchObject({ code: 'cursor_invalid' });
  });

  it('tells what a promoted server writes under numbers that were lost with the old one', async () => {
    await note(dataSource.manager, 'kept');
    const [{ cursor } = { cursor: '' }] = await follow(dataSource, 1, beginning);
    // The cursor of a server of the timeline before, which was far ahead when it was lost.
    const [version, system] = cursor.split('.');
    const since = [version, system, String(2n ** 40n - 1n), '', '0'].join('.');
    expect(idsOf(await follow(dataSource, 1, { since }))).toEqual(['kept']);
  });
});
