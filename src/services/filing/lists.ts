import { setImmediate } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { BULK, inChunks, type Many } from '../../database/chunks.js';

/** What became of rows that were filed. */
export interface Filed {
  /** Rows that were not there and were written. */
  readonly added: number;
  /** Rows that were there already with the same content. */
  readonly known: number;
}

/**
 * Files rows in lists, all of them or none. A list that is the only one needs no transaction around it. While the database writes a
 * list, the next one is read and checked.
 * @param canonical checks a row, and brings it into the form in which it is filed
 * @param fileList files a list, all of it or nothing; it gives how many rows were added
 */
export async function fileInLists<T>(
  manager: EntityManager,
  rows: Many<T>,
  canonical: (row: T) => T,
  fileList: (manager: EntityManager, list: T[]) => Promise<number>,
): Promise<Filed> {
  const lists = checkedLists(rows, canonical);
  let [added, given] = [0, 0];
  const file = async (on: EntityManager, list: T[]) => {
    added += await fileList(on, list);
    given += list.length;
  };
  try {
    const first = await lists.next();
    const second = first.done ? first : await lists.next();
    if (!first.done && second.done) await file(manager, first.value);
    if (!first.done && !second.done)
      await manager.transaction(async (nested) => {
        await file(nested, first.value);
        for (let list = second; !list.done; ) {
          const [filed, next] = await Promise.allSettled([file(nested, list.value), nextOf(lists)]);
          if (filed.status === 'rejected') throw filed.reason;
          if (next.status === 'rejected') throw next.reason;
          list = next.value as typeof second;
        }
      });
  } finally {
    await lists.return(undefined);
  }
  return { added, known: given - added };
}

async function* checkedLists<T>(rows: Many<T>, canonical: (row: T) => T): AsyncGenerator<T[], void> {
  for await (const list of inChunks(rows, BULK)) yield list.map(canonical);
}

async function nextOf<T>(lists: AsyncIterator<T[], void>): Promise<IteratorResult<T[], void>> {
  // What is to be written leaves this process first.
  await setImmediate();
  return lists.next();
}
