import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { DataLocation, InstrumentModule, ObsUnit } from '../../src/entities/index.js';
import { readSeedData, writeSeedData } from '../../src/seed/index.js';
import { type NewRawDataFile, startObservation } from '../../src/services/filing/index.js';
import { freeTime } from '../support/free-time.js';
import type { Task } from '../support/task.js';
import { contenders } from './contenders.js';

const FILES = 100_000;

/** Files and their first copies in one transaction. */
export const filing: Task<Iterable<NewRawDataFile>> = {
  title: `${FILES} files and as many copies in one transaction`,
  contenders,
  fill: (dataSource) =>
    dataSource.transaction(async (manager) => {
      await writeSeedData(manager, readSeedData(dataSource));
    }),
  given,
  async check({ manager }) {
    const [row] = await manager.query(
      'SELECT (SELECT count(*) FROM raw_data_file) AS "files", (SELECT count(*) FROM physical_copy) AS "copies"',
    );
    if (row.files !== FILES || row.copies !== FILES) throw new Error(`it wrote ${JSON.stringify(row)}`);
  },
};

async function given({ manager, options }: DataSource): Promise<Iterable<NewRawDataFile>> {
  const isPostgresql = options.type === 'postgres';
  await manager.query(
    isPostgresql ? 'TRUNCATE physical_copy, raw_data_file CASCADE' : 'DELETE FROM physical_copy',
  );
  if (!isPostgresql) await manager.query('DELETE FROM raw_data_file');
  const { id: obsUnitId } = await manager.findOneByOrFail(ObsUnit, { name: 'Mars/focus/CHAI' });
  const { id: instrumentModuleId } = await manager.findOneByOrFail(InstrumentModule, { name: 'LFA' });
  const { id: sourceLocationId } = await manager.findOneByOrFail(DataLocation, { name: 'chai_raw_data' });
  const recordedAt = new Date('2026-11-24T03:00:00Z');
  const executedObsUnitId = await startObservation(manager, { obsUnitId, startTime: freeTime().startTime });
  const checksum = createHash('sha256').update('content').digest('hex');
  return {
    *[Symbol.iterator]() {
      for (let index = 0; index < FILES; index++)
        yield {
          id: uuidv7(),
          executedObsUnitId,
          instrumentModuleId,
          sourceLocationId,
          checksum,
          recordedAt,
          relativePath: `20261124/r${index % 100}/${index}.g3`,
          sizeBytes: 1_355_855_904,
          fileType: 'g3',
          checksumAlgorithm: 'sha256',
        };
    },
  };
}
