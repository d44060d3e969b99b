/** A process that does the work of a simulation; started by the simulation, ends with it. */
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../datasource.js';
import { drain } from './drain.js';
import { Random } from './random.js';
import type { Answer, Orders } from './workers.js';

let orders: Orders | undefined;
let connected: Promise<DataSource> | undefined;

process.on('message', (message: Orders | 'drain') => {
  if (message !== 'drain') {
    orders = message;
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
  if (!orders || !connected) throw new Error('a worker has to be told where to work first');
  const { seed, faults, worker } = orders;
  const dataSource = await connected;
  return { tallies: await drain({ dataSource, dice: new Random(seed), faults, worker }) };
}
