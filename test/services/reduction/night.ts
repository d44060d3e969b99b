import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import {
  InstrumentModule,
  ObsUnit,
  RawDataPackage,
  RawDataPackageMetadata,
} from '../../../src/entities/index.js';
import {
  fileRawDataFiles,
  fileRawDataPackage,
  startObservation,
} from '../../../src/services/filing/index.js';
import { locationId } from '../../support/observed.js';

/** The packages that the tests select from. */
export type Name = 'orion' | 'orionHigh' | 'n159' | 'pointing';

/** Two nights of observations: keys of packages by name, and of the one file in each. */
export interface Night {
  readonly packages: Readonly<Record<Name, string>>;
  readonly files: Readonly<Record<Name, string>>;
  /** The names of packages, sorted. */
  names(ids: readonly string[]): Name[];
}

const observations = [
  {
    obsUnit: 'Orion-KL/otf/CI10+CO76',
    startTime: new Date('2026-11-24T03:00:00.250Z'),
    packages: {
      orion: {
        module: 'LFA',
        metadata: {
          observation: { frequency_ghz: 492.25, label: 'Ridge_1', remote: true, tries: 2 },
          tunings: [{ gain: 3 }, { gain: 7 }],
        },
      },
      orionHigh: {
        module: 'HFA',
        metadata: { observation: { frequency_ghz: 1000, label: 'ridge%1', remote: false, tries: null } },
      },
    },
  },
  {
    obsUnit: 'N159/otf/13CO43',
    startTime: new Date('2026-11-24T23:00:00Z'),
    packages: {
      n159: {
        module: 'LFA',
        metadata: { observation: { frequency_ghz: '440.75', label: 'Éta*', remote: 1 } },
      },
    },
  },
  {
    obsUnit: 'PKS0537/cross_scan/CHAI',
    startTime: new Date('2026-11-25T01:00:00Z'),
    packages: { pointing: { module: 'LFA', metadata: undefined } },
  },
];

/** Adds two nights of observations to the starting state. */
export async function observeNight(dataSource: DataSource): Promise<Night> {
  const packages: Record<string, string> = {};
  const files: Record<string, string> = {};
  for (const { obsUnit, startTime, packages: parts } of observations) {
    const { id: obsUnitId } = await dataSource.manager.findOneByOrFail(ObsUnit, { name: obsUnit });
    const executedObsUnitId = await startObservation(dataSource.manager, { obsUnitId, startTime });
    for (const [name, { module, metadata }] of Object.entries(parts)) {
      files[name] = uuidv7();
      packages[name] = await addPackage(dataSource.manager, {
        executedObsUnitId,
        module,
        metadata,
        fileId: files[name],
      });
    }
  }
  await dataSource.manager.update(RawDataPackage, packages.orion as string, { state: 'archived' });
  return {
    packages,
    files,
    names: (ids) =>
      Object.keys(packages)
        .filter((name) => ids.includes(packages[name] as string))
        .sort() as Name[],
  } as Night;
}

interface NewPackage {
  readonly executedObsUnitId: string;
  readonly module: string;
  /** By default CHAI. */
  readonly instrument?: string;
  readonly metadata?: Record<string, unknown>;
  readonly fileId?: string;
  readonly partNumber?: number;
}

/** Files a package with one file; without metadata it has no row of them. */
export async function addPackage(manager: EntityManager, given: NewPackage): Promise<string> {
  const { executedObsUnitId, module, metadata, fileId = uuidv7(), partNumber = 1 } = given;
  const instrument = { name: given.instrument ?? 'CHAI' };
  const { id: instrumentModuleId } = await manager.findOneByOrFail(InstrumentModule, {
    name: module,
    instrument,
  });
  const sourceLocationId = await locationId(manager, 'ccat', 'chai_raw_data');
  const origin = { executedObsUnitId, instrumentModuleId, sourceLocationId };
  await fileRawDataFiles(manager, [{ id: fileId, ...origin, relativePath: `${fileId}.fits`, sizeBytes: 1 }]);
  const id = uuidv7();
  await fileRawDataPackage(manager, { id, ...origin, partNumber, fileIds: [fileId], metadata });
  if (!metadata) await manager.delete(RawDataPackageMetadata, { rawDataPackageId: id });
  return id;
}
