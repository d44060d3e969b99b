/*
 * A transfer worker: claims the transfers that wait at a location, moves each, and records the outcome. Any number of
 * them may run, anywhere; no transfer is given to two. It is notified of work and does not poll. Failed transfers are
 * tried again later; the work of a dead worker is released by releaseStale, which a manager calls.
 *
 *   node dist/examples/transfer-worker.js output_buffer
 */
import {
  completeTransfer,
  DataLocation,
  DataTransfer,
  initCcatOpsDb,
  type WorkOptions,
  work,
} from 'ccat-ops-db';
import type { DataSource } from 'typeorm';

/** Moves the bytes of a transfer; returns how many. It stops when the signal tells that the transfer was lost. */
export type Move = (transfer: DataTransfer, signal: AbortSignal) => Promise<number>;

/** Which transfers a worker moves, and how. */
interface Moving {
  readonly originLocationId: number;
  readonly worker: string;
  readonly move: Move;
}

/** Moves what waits at a location, and what comes, until it is told to stop. Returns how many transfers were completed. */
export async function transferAll(
  dataSource: DataSource,
  { originLocationId, worker, move }: Moving,
  ending: Pick<WorkOptions<DataTransfer>, 'signal' | 'untilIdle'>,
): Promise<number> {
  let completed = 0;
  for await (const item of work(dataSource, DataTransfer, {
    worker,
    where: { originLocationId },
    ...ending,
  })) {
    const outcome = await item.attempt(async (transfer, signal) => {
      const transferredBytes = await move(transfer, signal);
      return (manager) => completeTransfer(manager, transfer.id, { worker, transferredBytes });
    });
    if (outcome === 'done') completed += 1;
  }
  return completed;
}

/** Moves what waits now. Returns how many transfers were completed. */
export function transferOnce(dataSource: DataSource, moving: Moving): Promise<number> {
  return transferAll(dataSource, moving, { untilIdle: true });
}

async function main(name: string): Promise<void> {
  const { session, dataSource } = await initCcatOpsDb();
  const { id: originLocationId } = await session.findOneByOrFail(DataLocation, { name });
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const worker = `transfer-${process.pid}`;
  const move: Move = async ({ id }) => {
    throw new Error(`here bbcp would move the bundle of transfer ${id}`);
  };
  await transferAll(dataSource, { originLocationId, worker, move }, { signal: stop.signal });
  await dataSource.destroy();
}

if (require.main === module) void main(process.argv[2] ?? 'output_buffer');
