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
 * @param prepared checks rows, and brings them into the form and the order in which they are filed
 * @param fileList files a list, all of it or nothing; it gives how many rows were added
 */
export async function fileInLists<T>(
  manager: EntityManager,
  rows: Many<T>,
  prepared: (list: T[]) => T[],
  fileList: (manager: EntityManager, list: T[]) => Promise<number>,
): Promise<Filed> {
  const lists = preparedLists(rows, prepared);
  let [added, given] = [0, 0];
  let isReading = false;
  const read = async () => {
    isReading = true;
    const next = await lists.next();
    isReading = false;
    return next;
  };
  const file = async (on: EntityManager, list: T[]) => {
    added += await fileList(on, list);
    given += list.length;
  };
  try {
    let list = await read();
    let next = list.done ? Promise.resolve(list) : read();
    const isLast = await next.then(
      ({ done }) => done,
      () => false,
    );
    if (!list.done && isLast) await file(manager, list.value);
    else if (!list.done)
      await manager.transaction(async (nested) => {
        while (!list.done) {
          await file(nested, list.value);
          list = await next;
          // What is to be written leaves this process first.
          next = list.done ? next : setImmediate().then(read);
          next.catch(() => undefined);
        }
      });
  } finally {
    const closed = lists.return();
    // A source that is slow to give more does not keep an error back.
    if (!isReading) await closed;
  }
  return { added, known: given - added };
}

async function* preparedLists<T>(rows: Many<T>, prepared: (list: T[]) => T[]): AsyncGenerator<T[], void> {
  for await (const list of inChunks(rows, BULK)) yield prepared(list);
}
