import type { Hands } from './raw.js';

export const WORKERS = 8;
export const BATCH = 100;

/** Workers that claim rows until none is left. @returns the keys that each of them claimed */
async function workAll(hands: Hands, limit: number, isDone: boolean): Promise<string[]> {
  const work = async (_: unknown, number: number) => {
    const worker = `worker-${number}`;
    const had: string[] = [];
    for (let ids = await hands.claim(worker, limit); ids.length > 0; ids = await hands.claim(worker, limit)) {
      had.push(...ids);
      if (isDone)
        for (const id of ids) {
          await hands.begin(worker, id);
          await hands.finish(worker, id);
        }
    }
    return had;
  };
  return (await Promise.all(Array.from({ length: WORKERS }, work))).flat();
}

/** The work of each task by hand. */
export const WAYS = {
  claiming: (hands: Hands) => workAll(hands, 1, true),
  'claiming-singly': (hands: Hands) => workAll(hands, 1, false),
  'claiming-in-batches': (hands: Hands) => workAll(hands, BATCH, false),
};
