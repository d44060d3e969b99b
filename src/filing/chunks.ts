/** Rows in one statement, well below the limits of both databases on parameters. */
export const CHUNK = 500;

/** Divides items into lists of at most {@link CHUNK}, of which one at a time is held in memory. */
export async function* inChunks<T>(items: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T[]> {
  let chunk: T[] = [];
  for await (const item of items) {
    chunk.push(item);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
