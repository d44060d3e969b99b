import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  DataGrouping,
  ExecutedObsUnit,
  InstrumentModule,
  ObsUnit,
  RawDataPackage,
  RawDataPackagePhysicalCopy,
} from '../../src/entities/index.js';
import {
  fileRawDataFiles,
  fileRawDataPackage,
  finishObservation,
  startObservation,
} from '../../src/services/filing/index.js';
import { createRun, missingRuns } from '../../src/services/reduction/index.js';
import { addWorkflow, complete } from '../services/reduction/workflow.js';
import { build, locationId } from '../support/observed.js';

const FIRST_START = new Date('2026-11-24T03:00:00Z');
const DURATION_MS = 600_500;

/** An execution of which the package of one module is archived in Cologne. */
export interface Holding {
  readonly packageId: string;
  readonly executedObsUnitId: string;
}

/**
 * Observes a unit of the starting state for ten minutes with a module, given as `CHAI/LFA`, and archives the package; each
 * observation begins when the one before ends.
 */
export async function archive(manager: EntityManager, obsUnit: string, module: string): Promise<Holding> {
  const { id: obsUnitId } = await manager.findOneByOrFail(ObsUnit, { name: obsUnit });
  const [instrument, name] = module.split('/');
  const { id: instrumentModuleId } = await manager.findOneByOrFail(InstrumentModule, {
    name,
    instrument: { name: instrument },
  });
  const sourceLocationId = await locationId(manager, 'ccat', 'chai_raw_data');
  const [last] = await manager.find(ExecutedObsUnit, { order: { startTime: 'DESC' }, take: 1 });
  const startTime = last?.endTime ?? FIRST_START;
  const endTime = new Date(startTime.getTime() + DURATION_MS);
  const executedObsUnitId = await startObservation(manager, { obsUnitId, startTime });
  await finishObservation(manager, { id: executedObsUnitId, obsUnitId, endTime });
  const [packageId, fileId] = [uuidv7(), uuidv7()];
  const origin = { executedObsUnitId, instrumentModuleId, sourceLocationId };
  await fileRawDataFiles(manager, [{ ...origin, id: fileId, relativePath: `${fileId}.fits`, sizeBytes: 1 }]);
  await fileRawDataPackage(manager, { ...origin, id: packageId, fileIds: [fileId] });
  await build(manager, packageId);
  await manager.update(RawDataPackage, packageId, { state: 'archived' });
  const dataLocationId = await locationId(manager, 'cologne', 'lta');
  await manager.insert(RawDataPackagePhysicalCopy, {
    id: uuidv7(),
    rawDataPackageId: packageId,
    dataLocationId,
  });
  return { packageId, executedObsUnitId };
}

/** Reduces all packages together and gives the keys of the science products. */
export async function reduceTogether(manager: EntityManager, products: number): Promise<string[]> {
  const { calibration, grouping } = await addWorkflow(manager, `together ${uuidv7()}`);
  await manager.update(DataGrouping, grouping.id, { filterRules: [] });
  const [missing] = await missingRuns(manager, { ...calibration, groupBy: [] });
  if (!missing) throw new Error('there is nothing to reduce');
  const { run } = await createRun(manager, missing);
  return complete(manager, run, ...Array.from({ length: products }, () => 'science' as const));
}
