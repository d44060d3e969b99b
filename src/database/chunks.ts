/** Rows in one statement, well below the limits of both databases on parameters. */
export const CHUNK = 500;

/** Rows that are written at once at the speed of the driver; one such list at a time is held in memory. */
export const BULK = 10_000;

/** Divides items into lists of at most so many, of which one at a time is held in memory. */
export async function* inChunks<T>(items: Iterable<T> | AsyncIterable<T>, size = CHUNK): AsyncGenerator<T[]> {
  let chunk: T[] = [];
  const isFullWith = (item: T) => chunk.push(item) === size;
  const taken = () => {
    const full = chunk;
    chunk = [];
    return full;
  };
  if (Symbol.iterator in items) {
    // Not awaited: that would take as long as writing them.
    for (const item of items) if (isFullWith(item)) yield taken();
  } else for await (const item of items) if (isFullWith(item)) yield taken();
  if (chunk.length > 0) yield chunk;
}
