import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import type { DataSource } from 'typeorm';
import type { InitOptions } from '../../database/connection-settings.js';
import { packageRoot } from '../../package-root.js';
import { drain, emptyTallies, type Tallies } from './drain.js';
import type { Faults } from './faults.js';
import { Random } from './random.js';

// Below the root of the package, since the command is bundled into one file.
const WORKER = path.join(packageRoot(), 'bin', 'simulation-worker.js');

/** The workers of a simulation. */
export interface Workers {
  /** Runs all workers until no work is due. */
  drain(): Promise<Tallies>;
  stop(): void;
}

/** The first message to a worker process. */
export interface WorkerOptions {
  readonly connection: InitOptions;
  readonly seed: string;
  readonly faults: Faults;
  readonly worker: string;
}

/** The answer of a worker process. */
export type Answer = { readonly tallies: Tallies } | { readonly error: string };

/** One worker, in this process. */
export function oneWorker(dataSource: DataSource, { seed, faults, worker }: WorkerOptions): Workers {
  const context = { manager: dataSource.manager, random: new Random(seed), faults, worker };
  return { drain: () => drain(context), stop: () => {} };
}

/** Workers in separate processes. They end with this process, however it ends. */
export function workerProcesses(size: number, options: WorkerOptions): Workers {
  const workers = Array.from({ length: size }, (_, index) => {
    const child = fork(WORKER, { serialization: 'advanced' });
    child.send({ ...options, worker: `${options.worker}-${index + 1}` });
    return child;
  });
  return {
    drain: async () => sum(await Promise.all(workers.map(drainOne))),
    stop: () => {
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

/** The sums of the tallies of several workers. */
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
