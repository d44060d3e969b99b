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
 * Files rows in lists, all of them or none. A list that is the only one needs no transaction around it.
 * @param fileList files a list, all of it or nothing; it gives how many rows were added
 */
export async function fileInLists<T>(
  manager: EntityManager,
  rows: Many<T>,
  fileList: (manager: EntityManager, list: T[]) => Promise<number>,
): Promise<Filed> {
  const lists = inChunks(rows, BULK);
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
        await file(nested, second.value);
        for await (const list of lists) await file(nested, list);
      });
  } finally {
    await lists.return(undefined);
  }
  return { added, known: given - added };
}
