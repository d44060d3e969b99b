/** A process that does the work of a simulation; started by the simulation, ends with it. */
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../datasource.js';
import { drain } from './drain.js';
import { Random } from './random.js';
import type { Answer, WorkerOptions } from './workers.js';

let options: WorkerOptions | undefined;
let connected: Promise<DataSource> | undefined;

process.on('message', (message: WorkerOptions | 'drain') => {
  if (message !== 'drain') {
    options = message;
    connected = createDataSource(message.connection).initialize();
    return;
  }
  work()
    .catch((error: unknown): Answer => ({ error: String((error as Error)?.stack ?? error) }))
    .then((answer) => process.send?.(answer))
    .catch(() => process.exit(2));
});
process.on('disconnect', () => process.exit());

async function work(): Promise<Answer> {
  if (!options || !connected) throw new Error('a worker has to be told where to work first');
  const { seed, faults, worker } = options;
  const { manager } = await connected;
  return { tallies: await drain({ manager, random: new Random(seed), faults, worker }) };
}
