import fc from 'fast-check';
import type { DataSource, EntityManager, Logger } from 'typeorm';
import { createDataSource, withDbSession } from '../../src/datasource.js';
import { Site } from '../../src/entities/location/site.js';
import { streamMany } from '../../src/services/reading/index.js';
import { deleteAllRows, describeEachDatabase, type TestDatabase } from '../support/databases.js';

/** Work within a transaction. */
type Work =
  | { readonly kind: 'add' }
  /** A statement that the database refuses. */
  | { readonly kind: 'refused'; readonly isCaught: boolean }
  /** An error of the program. */
  | { readonly kind: 'throw' }
  /** Reads so many rows of a stream, and closes it or leaves it to the end of the transaction. */
  | { readonly kind: 'stream'; readonly rows: number; readonly isClosed: boolean }
  /** The server ends the connection. */
  | { readonly kind: 'kill' }
  /** Waits while others go on. */
  | { readonly kind: 'pause'; readonly turns: number }
  | { readonly kind: 'sequence'; readonly parts: readonly Work[] }
  | { readonly kind: 'parallel'; readonly parts: readonly Work[] }
  | { readonly kind: 'nested'; readonly isCaught: boolean; readonly work: Work };

const leaf = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Work>({ kind: 'add' }) },
  { weight: 1, arbitrary: fc.boolean().map((isCaught): Work => ({ kind: 'refused', isCaught })) },
  { weight: 1, arbitrary: fc.constant<Work>({ kind: 'throw' }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 5 }).map((turns): Work => ({ kind: 'pause', turns })) },
);

const stream = fc
  .record({ rows: fc.integer({ min: 0, max: 3 }), isClosed: fc.boolean() })
  .map((read): Work => ({ kind: 'stream', ...read }));
const kill = fc.constant<Work>({ kind: 'kill' });

const treeOf = (leaves: fc.Arbitrary<Work>) =>
  fc.letrec<{ tree: Work }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaves,
      fc.array(tie('tree'), { maxLength: 4 }).map((parts): Work => ({ kind: 'sequence', parts })),
      fc
        .array(tie('tree'), { minLength: 2, maxLength: 4 })
        .map((parts): Work => ({ kind: 'parallel', parts })),
      fc
        .record({ isCaught: fc.boolean(), work: tie('tree') })
        .map((nested): Work => ({ kind: 'nested', ...nested })),
    ),
  })).tree;

const tree = treeOf(fc.oneof({ weight: 8, arbitrary: leaf }, { weight: 1, arbitrary: stream }));
const treeWithKills = treeOf(fc.oneof({ weight: 8, arbitrary: leaf }, { weight: 1, arbitrary: kill }));

/** What one transaction was seen to do: it is kept when it resolves, and everything around it does. */
interface Seen {
  readonly acknowledged: string[];
  readonly inner: Seen[];
  outcome?: 'resolved' | 'rejected';
  /** Whether its connection was ended before its work was done. */
  isKilled?: boolean;
}

let names = 0;

/** The connections that were ended, and what ends them. */
const killed = new Set<Promise<unknown>>();
let kills = 0;
let killer: DataSource;

async function killConnectionOf(manager: EntityManager): Promise<void> {
  const [{ pid }] = await manager.query('SELECT pg_backend_pid() AS pid');
  const ended = killer.query('SELECT pg_terminate_backend($1, 10000)', [pid]);
  killed.add(ended);
  await ended;
  kills += 1;
}

async function run(work: Work, manager: EntityManager, seen: Seen): Promise<void> {
  switch (work.kind) {
    case 'add': {
      names += 1;
      const name = `site ${names}`;
      await manager.insert(Site, { name, shortName: name });
      seen.acknowledged.push(name);
      return;
    }
    case 'refused': {
      const refused = manager.insert(Site, { name: 'there', shortName: 'there' });
      await (work.isCaught ? refused.catch(() => undefined) : refused);
      return;
    }
    case 'throw':
      throw new Error('thrown by the program');
    case 'kill':
      return killConnectionOf(manager);
    case 'stream': {
      const rows = streamMany(manager, Site);
      for (let row = 0; row < work.rows; row++) if ((await rows.next()).done) break;
      if (work.isClosed) await rows.return(undefined);
      return;
    }
    case 'pause':
      for (let turn = 0; turn < work.turns; turn++) await new Promise(setImmediate);
      return;
    case 'sequence':
      for (const part of work.parts) await run(part, manager, seen);
      return;
    case 'parallel':
      // Not all of them are awaited where one throws.
      await Promise.all(work.parts.map((part) => run(part, manager, seen)));
      return;
    case 'nested': {
      const own: Seen = { acknowledged: [], inner: [] };
      seen.inner.push(own);
      const nested = manager
        .transaction((inner) => run(work.work, inner, own))
        .then(
          () => {
            own.outcome = 'resolved';
          },
          (error) => {
            own.outcome = 'rejected';
            throw error;
          },
        );
      await (work.isCaught ? nested.catch(() => undefined) : nested);
    }
  }
}

/** The rows that must be there: those that were acknowledged in transactions that resolved, up to the outermost. */
function kept({ outcome, acknowledged, inner }: Seen): string[] {
  return outcome === 'resolved' ? [...acknowledged, ...inner.flatMap(kept)] : [];
}

/** The rows whose transaction did not resolve. */
function undone(seen: Seen): string[] {
  return seen.outcome === 'resolved' ? seen.inner.flatMap(undone) : all(seen);
}

function all({ acknowledged, inner }: Seen): string[] {
  return [...acknowledged, ...inner.flatMap(all)];
}

/** The ways to a transaction. */
const WAYS: Readonly<
  Record<string, (dataSource: DataSource, work: (manager: EntityManager) => Promise<void>) => Promise<void>>
> = {
  withDbSession: (dataSource, work) => withDbSession(work, { dataSource }),
  'dataSource.transaction': (dataSource, work) => dataSource.transaction(work),
  'manager.transaction': ({ manager }, work) => manager.transaction(work),
  'a query runner by hand': async (dataSource, work) => {
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    try {
      await work(runner.manager);
      await runner.commitTransaction();
    } catch (error) {
      await runner.rollbackTransaction();
      throw error;
    } finally {
      await runner.release();
    }
  },
};
const way = fc.constantFrom(...Object.keys(WAYS));

async function unit(dataSource: DataSource, work: Work, name = 'withDbSession'): Promise<Seen> {
  const seen: Seen = { acknowledged: [], inner: [] };
  const begin = WAYS[name] as (typeof WAYS)[string];
  const before = kills;
  const whole = (manager: EntityManager) =>
    run(work, manager, seen).finally(() => {
      seen.isKilled = kills > before;
    });
  await begin(dataSource, whole).then(
    () => {
      seen.outcome = 'resolved';
    },
    () => {
      seen.outcome = 'rejected';
    },
  );
  return seen;
}

/** Whether the transaction of the work certainly cannot be committed. */
function mustFail(work: Work): boolean {
  switch (work.kind) {
    case 'throw':
    case 'refused':
      return true;
    case 'sequence':
    case 'parallel':
      return work.parts.some(mustFail);
    case 'nested':
      return !work.isCaught && mustFail(work.work);
    default:
      return false;
  }
}

/** Trees in a test; OPSDB_TEST_RUNS asks for more. */
const RUNS = Number(process.env.OPSDB_TEST_RUNS ?? 60);
const FEW = Math.ceil(RUNS / 3);
const AT_ONCE = 50;
const LONG_MS = 120_000 + 200 * RUNS;

/** What begins and ends transactions in a log, in order, until each is closed. */
class Brackets {
  private readonly open: string[] = [];
  readonly issues: string[] = [];
  count = 0;

  readonly logger: Logger = {
    logQuery: (sql) => {
      for (const statement of sql.split(';')) this.take(statement.trim());
    },
    logQueryError: () => {},
    logQuerySlow: () => {},
    logSchemaBuild: () => {},
    logMigration: () => {},
    log: () => {},
  };

  /** What was begun and not ended. */
  get left(): readonly string[] {
    return [...this.issues, ...this.open];
  }

  private take(statement: string): void {
    const savepoint = /(?:^| )SAVEPOINT (\w+)$/i.exec(statement)?.[1] ?? '';
    if (/^(?:BEGIN|START TRANSACTION)/i.test(statement)) this.begin('transaction', this.open.length === 0);
    else if (/^SAVEPOINT/i.test(statement)) this.begin(savepoint, this.open.length > 0);
    else if (/^COMMIT/i.test(statement)) this.end('transaction', statement);
    else if (/^RELEASE/i.test(statement)) this.end(savepoint, statement);
    else if (/^ROLLBACK TO/i.test(statement)) {
      if (!this.open.includes(savepoint)) this.issues.push(statement);
      while (this.open.length > 0 && this.open.at(-1) !== savepoint) this.open.pop();
    } else if (/^ROLLBACK/i.test(statement)) {
      if (this.open.length === 0) this.issues.push(statement);
      this.open.length = 0;
    }
  }

  private begin(name: string, isAllowed: boolean): void {
    this.count += 1;
    if (!isAllowed) this.issues.push(`${name} begins within ${this.open}`);
    this.open.push(name);
  }

  private end(name: string, statement: string): void {
    if (this.open.pop() !== name) this.issues.push(`${statement} within ${this.open}`);
  }
}

/** How a data source may be made. */
const HANDLES: Readonly<Record<string, (database: TestDatabase) => Promise<DataSource>>> = {
  'a connection of the pool': (database) => database.open(),
  'connections that are not kept': (database) => database.open({ ...database.options, nullPool: true }),
  'the setting for a pooler': (database) => {
    const { settings } = database.options;
    const postgresql = { ...settings.postgresql, pooler: 'transaction' as const };
    return database.open({ settings: { ...settings, postgresql } });
  },
};

describeEachDatabase('random trees of transactions', (database) => {
  let other: DataSource;
  const inDatabase = async () => new Set((await other.manager.find(Site)).map(({ name }) => name));
  const handles = database.type === 'sqlite' ? ['a connection of the pool'] : Object.keys(HANDLES);

  beforeAll(async () => {
    other = killer = await database.open();
  });
  beforeEach(async () => {
    await deleteAllRows(other);
    await other.manager.insert(Site, { name: 'there', shortName: 'there' });
  });

  async function expectOf(seen: Seen, outcome: Seen['outcome']): Promise<void> {
    expect(seen.outcome).toBe(outcome);
    const found = await inDatabase();
    expect(kept(seen).filter((name) => !found.has(name))).toEqual([]);
    expect(undone(seen).filter((name) => found.has(name))).toEqual([]);
  }

  it.each(handles)(
    `leave what was acknowledged and nothing else, on %s (${RUNS} trees)`,
    async (handle) => {
      const dataSource = await (HANDLES[handle] as (typeof HANDLES)[string])(database);
      await fc.assert(
        fc.asyncProperty(tree, way, async (work, name) => {
          await expectOf(await unit(dataSource, work, name), mustFail(work) ? 'rejected' : 'resolved');
        }),
        { numRuns: handle === handles[0] ? RUNS : FEW },
      );
    },
    LONG_MS,
  );

  it(
    `end each transaction and savepoint that they begin (${FEW} trees)`,
    async () => {
      const dataSource = await database.open();
      const brackets = new Brackets();
      // With a subscriber each statement is sent, and logged, by itself.
      dataSource.subscribers.push({});
      Object.assign(dataSource, { logger: brackets.logger });
      await fc.assert(
        fc.asyncProperty(tree, way, async (work, name) => {
          await unit(dataSource, work, name);
          expect(brackets.left).toEqual([]);
        }),
        { numRuns: FEW },
      );
      expect(brackets.count).toBeGreaterThan(FEW);
    },
    LONG_MS,
  );

  if (database.type === 'postgresql') {
    it.each(handles)(
      `leave nothing behind when connections are ended, on %s (${FEW} trees)`,
      async (handle) => {
        const dataSource = await (HANDLES[handle] as (typeof HANDLES)[string])(database);
        await fc.assert(
          fc.asyncProperty(treeWithKills, way, async (work, name) => {
            const seen = await unit(dataSource, work, name);
            await Promise.allSettled(killed);
            // A connection that is ended while nobody waits for that may have committed before.
            const isCertain = seen.isKilled || mustFail(work) || killed.size === 0;
            const expected = seen.isKilled || mustFail(work) ? 'rejected' : 'resolved';
            await expectOf(seen, isCertain ? expected : seen.outcome);
            killed.clear();
            // What was killed after the end of its unit is noticed by the next one at the latest.
            await withDbSession((manager) => manager.count(Site), { dataSource, retry: { minDelayMs: 1 } });
          }),
          { numRuns: FEW },
        );
      },
      LONG_MS,
    );

    it(
      `write nothing on the read handle (${FEW} trees)`,
      async () => {
        const dataSource = await createDataSource({ ...database.options, role: 'read' }).initialize();
        try {
          await fc.assert(
            fc.asyncProperty(tree, way, async (work, name) => {
              const seen = await unit(dataSource, work, name);
              expect(all(seen)).toEqual([]);
              expect([...(await inDatabase())]).toEqual(['there']);
              expect(await dataSource.manager.count(Site)).toBe(1);
            }),
            { numRuns: FEW },
          );
        } finally {
          await dataSource.destroy();
        }
      },
      LONG_MS,
    );
  }

  it(
    `are kept apart when ${AT_ONCE} units run at once`,
    async () => {
      const dataSource = await database.open();
      await fc.assert(
        fc.asyncProperty(fc.array(tree, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (works) => {
          const units = await Promise.all(works.map((work) => unit(dataSource, work)));
          expect(units.map(({ outcome }) => outcome)).toEqual(
            works.map((work) => (mustFail(work) ? 'rejected' : 'resolved')),
          );
          const found = await inDatabase();
          expect(units.flatMap(kept).filter((name) => !found.has(name))).toEqual([]);
          expect(units.flatMap(undone).filter((name) => found.has(name))).toEqual([]);
        }),
        { numRuns: Math.ceil(RUNS / 15), endOnFailure: true },
      );
    },
    LONG_MS,
  );
});
