import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { StagingJob } from '../../src/entities/index.js';
import { oneOfEach } from './one-of-each.js';

/** Fills an empty database so that so many staging jobs wait, and no others. @returns their keys */
export async function makeStagingJobs(manager: EntityManager, count: number): Promise<string[]> {
  const rows = await oneOfEach(manager);
  await manager.createQueryBuilder().delete().from(StagingJob).execute();
  const destinationLocationId = rows.StagingJob?.destinationLocationId as number;
  const ids = Array.from({ length: count }, () => uuidv7());
  await manager.insert(
    StagingJob,
    ids.map((id) => ({ id, destinationLocationId, maxRetries: 100 })),
  );
  return ids;
}
