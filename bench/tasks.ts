import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../src/package-root.js';
import type { Contender, Task } from './support/task.js';

// biome-ignore lint/suspicious/noExplicitAny: what a task gives to its contenders is its own affair
type AnyTask = Task<any>;

/** The tasks by name; each is loaded when it is first run. */
const TASKS: Readonly<Record<string, () => Promise<AnyTask>>> = {
  'package-graph': async () => (await import('./reading/tasks.js')).packageGraph,
  'pending-list': async () => (await import('./reading/tasks.js')).pendingList,
  'by-key': async () => (await import('./reading/tasks.js')).byKey,
  'by-key-at-once': async () => (await import('./reading/tasks.js')).byKeyAtOnce,
  stream: async () => (await import('./reading/tasks.js')).stream,
  filing: async () => (await import('./filing/task.js')).filing,
  claiming: async () => (await import('./claiming/tasks.js')).claiming,
  'claiming-singly': async () => (await import('./claiming/tasks.js')).claimingSingly,
  'claiming-in-batches': async () => (await import('./claiming/tasks.js')).claimingInBatches,
};

/** Names of the tasks. */
export const taskNames: readonly string[] = Object.keys(TASKS);

/** @throws TypeError for a name that is not one of {@link taskNames} */
export async function taskNamed(name: string): Promise<AnyTask> {
  const load = TASKS[name];
  if (!load) throw new TypeError(`There is no task ${name}; there are ${taskNames.join(', ')}`);
  return load();
}

/** A file for each library; what they share is in a folder of its own. */
const PEERS = path.join(packageRoot(), 'bench', 'peers');

/** Names of the other libraries; none where they are not installed. */
export const peerNames: readonly string[] = existsSync(path.join(PEERS, 'node_modules'))
  ? readdirSync(PEERS)
      .map((file) => path.parse(file))
      .filter(({ ext }) => ext === '.mjs')
      .map(({ name }) => name)
  : [];

/**
 * The contenders of a task by name; those of other libraries only on request.
 * @throws Error where they are requested and not installed
 */
export async function contendersOf(
  name: string,
  task: AnyTask,
  withPeers: boolean,
): Promise<Readonly<Record<string, Contender<unknown>>>> {
  if (!withPeers) return task.contenders;
  if (peerNames.length === 0)
    throw new Error('The other libraries are not installed; npm run bench:peers installs them');
  const peers = peerNames.map(async (peer) => [peer, await peerOf(name, peer)] as const);
  const joining = (await Promise.all(peers)).filter(([, contender]) => contender !== undefined);
  return { ...task.contenders, ...Object.fromEntries(joining) };
}

/** One contender, so that a process loads no other library than the one that it uses. */
export async function contenderNamed(
  name: string,
  task: AnyTask,
  contender: string,
): Promise<Contender<unknown>> {
  return task.contenders[contender] ?? peerOf(name, contender);
}

async function peerOf(name: string, peer: string): Promise<Contender<unknown>> {
  const { tasks } = await import(path.join(PEERS, `${peer}.mjs`));
  return tasks[name];
}
