/** Rows in one statement, well below the limits of both databases on parameters. */
export const CHUNK = 500;

/** Rows that are written at once at the speed of the driver; one such list at a time is held in memory. */
export const BULK = 5000;

/** Divides items into lists of at most so many, of which one at a time is held in memory. */
export async function* inChunks<T>(items: Iterable<T> | AsyncIterable<T>, size = CHUNK): AsyncGenerator<T[]> {
  let chunk: T[] = [];
  for await (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
