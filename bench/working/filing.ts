import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { DataLocation, InstrumentModule, ObsUnit } from '../../src/entities/index.js';
import {
  fileRawDataFiles,
  fileRawDataPackage,
  finishObservation,
  startObservation,
} from '../../src/services/filing/index.js';
import { openDatabase } from '../support/database.js';
import { freeTime } from '../support/free-time.js';
import { median } from '../support/median.js';
import { type Outcome, outcomeOf } from './outcome.js';
import { fill } from './rows.js';

const FILES = 1000;
const PAIRS = 61;
const MOST = 1.05;

/** A filed observation with its files and package, with the triggers and without them, in turn. */
export async function costOfNotifying(url: string): Promise<Outcome> {
  const dataSource = await openDatabase(url);
  await fill(dataSource);
  const times: Record<'ENABLE' | 'DISABLE', number[]> = { ENABLE: [], DISABLE: [] };
  const order = ['ENABLE', 'DISABLE'] as const;
  for (let pair = 0; pair <= PAIRS; pair++)
    for (const which of pair % 2 ? order : [...order].reverse()) {
      for (const table of ['raw_data_package', 'physical_copy', 'status_history'])
        await dataSource.query(`ALTER TABLE ${table} ${which} TRIGGER USER`);
      const start = performance.now();
      await fileObservation(dataSource);
      // The first pair warms up.
      if (pair > 0) times[which].push(performance.now() - start);
    }
  await dataSource.destroy();
  // Other load on the machine affects both of a pair.
  const ratio = median(times.ENABLE.map((on, pair) => on / (times.DISABLE[pair] as number)));
  return outcomeOf(
    `Filing an observation of ${FILES} files: ${median(times.ENABLE).toFixed(1)} ms with notifications, ` +
      `${median(times.DISABLE).toFixed(1)} ms without; the median ratio of a pair is ${ratio.toFixed(3)}`,
    ratio <= MOST,
  );
}

async function fileObservation({ manager }: DataSource): Promise<void> {
  const { id: obsUnitId } = await manager.findOneByOrFail(ObsUnit, { name: 'Mars/focus/CHAI' });
  const { id: instrumentModuleId } = await manager.findOneByOrFail(InstrumentModule, { name: 'LFA' });
  const { id: sourceLocationId } = await manager.findOneByOrFail(DataLocation, { name: 'chai_raw_data' });
  const { startTime, endTime } = freeTime();
  const executedObsUnitId = await startObservation(manager, { obsUnitId, startTime });
  const origin = { executedObsUnitId, instrumentModuleId, sourceLocationId };
  const files = Array.from({ length: FILES }, (_, index) => ({
    id: uuidv7(),
    ...origin,
    relativePath: `${executedObsUnitId}/${index}.fits`,
    sizeBytes: 5_033_164_800,
  }));
  await fileRawDataFiles(manager, files);
  await fileRawDataPackage(manager, { id: uuidv7(), ...origin, fileIds: files.map(({ id }) => id) });
  await finishObservation(manager, { id: executedObsUnitId, obsUnitId, endTime });
}
