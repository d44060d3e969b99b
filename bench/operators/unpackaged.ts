import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ObsUnit } from '../../src/entities/index.js';
import {
  fileRawDataFiles,
  finishObservation,
  type NewRawDataFile,
  startObservation,
} from '../../src/services/filing/index.js';
import { placesOf } from '../support/year/context.js';

const FIRST = Date.parse('2020-02-01T00:00:00Z');
const HOUR_MS = 3_600_000;

/** Files so many files that are in no package, the same number for each execution. */
export async function addUnpackaged(
  dataSource: DataSource,
  files: number,
  perExecution: number,
): Promise<void> {
  const { manager } = dataSource;
  const { modules, locations } = await placesOf(dataSource);
  const { id: obsUnitId } = await manager.findOneByOrFail(ObsUnit, { available: true });
  for (let filed = 0; filed < files; filed += perExecution) {
    const startTime = new Date(FIRST + (filed / perExecution) * HOUR_MS);
    const endTime = new Date(startTime.getTime() + HOUR_MS / 2);
    const id = await startObservation(manager, { obsUnitId, startTime });
    await fileRawDataFiles(manager, () => some(id, endTime));
    await finishObservation(manager, { id, obsUnitId, endTime });
  }

  function* some(executedObsUnitId: string, recordedAt: Date): Generator<NewRawDataFile> {
    for (let index = 0; index < perExecution; index += 1)
      yield {
        id: uuidv7(),
        executedObsUnitId,
        instrumentModuleId: modules[index % modules.length] as number,
        sourceLocationId: locations.chaiSource,
        relativePath: `dense/${executedObsUnitId}/${String(index).padStart(7, '0')}.fits`,
        sizeBytes: 30_000_000 + index,
        checksum: index.toString(16).padStart(64, '0'),
        checksumAlgorithm: 'sha256',
        recordedAt,
      };
  }
}
