import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import type { DataSource } from 'typeorm';
import type { InitOptions } from '../../database/connection-settings.js';
import { packageRoot } from '../../package-root.js';
import { drain, emptyTallies, type Tallies } from './drain.js';
import type { Faults } from './faults.js';
import { Random } from './random.js';

// From the root of the package, since the command runs from one file elsewhere.
const WORKER = path.join(packageRoot(), 'dist', 'src', 'tools', 'simulate', 'worker-process.js');

/** Those who do the work. */
export interface Workers {
  /** Lets everybody work until nothing is due. */
  drain(): Promise<Tallies>;
  dismiss(): void;
}

/** What a worker process is told first. */
export interface Orders {
  readonly connection: InitOptions;
  readonly seed: string;
  readonly faults: Faults;
  readonly worker: string;
}

/** What a worker process answers. */
export type Answer = { readonly tallies: Tallies } | { readonly error: string };

/** One worker, in this process. */
export function oneWorker(dataSource: DataSource, { seed, faults, worker }: Orders): Workers {
  const workplace = { dataSource, dice: new Random(seed), faults, worker };
  return { drain: () => drain(workplace), dismiss: () => {} };
}

/** Workers in processes of their own. They end when this process does, whatever ends it. */
export function workerProcesses(size: number, orders: Orders): Workers {
  const workers = Array.from({ length: size }, (_, index) => {
    const child = fork(WORKER, { serialization: 'advanced' });
    child.send({ ...orders, worker: `${orders.worker}-${index + 1}` });
    return child;
  });
  return {
    drain: async () => sum(await Promise.all(workers.map(drainOne))),
    dismiss: () => {
      for (const child of workers) child.disconnect();
    },
  };
}

function drainOne(child: ChildProcess): Promise<Tallies> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error('a worker process has ended'));
    child.once('exit', gone);
    child.once('message', (answer: Answer) => {
      child.off('exit', gone);
      if ('tallies' in answer) resolve(answer.tallies);
      else reject(new Error(`a worker process failed: ${answer.error}`));
    });
    child.send('drain');
  });
}

/** The tallies of several workers, put together. */
export function sum(parts: readonly Tallies[]): Tallies {
  const all = emptyTallies();
  for (const part of parts)
    for (const [name, { done, failed, abandoned }] of Object.entries(part)) {
      const total = all[name] ?? { done: 0, failed: 0, abandoned: 0 };
      all[name] = {
        done: total.done + done,
        failed: total.failed + failed,
        abandoned: total.abandoned + abandoned,
      };
    }
  return all;
}
