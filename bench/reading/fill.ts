import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { bulkInsert } from '../../src/database/bulk-insert.js';
import {
  ExecutedObsUnit,
  RawDataFile,
  RawDataFilePhysicalCopy,
  RawDataPackage,
} from '../../src/entities/index.js';
import { placesOf } from '../support/year/context.js';
import { fillYear, yearOfScale } from '../support/year/fill.js';

/** Large enough for the planner to choose as it does on a year of observations. */
const SCALE = 0.04;
/** Files of the package that is read with its files and their copies. */
export const FILES = 1000;
/** Packages that wait to be built. */
export const PENDING = 5000;

/** The night of the package that is read with its files; no other execution is in it. */
export const GRAPH_NIGHT = '2020-01-01';
/** The night of the packages that wait; no other execution is in it. */
export const PENDING_NIGHT = '2020-01-02';

/** Two weeks of observations, a package of a thousand files, and many packages that wait at one location. */
export async function fillForReading(dataSource: DataSource): Promise<void> {
  await fillYear(dataSource, yearOfScale(SCALE));
  const { locations, modules } = await placesOf(dataSource);
  const { obsUnitId } = await dataSource.manager.findOneOrFail(ExecutedObsUnit, { where: {} });
  const startTime = new Date('2020-01-01T20:00:00.123Z');
  // The telescope does one thing at a time.
  const execution = (observingNight: string, seconds = 0) => ({
    id: uuidv7(),
    obsUnitId,
    startTime: new Date(startTime.getTime() + 1000 * seconds),
    observingNight,
  });
  const insert = (entity: abstract new () => object, rows: object[]) =>
    dataSource.transaction((manager) => bulkInsert(manager, dataSource.getMetadata(entity), rows));

  const whole = execution(GRAPH_NIGHT);
  const place = {
    executedObsUnitId: whole.id,
    instrumentModuleId: modules[0],
    sourceLocationId: locations.chaiSource,
  };
  const rawDataPackage = { id: uuidv7(), ...place, status: 'failed', fileCount: FILES };
  const files = Array.from({ length: FILES }, (_, index) => ({
    id: uuidv7(),
    ...place,
    rawDataPackageId: rawDataPackage.id,
    relativePath: `20200101/${index}.fits`,
    fileType: 'fits',
    sizeBytes: 5_033_164_800,
    recordedAt: startTime,
  }));
  const copies = files.map(({ id: rawDataFileId }) => ({
    id: uuidv7(),
    rawDataFileId,
    dataLocationId: locations.chaiSource,
  }));
  const waiting = Array.from({ length: Math.ceil(PENDING / modules.length) }, (_, index) =>
    execution(PENDING_NIGHT, index + 1),
  );
  const packages = waiting.flatMap(({ id: executedObsUnitId }) =>
    modules.map((instrumentModuleId) => ({
      id: uuidv7(),
      executedObsUnitId,
      instrumentModuleId,
      sourceLocationId: locations.secondBuffer,
    })),
  );
  await insert(ExecutedObsUnit, [whole, ...waiting]);
  await insert(RawDataPackage, [rawDataPackage, ...packages.slice(0, PENDING)]);
  await insert(RawDataFile, files);
  await insert(RawDataFilePhysicalCopy, copies);
  await dataSource.query(dataSource.options.type === 'postgres' ? 'VACUUM (ANALYZE)' : 'ANALYZE');
}
