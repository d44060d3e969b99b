import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { bulkInsert } from '../../src/database/bulk-insert.js';
import { DataTransferPackage, StatusHistory } from '../../src/entities/index.js';
import { transition } from '../../src/lifecycle/index.js';
import { readSeedData, writeSeedData } from '../../src/seed/index.js';
import { claim } from '../../src/services/claiming/index.js';
import { onDataSource } from '../support/database.js';
import type { Task } from '../support/task.js';
import { placesOf } from '../support/year/context.js';
import { byHand, type Hands } from './raw.js';
import { SILENT } from './steps.js';
import { withTypeorm } from './typeorm.js';
import { BATCH, WAYS, WORKERS } from './ways.js';

const ROWS = 2000;

/** This package's public calls. */
function withPackage({ manager }: DataSource): Hands {
  const step = (from: string, to: string) => (worker: string, id: string) =>
    transition(manager, DataTransferPackage, id, { from, to, worker });
  return {
    claim: async (worker, limit) =>
      (await claim(manager, DataTransferPackage, { worker, limit })).map(({ id }) => id),
    begin: step('scheduled', 'in_progress'),
    finish: step('in_progress', 'completed'),
  };
}

function claimingTask(name: keyof typeof WAYS, title: string): Task<void> {
  const work = WAYS[name];
  const isDone = name === 'claiming';
  return {
    title: `${ROWS} rows of work, ${WORKERS} workers: ${title}`,
    fill,
    given,
    async check({ manager }, _, result) {
      const claimed = new Set(result as string[]).size;
      const status = isDone ? 'completed' : 'scheduled';
      const moved = await manager.countBy(DataTransferPackage, { status });
      const noted = await manager.count(StatusHistory);
      const steps = isDone ? 3 : 1;
      if (claimed !== ROWS || moved !== ROWS || noted !== steps * ROWS)
        throw new Error(`${claimed} were claimed, ${moved} are ${status}, ${noted} steps were noted`);
    },
    warmUps: 5,
    repeats: 3,
    contenders: {
      raw: byHand(work, SILENT),
      'ccat-ops-db': onDataSource((dataSource) => work(withPackage(dataSource))),
      typeorm: onDataSource((dataSource) => work(withTypeorm(dataSource)), SILENT),
    },
  };
}

/** Work that is claimed row by row, begun and marked as done. */
export const claiming = claimingTask('claiming', 'claimed one at a time, begun and done');
/** Work that is claimed row by row, to compare with batches. */
export const claimingSingly = claimingTask('claiming-singly', 'claimed one at a time');
/** Work that is claimed many rows at a time. */
export const claimingInBatches = claimingTask('claiming-in-batches', `claimed ${BATCH} at a time`);

async function fill(dataSource: DataSource): Promise<void> {
  await writeSeedData(dataSource.manager, readSeedData(dataSource));
}

/** All rows pending, and no history. */
async function given(dataSource: DataSource): Promise<void> {
  const isPostgresql = dataSource.options.type === 'postgres';
  for (const table of ['status_history', 'data_transfer_package'])
    await dataSource.query(isPostgresql ? `TRUNCATE ${table} CASCADE` : `DELETE FROM ${table}`);
  const { locations } = await placesOf(dataSource);
  const originLocationId = locations.telescopeBuffer;
  // The columns of a built package, so that its work can be marked as done.
  const built = {
    relativePath: 'bundle.tar',
    sizeBytes: 1,
    checksum: '0'.repeat(64),
    checksumAlgorithm: 'sha256',
  };
  const rows = Array.from({ length: ROWS }, () => ({ id: uuidv7(), originLocationId, ...built }));
  await dataSource.transaction((manager) =>
    bulkInsert(manager, dataSource.getMetadata(DataTransferPackage), rows),
  );
  await dataSource.query(isPostgresql ? 'VACUUM ANALYZE data_transfer_package' : 'ANALYZE');
}
