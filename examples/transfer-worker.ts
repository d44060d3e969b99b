/*
 * A transfer worker: takes the transfers that wait at a location, moves each, and notes what became of it. Any number of
 * them may run, anywhere; no transfer is given to two. What fails is tried again later, what a worker left behind when
 * it died is released by releaseStale, which a manager calls.
 *
 *   node dist/examples/transfer-worker.js output_buffer
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  claim,
  completeTransfer,
  DataLocation,
  DataTransfer,
  fail,
  heartbeat,
  initCcatOpsDb,
  transition,
} from 'ccat-ops-db';
import type { DataSource } from 'typeorm';

/** Moves the bytes of a transfer; returns how many. */
export type Move = (transfer: DataTransfer) => Promise<number>;

const SIGN_OF_LIFE_MS = 30_000;

/** Does what waits now. Returns how many transfers were completed. */
export async function transferOnce(
  { manager }: DataSource,
  { originLocationId, worker, move }: { originLocationId: number; worker: string; move: Move },
): Promise<number> {
  let completed = 0;
  for (const transfer of await claim(manager, DataTransfer, {
    where: { originLocationId },
    limit: 4,
    worker,
  })) {
    const { id } = transfer;
    const step = { from: 'scheduled', to: 'in_progress', worker } as const;
    if (!(await transition(manager, DataTransfer, id, step))) continue;
    const alive = setInterval(() => void heartbeat(manager, DataTransfer, [id], worker), SIGN_OF_LIFE_MS);
    try {
      const transferredBytes = await move(transfer);
      if (await completeTransfer(manager, id, { worker, transferredBytes })) completed += 1;
    } catch (error) {
      await fail(manager, DataTransfer, id, { error: String(error), worker });
    } finally {
      clearInterval(alive);
    }
  }
  return completed;
}

async function main(name: string): Promise<void> {
  const { session, dataSource } = await initCcatOpsDb();
  const { id: originLocationId } = await session.findOneByOrFail(DataLocation, { name });
  const worker = `transfer-${process.pid}`;
  const move: Move = async ({ id }) => {
    throw new Error(`here bbcp would move the bundle of transfer ${id}`);
  };
  for (;;)
    if ((await transferOnce(dataSource, { originLocationId, worker, move })) === 0) await sleep(10_000);
}

if (require.main === module) void main(process.argv[2] ?? 'output_buffer');
