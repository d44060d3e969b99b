import { OpsDbError } from '../errors.js';

/** Rows in one statement, well below the limits of both databases on parameters. */
export const CHUNK = 500;

/** Rows that are written at once at the speed of the driver; two such lists at a time are held in memory. */
export const BULK = 10_000;

/**
 * Any number of items. An iterator or a stream can be read only once, so that work which is tried again (`retry`) must make
 * it anew: a function that does so can be read as often as needed. It is read while the items before are written; a source that itself
 * reads in the same transaction waits for them.
 */
export type Many<T> = Iterable<T> | AsyncIterable<T> | (() => Iterable<T> | AsyncIterable<T>);

/**
 * Divides items into lists of at most so many, of which one at a time is held in memory.
 * @throws OpsDbError `input_used_up` for an iterator or stream that was read before
 */
export async function* inChunks<T>(many: Many<T>, size = CHUNK): AsyncGenerator<T[]> {
  const items = typeof many === 'function' ? many() : many;
  assertUnread(items);
  let chunk: T[] = [];
  const isFullWith = (item: T) => chunk.push(item) === size;
  const taken = () => {
    const full = chunk;
    chunk = [];
    return full;
  };
  if (Symbol.iterator in items) {
    // Without `await`, which would take as long as writing the rows.
    for (const item of items) if (isFullWith(item)) yield taken();
  } else for await (const item of items) if (isFullWith(item)) yield taken();
  if (chunk.length > 0) yield chunk;
}

/**
 * Sorts rows by key. Two writers of the same rows in different orders would wait for each other (a deadlock).
 */
export function inKeyOrder<T>(rows: readonly T[], keyOf: (row: T) => string): T[] {
  return [...rows].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

/** Iterators and streams that were read before. */
const read = new WeakSet<object>();

/** @throws OpsDbError `input_used_up` for an iterator or stream that was read before */
export function assertUnread(items: Iterable<unknown> | AsyncIterable<unknown>): void {
  if (!isReadOnlyOnce(items)) return;
  if (read.has(items))
    throw new OpsDbError(
      'input_used_up',
      'an iterator or stream was read before, and gives nothing more: give a list, or a function that makes it anew; ' +
        'with retry the work is done again from its beginning',
    );
  read.add(items);
}

function isReadOnlyOnce(items: Iterable<unknown> | AsyncIterable<unknown>): boolean {
  if (Array.isArray(items) || typeof items !== 'object') return false;
  // Streams of Node and of the web make an iterator for each loop, on the same content.
  if ('pipe' in items || 'getReader' in items) return true;
  const iterator = Symbol.iterator in items ? items[Symbol.iterator]() : items[Symbol.asyncIterator]();
  return iterator === (items as unknown);
}
