/** A worker in a process of its own, which is killed: notes each piece of work that it has done in a file. */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDataSource } from '../../../src/datasource.js';
import { StagingJob } from '../../../src/entities/index.js';
import { work } from '../../../src/services/working/index.js';
import type { DatabaseOptions } from '../../support/databases.js';

interface Orders {
  readonly options: DatabaseOptions;
  readonly worker: string;
  readonly file: string;
}

process.once('message', ({ options, worker, file }: Orders) => {
  void serve(options, worker, file).catch((error) => {
    console.error(error);
    process.exit(1);
  });
});

async function serve(options: DatabaseOptions, worker: string, file: string): Promise<void> {
  const dataSource = await createDataSource(options).initialize();
  process.send?.('ready');
  for await (const item of work(dataSource, StagingJob, { worker, limit: 2 })) {
    await sleep(20);
    await item.finish();
    appendFileSync(file, `${item.id}\n`);
  }
}
