import type { EntityManager, QueryRunner } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { sharedRunner, withRunner } from '../../database/read-runner.js';
import type { Row } from '../../database/statement.js';
import type { UnitRunner } from '../../database/typeorm/unit-runner.js';
import { selectedColumns } from './hydrator.js';
import type { EntityKey } from './read-rows.js';
import type { Reader } from './reader.js';

/** Somebody who waits for the row of a key. */
interface Waiting {
  readonly key: EntityKey;
  readonly resolve: (row: Row | undefined) => void;
  readonly fail: (error: unknown) => void;
}

/** What is asked of one place in the same moment, by what reads it. */
const asked = new WeakMap<object, Map<Reader, Waiting[]>>();

/** Reads the row of a key together with the others that are asked for in the same moment. */
export function gathered(manager: EntityManager, reader: Reader, key: EntityKey): Promise<Row | undefined> {
  const place = placeOf(manager);
  if (!place || !isPlain(key, reader))
    return withRunner(manager, async (runner) => (await reader.one(runner, key))[0]);
  return new Promise((resolve, fail) => {
    waitingFor(place, manager, reader).push({ key, resolve, fail });
  });
}

/**
 * What the reads that share a statement have in common: a connection or data source. On the one connection of SQLite it
 * is the transaction that they are called within; a query runner of its own has nothing to win there.
 */
function placeOf(manager: EntityManager): object | undefined {
  const shared = sharedRunner(manager);
  if (!shared)
    return (manager.queryRunner as UnitRunner | undefined)?.transactions.scope ?? manager.dataSource;
  return manager.queryRunner ? undefined : shared.transactions.scope;
}

/** The list of those who wait; the first one has it read once all that runs now has come to its next wait. */
function waitingFor(place: object, manager: EntityManager, reader: Reader): Waiting[] {
  const lists = asked.get(place) ?? new Map<Reader, Waiting[]>();
  asked.set(place, lists);
  const known = lists.get(reader);
  if (known) return known;
  const waiting: Waiting[] = [];
  lists.set(reader, waiting);
  const readAll = async () => {
    lists.delete(reader);
    try {
      // They go on once the runner is free, which the next read may use.
      const rows = await withRunner(manager, (runner) => rowsFor(runner, reader, waiting));
      for (const [at, { resolve }] of waiting.entries()) resolve(rows[at]);
    } catch (error) {
      for (const { fail } of waiting) fail(error);
    }
  };
  void Promise.resolve().then(() => process.nextTick(readAll));
  return waiting;
}

/** Reads for all who wait. @returns the row of each, in their order */
function rowsFor(
  runner: QueryRunner,
  reader: Reader,
  waiting: readonly Waiting[],
): Promise<(Row | undefined)[]> {
  const [first, second] = waiting as readonly [Waiting, ...Waiting[]];
  if (!second) return reader.one(runner, first.key);
  return rowsByKey(
    runner,
    reader,
    waiting.map(({ key }) => key),
  );
}

async function rowsByKey(
  runner: QueryRunner,
  { metadata, lookup }: Reader,
  keys: readonly EntityKey[],
): Promise<(Row | undefined)[]> {
  const column = metadata.primaryColumns[0] as ColumnMetadata;
  const rows = await lookup(column)(runner, [...new Set(keys)]);
  const place = selectedColumns(metadata).indexOf(column);
  const byKey = new Map(rows.map((row) => [row[place], row]));
  const given = new Set<EntityKey>();
  return keys.map((key) => {
    const row = byKey.get(key);
    // Whoever changes a date or JSON of an instance changes that of no other.
    if (given.has(key)) return structuredClone(row);
    given.add(key);
    return row;
  });
}

const PLAIN_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const LARGEST_INTEGER = 2 ** 31 - 1;

/** Whether a key is spelled as the database does: another one is no match for what comes back, or an error for all. */
function isPlain(key: EntityKey, { metadata }: Reader): boolean {
  return metadata.primaryColumns[0]?.type === 'uuid'
    ? typeof key === 'string' && PLAIN_UUID.test(key)
    : typeof key === 'number' && Number.isInteger(key) && Math.abs(key) <= LARGEST_INTEGER;
}
