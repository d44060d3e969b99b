import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { DataLocation, StagingJob } from '../../src/entities/index.js';
import { readSeedData, writeSeedData } from '../../src/seed/index.js';

/** Fills a database with the starting state. @returns a location where jobs are staged to */
export async function fill(dataSource: DataSource): Promise<number> {
  await writeSeedData(dataSource.manager, readSeedData(dataSource));
  const { id } = await dataSource.manager.findOneByOrFail(DataLocation, { locationType: 'processing' });
  return id;
}

/** Adds a job that waits for a worker. @returns its key */
export async function addJob(dataSource: DataSource, destinationLocationId: number): Promise<string> {
  const id = uuidv7();
  await dataSource.manager.insert(StagingJob, { id, destinationLocationId });
  return id;
}
