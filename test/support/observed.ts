import { createHash } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { DataLocation, InstrumentModule, ObsUnit, RawDataPackage } from '../../src/entities/index.js';
import { fileRawDataFiles, fileRawDataPackage, startObservation } from '../../src/services/filing/index.js';
import type { TestDatabase } from './databases.js';

/** Opens a database with the starting state, in which copies may be deleted as soon as nothing needs them. */
export async function openWithoutRetention(database: TestDatabase): Promise<DataSource> {
  const dataSource = await database.open(await database.create('seed'));
  await dataSource.manager.updateAll(DataLocation, { retentionDays: null });
  return dataSource;
}

/** The key of a location of the starting state, by site and name. */
export async function locationId(manager: EntityManager, site: string, name: string): Promise<number> {
  const { id } = await manager.findOneByOrFail(DataLocation, { name, site: { shortName: site } });
  return id;
}

/** The keys of the locations of the starting state between which copies are brought and deleted. */
export async function storageLocations(manager: EntityManager) {
  return {
    source: await locationId(manager, 'ccat', 'chai_raw_data'),
    output: await locationId(manager, 'ccat', 'output_buffer'),
    first: await locationId(manager, 'cologne', 'input_buffer'),
    second: await locationId(manager, 'cologne', 'input_buffer_2'),
    processing: await locationId(manager, 'cologne', 'ramses_processing'),
    lta: await locationId(manager, 'cologne', 'lta'),
    usBuffer: await locationId(manager, 'us', 'input_buffer'),
    usLta: await locationId(manager, 'us', 'lta'),
  } as const;
}

/** The SHA-256 of a text, for checksums that differ. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** One execution with files of one module, packaged but not built. */
export interface Observed {
  readonly executedObsUnitId: string;
  readonly instrumentModuleId: number;
  readonly sourceLocationId: number;
  readonly fileIds: readonly string[];
  readonly packageId: string;
}

const FIRST_START = Date.parse('2026-11-24T03:00:00Z');
let observations = 0;

/** Observes an obs unit of the starting state and files its data, each time a second later than before. */
export async function observe(manager: EntityManager, fileCount = 3): Promise<Observed> {
  const obsUnit = await manager.findOneByOrFail(ObsUnit, { name: 'Orion-KL/otf/CI10+CO76' });
  const { id: instrumentModuleId } = await manager.findOneByOrFail(InstrumentModule, { name: 'LFA' });
  const sourceLocationId = await locationId(manager, 'ccat', 'chai_raw_data');
  const startTime = new Date(FIRST_START + 1000 * observations++);
  const executedObsUnitId = await startObservation(manager, { obsUnitId: obsUnit.id, startTime });
  const files = Array.from({ length: fileCount }, (_, index) => ({
    id: uuidv7(),
    executedObsUnitId,
    instrumentModuleId,
    sourceLocationId,
    relativePath: `20261124/${executedObsUnitId}/${index}.fits`,
    sizeBytes: 5_033_164_800,
  }));
  await fileRawDataFiles(manager, files);
  const fileIds = files.map(({ id }) => id);
  const packageId = uuidv7();
  await fileRawDataPackage(manager, {
    id: packageId,
    executedObsUnitId,
    instrumentModuleId,
    sourceLocationId,
    fileIds,
  });
  return { executedObsUnitId, instrumentModuleId, sourceLocationId, fileIds, packageId };
}

/** Removes the modules of a unit, so that it has no telescope and its executions may overlap others. */
export async function withoutTelescope(manager: EntityManager, obsUnitId: number): Promise<void> {
  await manager.query(`DELETE FROM obs_unit_module_configuration WHERE obs_unit_id = ${obsUnitId}`);
}

/** Marks a package as built, with a checksum of its own. */
export async function build(manager: EntityManager, packageId: string): Promise<string> {
  const checksum = sha256(packageId);
  await manager.update(RawDataPackage, packageId, {
    status: 'completed',
    relativePath: `${packageId}.tar`,
    sizeBytes: 1_000_000,
    checksum,
    checksumAlgorithm: 'sha256',
  });
  return checksum;
}
