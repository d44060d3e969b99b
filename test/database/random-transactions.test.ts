import fc from 'fast-check';
import type { DataSource, EntityManager } from 'typeorm';
import { withDbSession } from '../../src/datasource.js';
import { Site } from '../../src/entities/location/site.js';
import { deleteAllRows, describeEachDatabase } from '../support/databases.js';

/** Work within a transaction. */
type Work =
  | { readonly kind: 'add' }
  /** A statement that the database refuses. */
  | { readonly kind: 'refused'; readonly isCaught: boolean }
  /** An error of the program. */
  | { readonly kind: 'throw' }
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

const { tree } = fc.letrec<{ tree: Work }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('tree'), { maxLength: 4 }).map((parts): Work => ({ kind: 'sequence', parts })),
    fc.array(tie('tree'), { minLength: 2, maxLength: 4 }).map((parts): Work => ({ kind: 'parallel', parts })),
    fc
      .record({ isCaught: fc.boolean(), work: tie('tree') })
      .map((nested): Work => ({ kind: 'nested', ...nested })),
  ),
}));

/** What one transaction was seen to do: it is kept when it resolves, and everything around it does. */
interface Seen {
  readonly acknowledged: string[];
  readonly inner: Seen[];
  outcome?: 'resolved' | 'rejected';
}

let names = 0;

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

async function unit(dataSource: DataSource, work: Work): Promise<Seen> {
  const seen: Seen = { acknowledged: [], inner: [] };
  await withDbSession((manager) => run(work, manager, seen), { dataSource }).then(
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

const RUNS = 150;
const AT_ONCE = 50;

describeEachDatabase('random trees of transactions', (database) => {
  let dataSource: DataSource;
  let other: DataSource;
  const inDatabase = async () => new Set((await other.manager.find(Site)).map(({ name }) => name));

  beforeAll(async () => {
    dataSource = await database.open();
    other = await database.open();
  });
  beforeEach(async () => {
    await deleteAllRows(dataSource);
    await dataSource.manager.insert(Site, { name: 'there', shortName: 'there' });
  });

  it(`leave what was acknowledged and nothing else (${RUNS} trees)`, async () => {
    await fc.assert(
      fc.asyncProperty(tree, async (work) => {
        const seen = await unit(dataSource, work);
        expect(seen.outcome).toBe(mustFail(work) ? 'rejected' : 'resolved');
        const found = await inDatabase();
        expect(kept(seen).filter((name) => !found.has(name))).toEqual([]);
        expect(undone(seen).filter((name) => found.has(name))).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  }, 120_000);

  it(`are kept apart when ${AT_ONCE} units run at once`, async () => {
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
      { numRuns: 5, endOnFailure: true },
    );
  }, 120_000);
});
