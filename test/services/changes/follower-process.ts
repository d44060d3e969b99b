/** A follower in a process of its own, which is killed: notes what it was told, and then the cursor, in files. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createDataSource } from '../../../src/datasource.js';
import { StagingJob } from '../../../src/entities/index.js';
import { changes } from '../../../src/services/changes/index.js';
import type { DatabaseOptions } from '../../support/databases.js';

interface Orders {
  readonly options: DatabaseOptions;
  readonly file: string;
}

process.once('message', ({ options, file }: Orders) => {
  void follow(options, file).catch((error) => {
    console.error(error);
    process.exit(1);
  });
});

async function follow(options: DatabaseOptions, file: string): Promise<void> {
  const dataSource = await createDataSource(options).initialize();
  const kept = `${file}.cursor`;
  const since = existsSync(kept) ? readFileSync(kept, 'utf8') : 'beginning';
  process.send?.('ready');
  for await (const { id, to, cursor } of changes(dataSource, {
    entities: [StagingJob],
    since: since || 'beginning',
  })) {
    appendFileSync(file, `${id} ${to}\n`);
    writeFileSync(kept, cursor);
  }
}
